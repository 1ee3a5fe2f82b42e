//! What `migrate` promises: all or nothing, in turn, to a name and back.

use crate::databases::{migrate, mysql, postgres, source, sqlite, strings, tables};
use crate::models::{books, migration, model, sql};
use orm_core::exec::{Backend, Db};
use orm_migrate::MigrateError;
use orm_migrate::executor::{Event, MigrateOptions, Migrator, Target, sql_for};
use orm_migrate::operation::MigrationId;

/// Every database, with a name for those that have several.
async fn every(name: &str) -> Vec<Db> {
    vec![sqlite().await, postgres(name).await, mysql(name).await]
}

async fn run(db: &Db, statement: &str) {
    let mut session = db.session().await.unwrap();
    session.execute_script(statement).await.unwrap();
    session.release().await;
}

#[tokio::test]
async fn to_a_name_and_back() {
    for db in every("orm_migrate_names").await {
        let source = source(&books());
        let migrator = Migrator::new(db.clone(), &source).unwrap();
        let first = migrator.target(Some("shop"), Some("0001")).unwrap();
        assert_eq!(migrate(&db, &source, first.clone()).await.unwrap(), 1);
        let applied = migrator.status().await.unwrap();
        let shop = &applied[0].migrations;
        assert_eq!(
            shop.iter().map(|m| m.applied.is_some()).collect::<Vec<_>>(),
            [true, false]
        );
        let plan = migrator.plan(&Target::All).await.unwrap();
        assert_eq!(plan[0].descriptions, ["Add field pages to book"]);
        assert_eq!(migrate(&db, &source, Target::All).await.unwrap(), 1);
        assert_eq!(migrate(&db, &source, Target::All).await.unwrap(), 0);
        assert_eq!(migrate(&db, &source, first).await.unwrap(), 1);
        assert_eq!(migrate(&db, &source, Target::Zero("shop".into())).await.unwrap(), 1);
        assert_eq!(tables(&db).await, ["django_migrations"]);
    }
}

#[tokio::test]
async fn a_failed_migration_leaves_nothing_or_says_what() {
    for db in every("orm_migrate_failed").await {
        let broken = [model("Pen", vec![]), sql("THIS IS NOT SQL", None)];
        let failed = migrate(
            &db,
            &source(&[migration("0001_initial", &[], broken.into())]),
            Target::All,
        )
        .await;
        match (db.backend(), failed) {
            (Backend::MySql { .. }, Err(MigrateError::Partial { done, operation, .. })) => {
                assert_eq!(done, ["Create model Pen"]);
                assert_eq!(operation, "Raw SQL operation");
                assert_eq!(tables(&db).await, ["django_migrations", "shop_pen"]);
            }
            (_, Err(MigrateError::Failed { operation, .. })) => {
                assert_eq!(operation, "Raw SQL operation");
                assert!(tables(&db).await.is_empty());
            }
            other => panic!("{other:?}"),
        }
        // The connection is as it was.
        assert_eq!(
            migrate(&db, &source(&[migration("0001_initial", &[], vec![])]), Target::All)
                .await
                .unwrap(),
            1
        );
    }
}

#[tokio::test]
async fn what_cannot_be_undone_is_known_before() {
    for db in every("orm_migrate_irreversible").await {
        let nothing = match db.backend() {
            Backend::Sqlite => "DELETE FROM shop_pen",
            _ => "DELETE FROM shop_pen WHERE 1 = 0",
        };
        let operations = vec![model("Pen", vec![]), sql(nothing, None)];
        let source = source(&[migration("0001_initial", &[], operations)]);
        migrate(&db, &source, Target::All).await.unwrap();
        let undone = migrate(&db, &source, Target::Zero("shop".into())).await;
        assert!(matches!(undone, Err(MigrateError::Irreversible { .. })), "{undone:?}");
        assert_eq!(tables(&db).await, ["django_migrations", "shop_pen"]);
        let migrator = Migrator::new(db.clone(), &source).unwrap();
        let (zero, fake) = (Target::Zero("shop".into()), MigrateOptions { fake: true });
        assert_eq!(migrator.migrate(&zero, fake, &mut |_| {}).await.unwrap().len(), 1);
        assert_eq!(tables(&db).await, ["django_migrations", "shop_pen"]);
    }
}

#[tokio::test]
async fn fake_only_takes_note() {
    for db in every("orm_migrate_fake").await {
        let migrator = Migrator::new(db.clone(), &source(&books())).unwrap();
        let mut events = Vec::new();
        let options = MigrateOptions { fake: true };
        migrator
            .migrate(&Target::All, options, &mut |p| {
                events.push((p.migration.to_string(), p.event))
            })
            .await
            .unwrap();
        assert_eq!(events[0], ("shop.0001_initial".to_owned(), Event::Started));
        assert_eq!(events[1], ("shop.0001_initial".to_owned(), Event::Faked));
        assert_eq!(tables(&db).await, ["django_migrations"]);
    }
}

