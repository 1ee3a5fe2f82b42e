//! `cargo run --example library`: makes a database, applies the migrations, runs the tutorial.
//!
//! It works on a new SQLite file under `target/`, or on the database of `DATABASE_URL`, which must
//! not have the tutorial's rows yet.

mod models;
mod tutorial;

use orm::migrate::MigrationSource;
use orm::migrate::executor::{Event, MigrateOptions, Migrator, Target};
use orm::prelude::*;
use std::error::Error;
use std::{env, fs, io};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = database_url()?;
    let db = Db::connect(&url).await?;

    println!("== Migrations, on {}", db.backend().name());
    migrate(&db).await?;
    println!("\n== Create, read, update, delete");
    tutorial::crud(&db).await?;
    println!("\n== Relations");
    tutorial::relations(&db).await?;
    println!("\n== Many to many");
    tutorial::many_to_many(&db).await?;

    db.close().await;
    Ok(())
}

/// The database that the user names, or a new file.
fn database_url() -> io::Result<String> {
    if let Ok(url) = env::var("DATABASE_URL") {
        return Ok(url);
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/target/library.db");
    for ending in ["", "-wal", "-shm"] {
        match fs::remove_file(format!("{file}{ending}")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(format!("sqlite://{file}"))
}

/// Applies the migrations, which are part of the program.
async fn migrate(db: &Db) -> Result<(), Box<dyn Error>> {
    let migrations = MigrationSource::from(orm::embed_migrations!("examples/library/migrations"));
    let mut report = |progress: orm::migrate::executor::Progress<'_>| {
        if progress.event == Event::Finished {
            println!("applied {}", progress.migration);
        }
    };
    let migrator = Migrator::new(db.clone(), &migrations)?;
    migrator
        .migrate(&Target::All, MigrateOptions::default(), &mut report)
        .await?;
    Ok(())
}
