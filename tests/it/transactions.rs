//! atomic, savepoints, on_commit.

use super::models::*;
use orm::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn refused() -> Error {
    Error::Other("refused".into())
}

#[orm::test(apps = ["shop"])]
async fn all_or_nothing(db: Db) -> orm::Result<()> {
    let ada = db
        .atomic(async |tx| Author::create().name("Ada").save(&tx).await)
        .await?;
    let failed: orm::Result<()> = db
        .atomic(async |tx| {
            Author::create().name("Bob").save(&tx).await?;
            assert_eq!(Author::objects().count(&tx).await?, 2);
            Err(refused())
        })
        .await;
    assert_eq!(failed.unwrap_err().to_string(), "refused");
    assert_eq!(Author::objects().all(&db).await?, [ada]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn nested_is_a_savepoint(db: Db) -> orm::Result<()> {
    db.atomic(async |tx| {
        Author::create().name("Ada").save(&tx).await?;
        let inner: orm::Result<()> = tx
            .atomic(async |inner| {
                Author::create().name("Bob").save(&inner).await?;
                Err(refused())
            })
            .await;
        assert!(inner.is_err());
        // The outer transaction goes on, also after an error of the database.
        let ada = Author::objects().get(&tx, q!(name = "Ada")).await?;
        Shop::create().name("A").manager(&ada).save(&tx).await?;
        let twice = tx
            .atomic(async |inner| Shop::create().name("A").manager(&ada).save(&inner).await)
            .await;
        assert!(twice.unwrap_err().is_unique_violation());
        tx.atomic(async |inner| Author::create().name("Cleo").save(&inner).await)
            .await?;
        Ok(())
    })
    .await?;
    assert_eq!(shown(&Author::objects().all(&db).await?), "Ada, Cleo");
    assert_eq!(Shop::objects().count(&db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn on_commit(db: Db) -> orm::Result<()> {
    let calls = Arc::new(AtomicUsize::new(0));
    let call = |n: usize| {
        let calls = calls.clone();
        move || {
            calls.fetch_add(n, Ordering::SeqCst);
        }
    };
    db.atomic(async |tx| {
        tx.on_commit(call(1));
        let rolled_back: orm::Result<()> = tx
            .atomic(async |inner| {
                inner.on_commit(call(100));
                Err(refused())
            })
            .await;
        assert!(rolled_back.is_err());
        tx.atomic(async |inner| {
            inner.on_commit(call(10));
            Ok(())
        })
        .await?;
        assert_eq!(calls.load(Ordering::SeqCst), 0);
        Ok(())
    })
    .await?;
    assert_eq!(calls.load(Ordering::SeqCst), 11);
    let failed: orm::Result<()> = db
        .atomic(async |tx| {
            tx.on_commit(call(1000));
            Err(refused())
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(calls.load(Ordering::SeqCst), 11);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn after_the_end_it_is_an_error(db: Db) -> orm::Result<()> {
    let escaped = db.atomic(async |tx| Ok(tx.clone())).await?;
    let error = Author::objects().count(&escaped).await.unwrap_err();
    assert!(matches!(error, Error::Transaction(_)), "{error}");
    assert!(escaped.atomic(async |_| Ok(())).await.is_err());
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn a_dropped_future_rolls_back(db: Db) -> orm::Result<()> {
    let work = db.atomic(async |tx| {
        Author::create().name("Ada").save(&tx).await?;
        std::future::pending::<()>().await;
        Ok(())
    });
    let waited = tokio::time::timeout(std::time::Duration::from_millis(300), work).await;
    assert!(waited.is_err());
    assert_eq!(Author::objects().count(&db).await?, 0);
    db.atomic(async |tx| {
        let inner = tx.atomic(async |inner| {
            Author::create().name("Bob").save(&inner).await?;
            std::future::pending::<()>().await;
            Ok(())
        });
        let waited = tokio::time::timeout(std::time::Duration::from_millis(300), inner).await;
        assert!(waited.is_err());
        Author::create().name("Cleo").save(&tx).await?;
        Ok(())
    })
    .await?;
    assert_eq!(shown(&Author::objects().all(&db).await?), "Cleo");
    Ok(())
}

#[derive(Debug)]
enum Mine {
    Orm(Error),
    Full,
}

impl From<Error> for Mine {
    fn from(error: Error) -> Self {
        Mine::Orm(error)
    }
}

#[orm::test(apps = ["shop"])]
async fn errors_of_ones_own(db: Db) -> orm::Result<()> {
    let full: Result<(), Mine> = db
        .atomic_with(async |tx| {
            Author::create().name("Ada").save(&tx).await?;
            Err(Mine::Full)
        })
        .await;
    assert!(matches!(full, Err(Mine::Full)));
    let orm_error: Result<Author, Mine> = db
        .atomic_with(async |tx| Ok(Author::objects().get(&tx, q!(name = "Ada")).await?))
        .await;
    assert!(matches!(orm_error, Err(Mine::Orm(Error::DoesNotExist { .. }))));
    orm::atomic(&db, async |tx| Author::create().name("Bob").save(&tx).await).await?;
    assert_eq!(Author::objects().count(&db).await?, 1);
    Ok(())
}
