//! `explain`: the database's own words.

use super::models::*;
use orm::dynamic::DynQuerySet;
use orm::prelude::*;
use orm::{Backend, Explain, ExplainFormat, Result};

#[orm::test(apps = ["shop"])]
async fn a_plan(db: Db) -> Result<()> {
    data(&db).await?;
    let rows = Book::objects().filter(q!(title__startswith = "L", pages__gt = 3));
    let plan = rows.explain(&db).await?;
    let expected = match db.backend() {
        Backend::Sqlite => "SCAN shop_book",
        Backend::Postgres => "Seq Scan on shop_book",
        _ => "SIMPLE shop_book",
    };
    assert!(plan.contains(expected), "{plan}");
    let by_name = DynQuerySet::of("shop.Book")?.explain(&db, Explain::new()).await?;
    assert!(by_name.contains("shop_book"), "{by_name}");
    let queries = db.query_count();
    assert_eq!(rows.none().explain(&db).await?, "no rows: no statement is run");
    assert_eq!(db.query_count(), queries);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn options(db: Db) -> Result<()> {
    data(&db).await?;
    let rows = Book::objects();
    let json = Explain::new().format(ExplainFormat::Json).analyze();
    let plan = rows.explain_with(&db, json).await;
    match db.backend() {
        Backend::Sqlite => {
            let error = plan.unwrap_err();
            assert_eq!(error.django_class(), "NotSupportedError");
            assert_eq!(
                error.to_string(),
                "the format JSON of EXPLAIN is not supported on SQLite"
            );
            let error = rows.explain_with(&db, Explain::new().analyze()).await.unwrap_err();
            assert_eq!(error.to_string(), "EXPLAIN with ANALYZE is not supported on SQLite");
        }
        _ => {
            let plan: orm::serde_json::Value = orm::serde_json::from_str(&plan?).expect("it is JSON");
            assert!(plan.to_string().contains("shop_book"), "{plan}");
        }
    }
    let verbose = rows
        .explain_with(&db, Explain::new().verbose().buffers().analyze())
        .await;
    match db.backend() {
        Backend::Postgres => assert!(verbose?.contains("Buffers: ")),
        backend => assert_eq!(
            verbose.unwrap_err().to_string(),
            format!(
                "EXPLAIN with {} is not supported on {}",
                if backend == Backend::Sqlite {
                    "ANALYZE"
                } else {
                    "VERBOSE"
                },
                backend.name()
            )
        ),
    }
    let tree = rows.explain_with(&db, Explain::new().format(ExplainFormat::Tree)).await;
    assert_eq!(tree.unwrap_err().django_class(), "NotSupportedError");
    Ok(())
}
