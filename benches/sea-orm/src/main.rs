//! SeaORM: through its pool, which is sqlx's.

mod models;

use common::data::NewItem;
use common::{Args, Result, Unmeasured, Workloads, on_tokio, report};
use models::{comment, insert, item, post, user};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait, Set, TransactionTrait};
use std::time::Duration;

struct SeaOrm(DatabaseConnection);

impl SeaOrm {
    async fn connect(args: &Args) -> Result<Self> {
        let mut options = ConnectOptions::new(match args.database.as_str() {
            "sqlite" => format!("sqlite://{}", args.url),
            _ => args.url.clone(),
        });
        // The ping that its docs call the cheaper one.
        options.test_before_acquire_if_idle_for(Duration::from_secs(30));
        options.sqlx_logging(false).map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .foreign_keys(true)
        });
        Ok(SeaOrm(Database::connect(options).await?))
    }
}

/// A row that is to be inserted.
fn new(row: &NewItem) -> insert::ActiveModel {
    insert::ActiveModel {
        name: Set(row.name.clone()),
        value: Set(row.value),
        ..Default::default()
    }
}

impl Workloads for SeaOrm {
    type Item = item::Model;
    type Pair = (comment::Model, post::Model);
    type Tree = user::ModelEx;
    type Insert = insert::Model;

    async fn get(&mut self, key: i64) -> Result<item::Model> {
        let row = item::Entity::find_by_id(key).one(&self.0).await?;
        Ok(row.ok_or("no such row")?)
    }

    async fn load(&mut self) -> Result<Vec<item::Model>> {
        Ok(item::Entity::find().all(&self.0).await?)
    }

    async fn join(&mut self) -> Result<Vec<Self::Pair>> {
        let query = comment::Entity::find().find_both_related(post::Entity);
        Ok(query.all(&self.0).await?)
    }

    async fn tree(&mut self) -> Result<Vec<user::ModelEx>> {
        let query = user::Entity::load().with((post::Entity, comment::Entity));
        Ok(query.all(&self.0).await?)
    }

    async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let transaction = self.0.begin().await?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            let done = insert::Entity::insert(new(row)).exec(&transaction).await?;
            keys.push(done.last_insert_id);
        }
        transaction.commit().await?;
        Ok(keys)
    }

    async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
        let rows = rows.iter().map(new);
        insert::Entity::insert_many(rows)
            .exec_without_returning(&self.0)
            .await?;
        Ok(())
    }

    /// Without `RETURNING`, which it has for MariaDB by a feature that MySQL cannot have, there are no keys.
    async fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        if !self.0.support_returning() {
            return Err(Unmeasured.into());
        }
        let rows = rows.iter().map(new);
        let keys = insert::Entity::insert_many(rows).exec_with_returning_keys(&self.0);
        Ok(keys.await?)
    }

    async fn inserted(&mut self) -> Result<Vec<insert::Model>> {
        Ok(insert::Entity::find().all(&self.0).await?)
    }

    async fn clear(&mut self) -> Result<()> {
        insert::Entity::delete_many().exec(&self.0).await?;
        Ok(())
    }
}

fn main() -> Result<()> {
    let args = Args::parse()?;
    on_tokio(async move {
        let peer = SeaOrm::connect(&args).await?;
        report("sea-orm", &args, peer).await
    })
}
