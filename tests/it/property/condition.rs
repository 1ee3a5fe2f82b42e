//! A random condition on books: as a `Q`, and as what it says of a book in memory.

use super::memory::{Person, Row};
use crate::dice::Dice;
use crate::models::*;
use orm::prelude::*;

#[derive(Clone, Debug)]
pub enum Condition {
    Leaf(Leaf),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
}

#[derive(Clone, Debug)]
pub enum Leaf {
    PagesGt(i32),
    PagesIn(Vec<i32>),
    Title(&'static str),
    TitleStarts(&'static str),
    RatingLt(f64),
    RatingNull(bool),
    Science,
    InPrint,
    Price(i64),
    Publisher(&'static str),
    PublisherNull(bool),
    City(&'static str),
    YearGte(i32),
    AuthorName(&'static str),
    AuthorAgeGt(i32),
    AuthorAgeNull(bool),
    Stars(i16),
    StarsGt(i16),
}

/// Where relations may be spoken of: each of them above every NOT, or below one. Where both are mixed,
/// Django's meaning depends on the order of the conditions: an AND before makes a join an inner one,
/// and then a NOT does not test for NULL.
#[derive(Clone, Copy)]
struct Places {
    authors_below: bool,
    reviews_below: bool,
    publisher_below: bool,
}

impl Condition {
    /// What one `filter` is given.
    pub fn random(dice: &mut Dice) -> Self {
        let places = Places {
            authors_below: dice.throw(2) == 0,
            reviews_below: dice.throw(2) == 0,
            publisher_below: dice.throw(2) == 0,
        };
        Condition::grown(dice, places, 3, 0)
    }

    fn grown(dice: &mut Dice, places: Places, depth: usize, nots: usize) -> Self {
        let some = |dice: &mut Dice| {
            let parts = 1 + dice.throw(3);
            (0..parts)
                .map(|_| Condition::grown(dice, places, depth - 1, nots))
                .collect()
        };
        match dice.throw(6) {
            0 | 1 if depth > 0 => Condition::And(some(dice)),
            2 | 3 if depth > 0 => Condition::Or(some(dice)),
            4 if depth > 0 => Condition::Not(Box::new(Condition::grown(dice, places, depth - 1, nots + 1))),
            _ => loop {
                let leaf = Leaf::random(dice);
                let fits = match leaf.relation() {
                    Some("authors") => places.authors_below == (nots > 0),
                    Some(_) => places.reviews_below == (nots > 0),
                    None => !leaf.goes_along() || nots == usize::from(places.publisher_below),
                };
                if fits {
                    return Condition::Leaf(leaf);
                }
            },
        }
    }

    pub fn q(&self) -> Q<Book> {
        match self {
            Condition::Leaf(leaf) => leaf.q(),
            Condition::And(all) => Q::all(all.iter().map(Condition::q)),
            Condition::Or(any) => Q::any(any.iter().map(Condition::q)),
            Condition::Not(one) => !one.q(),
        }
    }

    /// Whether it speaks of that relation above every NOT, which joins it.
    pub fn joins(&self, relation: &str) -> bool {
        match self {
            Condition::Leaf(leaf) => leaf.relation() == Some(relation),
            Condition::And(all) | Condition::Or(all) => all.iter().any(|one| one.joins(relation)),
            Condition::Not(_) => false,
        }
    }

    /// Whether it goes along a relation to one.
    pub fn goes_along(&self) -> bool {
        match self {
            Condition::Leaf(leaf) => leaf.goes_along(),
            Condition::And(all) | Condition::Or(all) => all.iter().any(Condition::goes_along),
            Condition::Not(one) => one.goes_along(),
        }
    }

    /// Whether it holds for a book, an author of it and a review of it.
    pub fn holds(&self, row: &Row, author: Option<&Person>, stars: Option<i16>, below: bool) -> bool {
        match self {
            Condition::Leaf(leaf) if below => leaf.holds_for_any(row),
            Condition::Leaf(leaf) => leaf.holds(row, author, stars),
            Condition::And(all) => all.iter().all(|one| one.holds(row, author, stars, below)),
            Condition::Or(any) => any.iter().any(|one| one.holds(row, author, stars, below)),
            Condition::Not(one) => !one.holds(row, author, stars, true),
        }
    }
}

impl Leaf {
    fn random(dice: &mut Dice) -> Self {
        let number = dice.throw(5);
        let word = super::memory::WORDS[number];
        let yes = dice.throw(2) == 0;
        match dice.throw(18) {
            0 => Leaf::PagesGt(number as i32),
            1 => Leaf::PagesIn((0..=number as i32).map(|n| n * 2).collect()),
            2 => Leaf::Title(word),
            3 => Leaf::TitleStarts(&word[..1]),
            4 => Leaf::RatingLt(number as f64 / 2.0),
            5 => Leaf::RatingNull(yes),
            6 => Leaf::Science,
            7 => Leaf::InPrint,
            8 => Leaf::Price(number as i64),
            9 => Leaf::Publisher(word),
            10 => Leaf::PublisherNull(yes),
            11 => Leaf::City(word),
            12 => Leaf::YearGte(2018 + number as i32),
            13 => Leaf::AuthorName(word),
            14 => Leaf::AuthorAgeGt(number as i32),
            15 => Leaf::AuthorAgeNull(yes),
            16 => Leaf::Stars(number as i16),
            _ => Leaf::StarsGt(number as i16),
        }
    }

    fn goes_along(&self) -> bool {
        matches!(self, Leaf::Publisher(_) | Leaf::City(_))
    }

    fn relation(&self) -> Option<&'static str> {
        match self {
            Leaf::AuthorName(_) | Leaf::AuthorAgeGt(_) | Leaf::AuthorAgeNull(_) => Some("authors"),
            Leaf::Stars(_) | Leaf::StarsGt(_) => Some("reviews"),
            _ => None,
        }
    }

    fn q(&self) -> Q<Book> {
        Book::q(|b| match self {
            Leaf::PagesGt(n) => b.pages().gt(*n),
            Leaf::PagesIn(all) => b.pages().in_(all.clone()),
            Leaf::Title(word) => b.title().eq(*word),
            Leaf::TitleStarts(word) => b.title().startswith(*word),
            Leaf::RatingLt(n) => b.rating().lt(*n),
            Leaf::RatingNull(yes) => b.rating().isnull(*yes),
            Leaf::Science => b.genre().eq(Genre::Science),
            Leaf::InPrint => b.in_print().eq(true),
            Leaf::Price(n) => b.price().eq(Decimal::new(*n, 1)),
            Leaf::Publisher(word) => b.publisher().name().eq(*word),
            Leaf::PublisherNull(yes) => b.publisher().isnull(*yes),
            Leaf::City(word) => b.publisher().city().name().eq(*word),
            Leaf::YearGte(year) => b.published().year().gte(*year),
            Leaf::AuthorName(word) => b.authors().name().eq(*word),
            Leaf::AuthorAgeGt(n) => b.authors().age().gt(*n),
            Leaf::AuthorAgeNull(yes) => b.authors().age().isnull(*yes),
            Leaf::Stars(n) => b.reviews().stars().eq(*n),
            Leaf::StarsGt(n) => b.reviews().stars().gt(*n),
        })
    }

    fn holds(&self, row: &Row, author: Option<&Person>, stars: Option<i16>) -> bool {
        match self {
            Leaf::PagesGt(n) => row.pages > *n,
            Leaf::PagesIn(all) => all.contains(&row.pages),
            Leaf::Title(word) => row.title == *word,
            Leaf::TitleStarts(word) => row.title.starts_with(word),
            Leaf::RatingLt(n) => row.rating.is_some_and(|rating| rating < *n),
            Leaf::RatingNull(yes) => row.rating.is_none() == *yes,
            Leaf::Science => row.genre == Genre::Science,
            Leaf::InPrint => row.in_print,
            Leaf::Price(n) => row.price == Decimal::new(*n, 1),
            Leaf::Publisher(word) => row.publisher.is_some_and(|(name, _)| name == *word),
            Leaf::PublisherNull(yes) => row.publisher.is_none() == *yes,
            Leaf::City(word) => row.publisher.is_some_and(|(_, city)| city == Some(*word)),
            Leaf::YearGte(year) => row.year.is_some_and(|own| own >= *year),
            Leaf::AuthorName(word) => author.is_some_and(|author| author.name == *word),
            Leaf::AuthorAgeGt(n) => author.and_then(|author| author.age).is_some_and(|age| age > *n),
            Leaf::AuthorAgeNull(yes) => author.and_then(|author| author.age).is_none() == *yes,
            Leaf::Stars(n) => stars == Some(*n),
            Leaf::StarsGt(n) => stars.is_some_and(|stars| stars > *n),
        }
    }

    /// Whether it holds for any of the related rows, or for the lack of them.
    fn holds_for_any(&self, row: &Row) -> bool {
        match self.relation() {
            Some("authors") if !row.authors.is_empty() => {
                row.authors.iter().any(|author| self.holds(row, Some(author), None))
            }
            Some("reviews") if !row.reviews.is_empty() => {
                row.reviews.iter().any(|stars| self.holds(row, None, Some(*stars)))
            }
            _ => self.holds(row, None, None),
        }
    }
}
