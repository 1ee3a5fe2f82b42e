//! Time zones in the query shell: `tzinfo`.

use super::*;
use crate::shell::{shown, shows};
use orm::meta::ModelMeta;
use orm::shell::Shell;

fn models() -> Vec<&'static ModelMeta> {
    let ours = orm::registry::models().iter().filter(|model| model.app == "zones");
    ours.copied().collect()
}

#[orm::test(apps = ["zones"])]
async fn tzinfo(db: Db) -> orm::Result<()> {
    trips(&db).await?;
    let mut shell = Shell::new(db.clone(), &models());
    shows! { shell;
        "z = datetime.timezone(datetime.timedelta(hours=2)); z" => "datetime.timezone(datetime.timedelta(seconds=7200))";
        "str(z)" => "'UTC+02:00'";
        "from zoneinfo import ZoneInfo; ZoneInfo('Europe/Berlin')" => "zoneinfo.ZoneInfo(key='Europe/Berlin')";
        "import zoneinfo; str(zoneinfo.ZoneInfo('Asia/Tokyo'))" => "'Asia/Tokyo'";
        "ZoneInfo('UTC')" => "datetime.timezone.utc";
        "Trip.objects.annotate(h=ExtractHour('start', tzinfo=z)).values_list('h', flat=True)" => "<QuerySet [1, 23, 0]>";
        "Trip.objects.annotate(h=Extract('start', 'day', tzinfo=z)).values_list('h', flat=True)" => "<QuerySet [1, 1, 2]>";
        "Trip.objects.annotate(d=TruncDate('start', tzinfo=z)).filter(d=datetime.date(2020, 7, 2)).count()" => "1";
        "Trip.objects.annotate(d=TruncDay('start', tzinfo=z)).get(name='c').d" => "datetime.datetime(2020, 7, 1, 22, 0, tzinfo=datetime.timezone.utc)";
        "Trip.objects.annotate(d=Trunc('start', 'year', tzinfo=z)).get(name='a').d" => "datetime.datetime(2019, 12, 31, 22, 0, tzinfo=datetime.timezone.utc)";
        "Trip.objects.annotate(d=TruncDay('start', tzinfo=z, output_field=DateField())).get(name='c').d" => "datetime.date(2020, 7, 2)";
        "Trip.objects.annotate(h=ExtractHour('start', tzinfo=utc)).values_list('h', flat=True)" => "<QuerySet [23, 21, 22]>";
        "Trip.objects.datetimes('start', 'day', tzinfo=z)[0]" => "datetime.datetime(2019, 12, 31, 22, 0, tzinfo=datetime.timezone.utc)";
        "Trip.objects.datetimes('start', 'day', 'DESC', z)[0]" => "datetime.datetime(2020, 7, 1, 22, 0, tzinfo=datetime.timezone.utc)";
        "Trip.objects.annotate(x=ExtractYear('day', tzinfo=z))" => "ValueError: tzinfo can only be used with DateTimeField.";
        "ZoneInfo('Europe Berlin')" => "ZoneInfoNotFoundError: No time zone found with key Europe Berlin";
        "Lower('name', tzinfo=z)" => "TypeError: Lower() got an unexpected keyword argument 'tzinfo'";
        "TruncDay('start', tzinfo='UTC')" => "TypeError: TruncDay() cannot take a 'str'";
    }
    Ok(())
}

#[orm::test(apps = ["zones"])]
async fn tzinfo_by_name(db: Db) -> orm::Result<()> {
    if !names::knows_names(&db).await {
        return Ok(());
    }
    trips(&db).await?;
    let mut shell = Shell::new(db.clone(), &models());
    shows! { shell;
        "from zoneinfo import ZoneInfo; z = ZoneInfo('Europe/Berlin')" => "";
        "Trip.objects.annotate(h=ExtractHour('start', tzinfo=z)).values_list('h', flat=True)" => "<QuerySet [0, 23, 0]>";
        "Trip.objects.annotate(d=TruncDate('start', tzinfo=z)).filter(d=datetime.date(2020, 7, 2)).count()" => "1";
        "Trip.objects.annotate(d=TruncDay('start', tzinfo=z)).get(name='c').d" => "datetime.datetime(2020, 7, 1, 22, 0, tzinfo=datetime.timezone.utc)";
        "Trip.objects.datetimes('start', 'year', tzinfo=z)" => "<QuerySet [datetime.datetime(2019, 12, 31, 23, 0, tzinfo=datetime.timezone.utc)]>";
    }
    Ok(())
}
