//! `page`: some of the rows with how many there are, by number.

use super::combined::Rows;
use super::terminal::{count, order_for_first};
use super::{CombinedSet, QuerySet, Values};
use crate::error::{Error, Misuse, Result};
use crate::exec::{Executor, Handle};
use crate::model::Model;
use crate::query::{Expr, Order, OrderTerm, Query, Select};
use crate::row::{Extras, Shape};

/// A page of a query's rows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Page<T> {
    /// the rows of the page
    pub items: Vec<T>,
    /// which page, from 1
    pub number: u64,
    /// how many rows a page has at most
    pub per_page: u64,
    /// how many pages there are; a query without rows has one, an empty one
    pub pages: u64,
    /// how many rows there are on all pages
    pub count: u64,
}

impl<T> Page<T> {
    /// Whether a page comes after it.
    pub fn has_next(&self) -> bool {
        self.number < self.pages
    }

    /// Whether a page comes before it.
    pub fn has_previous(&self) -> bool {
        self.number > 1
    }

    /// The number of the next page.
    pub fn next_number(&self) -> Option<u64> {
        self.has_next().then(|| self.number + 1)
    }

    /// The number of the page before.
    pub fn previous_number(&self) -> Option<u64> {
        self.has_previous().then(|| self.number - 1)
    }

    /// The place of its first row among all, from 1; 0 where there is none.
    pub fn start_index(&self) -> u64 {
        match self.count {
            0 => 0,
            _ => self
                .number
                .saturating_sub(1)
                .saturating_mul(self.per_page)
                .saturating_add(1),
        }
    }

    /// The place of its last row among all, from 1; 0 where there is none.
    pub fn end_index(&self) -> u64 {
        self.number.saturating_mul(self.per_page).min(self.count)
    }

    /// The page with something else for each row.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            number: self.number,
            per_page: self.per_page,
            pages: self.pages,
            count: self.count,
        }
    }
}

async fn page<S: Rows>(mut rows: S, number: u64, per_page: u64, db: Handle<'_>) -> Result<Page<S::Row>> {
    if number == 0 {
        return Err(Error::misuse(Misuse::Index, "That page number is less than 1"));
    }
    if per_page == 0 {
        return Err(Error::misuse(Misuse::Value, "a page has at least one row"));
    }
    let count = u64::try_from(count(rows.query(), db).await?).unwrap_or_default();
    let pages = count.div_ceil(per_page).max(1);
    if number > pages {
        return Err(Error::misuse(Misuse::Index, "That page contains no results"));
    }
    let items = if count == 0 {
        Vec::new()
    } else {
        let start = (number - 1).saturating_mul(per_page);
        order(rows.query_mut());
        rows.query_mut().slice(start, Some(start.saturating_add(per_page)));
        rows.fetch(db).await?
    };
    Ok(Page {
        items,
        number,
        per_page,
        pages,
        count,
    })
}

/// Rows without an order would be on one page now and on another then.
fn order(query: &mut Query) {
    if query.is_ordered() || query.is_sliced() {
        return;
    }
    let Select::Columns(columns) = &query.select else {
        return order_for_first(query);
    };
    if query.group.is_none() && !query.distinct && query.combined.is_none() {
        return order_for_first(query);
    }
    let named = columns
        .iter()
        .filter(|column| matches!(column, Expr::Column { .. } | Expr::Ref { .. }));
    let terms = named.map(|column| OrderTerm {
        expr: column.clone(),
        descending: false,
        nulls_first: None,
    });
    query.order = Order::By(terms.collect());
}

macro_rules! paged {
    () => {
        /// A page of the rows, by number from 1, with how many there are: one query for the count and,
        /// where there are rows, one for those of the page. Without an order the rows come by key.
        ///
        /// Far pages cost the database all rows before them: see
        /// [`keyset`](crate::QuerySet::keyset) for those.
        ///
        /// # Errors
        /// [`Error::Misuse`](crate::Error::Misuse) of the kind [`Index`](Misuse::Index) for page 0 and
        /// for a page after the last one; what the database says.
        pub fn page<E: Executor>(
            self,
            db: &E,
            number: u64,
            per_page: u64,
        ) -> impl Future<Output = Result<Page<<Self as Rows>::Row>>> + Send {
            page(self, number, per_page, db.handle())
        }
    };
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    paged!();
}

impl<M: Model, T: Shape> Values<M, T> {
    paged!();
}

impl<S: Rows> CombinedSet<S> {
    paged!();
}
