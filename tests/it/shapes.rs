//! A shape of queries is written once: its text serves other values, and no other shape.

use super::models::*;
use super::sql::MARIADB;
use orm::__private::{Compiled, select, select_anew};
use orm::exec::Statement;
use orm::prelude::*;
use orm::query::{Clause, Combined, Expr, Query, Select, SetOp};
use orm::{Backend, Value};
use std::sync::Arc;

mod kept;

const BACKENDS: [Backend; 4] = [
    Backend::Sqlite,
    Backend::Postgres,
    MARIADB,
    Backend::MySql {
        mariadb: false,
        version: (8, 0),
    },
];

fn statement<M: Model>(rows: &QuerySet<M>, backend: Backend) -> Statement {
    match select(rows.query(), backend).unwrap() {
        Compiled::Statement(statement) => statement,
        Compiled::Empty => panic!("there may be rows"),
    }
}

/// Whether two querysets share one text, on every database.
fn share<M: Model>(a: &QuerySet<M>, b: &QuerySet<M>) -> bool {
    let shared = BACKENDS.map(|backend| Arc::ptr_eq(&statement(a, backend).sql, &statement(b, backend).sql));
    assert!(shared.iter().all(|one| *one == shared[0]), "{shared:?}");
    shared[0]
}

fn books() -> QuerySet<Book> {
    Book::objects()
}

#[test]
fn other_values_share_the_text() {
    let by = |title: &str, pages: i32| books().filter(q!(title = title, pages__gt = pages)).limit(5);
    assert!(share(&by("a", 1), &by("b", 2)));
    let like = |part: &str| books().filter(q!(title__icontains = part));
    assert!(share(&like("a"), &like("100 %")));
    let publisher = |name: &str| {
        books()
            .exclude(q!(authors__name = name))
            .order_by(|b| b.publisher().name())
    };
    assert!(share(&publisher("a"), &publisher("b")));
    let read = statement(&by("b", 2), Backend::Sqlite);
    assert_eq!(read.args, [Value::Text("b".to_owned()), Value::Int(2)]);
    assert_eq!(
        statement(&like("100 %"), Backend::Postgres).args,
        [Value::Text("%100 \\%%".to_owned())]
    );
}

#[test]
fn another_shape_has_another_text() {
    let rating = |value: Option<f64>| books().filter(q!(rating = value));
    assert!(!share(&rating(Some(1.0)), &rating(None)));
    assert!(!share(&books().limit(1), &books().limit(2)));
    assert!(!share(
        &books().filter(q!(pages = 1)),
        &books().filter(q!(pages__gt = 1))
    ));
    assert!(!share(&books().filter(q!(pages = 1)), &books().exclude(q!(pages = 1))));
    assert!(!share(
        &books().filter(q!(pages = 1)).filter(q!(title = "a")),
        &books().filter(q!(title = "a")).filter(q!(pages = 1))
    ));
    assert!(!share(&books(), &books().reverse()));
    assert!(!share(&books(), &books().distinct()));
}

#[test]
fn lists_of_any_length() {
    let one_of = |pages: &[i32]| books().filter(|b| b.pages().in_(pages.iter().copied()));
    let text = |pages: &[i32]| statement(&one_of(pages), Backend::Sqlite);
    assert!(Arc::ptr_eq(&text(&[1, 2]).sql, &text(&[3, 4]).sql));
    // Equal values count once.
    assert_eq!(text(&[2, 1, 2]).args, [Value::Int(2), Value::Int(1)]);
    assert!(Arc::ptr_eq(&text(&[1, 2]).sql, &text(&[4, 4, 3]).sql));
    assert!(
        text(&[1, 2, 3])
            .sql
            .ends_with("IN (?, ?, ?, ?) ORDER BY \"shop_book\".\"id\" ASC")
    );
    // The last value fills them up to a length that others have as well.
    assert_eq!(text(&[1, 2, 3]).args, [1, 2, 3, 3].map(Value::Int));
    // Long ones have a text each, made out of one that is kept.
    let twice: Vec<i32> = (0..40).chain(0..40).collect();
    let long = text(&twice);
    assert_eq!(long.args.len(), 64);
    assert!(long.args[40..].iter().all(|value| *value == Value::Int(39)));
    assert_eq!(long.sql.matches('?').count(), 64);
    // PostgreSQL takes a list as one argument.
    let array = |pages: &[i32]| statement(&one_of(pages), Backend::Postgres);
    assert!(Arc::ptr_eq(&array(&[1]).sql, &array(&twice).sql));
    assert!(matches!(array(&twice).args.as_slice(), [Value::List(_, values)] if values.len() == 40));
    // Nothing is one of no values.
    assert!(matches!(
        select(one_of(&[]).query(), Backend::Sqlite),
        Ok(Compiled::Empty)
    ));
}

