//! `bulk_insert`: as `bulk_create`, but nothing is read back.

use super::models::*;
use orm::dynamic::{DynExpr, DynQuerySet, Record};
use orm::prelude::*;
use orm::{Value, assert_num_queries};

#[orm::test(apps = ["shop"])]
async fn rows_go_in_as_with_bulk_create(db: Db) -> orm::Result<()> {
    let named = |name: &str| Author::create().name(name);
    let before = Utc::now() - TimeDelta::milliseconds(1);
    let capture = db.capture_queries();
    assert_eq!(Author::objects().bulk_insert(&db, ["a", "b"].map(named)).await?, 2);
    let statements = capture.queries();
    assert_eq!(statements.len(), 1);
    assert!(!statements[0].contains("RETURNING"), "{statements:?}");
    let rows = Author::objects().all(&db).await?;
    assert_eq!(shown(&rows), "a, b");
    // Defaults, and what is stamped.
    assert!(rows.iter().all(|row| row.age.is_none() && row.created_at >= before));
    assert_num_queries!(db, 0, {
        assert_eq!(Author::objects().bulk_insert(&db, Vec::<Author>::new()).await?, 0);
    });
    // Instances, with a key and without.
    let made = |id, name: &str| Author {
        id,
        name: name.into(),
        ..rows[0].clone()
    };
    let both = [made(100, "c"), made(0, "d"), made(0, "e")];
    assert_eq!(
        assert_num_queries!(db, 2, { Author::objects().bulk_insert(&db, both).await? }),
        3
    );
    assert_eq!(
        shown(&Author::objects().order_by(|a| a.name()).all(&db).await?),
        "a, b, c, d, e"
    );
    assert_eq!(Author::objects().get(&db, q!(name = "c")).await?.id, 100);
    // One row, and rows in a transaction that does not last.
    assert_eq!(Author::objects().bulk_insert(&db, [named("f")]).await?, 1);
    let undone: orm::Result<()> = db
        .atomic(async |tx| {
            assert_eq!(Author::objects().bulk_insert(&tx, ["g", "h"].map(named)).await?, 2);
            Err(Error::Other("no".into()))
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(Author::objects().count(&db).await?, 6);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn all_rows_or_none(db: Db) -> orm::Result<()> {
    let named = |name: &str| Author::create().name(name);
    let long = "x".repeat(101);
    let error = Author::objects()
        .bulk_insert(&db, ["e", long.as_str()].map(named))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Validation(_)), "{error}");
    assert_eq!(Author::objects().count(&db).await?, 0);
    // More values than a statement has arguments, of two kinds: some statements, of which the last fails.
    let now = Utc::now();
    let row = |id: i64| Author {
        id,
        name: format!("a{id}"),
        age: Some(1),
        created_at: now,
        updated_at: now,
    };
    let rows = || (1..25_000).map(row);
    let error = Author::objects()
        .bulk_insert(&db, rows().chain([row(1)]))
        .await
        .unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(Author::objects().count(&db).await?, 0);
    assert_eq!(Author::objects().bulk_insert(&db, rows()).await?, 24_999);
    assert_eq!(Author::objects().count(&db).await?, 24_999);
    assert_eq!(Author::objects().get(&db, q!(id = 24_999)).await?.name, "a24999");
    Ok(())
}

/// Rows of a related set refer to its row: by their column, or by a row of the join table.
#[orm::test(apps = ["shop"])]
async fn rows_of_related_sets(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let north = ["New", "Newer"].map(|title| d.north.books().create().title(title));
    assert_eq!(
        assert_num_queries!(db, 1, { Book::objects().bulk_insert(&db, north).await? }),
        2
    );
    assert_eq!(shown(&d.north.books().all(&db).await?), "Logic, Poems, New, Newer");
    let of_cleo = || d.cleo.books().create().title("Fresh");
    assert_eq!(Book::objects().bulk_insert(&db, [of_cleo(), of_cleo()]).await?, 2);
    assert_eq!(shown(&d.cleo.books().all(&db).await?), "Atlas, Fresh, Fresh");
    Ok(())
}

/// What the database leaves out is not counted.
#[orm::test(apps = ["shop"])]
async fn the_number_is_that_of_the_database(db: Db) -> orm::Result<()> {
    let named = |name: &str| Author::create().name(name);
    let skips = match db.backend() {
        orm::Backend::Postgres => {
            "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN IF NEW.name = 'skip' THEN RETURN NULL; END IF; RETURN NEW; END $$; \
             CREATE TRIGGER skip BEFORE INSERT ON shop_author FOR EACH ROW EXECUTE FUNCTION skip()"
        }
        orm::Backend::Sqlite => {
            "CREATE TRIGGER skip BEFORE INSERT ON shop_author WHEN new.name = 'skip' BEGIN SELECT RAISE(IGNORE); END"
        }
        // A trigger cannot leave a row out there.
        _ => return Ok(()),
    };
    let mut session = db.session().await?;
    session.execute_script(skips).await?;
    session.release().await;
    for many in [2, 300] {
        let names = ["skip"].into_iter().chain(std::iter::repeat_n("kept", many - 1));
        assert_eq!(
            Author::objects().bulk_insert(&db, names.map(named)).await?,
            many as u64 - 1
        );
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn rows_without_a_type(db: Db) -> orm::Result<()> {
    let publishers = DynQuerySet::of("shop.Publisher")?;
    let row = |name: &str| Record::with(Publisher::meta(), [("name".to_owned(), name.into())]);
    let rows = vec![row("A")?, row("B")?];
    assert_eq!(
        assert_num_queries!(db, 1, { publishers.bulk_insert(&db, rows).await? }),
        2
    );
    // Expressions go row by row.
    let mut computed = row("C")?;
    let upper = DynExpr::Call {
        function: &orm::query::function::UPPER,
        args: vec![DynExpr::Value(Value::Text("d".to_owned()))],
    };
    computed.set("name", upper)?;
    assert_eq!(publishers.bulk_insert(&db, vec![computed, row("E")?]).await?, 2);
    assert_eq!(
        shown(&Publisher::objects().order_by(|p| p.name()).all(&db).await?),
        "A, B, D, E"
    );
    let wrong = vec![row("F")?, row(&"x".repeat(61))?];
    let error = publishers.bulk_insert(&db, wrong).await.unwrap_err();
    assert!(matches!(error, Error::Validation(_)), "{error}");
    let author = Record::with(Author::meta(), [("name".to_owned(), "G".into())])?;
    assert_eq!(
        publishers
            .bulk_insert(&db, vec![author])
            .await
            .unwrap_err()
            .django_class(),
        "TypeError"
    );
    assert_eq!(Publisher::objects().count(&db).await?, 4);
    Ok(())
}

const fn copied(backend: orm::Backend) -> bool {
    matches!(backend, orm::Backend::Postgres)
}

/// PostgreSQL takes very many values by COPY, except where that means something else than INSERT.
#[orm::test(apps = ["shop"])]
async fn very_many_rows(db: Db) -> orm::Result<()> {
    let new = || (0..25_000).map(|n| Author::create().name(format!("a{n}")));
    let copies = async |db: &Db| {
        let capture = db.capture_queries();
        assert_eq!(Author::objects().bulk_insert(db, new()).await?, 25_000);
        assert_eq!(Author::objects().delete(db).await?.total, 25_000);
        Ok::<_, Error>(capture.queries().iter().any(|sql| sql.starts_with("COPY")))
    };
    assert_eq!(copies(&db).await?, copied(db.backend()));
    // In a transaction of the user's, who may go on after dropping the future.
    let capture = db.capture_queries();
    db.atomic(async |tx| Author::objects().bulk_insert(&tx, new()).await)
        .await?;
    assert!(
        capture.queries().iter().all(|sql| sql.starts_with("INSERT")),
        "{:?}",
        capture.queries()
    );
    Author::objects().delete(&db).await?;
    if db.backend() == orm::Backend::Postgres {
        for differs in [
            "ALTER TABLE shop_author ALTER id SET GENERATED ALWAYS",
            "ALTER TABLE shop_author ALTER id SET GENERATED BY DEFAULT; \
             CREATE RULE r AS ON INSERT TO shop_author WHERE NEW.name = '' DO INSTEAD NOTHING",
        ] {
            let mut session = db.session().await?;
            session.execute_script(differs).await?;
            session.release().await;
            assert!(!copies(&db).await?, "{differs}");
        }
    }
    Ok(())
}

/// Dropping the future leaves nothing behind, whatever it was doing.
#[orm::test(apps = ["shop"])]
async fn a_load_that_is_dropped(db: Db) -> orm::Result<()> {
    let new = || (0..12_000).map(|n| Author::create().name(format!("a{n}")));
    for polls in 0..12 {
        let mut load = Box::pin(Author::objects().bulk_insert(&db, new()));
        let mut done = None;
        for _ in 0..polls {
            tokio::select! {
                biased;
                result = &mut load => { done = Some(result?); break }
                () = tokio::task::yield_now() => {}
            }
        }
        drop(load);
        if done.is_some() {
            Author::objects().delete(&db).await?;
        }
        // Not a part of them.
        assert_eq!(Author::objects().count(&db).await? % 12_000, 0, "after {polls} polls");
    }
    assert_eq!(
        Author::objects()
            .bulk_insert(&db, [Author::create().name("last")])
            .await?,
        1
    );
    assert!(Author::objects().filter(q!(name = "last")).exists(&db).await?);
    Ok(())
}
