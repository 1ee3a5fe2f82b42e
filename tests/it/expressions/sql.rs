//! The SQL of expressions, exactly, for each dialect.

use super::models::*;
use crate::models::{Book, Review};
use crate::sql::MARIADB;
use orm::Backend;
use orm::functions::{case, coalesce, concat, exists, outer};
use orm::prelude::*;

/// What is selected, for each dialect.
fn selected<M, T>(rows: &orm::Values<M, T>) -> [String; 3] {
    [Backend::Sqlite, Backend::Postgres, MARIADB].map(|backend| {
        let sql = rows.to_sql(backend).unwrap();
        let sql = sql.strip_prefix("SELECT ").unwrap();
        sql.split_once(" FROM ").unwrap().0.to_owned()
    })
}

/// The condition, for each dialect.
fn condition(rows: &QuerySet<Sample>) -> [String; 3] {
    [Backend::Sqlite, Backend::Postgres, MARIADB].map(|backend| {
        let sql = rows.clone().order_by(|_| ()).to_sql(backend).unwrap();
        sql.split_once(" WHERE ").unwrap().1.to_owned()
    })
}

fn samples() -> QuerySet<Sample> {
    Sample::objects()
}

#[test]
fn functions() {
    assert_eq!(
        selected(&samples().values(|s| coalesce((s.nick(), "x")))),
        [
            r#"COALESCE("samples_sample"."nick", 'x')"#,
            r#"COALESCE("samples_sample"."nick", ('x')::text)"#,
            "COALESCE(`samples_sample`.`nick`, 'x')",
        ]
    );
    assert_eq!(
        selected(&samples().values(|s| concat((s.name(), s.nick())))),
        [
            r#"(COALESCE("samples_sample"."name", '') || COALESCE("samples_sample"."nick", ''))"#,
            r#"(COALESCE(("samples_sample"."name")::text, '') || COALESCE(("samples_sample"."nick")::text, ''))"#,
            "CONCAT_WS('', `samples_sample`.`name`, `samples_sample`.`nick`)",
        ]
    );
    assert_eq!(
        selected(&samples().values(|s| s.begin().trunc_hour())),
        [
            r#"(SUBSTR("samples_sample"."begin", 1, 13) || ':00:00')"#,
            r#"(DATE_TRUNC('hour', "samples_sample"."begin" AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')"#,
            "CAST(DATE_FORMAT(`samples_sample`.`begin`, '%Y-%m-%d %H:00:00') AS DATETIME(6))",
        ]
    );
}

#[test]
fn lengths_of_time() {
    assert_eq!(
        selected(&samples().values(|s| s.end() - s.begin())),
        [
            r#"orm_dt_diff("samples_sample"."end", "samples_sample"."begin")"#,
            r#"(("samples_sample"."end" - "samples_sample"."begin"))"#,
            "TIMESTAMPDIFF(MICROSECOND, `samples_sample`.`begin`, `samples_sample`.`end`)",
        ]
    );
}

#[test]
fn cases() {
    assert_eq!(
        selected(&samples().values(|s| case().when(s.count().gt(3), "many").otherwise(s.name()))),
        [
            r#"CASE WHEN "samples_sample"."count" > 3 THEN 'many' ELSE "samples_sample"."name" END"#,
            r#"CASE WHEN "samples_sample"."count" > 3 THEN ('many')::text ELSE "samples_sample"."name" END"#,
            "CASE WHEN `samples_sample`.`count` > 3 THEN 'many' ELSE `samples_sample`.`name` END",
        ]
    );
}

#[test]
fn regular_expressions() {
    assert_eq!(
        condition(&samples().filter(q!(name__iregex = "^a"))),
        [
            r#"orm_regexp('^a', "samples_sample"."name", 1)"#,
            r#""samples_sample"."name"::text ~* '^a'"#,
            "`samples_sample`.`name` COLLATE utf8mb4_bin REGEXP CONCAT('(?i)', '^a')",
        ]
    );
}

#[test]
fn keys() {
    assert_eq!(
        condition(&samples().filter(|s| s.data().key("a").isnull(true))),
        [
            r#"JSON_TYPE("samples_sample"."data", '$."a"') IS NULL"#,
            r#"("samples_sample"."data" #> ARRAY['a']::text[]) IS NULL"#,
            r#"JSON_EXTRACT(`samples_sample`.`data`, '$."a"') IS NULL"#,
        ]
    );
}

/// What is computed is grouped by its place.
#[test]
fn groups() {
    let rows = Book::objects().order_by(|_| ()).values(|b| {
        (
            b.pages() % 7,
            exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))),
            b.id().count(),
        )
    });
    let sql = rows.to_sql(Backend::Postgres).unwrap();
    assert!(sql.ends_with("GROUP BY 1, 2"), "{sql}");
}
