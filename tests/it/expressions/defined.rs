//! Functions that a program defines.

use super::models::*;
use orm::Backend;
use orm::dynamic::{DynExpr, DynQ, DynQuerySet};
use orm::prelude::*;

orm::define_function! {
    /// The text without its blanks.
    pub fn squeezed(text: String) -> String {
        sqlite: "REPLACE($1, ' ', '')",
        postgres: "REPLACE($1, ' ', '')",
        mysql: "REPLACE($1, ' ', '')",
    }
}

orm::define_function! {
    /// How far apart two numbers are.
    fn gap(from: f64, to: f64) -> f64 {
        sqlite: "ABS($1 - $2)",
        postgres: "ABS($1 - $2)",
        mysql: "ABS($1 - $2)",
    }

    /// The letters, or NULL where there are none.
    fn letters(text: String) -> Option<String> {
        postgres: "NULLIF(REGEXP_REPLACE($1, '$[^A-Za-z$]', '', 'g'), '')",
    }
}

#[orm::test(apps = ["samples"])]
async fn typed(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows: Vec<(String, Option<String>, f64)> = Sample::objects()
        .values(|s| (squeezed(s.name()), squeezed(s.nick()), gap(s.ratio(), 3.0)))
        .all(&db)
        .await?;
    let text = str::to_owned;
    assert_eq!(rows, [(text("AbCd"), Some(text("ab")), 0.75), (text("x"), None, 3.0)]);
    let found = Sample::objects().filter(|s| squeezed(s.name()).lower().eq("abcd") & gap(0.0, s.ratio()).gt(1));
    assert_eq!(found.count(&db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn by_name(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let transformed = Sample::objects().filter_dyn("name__squeezed", "AbCd")?;
    assert_eq!(transformed.count(&db).await?, 1);
    let gap = DynExpr::function("gap", [DynExpr::f("ratio"), DynExpr::Value(orm::Value::Float(3.0))])?;
    let rows = DynQuerySet::of("samples.Sample")?
        .annotate([("gap".to_owned(), gap)])?
        .filter(DynQ::leaf("gap__lt", 1.0))?;
    assert_eq!(rows.count(&db).await?, 1);
    let error = DynExpr::function("gaps", []).unwrap_err().to_string();
    assert_eq!(error, "There is no function \"gaps\", perhaps you meant gap?");
    Ok(())
}

/// A database for which there is no text says so before anything is run.
#[orm::test(apps = ["samples"])]
async fn on_one_database(db: Db) -> orm::Result<()> {
    samples(&db).await?;
    let rows = Sample::objects().values(|s| letters(s.name())).all(&db).await;
    if matches!(db.backend(), Backend::Postgres) {
        assert_eq!(rows?, [Some("AbCd".to_owned()), Some("x".to_owned())]);
    } else {
        let error = rows.unwrap_err();
        assert!(matches!(error, orm::Error::NotSupported { .. }), "{error}");
    }
    Ok(())
}
