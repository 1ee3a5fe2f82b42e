//! New rows, one by one: what is lent to SQLite for them, and the thread that they hold.

use super::*;

#[tokio::test]
async fn what_is_lent_to_a_statement_is_taken_back() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    script(&db, "CREATE TABLE note (id INTEGER PRIMARY KEY, body)").await?;
    let insert = |body: Vec<Value>| statement("INSERT INTO note (body) VALUES (?)", body, Work::WriteKnown);
    let length = "SELECT coalesce(length(body), -1) FROM note ORDER BY id DESC LIMIT 1";
    db.atomic(async |tx| {
        for (body, expected) in [
            (Value::Text("x".repeat(100_000)), 100_000),
            (Value::Bytes(vec![7; 70_000]), 70_000),
            (Value::Text(String::new()), 0),
            (Value::Bytes(Vec::new()), 0),
            (Value::Uuid(uuid::Uuid::nil()), 32),
        ] {
            assert!(tx.handle().insert_id(&insert(vec![body])).await? > 0);
            assert_eq!(tx.handle().fetch_int(&read(length)).await?, expected);
            // Nothing is left of it for who brings no argument.
            tx.handle().execute(&insert(Vec::new())).await?;
            assert_eq!(tx.handle().fetch_int(&read(length)).await?, -1);
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "current_thread")]
async fn many_new_rows_leave_the_thread_to_others() -> Result<()> {
    let db = Db::connect("sqlite::memory:").await?;
    script(&db, ITEM).await?;
    let inserts = db.atomic(async |tx| {
        let insert = statement(
            "INSERT INTO item (number) VALUES (?)",
            vec![Value::Int(1)],
            Work::WriteKnown,
        );
        for _ in 0..5_000 {
            tx.handle().insert_id(&insert).await?;
        }
        Ok(())
    });
    let (result, turns) = beside(inserts).await;
    result?;
    assert!(turns >= 5, "{turns}");
    Ok(())
}
