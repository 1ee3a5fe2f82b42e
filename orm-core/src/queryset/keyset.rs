//! `keyset`: the rows after a given one, however far that is into the table.

mod cursor;

pub use cursor::Cursor;

use super::QuerySet;
use super::read::{Anchors, RowsReader, statement};
use crate::compiler::Compiled;
use crate::error::{Error, Misuse, Result};
use crate::exec::{Backend, Executor, Handle};
use crate::model::Model;
use crate::query::{
    Clause, Condition, Expr, Lookup, Operand, Order, OrderTerm, Path, Query, Walked, default_order, lookup,
};
use crate::row::Extras;
use crate::value::{Kind, Value};

/// Rows in the order of a query, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeysetPage<T> {
    /// the rows
    pub items: Vec<T>,
    /// where the next ones begin; `None` where these are the last
    pub next: Option<Cursor>,
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// At most so many rows, in the query's order, that come after the cursor, or the first ones. One
    /// query, which costs the same however far into the table it is, given an index.
    ///
    /// The rows are ordered by the query's terms and by key where those are equal, so none is left out
    /// and none comes twice while others are added or deleted. NULL stands where the database, or
    /// `nulls_first` and `nulls_last`, put it.
    ///
    /// The [`Cursor`] is a text for a URL. It shows the values of the terms of the last row, and says
    /// nothing but where to go on: what may be seen is up to the filters.
    ///
    /// # Errors
    /// [`Error::Query`] for an order over a to-many relation or of JSON, after a slice or `distinct`;
    /// [`Error::Misuse`] for a cursor of another query, and for pages without a row; what the database says.
    pub fn keyset<E: Executor>(
        self,
        db: &E,
        per_page: u64,
        after: Option<&Cursor>,
    ) -> impl Future<Output = Result<KeysetPage<X::Row<M>>>> + Send {
        let db = db.handle();
        let after = after.cloned();
        async move { keyset(self, per_page, after, db).await }
    }
}

async fn keyset<M: Model, X: Extras>(
    mut rows: QuerySet<M, X>,
    per_page: u64,
    after: Option<Cursor>,
    db: Handle<'_>,
) -> Result<KeysetPage<X::Row<M>>> {
    if rows.query.is_sliced() || rows.query.distinct {
        return Err(Error::Query(
            "keyset() does not go with a slice or distinct()".to_owned(),
        ));
    }
    if per_page == 0 {
        return Err(Error::misuse(Misuse::Value, "a page has at least one row"));
    }
    let terms = terms(&rows.query)?;
    if let Some(cursor) = after {
        let values = cursor.values(&terms, M::meta())?;
        rows.query.filter(beyond(&terms, &values, db.backend()));
    }
    let read = terms.iter().map(|term| Clause::Anchor(term.expr.clone()));
    rows.query.clauses.extend(read);
    let first_term = rows.prefetches.len();
    let width = first_term + terms.len();
    rows.query.order = Order::By(terms.clone());
    rows.query.reversed = false;
    // One more tells whether these are the last.
    rows.query.slice(0, Some(per_page.saturating_add(1)));
    let Compiled::Statement(statement) = statement(&rows.query, db)? else {
        return Ok(KeysetPage {
            items: Vec::new(),
            next: None,
        });
    };
    let reader = RowsReader::<M, X>::new(&statement.columns, width);
    let mut found: Vec<(X::Row<M>, Anchors)> = db.fetch(&statement, reader).await?;
    let more = found.len() as u64 > per_page;
    if more {
        found.pop();
    }
    let next = match found.last() {
        Some((_, anchors)) if more => Some(Cursor::new(&anchors[first_term..], &terms, M::meta())),
        _ => None,
    };
    let items = rows.prefetches.fill::<M, X>(found, db).await?;
    Ok(KeysetPage { items, next })
}

/// The terms of the query's order as they are meant, down to the key.
fn terms(query: &Query) -> Result<Vec<OrderTerm>> {
    let mut terms = match &query.order {
        Order::Default => default_order(query.model)?,
        Order::By(terms) => terms.clone(),
    };
    for term in &mut terms {
        term.descending ^= query.reversed;
        term.nulls_first = term.nulls_first.map(|first| first != query.reversed);
        if term.expr.multiplies() {
            return Err(Error::Query(
                "keyset() does not go with an order over a to-many relation".to_owned(),
            ));
        }
        if let Expr::Walked(Walked::Path) = term.expr {
            return Err(Error::Query("keyset() does not go with an order by path()".to_owned()));
        }
        if term.expr.column_type().kind() == Kind::Json {
            return Err(Error::Query("keyset() does not go with an order of JSON".to_owned()));
        }
    }
    let key = Expr::key(Path::root(), query.model);
    // Nothing after the key makes a difference.
    match terms.iter().position(|term| term.expr.is_same(&key)) {
        Some(at) => terms.truncate(at + 1),
        None => terms.push(OrderTerm {
            descending: terms.last().is_some_and(|term| term.descending),
            expr: key,
            nulls_first: None,
        }),
    }
    Ok(terms)
}

/// That a row comes after the one with these values.
fn beyond(terms: &[OrderTerm], values: &[Value], backend: Backend) -> Condition {
    let mut any = Condition::Constant(false);
    let mut equal = Condition::Constant(true);
    for (term, value) in terms.iter().zip(values) {
        any = any.or(equal.clone().and(after(term, value, backend)));
        equal = equal.and(compare(term, &lookup::EXACT, value));
    }
    match (terms, values) {
        // Which an index can be asked for at once.
        ([first, _, ..], [value, ..]) if !value.is_null() && !is_null_after(first, backend) => {
            let bound = if first.descending { &lookup::LTE } else { &lookup::GTE };
            compare(first, bound, value).and(any)
        }
        _ => any,
    }
}

fn after(term: &OrderTerm, value: &Value, backend: Backend) -> Condition {
    let null = |yes| Condition::lookup(term.expr.clone(), &lookup::ISNULL, Operand::Flag(yes));
    let null_after = is_null_after(term, backend);
    match (value.is_null(), null_after) {
        (true, true) => Condition::Constant(false),
        (true, false) => null(false),
        (false, true) => beyond_value(term, value).or(null(true)),
        (false, false) => beyond_value(term, value),
    }
}

fn beyond_value(term: &OrderTerm, value: &Value) -> Condition {
    compare(term, if term.descending { &lookup::LT } else { &lookup::GT }, value)
}

fn compare(term: &OrderTerm, by: &'static Lookup, value: &Value) -> Condition {
    if value.is_null() {
        return Condition::lookup(term.expr.clone(), &lookup::ISNULL, Operand::Flag(true));
    }
    Condition::lookup(term.expr.clone(), by, Operand::One(Expr::Value(value.clone())))
}

/// Whether NULL comes after all values in that order.
fn is_null_after(term: &OrderTerm, backend: Backend) -> bool {
    if let Expr::Column { path, field } = &term.expr
        && !field.null
        && path.steps().iter().all(|step| !step.is_nullable())
    {
        return false;
    }
    match term.nulls_first {
        Some(first) => !first,
        // PostgreSQL takes NULL for the greatest value, the others for the least.
        None => term.descending != matches!(backend, Backend::Postgres),
    }
}
