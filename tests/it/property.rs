//! Random typed queries over random rows mean what an evaluation in memory says that they mean.
//!
//! The rules in memory are Django's, in few words: a condition that is NULL does not hold, negated or
//! not. The conditions of one `filter` over a to-many relation speak of the same related row, and each
//! such row gives the row once; below a NOT each of them asks by itself whether there is such a row. A row without related ones has one
//! in which everything is NULL.

mod condition;
mod memory;

use super::dice::Dice;
use super::models::*;
use condition::Condition;
use memory::World;
use orm::fields::OrderBy;
use orm::prelude::*;
use orm::{Backend, One};

const QUERIES: usize = 250;

/// One random query, in both worlds.
struct Case {
    /// each `filter`, or `exclude` where it is negated
    calls: Vec<Condition>,
    distinct: bool,
    order: Vec<(Column, bool, Option<bool>)>,
    reversed: bool,
    slice: Option<(u64, u64)>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Column {
    Title,
    Pages,
    Rating,
    Publisher,
    Genre,
}

impl Case {
    fn random(dice: &mut Dice) -> Self {
        let columns = [
            Column::Title,
            Column::Pages,
            Column::Rating,
            Column::Publisher,
            Column::Genre,
        ];
        Case {
            calls: (0..dice.throw(3)).map(|_| Condition::random(dice)).collect(),
            distinct: dice.throw(3) == 0,
            order: (0..dice.throw(3))
                .map(|_| {
                    let nulls = [None, None, Some(true), Some(false)][dice.throw(4)];
                    (columns[dice.throw(5)], dice.throw(2) == 0, nulls)
                })
                .collect(),
            reversed: dice.throw(4) == 0,
            slice: (dice.throw(3) == 0).then(|| (dice.throw(4) as u64, dice.throw(6) as u64)),
        }
    }

    /// Without order and slice.
    fn filtered(&self) -> QuerySet<Book> {
        let rows = self.calls.iter().fold(Book::objects(), |rows, call| match call {
            Condition::Not(of) => rows.exclude(|_| of.q()),
            call => rows.filter(|_| call.q()),
        });
        if self.distinct { rows.distinct() } else { rows }
    }