#[tokio::test]
async fn rows_survive_and_get_the_default() {
    for db in every("orm_migrate_rows").await {
        let source = source(&books());
        let first = Target::Migration(MigrationId::new("shop", "0001_initial"));
        migrate(&db, &source, first).await.unwrap();
        run(&db, "INSERT INTO shop_author (id, name) VALUES (1, 'Ann')").await;
        run(&db, "INSERT INTO shop_book (id, title, author_id) VALUES (1, 'A', 1)").await;
        migrate(&db, &source, Target::All).await.unwrap();
        let mut session = db.session().await.unwrap();
        let cast = if matches!(db.backend(), Backend::MySql { .. }) {
            "CHAR"
        } else {
            "text"
        };
        let pages = strings(&mut session, &format!("SELECT CAST(pages AS {cast}) FROM shop_book")).await;
        assert_eq!(pages, ["7"]);
        // The default was for the rows that existed; the database gives none.
        let insert = "INSERT INTO shop_book (id, title, author_id) VALUES (2, 'B', 1)";
        assert!(session.execute_script(insert).await.is_err());
        let orphan = "INSERT INTO shop_book (id, title, author_id, pages) VALUES (2, 'B', 99, 1)";
        assert!(session.execute_script(orphan).await.is_err(), "keys are checked again");
    }
}

#[tokio::test]
async fn keys_that_name_no_row_are_refused() {
    let db = sqlite().await;
    let orphan = sql(
        "INSERT INTO shop_book (id, title, author_id) VALUES (1, 'A', 99)",
        Some(""),
    );
    let mut migrations = books();
    migrations.truncate(1);
    migrations.push(migration("0002_orphan", &["0001_initial"], vec![orphan]));
    let failed = migrate(&db, &source(&migrations), Target::All).await;
    assert!(matches!(failed, Err(MigrateError::ForeignKeys { .. })), "{failed:?}");
    let mut session = db.session().await.unwrap();
    assert_eq!(
        strings(&mut session, "SELECT CAST(count(*) AS text) FROM shop_book").await,
        ["0"]
    );
}

async fn at_once(dbs: [Db; 4]) {
    let source = source(&books());
    let tasks = dbs.clone().map(|db| {
        let source = source.clone();
        tokio::spawn(async move { migrate(&db, &source, Target::All).await })
    });
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let [db, ..] = dbs;
    let status = Migrator::new(db.clone(), &source).unwrap().status().await.unwrap();
    assert!(status[0].migrations.iter().all(|m| m.applied.is_some()));
    let mut session = db.session().await.unwrap();
    let count = strings(&mut session, "SELECT CAST(count(*) AS CHAR(5)) FROM django_migrations").await;
    assert_eq!(count[0].trim(), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_migrate_at_once_take_turns() {
    let postgres = postgres("orm_migrate_turns").await;
    at_once([postgres.clone(), postgres.clone(), postgres.clone(), postgres]).await;
    let mysql = mysql("orm_migrate_turns").await;
    at_once([mysql.clone(), mysql.clone(), mysql.clone(), mysql]).await;
    let file = std::env::temp_dir().join(format!("orm-migrate-{}.db", std::process::id()));
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let connect = || async { Db::connect(&url).await.unwrap() };
    at_once([connect().await, connect().await, connect().await, connect().await]).await;
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn sqlmigrate_says_what_migrate_does() {
    let db = sqlite().await;
    let migrator = Migrator::new(db, &source(&books())).unwrap();
    let id = migrator.find("shop", "0002").unwrap();
    let lines = migrator.sql(&id, false).await.unwrap();
    assert_eq!(lines, sql_for(migrator.graph(), &id, false, Backend::Sqlite).unwrap());
    assert_eq!(lines[..4], ["BEGIN;", "--", "-- Add field pages to book", "--"]);
    assert!(
        lines[5].contains("SELECT \"id\", \"title\", \"author_id\", 7 FROM"),
        "{}",
        lines[5]
    );
    let back = migrator.sql(&id, true).await.unwrap();
    assert_eq!(back[4], "ALTER TABLE \"shop_book\" DROP COLUMN \"pages\";");
}

#[tokio::test]
async fn a_migration_that_is_given_up_leaves_the_database_in_order() {
    for db in every("orm_migrate_dropped").await {
        let source = source(&books());
        for step in 0..12 {
            let limit = std::time::Duration::from_micros(step * 700);
            let _ = tokio::time::timeout(limit, migrate(&db, &source, Target::All)).await;
            if matches!(db.backend(), Backend::MySql { .. }) {
                // Schema changes stay there; that the lock is gone shows in the next round.
                continue;
            }
            let made = tables(&db).await;
            let shop: Vec<_> = made.iter().filter(|table| table.starts_with("shop")).collect();
            assert!(shop.is_empty() || shop == ["shop_author", "shop_book"], "{made:?}");
            migrate(&db, &source, Target::All).await.unwrap();
            let mut session = db.session().await.unwrap();
            let orphan = "INSERT INTO shop_book (id, title, author_id, pages) VALUES (2, 'B', 99, 1)";
            assert!(session.execute_script(orphan).await.is_err(), "keys are checked again");
            session.release().await;
            migrate(&db, &source, Target::Zero("shop".into())).await.unwrap();
        }
    }
}
