//! The rows, in the database and in memory, and what a query gives of those in memory.

use super::{Case, Column};
use crate::dice::Dice;
use crate::models::*;
use orm::Backend;
use orm::prelude::*;
use std::cmp::Ordering;

pub const WORDS: [&str; 5] = ["ant", "bee", "bug", "cat", "cow"];

#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub name: &'static str,
    pub age: Option<i32>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub title: &'static str,
    pub pages: i32,
    pub rating: Option<f64>,
    pub genre: Genre,
    pub in_print: bool,
    pub price: Decimal,
    pub year: Option<i32>,
    pub publisher: Option<(&'static str, Option<&'static str>)>,
    pub authors: Vec<Person>,
    pub reviews: Vec<i16>,
}

pub struct World(pub Vec<Row>);

impl World {
    pub async fn new(db: &Db, dice: &mut Dice) -> orm::Result<Self> {
        let country = Country::create().code("XX").name("Land").save(db).await?;
        let mut publishers = Vec::new();
        for name in WORDS {
            let city = match dice.throw(2) {
                0 => None,
                _ => {
                    let name = WORDS[dice.throw(5)];
                    Some((name, City::create().name(name).country(&country).save(db).await?))
                }
            };
            let key = city.as_ref().map(|(_, city)| ForeignKey::from(city));
            let publisher = Publisher::create().name(name).city(key).save(db).await?;
            publishers.push((name, city.map(|(name, _)| name), publisher));
        }
        let mut people = Vec::new();
        for name in WORDS {
            let age = (dice.throw(3) > 0).then(|| dice.throw(5) as i32);
            people.push((
                Person { name, age },
                Author::create().name(name).age(age).save(db).await?,
            ));
        }
        let mut rows = Vec::new();
        for _ in 0..14 {
            let publisher = (dice.throw(3) > 0).then(|| &publishers[dice.throw(5)]);
            let year = (dice.throw(3) > 0).then(|| 2018 + dice.throw(5) as i32);
            let mut row = Row {
                id: 0,
                title: WORDS[dice.throw(5)],
                pages: dice.throw(6) as i32,
                rating: (dice.throw(3) > 0).then(|| dice.throw(5) as f64 / 2.0),
                genre: [Genre::Fiction, Genre::Science][dice.throw(2)],
                in_print: dice.throw(2) == 0,
                price: Decimal::new(dice.throw(5) as i64, 1),
                year,
                publisher: publisher.map(|(name, city, _)| (*name, *city)),
                authors: Vec::new(),
                reviews: Vec::new(),
            };
            let book = Book::create()
                .title(row.title)
                .pages(row.pages)
                .rating(row.rating)
                .genre(row.genre)
                .in_print(row.in_print)
                .price(row.price)
                .published(year.and_then(|year| NaiveDate::from_ymd_opt(year, 7, 1)))
                .publisher(publisher.map(|(_, _, publisher)| ForeignKey::from(publisher)))
                .save(db)
                .await?;
            row.id = book.id;
            for (person, author) in &people {
                if dice.throw(3) == 0 {
                    book.authors().add(db, [author]).await?;
                    row.authors.push(*person);
                }
            }
            for _ in 0..dice.throw(4) {
                let stars = dice.throw(6) as i16;
                Review::create().book(&book).stars(stars).save(db).await?;
                row.reviews.push(stars);
            }
            rows.push(row);
        }
        Ok(World(rows))
    }

    /// The rows that pass the calls, as often as the joins give them.
    pub fn filtered(&self, case: &Case) -> Vec<&Row> {
        let mut found = Vec::new();
        for row in &self.0 {
            let times: usize = case.calls.iter().map(|call| times(call, row)).product();
            let times = if case.distinct { times.min(1) } else { times };
            found.extend(std::iter::repeat_n(row, times));
        }
        found
    }

    /// All that a case gives.
    pub fn rows(&self, case: &Case, backend: Backend) -> Vec<i64> {
        let mut found = self.filtered(case);
        found.sort_by(|a, b| {
            let order = case.order.iter().fold(Ordering::Equal, |order, term| {
                order.then_with(|| compare(a, b, *term, backend, case.reversed))
            });
            let keys = a.id.cmp(&b.id);
            order.then(if case.reversed { keys.reverse() } else { keys })
        });
        let found = found.into_iter().map(|row| row.id);
        match case.slice {
            Some((start, length)) => found.skip(start as usize).take(length as usize).collect(),
            None => found.collect(),
        }
    }
}

/// How many authors and reviews of a row a `filter` is met with.
fn times(call: &super::Condition, row: &Row) -> usize {
    let authors: Vec<Option<&Person>> = match call.joins("authors") && !row.authors.is_empty() {
        true => row.authors.iter().map(Some).collect(),
        false => vec![None],
    };
    let reviews: Vec<Option<i16>> = match call.joins("reviews") && !row.reviews.is_empty() {
        true => row.reviews.iter().copied().map(Some).collect(),
        false => vec![None],
    };
    let pairs = authors
        .iter()
        .flat_map(|author| reviews.iter().map(move |stars| (*author, *stars)));
    pairs
        .filter(|(author, stars)| call.holds(row, *author, *stars, false))
        .count()
}

fn compare(
    a: &Row,
    b: &Row,
    (column, descending, nulls_first): (Column, bool, Option<bool>),
    backend: Backend,
    reversed: bool,
) -> Ordering {
    let descending = descending != reversed;
    let nulls_first = match nulls_first {
        Some(first) => first != reversed,
        None => descending == matches!(backend, Backend::Postgres),
    };
    let (values, nulls) = match column {
        Column::Title => (a.title.cmp(b.title), (false, false)),
        Column::Pages => (a.pages.cmp(&b.pages), (false, false)),
        Column::Genre => (
            (a.genre == Genre::Science).cmp(&(b.genre == Genre::Science)),
            (false, false),
        ),
        Column::Rating => (
            a.rating.partial_cmp(&b.rating).unwrap_or(Ordering::Equal),
            (a.rating.is_none(), b.rating.is_none()),
        ),
        Column::Publisher => (
            a.publisher.map(|p| p.0).cmp(&b.publisher.map(|p| p.0)),
            (a.publisher.is_none(), b.publisher.is_none()),
        ),
    };
    match nulls {
        (false, false) if descending => values.reverse(),
        (false, false) => values,
        (a, b) if a == b => Ordering::Equal,
        (true, _) if nulls_first => Ordering::Less,
        (true, _) => Ordering::Greater,
        (false, _) if nulls_first => Ordering::Greater,
        (false, _) => Ordering::Less,
    }
}