    fn query(&self) -> QuerySet<Book> {
        let order = |b: BookFields<Book, One>, at: usize| {
            let (column, descending, nulls) = self.order[at];
            let term = match column {
                Column::Title => term(b.title(), descending),
                Column::Pages => term(b.pages(), descending),
                Column::Rating => term(b.rating(), descending),
                Column::Publisher => term(b.publisher().name(), descending),
                Column::Genre => term(b.genre(), descending),
            };
            match nulls {
                None => term,
                Some(true) => term.nulls_first(),
                Some(false) => term.nulls_last(),
            }
        };
        let rows = self.filtered();
        let rows = match self.order.len() {
            0 => rows.order_by(|b| b.id()),
            1 => rows.order_by(|b| (order(b.clone(), 0), b.id())),
            _ => rows.order_by(|b| (order(b.clone(), 0), order(b.clone(), 1), b.id())),
        };
        let rows = if self.reversed { rows.reverse() } else { rows };
        match self.slice {
            Some((start, length)) => rows.slice(start..start + length),
            None => rows,
        }
    }
}

fn term<E: SqlExpr<Book>>(of: E, descending: bool) -> OrderBy<Book> {
    if descending { of.desc() } else { of.asc() }
}

#[orm::test(apps = ["shop"])]
async fn rows_and_their_order(db: Db) -> orm::Result<()> {
    let mut dice = Dice(0x5EED);
    let world = World::new(&db, &mut dice).await?;
    // MariaDB takes its time to plan many joins.
    let queries = match db.backend() {
        Backend::MySql { .. } => QUERIES / 4,
        _ => QUERIES,
    };
    for at in 0..queries {
        let case = Case::random(&mut dice);
        let expected = world.rows(&case, db.backend());
        let told = || format!("{at}: {}", case.query().to_sql(db.backend()).unwrap_or_default());
        let found: Vec<i64> = case.query().values(|b| b.id()).all(&db).await?;
        if !case.distinct {
            assert_eq!(found, expected, "{}", told());
        }
        let models = case.query().all(&db).await?;
        assert_eq!(
            models.iter().map(|book| book.id).collect::<Vec<_>>(),
            expected,
            "{}",
            told()
        );
        assert_eq!(case.query().count(&db).await? as usize, expected.len(), "{}", told());
        assert_eq!(case.query().exists(&db).await?, !expected.is_empty(), "{}", told());
        if case.slice.is_none() {
            let first = case.query().first(&db).await?.map(|book| book.id);
            assert_eq!(first, expected.first().copied(), "{}", told());
        }
        // The same rows by key.
        let mut keys = expected.clone();
        keys.sort_unstable();
        keys.dedup();
        let found: Vec<i64> = Book::objects()
            .filter(|b| b.in_(&models))
            .values(|b| b.id())
            .all(&db)
            .await?;
        assert_eq!(found, keys, "{}", told());
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn aggregates_of_rows(db: Db) -> orm::Result<()> {
    let mut dice = Dice(0xA66);
    let world = World::new(&db, &mut dice).await?;
    for at in 0..QUERIES {
        let case = Case::random(&mut dice);
        let told = || format!("{at}: {}", case.filtered().to_sql(db.backend()).unwrap_or_default());
        let rows = world.filtered(&case);
        let ratings: Vec<f64> = rows.iter().filter_map(|row| row.rating).collect();
        let (n, pages, most, rated, average): (i64, Option<i64>, Option<i32>, i64, Option<f64>) = case
            .filtered()
            .aggregate(&db, |b| {
                (
                    b.pk().count(),
                    b.pages().sum(),
                    b.pages().max(),
                    b.rating().count(),
                    b.rating().avg(),
                )
            })
            .await?;
        assert_eq!((n as usize, rated as usize), (rows.len(), ratings.len()), "{}", told());
        let sum = rows.iter().map(|row| i64::from(row.pages)).reduce(|a, b| a + b);
        assert_eq!(
            (pages, most),
            (sum, rows.iter().map(|row| row.pages).max()),
            "{}",
            told()
        );
        let expected = (!ratings.is_empty()).then(|| ratings.iter().sum::<f64>() / ratings.len() as f64);
        assert!(
            average.zip(expected).is_none_or(|(a, b)| (a - b).abs() < 1e-6) && average.is_some() == expected.is_some(),
            "{average:?} {expected:?} {}",
            told()
        );
        if case.distinct {
            continue;
        }
        // Of groups.
        let groups: Vec<(Genre, i64, Option<i64>)> = case
            .filtered()
            .values(|b| b.genre())
            .annotate(|b| (b.pk().count(), b.pages().sum()))
            .filter_with(|_, (_, n, _)| n.gt(1))
            .order_by_with(|_, (genre, ..)| genre)
            .all(&db)
            .await?;
        let expected = [Genre::Fiction, Genre::Science].into_iter().map(|genre| {
            let of = rows.iter().filter(|row| row.genre == genre);
            (
                genre,
                of.clone().count() as i64,
                Some(of.map(|row| i64::from(row.pages)).sum()),
            )
        });
        let expected: Vec<_> = expected.filter(|group| group.1 > 1).collect();
        assert_eq!(groups, expected, "{}", told());
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn aggregates_for_each_row(db: Db) -> orm::Result<()> {
    let mut dice = Dice(0xF0B);
    let world = World::new(&db, &mut dice).await?;
    for at in 0..QUERIES {
        let mut case = Case::random(&mut dice);
        // A join of a filter would be the aggregate's as well.
        case.calls
            .retain(|call| !call.joins("reviews") && !call.joins("authors"));
        (case.distinct, case.slice) = (false, None);
        let least = dice.throw(3) as i64;
        let rows: Vec<(Book, i64, Option<i64>)> = case
            .filtered()
            .annotate(|b| (b.reviews().count(), b.reviews().stars().sum()))
            .filter_with(|_, (n, _)| n.gte(least))
            .order_by_with(|b, (n, _)| (n.desc(), b.id()))
            .all(&db)
            .await?;
        let mut expected: Vec<(i64, i64, Option<i64>)> = world
            .filtered(&case)
            .into_iter()
            .map(|row| {
                let sum = row.reviews.iter().map(|stars| i64::from(*stars)).reduce(|a, b| a + b);
                (row.id, row.reviews.len() as i64, sum)
            })
            .filter(|row| row.1 >= least)
            .collect();
        expected.sort_by_key(|row| (-row.1, row.0));
        let found: Vec<_> = rows.iter().map(|(book, n, sum)| (book.id, *n, *sum)).collect();
        assert_eq!(found, expected, "{at}");
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn two_together(db: Db) -> orm::Result<()> {
    let mut dice = Dice(0x2);
    let world = World::new(&db, &mut dice).await?;
    for at in 0..QUERIES {
        let (a, mut b) = (Case::random(&mut dice), Case::random(&mut dice));
        b.distinct = a.distinct;
        let ids = |case: &Case| world.filtered(case).iter().map(|row| row.id).collect::<Vec<_>>();
        let (of_a, of_b) = (ids(&a), ids(&b));
        let in_both = |id: &i64| of_a.contains(id) && of_b.contains(id);
        let of_any = || of_a.iter().chain(&of_b).copied();
        let columns = |case: &Case| case.filtered().order_by(|_| ()).values(|b| b.id());
        let (found, mut expected): (_, Vec<i64>) = match dice.throw(4) {
            0 => (columns(&a).union(columns(&b)), once(of_any())),
            1 => (columns(&a).union_all(columns(&b)), of_any().collect()),
            2 => (columns(&a).intersection(columns(&b)), once(of_any().filter(in_both))),
            _ => (
                columns(&a).difference(columns(&b)),
                once(of_a.iter().copied().filter(|id| !in_both(id))),
            ),
        };
        assert_eq!(found.clone().count(&db).await? as usize, expected.len(), "{at}");
        expected.sort_unstable();
        assert_eq!(found.order_by(|b| b.id()).all(&db).await?, expected, "{at}");
        // The conditions of both on one row; joins would be shared.
        let joins = |case: &Case| {
            case.calls
                .iter()
                .any(|call| call.joins("authors") || call.joins("reviews"))
        };
        if joins(&a) || joins(&b) {
            continue;
        }
        // Django takes the joins of `^` as the first query left them: rows without a publisher may go.
        let along = |case: &Case| case.calls.iter().any(Condition::goes_along);
        let kinds = if along(&a) || along(&b) { 2 } else { 3 };
        let (found, expected) = match dice.throw(kinds) {
            0 => (a.filtered() & b.filtered(), once(of_any().filter(in_both))),
            1 => (a.filtered() | b.filtered(), once(of_any())),
            _ => (a.filtered() ^ b.filtered(), once(of_any().filter(|id| !in_both(id)))),
        };
        let found: Vec<i64> = found
            .order_by(|b| b.id())
            .all(&db)
            .await?
            .iter()
            .map(|book| book.id)
            .collect();
        assert_eq!(found, expected, "{at}");
    }
    Ok(())
}

/// Each of them once, in order.
fn once(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    ids.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
