//! Errors of SQLite and of connecting to it.

use super::{database, insert, statement};
use crate::error::{Error, IntegrityKind, Result};
use crate::exec::{Db, Executor};

/// What of an integrity error does not depend on the database.
fn place(error: Error) -> Option<(IntegrityKind, Option<String>, Vec<String>)> {
    match error {
        Error::Integrity {
            kind, table, columns, ..
        } => Some((kind, table, columns)),
        _ => None,
    }
}

fn expected(kind: IntegrityKind, column: &str) -> Option<(IntegrityKind, Option<String>, Vec<String>)> {
    Some((kind, Some("loan".to_owned()), vec![column.to_owned()]))
}

async fn loans() -> Result<Db> {
    let db = database().await?;
    let mut session = db.session().await?;
    session
        .execute_script(
            "CREATE TABLE loan (id INTEGER PRIMARY KEY, days INTEGER NOT NULL CONSTRAINT positive CHECK (days > 0), \
             item_id INTEGER REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED, code TEXT UNIQUE); \
             INSERT INTO item (id, name) VALUES (1, 'a')",
        )
        .await?;
    session.release().await;
    Ok(db)
}

async fn run(db: &impl Executor, sql: &str) -> Option<Error> {
    db.handle().execute(&statement(sql, Vec::new(), Vec::new())).await.err()
}

#[tokio::test]
async fn constraints_are_named() -> Result<()> {
    let db = loans().await?;
    assert_eq!(
        run(&db, "INSERT INTO loan (days, item_id, code) VALUES (1, 1, 'x')")
            .await
            .map(|e| e.to_string()),
        None
    );
    let error = run(&db, "INSERT INTO loan (days, code) VALUES (1, 'x')").await;
    assert_eq!(
        error.as_ref().map(ToString::to_string).as_deref(),
        Some("UNIQUE constraint failed: loan.code")
    );
    assert!(error.as_ref().is_some_and(Error::is_unique_violation));
    assert_eq!(error.and_then(place), expected(IntegrityKind::Unique, "code"));
    let error = run(&db, "INSERT INTO loan (days) VALUES (NULL)").await;
    assert_eq!(error.and_then(place), expected(IntegrityKind::NotNull, "days"));
    let error = run(&db, "INSERT INTO loan (days) VALUES (0)").await;
    assert!(
        matches!(error, Some(Error::Integrity { kind: IntegrityKind::Check, constraint, .. }) if constraint.as_deref() == Some("positive"))
    );
    Ok(())
}

#[tokio::test]
async fn foreign_keys_are_found() -> Result<()> {
    let db = loans().await?;
    let wanted = expected(IntegrityKind::ForeignKey, "item_id");
    let insert_orphan = "INSERT INTO loan (days, item_id) VALUES (1, 99)";
    assert_eq!(run(&db, insert_orphan).await.and_then(place), wanted);
    assert_eq!(
        run(&db, "INSERT INTO loan (days, item_id) VALUES (1, 1)")
            .await
            .map(|e| e.to_string()),
        None
    );
    assert_eq!(run(&db, "DELETE FROM item").await.and_then(place), wanted);

    let at_the_end = db
        .atomic(async |tx| {
            assert_eq!(run(&tx, insert_orphan).await.map(|e| e.to_string()), None);
            Ok(())
        })
        .await;
    assert_eq!(at_the_end.err().and_then(place), wanted);
    // Nothing is left of any of them.
    assert_eq!(insert(&db, "b").await?, 1);
    assert_eq!(
        db.handle()
            .fetch_int(&statement("SELECT count(*) FROM loan", Vec::new(), Vec::new()))
            .await?,
        1
    );
    Ok(())
}

#[tokio::test]
async fn other_errors_keep_their_words() -> Result<()> {
    let db = database().await?;
    let error = run(&db, "INSERT INTO nowhere VALUES (1)").await;
    assert!(matches!(error, Some(Error::Database { code, message, source: Some(_) })
        if code.as_deref() == Some("1") && message == "no such table: nowhere; the tables of models are made by `manage migrate`"));
    Ok(())
}

#[tokio::test]
async fn connecting_says_what_may_help() {
    let failure = async |url: &str| {
        Db::connect(url)
            .await
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert!(failure("oracle://x").await.contains("the URL must begin with sqlite:"));
    assert!(failure("sqlite://").await.contains("it names no file"));
    let nowhere = failure("sqlite:///nowhere/at/all.db").await;
    assert!(nowhere.contains("does the folder exist"), "{nowhere}");
    let missing = failure("sqlite:///tmp/orm-no-such-file.db?mode=rw").await;
    assert!(missing.contains("unable to open database file"), "{missing}");
    #[cfg(not(feature = "mysql"))]
    assert!(
        failure("mysql://bob:secret@localhost/x")
            .await
            .contains("add the feature \"mysql\"")
    );
}
