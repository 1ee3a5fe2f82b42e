//! What a query costs before the database sees it: building it, finding its text, writing it anew.
//!
//! `cargo bench -p orm-core --features sqlite`

#![allow(missing_docs, dead_code, reason = "models of a bench")]

use divan::{AllocProfiler, Bencher, black_box};
use orm::Backend;
use orm::prelude::*;
use orm::query::{Combined, Order, Query, SetOp};
use orm_core::private::{Compiled, select, select_anew};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "bench")]
pub struct Author {
    pub id: i64,
    #[field(max_length = 100)]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "bench", ordering = ["-published", "id"])]
pub struct Article {
    pub id: i64,
    #[field(max_length = 100)]
    pub headline: String,
    pub author: ForeignKey<Author>,
    #[field(related_name = "edited")]
    pub editor: Option<ForeignKey<Author>>,
    pub published: DateTime<Utc>,
    pub votes: i32,
    pub body: String,
}

fn main() {
    divan::main();
}

/// What `get` by key asks.
fn get(key: i64) -> QuerySet<Article> {
    Article::objects().filter(|a| a.id().eq(key)).order_by(|_| ()).limit(21)
}

fn page(author: &str) -> QuerySet<Article> {
    Article::objects()
        .filter(q!(author__name = author, votes__gte = 3, headline__icontains = "rust"))
        .exclude(q!(editor = None))
        .limit(20)
}

fn keys(length: i64) -> QuerySet<Article> {
    Article::objects().filter(|a| a.id().in_(0..length))
}

fn statement(query: &Query) -> Compiled {
    select(query, Backend::Sqlite).unwrap_or(Compiled::Empty)
}

fn anew(query: &Query) -> Compiled {
    select_anew(query, Backend::Sqlite).unwrap_or(Compiled::Empty)
}

mod point {
    use super::*;

    #[divan::bench]
    fn build() -> QuerySet<Article> {
        get(black_box(3))
    }

    #[divan::bench]
    fn find(bencher: Bencher<'_, '_>) {
        let rows = get(3);
        bencher.bench(|| statement(black_box(rows.query())));
    }

    #[divan::bench]
    fn build_and_find() -> Compiled {
        statement(get(black_box(3)).query())
    }

    #[divan::bench]
    fn write_anew(bencher: Bencher<'_, '_>) {
        let rows = get(3);
        bencher.bench(|| anew(black_box(rows.query())));
    }
}

mod joined {
    use super::*;

    #[divan::bench]
    fn build() -> QuerySet<Article> {
        page(black_box("Ann"))
    }

    #[divan::bench]
    fn find(bencher: Bencher<'_, '_>) {
        let rows = page("Ann");
        bencher.bench(|| statement(black_box(rows.query())));
    }

    #[divan::bench]
    fn build_and_find() -> Compiled {
        statement(page(black_box("Ann")).query())
    }

    #[divan::bench]
    fn write_anew(bencher: Bencher<'_, '_>) {
        let rows = page("Ann");
        bencher.bench(|| anew(black_box(rows.query())));
    }
}

mod windowed {
    use super::*;

    fn sums(votes: i32) -> Query {
        let rows = Article::objects().filter(q!(votes__gte = votes)).annotate(|a| {
            let sum = a.votes().sum();
            sum.over(|w| w.partition_by(a.author()).order_by(a.published()))
        });
        rows.query().clone()
    }

    #[divan::bench]
    fn find(bencher: Bencher<'_, '_>) {
        let query = sums(3);
        bencher.bench(|| statement(black_box(&query)));
    }

    #[divan::bench]
    fn write_anew(bencher: Bencher<'_, '_>) {
        let query = sums(3);
        bencher.bench(|| anew(black_box(&query)));
    }
}

mod united {
    use super::*;

    fn either(author: &str) -> Query {
        let parts = vec![page(author).query().clone(), page("Bob").query().clone()];
        let parts = parts.into_iter().map(|part| Query {
            order: Order::By(Vec::new()),
            limit: None,
            ..part
        });
        Query {
            combined: Some(Box::new(Combined {
                op: SetOp::Union,
                all: false,
                parts: parts.collect(),
            })),
            order: Order::By(Vec::new()),
            ..Article::objects().query().clone()
        }
    }

    #[divan::bench]
    fn find(bencher: Bencher<'_, '_>) {
        let query = either("Ann");
        bencher.bench(|| statement(black_box(&query)));
    }

    #[divan::bench]
    fn write_anew(bencher: Bencher<'_, '_>) {
        let query = either("Ann");
        bencher.bench(|| anew(black_box(&query)));
    }
}

mod list {
    use super::*;

    const LENGTHS: [i64; 3] = [3, 100, 10_000];

    #[divan::bench(args = LENGTHS)]
    fn find(bencher: Bencher<'_, '_>, length: i64) {
        let rows = keys(length);
        bencher.bench(|| statement(black_box(rows.query())));
    }

    #[divan::bench(args = LENGTHS)]
    fn write_anew(bencher: Bencher<'_, '_>, length: i64) {
        let rows = keys(length);
        bencher.bench(|| anew(black_box(rows.query())));
    }
}
