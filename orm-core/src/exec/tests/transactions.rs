//! `atomic`: commits, rollbacks, savepoints, and what is dropped on the way.

use super::{count, create_items, database, insert, statement};
use crate::error::{Error, Result};
use crate::exec::{Db, DbOptions, Tx, Work, atomic};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn refused() -> Error {
    Error::Query("no".to_owned())
}

#[tokio::test]
async fn ok_commits_and_err_rolls_back() -> Result<()> {
    let db = database().await?;
    let value = db.atomic(async |tx| insert(&tx, "a").await).await?;
    assert_eq!((value, count(&db).await?), (1, 1));
    let failed: Result<()> = db
        .atomic(async |tx| {
            insert(&tx, "b").await?;
            assert_eq!(count(&tx).await?, 2);
            Err(refused())
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(count(&db).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_savepoint_rolls_back_alone() -> Result<()> {
    let db = database().await?;
    db.atomic(async |tx| {
        insert(&tx, "a").await?;
        let inner: Result<()> = atomic(&tx, async |tx| {
            insert(&tx, "b").await?;
            tx.atomic(async |tx| insert(&tx, "c").await).await?;
            Err(refused())
        })
        .await;
        assert!(inner.is_err());
        tx.atomic(async |tx| insert(&tx, "d").await).await
    })
    .await?;
    assert_eq!(count(&db).await?, 2);
    Ok(())
}

#[tokio::test]
async fn the_handle_is_of_no_use_afterwards() -> Result<()> {
    let db = database().await?;
    let mut kept: Option<Tx> = None;
    let mut inner: Option<Tx> = None;
    db.atomic(async |tx| {
        kept = Some(tx.clone());
        tx.atomic(async |nested| {
            inner = Some(nested);
            Ok(())
        })
        .await?;
        let Some(inner) = &inner else { return Ok(()) };
        assert!(matches!(insert(inner, "x").await, Err(Error::Transaction(message)) if message.contains("has ended")));
        Ok(())
    })
    .await?;
    let Some(kept) = kept else { return Ok(()) };
    assert!(matches!(insert(&kept, "x").await, Err(Error::Transaction(message)) if message.contains("has ended")));
    assert!(matches!(
        kept.atomic(async |_| Ok(())).await,
        Err(Error::Transaction(_))
    ));
    Ok(())
}

#[tokio::test]
async fn dropping_the_future_rolls_back() -> Result<()> {
    let db = database().await?;
    let never = db.atomic(async |tx| {
        insert(&tx, "a").await?;
        std::future::pending::<Result<()>>().await
    });
    assert!(tokio::time::timeout(Duration::from_millis(50), never).await.is_err());
    assert_eq!(count(&db).await?, 0);

    db.atomic(async |tx| {
        insert(&tx, "a").await?;
        let never = tx.atomic(async |tx| {
            insert(&tx, "b").await?;
            std::future::pending::<Result<()>>().await
        });
        assert!(tokio::time::timeout(Duration::from_millis(50), never).await.is_err());
        assert_eq!(count(&tx).await?, 1);
        Ok(())
    })
    .await?;
    assert_eq!(count(&db).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_panic_rolls_back() -> Result<()> {
    let db = database().await?;
    let task = {
        let db = db.clone();
        tokio::spawn(async move {
            db.atomic(async |tx| {
                insert(&tx, "a").await?;
                assert_eq!(1, 2, "on purpose");
                Ok(())
            })
            .await
        })
    };
    assert!(task.await.is_err());
    assert_eq!(count(&db).await?, 0);
    Ok(())
}

#[tokio::test]
async fn overlapping_savepoints_are_refused() -> Result<()> {
    let db = database().await?;
    let result = db
        .atomic(async |tx| {
            let slow = tx.atomic(async |tx| {
                tokio::time::sleep(Duration::from_millis(20)).await;
                insert(&tx, "a").await
            });
            let slower = tx.atomic(async |tx| {
                tokio::time::sleep(Duration::from_millis(40)).await;
                insert(&tx, "b").await
            });
            let (first, second) = tokio::join!(slow, slower);
            assert!(matches!(first, Err(Error::Transaction(message)) if message.contains("overlapped")));
            assert!(second.is_err());
            Ok(())
        })
        .await;
    assert!(matches!(result, Err(Error::Transaction(message)) if message.contains("overlapped")));
    assert_eq!(count(&db).await?, 0);
    Ok(())
}

#[tokio::test]
async fn callbacks_run_after_the_commit() -> Result<()> {
    let db = database().await?;
    let calls = Arc::new(AtomicUsize::new(0));
    let call = |calls: &Arc<AtomicUsize>, times: usize| {
        let calls = Arc::clone(calls);
        move || {
            calls.fetch_add(times, Ordering::SeqCst);
        }
    };
    db.atomic(async |tx| {
        tx.on_commit(call(&calls, 1));
        let undone: Result<()> = tx
            .atomic(async |tx| {
                tx.on_commit(call(&calls, 10));
                Err(refused())
            })
            .await;
        assert!(undone.is_err());
        tx.atomic(async |tx| {
            tx.on_commit(call(&calls, 100));
            Ok(())
        })
        .await?;
        assert_eq!(calls.load(Ordering::SeqCst), 0);
        Ok(())
    })
    .await?;
    assert_eq!(calls.load(Ordering::SeqCst), 101);
    Ok(())
}

#[tokio::test]
async fn errors_of_ones_own_come_through() -> Result<()> {
    #[derive(Debug)]
    enum Mine {
        Own,
        Orm,
    }
    impl From<Error> for Mine {
        fn from(_: Error) -> Self {
            Mine::Orm
        }
    }
    let db = database().await?;
    let own: Result<(), Mine> = db.atomic_with(async |_| Err(Mine::Own)).await;
    assert!(matches!(own, Err(Mine::Own)));
    let orm: Result<u64, Mine> = db
        .atomic_with(async |tx| {
            insert(&tx, "a").await?;
            Ok(insert(&tx, "a").await?)
        })
        .await;
    assert!(matches!(orm, Err(Mine::Orm)));
    Ok(())
}

#[tokio::test]
async fn the_future_can_be_sent() -> Result<()> {
    let db = database().await?;
    let shared = Arc::new(db.clone());
    let name = String::from("a");
    let task = tokio::spawn(async move {
        let name = &name;
        atomic(&shared, async |tx| insert(&tx, name).await).await
    });
    assert!(matches!(task.await, Ok(Ok(1))));
    Ok(())
}

#[tokio::test]
async fn waiting_for_the_writer_ends_with_advice() -> Result<()> {
    let options = DbOptions::new("sqlite::memory:").acquire_timeout(Duration::from_millis(30));
    let db = Db::connect_with(options).await?;
    create_items(&db).await?;
    let result = db.atomic(async |_| insert(&db, "a").await).await;
    assert!(
        matches!(result, Err(Error::Connection { message, .. }) if message.contains("inside `atomic`, use the handle"))
    );
    Ok(())
}

#[tokio::test]
async fn a_file_has_a_writer_and_readers() -> Result<()> {
    let folder = std::env::temp_dir().join(format!(
        "orm-exec-{}-{}",
        std::process::id(),
        uuid::Uuid::new_v4().simple()
    ));
    std::fs::create_dir(&folder).map_err(|error| Error::Other(error.into()))?;
    let db = Db::connect(&format!("sqlite://{}", folder.join("items.db").display())).await?;
    create_items(&db).await?;
    db.atomic(async |tx| {
        insert(&tx, "a").await?;
        // Others see the state before.
        assert_eq!((count(&tx).await?, count(&db).await?), (1, 0));
        Ok(())
    })
    .await?;
    let inserts = (0..20).map(|n| {
        let db = db.clone();
        tokio::spawn(async move { insert(&db, &n.to_string()).await })
    });
    for insert in inserts.collect::<Vec<_>>() {
        assert!(matches!(insert.await, Ok(Ok(1))));
    }
    assert_eq!(count(&db).await?, 21);
    let mislabelled = super::Statement {
        work: Work::Read,
        ..statement("DELETE FROM item", Vec::new(), Vec::new())
    };
    assert!(crate::exec::Executor::handle(&db).execute(&mislabelled).await.is_err());
    db.close().await;
    assert!(matches!(count(&db).await, Err(Error::Connection { .. })));
    std::fs::remove_dir_all(&folder).map_err(|error| Error::Other(error.into()))?;
    Ok(())
}

#[tokio::test]
async fn a_session_leaves_nothing_behind() -> Result<()> {
    let db = database().await?;
    let mut session = db.session().await?;
    session
        .execute_script("PRAGMA foreign_keys = OFF; BEGIN; INSERT INTO item (name) VALUES ('a')")
        .await?;
    drop(session);
    assert_eq!(count(&db).await?, 0);
    let mut session = db.session().await?;
    let rows = session
        .fetch("PRAGMA foreign_keys", &[], &[crate::value::Kind::Int])
        .await?;
    assert_eq!(rows, [[crate::value::Value::Int(1)]]);
    Ok(())
}

#[tokio::test]
async fn statements_are_counted_and_captured() -> Result<()> {
    let db = database().await?;
    let before = db.query_count();
    let capture = db.capture_queries();
    db.atomic(async |tx| insert(&tx, "a").await).await?;
    count(&db).await?;
    assert_eq!(
        capture.queries(),
        ["INSERT INTO item (name) VALUES (?)", "SELECT count(*) FROM item"]
    );
    drop(capture);
    count(&db).await?;
    assert_eq!(db.query_count() - before, 3);
    Ok(())
}