#[test]
fn lists_of_all_lengths_have_few_texts() {
    for (backend, most) in BACKENDS.into_iter().zip([20, 1, 20, 20]) {
        for not in [false, true] {
            let text = |length: i32| {
                let pages = |b: BookFields<Book, _>| b.pages().in_(0..length);
                let rows = if not {
                    books().exclude(pages)
                } else {
                    books().filter(pages)
                };
                let statement = statement(&rows, backend);
                let places = statement.sql.matches('?').count();
                assert!(backend == Backend::Postgres || places == statement.args.len());
                statement.sql
            };
            let lengths = (1..1100).chain((2000..10_000).step_by(250));
            let texts: std::collections::HashSet<_> = lengths.map(text).collect();
            assert_eq!(texts.len(), most);
        }
    }
    // As many as SQLite takes stay as many.
    let many = books().filter(|b| b.pages().in_(0..32_001));
    assert_eq!(statement(&many, Backend::Sqlite).args.len(), 32_001);
}

#[orm::test(apps = ["shop"])]
async fn the_right_rows(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    for _ in 0..2 {
        for book in [&d.logic, &d.poems, &d.atlas] {
            assert_eq!(&Book::objects().get(&db, q!(id = book.id)).await?, book);
            assert_eq!(Book::objects().filter(q!(title = &book.title)).count(&db).await?, 1);
            assert!(Book::objects().filter(q!(price = book.price)).exists(&db).await?);
        }
        let titles = |from: &str| {
            let rows = Book::objects().filter(q!(title__startswith = from));
            rows.values(|b| b.title()).all(&db)
        };
        assert_eq!(titles("Lo").await?, ["Logic"]);
        assert_eq!(titles("Po").await?, ["Poems"]);
        assert_eq!(titles("%").await?, [""; 0]);
        let authors = |age: Option<i32>| Author::objects().filter(q!(age = age)).values(|a| a.name()).all(&db);
        assert_eq!(authors(Some(36)).await?, ["Ada"]);
        assert_eq!(authors(None).await?, ["Cleo"]);
        assert_eq!(authors(Some(50)).await?, ["Bob"]);
        for length in [0, 1, 2, 3, 16, 17, 500, 1025] {
            let keys = (0..length).map(|n| d.logic.id + n % 400 * 1000);
            let found = Book::objects().filter(|b| b.id().in_(keys.clone())).count(&db).await?;
            assert_eq!(found, i64::from(length > 0), "{length}");
            let others = Book::objects().exclude(|b| b.id().in_(keys.clone())).count(&db).await?;
            assert_eq!(others, 4 - found, "{length}");
        }
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn the_right_changes(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    for (pages, rating) in [(1, Some(2.5)), (2, None), (3, Some(1.0))] {
        let mut book = Book::create()
            .title("New")
            .pages(pages)
            .rating(rating)
            .save(&db)
            .await?;
        book.pages += 10;
        book.rating = rating.map(|rating| rating + 1.0);
        book.save(&db).await?;
        book.refresh(&db).await?;
        assert_eq!(
            (book.pages, book.rating),
            (pages + 10, rating.map(|rating| rating + 1.0))
        );
        book.authors().add(&db, [&d.ada]).await?;
        book.authors().add(&db, [&d.bob, &d.cleo]).await?;
        book.authors().remove(&db, [&d.ada]).await?;
        book.authors().remove(&db, [&d.bob, &d.ada]).await?;
        assert_eq!(book.authors().query().all(&db).await?, std::slice::from_ref(&d.cleo));
        let same = || Book::objects().filter(q!(id = book.id));
        same()
            .update(&db, |b| (b.title().set("Old"), b.rating().set(None)))
            .await?;
        same()
            .update(&db, |b| b.price().set(Decimal::new(i64::from(pages), 0)))
            .await?;
        book.refresh(&db).await?;
        assert_eq!((book.title.as_str(), book.rating), ("Old", None));
        assert_eq!(book.price, Decimal::new(i64::from(pages), 0));
        assert_eq!(book.delete(&db).await?.by_model["shop.Book"], 1);
    }
    assert_eq!(Book::objects().count(&db).await?, 4);
    Ok(())
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % sides
    }

    fn number(&mut self) -> i32 {
        i32::try_from(self.throw(5)).unwrap()
    }

    fn text(&mut self) -> &'static str {
        ["", "a", "b%", "_*?[", "\\"][usize::try_from(self.throw(5)).unwrap()]
    }

    fn list(&mut self) -> Vec<i32> {
        let length = [0, 1, 2, 3, 16, 17, 30][usize::try_from(self.throw(7)).unwrap()];
        (0..length).map(|_| self.number() + self.number()).collect()
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.throw(3) > 0).then_some(value)
    }

    fn leaf(&mut self) -> Q<Book> {
        let (number, text) = (self.number(), self.text());
        match self.throw(24) {
            0 => Book::q(q!(pages = number)),
            1 => Book::q(q!(pages__gte = number)),
            2 => Book::q(q!(title = text)),
            3 => Book::q(q!(title__icontains = text)),
            4 => Book::q(q!(title__startswith = text)),
            5 => Book::q(q!(title__iexact = text)),
            6 => Book::q(q!(price = Decimal::new(i64::from(number), 1))),
            7 => Book::q(q!(
                price__range = (Decimal::new(1, 0), Decimal::new(i64::from(number), 0))
            )),
            8 => Book::q(q!(rating = self.maybe(1.5))),
            9 => Book::q(q!(publisher__name = text)),
            10 => Book::q(q!(publisher__city__name__endswith = text)),
            11 => Book::q(q!(publisher__isnull = self.throw(2) == 0)),
            12 => Book::q(q!(authors__name = text)),
            13 => Book::q(q!(authors__age = self.maybe(number))),
            14 => Book::q(|b| b.pages().in_(self.list())),
            15 => {
                let ages: Vec<Option<i32>> = self.list().into_iter().map(|n| self.maybe(n)).collect();
                Book::q(|b| b.authors().age().in_(ages))
            }
            16 => Book::q(|b| {
                let prices = self.list().into_iter().map(|n| Decimal::new(i64::from(n), 1));
                b.price().in_(prices.collect::<Vec<_>>())
            }),
            17 => Book::q(|b| b.pages().gt(b.authors().age() + number)),
            18 => Book::q(|b| b.title().contains(b.publisher().name())),
            19 => Book::q(|b| b.published().year().eq(2000 + number)),
            20 => {
                let some = Author::objects().filter(q!(name = text)).limit(self.throw(3));
                Book::q(|b| b.authors().in_(some))
            }
            21 => {
                let pages = Book::objects().filter(|_| self.condition(1)).values(|b| b.pages());
                Book::q(|b| b.pages().in_(pages))
            }
            22 => Book::q(|b| b.in_print()),
            _ => Book::q(|b| b.reviews().count().gt(i64::from(number))),
        }
    }

    fn condition(&mut self, depth: u64) -> Q<Book> {
        if depth == 0 {
            return self.leaf();
        }
        match self.throw(5) {
            0 => self.condition(depth - 1) & self.condition(depth - 1),
            1 => self.condition(depth - 1) | self.condition(depth - 1),
            2 => !self.condition(depth - 1),
            _ => self.leaf(),
        }
    }

    /// A few conditions and calls: few, so that shapes come back with other values.
    fn query(&mut self) -> Query {
        let mut query = Book::objects().query().clone();
        for _ in 0..[0, 1, 1, 2][usize::try_from(self.throw(4)).unwrap()] {
            let depth = self.throw(3);
            let condition = self.condition(depth).into_condition();
            query.filter(condition);
        }
        for _ in 0..[0, 0, 1, 1, 2][usize::try_from(self.throw(5)).unwrap()] {
            self.call(&mut query);
        }
        query
    }

    fn call(&mut self, query: &mut Query) {
        let rows = Book::objects();
        let number = self.number();
        let other = match self.throw(19) {
            0 => return query.distinct = true,
            1 => return query.reversed = true,
            2 => return query.none = true,
            3 => return query.slice(0, Some(self.throw(3))),
            4 => {
                let start = self.throw(3) * 10;
                return query.slice(start, self.maybe(start + 10));
            }
            5 => rows.order_by(|_| ()).query().clone(),
            6 => rows.order_by(|b| b.pages()).query().clone(),
            7 => rows.order_by(|b| b.pages().desc()).query().clone(),
            8 => rows
                .order_by(|b| (b.publisher().name(), b.pages() * number))
                .query()
                .clone(),
            9 => {
                let ages = self.list();
                let counted = rows.annotate(|b| b.authors().count().filter(|b| b.authors().age().in_(ages)));
                counted.query().clone()
            }
            10 => {
                let old = rows.annotate(|b| b.authors().age().max().filter(|b| b.authors().age().gt(number)));
                old.query().clone()
            }
            11 => rows.select_related(|b| b.publisher()).query().clone(),
            12 => rows.annotate(|b| b.pages() + number).query().clone(),
            13 => {
                let by = self.number();
                let summed = rows.annotate(|b| {
                    (b.pages() + number)
                        .sum()
                        .over(|w| w.order_by((b.pages() + by, b.id())))
                });
                summed.query().clone()
            }
            14 => {
                let least = i64::from(self.number());
                let summed = rows.filter(|b| (b.pages() + number).sum().over(|w| w).gt(least));
                summed.query().clone()
            }
            15 => {
                query
                    .clauses
                    .push(Clause::Alias(Expr::Value(Value::Int(i64::from(number)))));
                return;
            }
            16 => {
                let (op, all) = ([SetOp::Union, SetOp::Difference][usize::from(number > 2)], number > 1);
                let mut other = rows.query().clone();
                other.filter(self.condition(1).into_condition());
                let parts = vec![query.clone(), other];
                *query = rows.query().clone();
                query.combined = Some(Box::new(Combined { op, all, parts }));
                return;
            }
            17 => rows.distinct_on(|b| b.pages() * number).query().clone(),
            _ => {
                query.select = Select::Columns(vec![Expr::Value(Value::Int(i64::from(number)))]);
                return;
            }
        };
        query.clauses.extend(other.clauses);
        query.order = other.order;
        query.more = other.more.or(query.more.take());
    }
}

#[test]
fn any_query_is_as_if_written_anew() {
    let mut dice = Dice(7);
    let mut compared = 0;
    for _ in 0..20_000 {
        let query = dice.query();
        let backend = BACKENDS[usize::try_from(dice.throw(4)).unwrap()];
        match (select(&query, backend), select_anew(&query, backend)) {
            (Ok(Compiled::Statement(kept)), Ok(Compiled::Statement(anew))) => {
                assert_eq!(kept.sql, anew.sql);
                // Also the kinds of NULLs, which are equal to each other.
                assert_eq!(format!("{:?}", kept.args), format!("{:?}", anew.args), "{}", kept.sql);
                assert_eq!((&kept.columns, kept.work), (&anew.columns, anew.work));
                compared += 1;
            }
            (Ok(Compiled::Empty), Ok(Compiled::Empty)) => {}
            (Err(kept), Err(anew)) => assert_eq!(kept.to_string(), anew.to_string()),
            (kept, anew) => panic!("{kept:?} is not {anew:?}"),
        }
    }
    assert!(compared > 10_000, "{compared}");
}
