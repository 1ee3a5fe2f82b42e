//! toasty: through its pool.

mod models;

use common::data::NewItem;
use common::{Args, Result, Workloads, on_tokio, report};
use models::{Comment, Insert, Item, User};
use toasty::Db;

struct Toasty {
    db: Db,
    /// Without `INSERT … RETURNING`: MySQL, but not MariaDB.
    no_returning: bool,
}

impl Toasty {
    async fn connect(args: &Args) -> Result<Self> {
        let builder = &mut Db::builder();
        builder.models(toasty::models!(crate::*));
        let mariadb = std::env::var("BENCH_SERVER").is_ok_and(|server| server.starts_with("MariaDB"));
        let db = match args.database.as_str() {
            "sqlite" => {
                // Pragmas are each connection's own: so there is one.
                let url = format!("sqlite:{}", args.url);
                let mut db = builder.max_pool_size(1).connect(&url).await?;
                for pragma in ["synchronous = NORMAL", "foreign_keys = ON"] {
                    toasty::sql::statement(format!("PRAGMA {pragma}")).exec(&mut db).await?;
                }
                db
            }
            "mysql" if mariadb => builder.connect(&args.url.replacen("mysql:", "mariadb:", 1)).await?,
            _ => builder.connect(&args.url).await?,
        };
        Ok(Toasty {
            db,
            no_returning: args.database == "mysql" && !mariadb,
        })
    }
}

impl Workloads for Toasty {
    type Item = Item;
    type Pair = Comment;
    type Tree = User;
    type Insert = Insert;

    async fn get(&mut self, key: i64) -> Result<Item> {
        Ok(Item::get_by_id(&mut self.db, &key.cast_unsigned()).await?)
    }

    async fn load(&mut self) -> Result<Vec<Item>> {
        Ok(Item::all().exec(&mut self.db).await?)
    }

    async fn join(&mut self) -> Result<Vec<Comment>> {
        Ok(Comment::all()
            .include(Comment::fields().post())
            .exec(&mut self.db)
            .await?)
    }

    async fn tree(&mut self) -> Result<Vec<User>> {
        let query = User::all().include(User::fields().posts().comments());
        Ok(query.exec(&mut self.db).await?)
    }

    async fn insert_each(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        let mut transaction = self.db.transaction().await?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            let insert = Insert::create().name(&row.name).value(row.value);
            keys.push(insert.exec(&mut transaction).await?.id.cast_signed());
        }
        transaction.commit().await?;
        Ok(keys)
    }

    /// Its only way of inserting rows at once gives them back.
    async fn insert_bulk(&mut self, rows: &[NewItem]) -> Result<()> {
        self.insert_bulk_ids(rows).await?;
        Ok(())
    }

    /// Without `RETURNING` toasty cannot insert rows at once that the database numbers.
    async fn insert_bulk_ids(&mut self, rows: &[NewItem]) -> Result<Vec<i64>> {
        if self.no_returning {
            return self.insert_each(rows).await;
        }
        let many = rows.iter().fold(Insert::create_many(), |many, row| {
            many.item(Insert::create().name(&row.name).value(row.value))
        });
        let rows = many.exec(&mut self.db).await?;
        Ok(rows.iter().map(|row| row.id.cast_signed()).collect())
    }

    async fn inserted(&mut self) -> Result<Vec<Insert>> {
        Ok(Insert::all().exec(&mut self.db).await?)
    }

    async fn clear(&mut self) -> Result<()> {
        toasty::sql::statement("DELETE FROM inserts").exec(&mut self.db).await?;
        Ok(())
    }
}

fn main() -> Result<()> {
    let args = Args::parse()?;
    on_tokio(async move {
        let peer = Toasty::connect(&args).await?;
        report("toasty", &args, peer).await
    })
}
