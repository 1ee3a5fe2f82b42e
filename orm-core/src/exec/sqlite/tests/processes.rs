//! Other processes that have the database.

use super::*;

#[tokio::test(flavor = "current_thread")]
async fn another_process_is_waited_for_without_a_thread() -> Result<()> {
    let file = File::new()?;
    // Two databases over one file are to each other what two processes are.
    let (here, there) = (file.open().await?, file.open().await?);
    script(&here, ITEM).await?;
    let (locked, is_locked) = tokio::sync::oneshot::channel();
    let (release, released) = tokio::sync::oneshot::channel::<()>();
    let other = tokio::spawn(async move {
        there
            .atomic(async |tx| {
                insert(&tx, 1).await?;
                locked.send(()).ok();
                released.await.ok();
                Ok(())
            })
            .await?;
        there.close().await;
        Ok::<_, Error>(())
    });
    is_locked.await.ok();
    // On one thread: if waiting held it, the other could never end.
    let waiting = here.clone();
    let waiting = tokio::spawn(async move { insert(&waiting, 2).await });
    let (_, turns) = beside(tokio::time::timeout(
        Duration::from_millis(30),
        std::future::pending::<()>(),
    ))
    .await;
    assert!(turns > 10 && !waiting.is_finished(), "{turns}");
    assert_eq!(count(&here).await?, 0);
    release.send(()).ok();
    waiting.await.map_err(|error| Error::Other(error.into()))??;
    other.await.map_err(|error| Error::Other(error.into()))??;
    assert_eq!(count(&here).await?, 2);
    here.close().await;
    Ok(())
}

#[tokio::test]
async fn waiting_for_another_process_ends() -> Result<()> {
    let file = File::new()?;
    let there = file.open().await?;
    let here = Db::connect_with(file.options().busy_timeout(Duration::from_millis(20))).await?;
    script(&here, ITEM).await?;
    there
        .atomic(async |tx| {
            insert(&tx, 1).await?;
            let refused = insert(&here, 2).await;
            assert!(
                matches!(&refused, Err(Error::Database { message, .. }) if message.contains("database is locked")),
                "{refused:?}"
            );
            let refused = here.atomic(async |tx| insert(&tx, 3).await).await;
            assert!(matches!(&refused, Err(Error::Database { .. })), "{refused:?}");
            Ok(())
        })
        .await?;
    assert_eq!(insert(&here, 4).await?, 1);
    assert_eq!(count(&there).await?, 2);
    here.close().await;
    there.close().await;
    Ok(())
}
