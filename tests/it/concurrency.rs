//! Many tasks at once.

use super::models::*;
use orm::prelude::*;

async fn fifty_writers(db: &Db) -> orm::Result<()> {
    let counter = Author::create().name("counter").age(0).save(db).await?;
    let mut tasks = Vec::new();
    for n in 0..50 {
        let db = db.clone();
        let id = counter.id;
        tasks.push(tokio::spawn(async move {
            db.atomic(async |tx| {
                // Read and write in one transaction; nothing may get lost.
                Author::objects()
                    .filter(q!(pk = id))
                    .update(&tx, |a| a.age().set(a.age() + 1))
                    .await?;
                Author::create().name(format!("a{n}")).save(&tx).await?;
                Ok(())
            })
            .await?;
            Author::create().name(format!("b{n}")).save(&db).await?;
            Author::objects().filter(q!(name__startswith = "a")).count(&db).await
        }));
    }
    for task in tasks {
        task.await.expect("no task panics")?;
    }
    assert_eq!(Author::objects().count(db).await?, 101);
    assert_eq!(Author::objects().get(db, q!(pk = counter.id)).await?.age, Some(50));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn fifty_tasks_write_at_once(db: Db) -> orm::Result<()> {
    fifty_writers(&db).await
}

/// A database file is what services use: one writer, many readers, WAL.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_tasks_write_to_one_file() -> orm::Result<()> {
    let dir = std::env::temp_dir().join(format!("orm-test-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a temporary directory");
    let db = Db::connect(&format!("sqlite://{}", dir.join("busy.db").display())).await?;
    let mut session = db.session().await?;
    orm::migrate::executor::sync_models(&mut session, Some(&["shop"]))
        .await
        .expect("tables are made");
    session.release().await;
    let outcome = fifty_writers(&db).await;
    // Reads see the last commit while a write transaction is open.
    let seen = db
        .atomic(async |tx| {
            Author::create().name("hidden").save(&tx).await?;
            Author::objects().filter(q!(name = "hidden")).count(&db).await
        })
        .await?;
    assert_eq!(seen, 0);
    db.close().await;
    std::fs::remove_dir_all(&dir).ok();
    outcome
}

#[orm::test(apps = ["shop"])]
async fn two_tasks_make_the_same_row_once(db: Db) -> orm::Result<()> {
    let manager = Author::create().name("m").save(&db).await?;
    let mut tasks = Vec::new();
    for _ in 0..10 {
        let (db, manager) = (db.clone(), manager.clone());
        tasks.push(tokio::spawn(async move {
            Shop::create()
                .name("only")
                .manager(&manager)
                .get_or_create(&db, |s| s.name())
                .await
        }));
    }
    let mut created = 0;
    for task in tasks {
        created += usize::from(task.await.expect("no task panics")?.1);
    }
    assert_eq!((created, Shop::objects().count(&db).await?), (1, 1));
    Ok(())
}

/// An UPDATE by key runs where the caller is, in a transaction, too; one of any rows does not.
#[test]
fn an_update_by_key_needs_no_other_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let options = orm::DbOptions::new("sqlite::memory:").poll_budget(std::time::Duration::from_secs(60));
        let db = Db::connect_with(options).await.unwrap();
        let mut session = db.session().await.unwrap();
        orm::migrate::executor::sync_models(&mut session, Some(&["shop"]))
            .await
            .unwrap();
        session.release().await;
        // The only thread of the blocking pool waits until the update by key is done.
        let (release, held) = std::sync::mpsc::channel::<()>();
        let author = Author::create().name("Ann").age(1).save(&db).await.unwrap();
        let blocked = tokio::task::spawn_blocking(move || held.recv().ok());
        let changed = db
            .atomic(async move |tx| {
                let by_key = Author::objects().filter(q!(pk = author.id));
                let mut changed = by_key.update(&tx, |a| a.age().set(2)).await?;
                drop(release);
                changed += Author::objects().update(&tx, |a| a.age().set(3)).await?;
                Ok(changed)
            })
            .await;
        assert_eq!(changed.unwrap(), 2);
        blocked.await.unwrap();
    });
}
