//! The SQL of time zones, exactly, for each dialect.

use super::*;
use crate::sql::MARIADB;

fn in_each<M, T>(rows: &orm::Values<M, T>) -> [String; 3] {
    [Backend::Sqlite, Backend::Postgres, MARIADB].map(|backend| match rows.to_sql(backend) {
        Ok(sql) => {
            let sql = sql.strip_prefix("SELECT ").unwrap();
            sql.rsplit_once(" FROM ").unwrap().0.to_owned()
        }
        Err(error) => error.to_string(),
    })
}

#[test]
fn by_an_offset() {
    assert_eq!(
        in_each(&Trip::objects().values(|t| t.start().in_zone(east(2)).date())),
        [
            r#"SUBSTR(orm_dt_add("zones_trip"."start", 7200000000), 1, 10)"#,
            r#"("zones_trip"."start" AT TIME ZONE (7200000000)::interval)::date"#,
            "DATE((`zones_trip`.`start` + INTERVAL 7200000000 MICROSECOND))",
        ]
    );
    assert_eq!(
        in_each(&Trip::objects().values(|t| t.start().in_zone(east(2)).trunc_day())),
        [
            r#"orm_dt_add((SUBSTR(orm_dt_add("zones_trip"."start", 7200000000), 1, 10) || ' 00:00:00'), -1 * 7200000000)"#,
            r#"(DATE_TRUNC('day', "zones_trip"."start" AT TIME ZONE (7200000000)::interval) AT TIME ZONE (7200000000)::interval)"#,
            "(CAST(DATE((`zones_trip`.`start` + INTERVAL 7200000000 MICROSECOND)) AS DATETIME(6)) - INTERVAL 7200000000 MICROSECOND)",
        ]
    );
    assert_eq!(
        in_each(&Trip::objects().values(|t| t.start().in_zone(Utc).hour())),
        in_each(&Trip::objects().values(|t| t.start().hour()))
    );
}

#[test]
fn by_a_name() {
    let berlin = TimeZone::named("Europe/Berlin").unwrap();
    let shown = "COALESCE(CONVERT_TZ(`zones_trip`.`start`, '+00:00', 'Europe/Berlin'), \
                 CAST(~0 + YEAR(`zones_trip`.`start`) AS DATETIME(6)))";
    let month = format!("CAST(CAST(DATE_FORMAT({shown}, '%Y-%m-01') AS DATE) AS DATETIME(6))");
    assert_eq!(
        in_each(&Trip::objects().values(|t| t.start().in_zone(&berlin).hour())),
        [
            r#"CAST(STRFTIME('%H', orm_in_zone("zones_trip"."start", 'Europe/Berlin')) AS INTEGER)"#,
            r#"EXTRACT(HOUR FROM "zones_trip"."start" AT TIME ZONE ('Europe/Berlin')::text)::integer"#,
            &format!("HOUR({shown})"),
        ]
    );
    assert_eq!(
        in_each(&Trip::objects().values(|t| t.start().in_zone(&berlin).trunc_month())),
        [
            r#"orm_from_zone((STRFTIME('%Y-%m-01', SUBSTR(orm_in_zone("zones_trip"."start", 'Europe/Berlin'), 1, 10)) || ' 00:00:00'), 'Europe/Berlin')"#,
            r#"(DATE_TRUNC('month', "zones_trip"."start" AT TIME ZONE ('Europe/Berlin')::text) AT TIME ZONE ('Europe/Berlin')::text)"#,
            &format!("COALESCE(CONVERT_TZ({month}, 'Europe/Berlin', '+00:00'), {month})"),
        ]
    );
}
