//! `bulk_create` and `bulk_insert`: many rows in few statements.

use super::insert::add_row;
use super::rows::NewRows;
use super::{IntoInsert, Link};
use crate::error::Result;
use crate::exec::{Executor, Handle};
use crate::model::Model;
use crate::queryset::QuerySet;
use crate::types::FieldType;

impl<M: Model> QuerySet<M> {
    /// Inserts rows, instances or builders, and gives them back with their keys, in order.
    ///
    /// One query for every few thousand rows (on MySQL for every 1,000, and for the rest), in one
    /// transaction where there are several. An instance whose key is still 0 is numbered by the
    /// database. Hooks do not run.
    ///
    /// # Errors
    /// [`Error::Validation`](crate::Error::Validation) before anything is sent,
    /// [`Error::Integrity`](crate::Error::Integrity) from the database; no row is written then.
    pub fn bulk_create<E: Executor, I: IntoInsert<M>>(
        self,
        db: &E,
        rows: impl IntoIterator<Item = I>,
    ) -> impl Future<Output = Result<Vec<M>>> + Send {
        let db = db.handle();
        let collected = collect::<M, I>(rows.into_iter(), db);
        async move { create(collected?, db).await }
    }

    /// Inserts rows, instances or builders, and gives their number, as the database counts them:
    /// [`bulk_create`](Self::bulk_create) for loads, which reads nothing back, neither the keys nor what
    /// else the database fills in.
    ///
    /// ```no_run
    /// # async fn example<Point: orm_core::Model>(db: orm_core::Db, points: Vec<Point>) -> orm_core::Result<()> {
    /// let inserted: u64 = Point::objects().bulk_insert(&db, points).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// One query for every few thousand rows (on MySQL for every 1,000, and for the rest), in one
    /// transaction where there are several. PostgreSQL takes 50,000 values and more by COPY, which needs a
    /// query more; not within a transaction, and not into a view or a table with rules, policies for rows, or a
    /// key that is `GENERATED ALWAYS`. Hooks do not run. Builders of a many-to-many relation's
    /// related set are tied to its row by their keys: with one among them, it works as `bulk_create`.
    ///
    /// # Errors
    /// As [`bulk_create`](Self::bulk_create); no row is written then.
    pub fn bulk_insert<E: Executor, I: IntoInsert<M>>(
        self,
        db: &E,
        rows: impl IntoIterator<Item = I>,
    ) -> impl Future<Output = Result<u64>> + Send {
        let db = db.handle();
        let collected = collect::<M, I>(rows.into_iter(), db);
        async move {
            let (rows, links) = collected?;
            if links.is_empty() {
                return rows.insert_unread(db).await;
            }
            let rows: Vec<M> = Box::pin(create((rows, links), db)).await?;
            Ok(rows.len() as u64)
        }
    }
}

async fn create<M: Model>((mut rows, links): Collected, db: Handle<'_>) -> Result<Vec<M>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    rows.cut(db.backend());
    if rows.is_one_statement(db.backend()) && links.is_empty() {
        return rows.insert(db).await;
    }
    db.atomic(async move |tx| {
        let rows: Vec<M> = rows.insert(tx.handle()).await?;
        for (row, link) in links {
            let Some(row) = rows.get(row) else { continue };
            let pair = link.pair(row.pk().to_value());
            crate::related::link(link.relation, vec![pair], &[], tx.handle()).await?;
        }
        Ok(rows)
    })
    .await
}

/// The rows, complete and checked, and which of them is tied to which other row.
type Collected = (NewRows, Vec<(usize, Box<Link>)>);

fn collect<M: Model, I: IntoInsert<M>>(rows: impl Iterator<Item = I>, db: Handle<'_>) -> Result<Collected> {
    let about = rows.size_hint().0;
    let mut collected = NewRows::new(M::meta());
    let mut links = Vec::new();
    for (number, row) in rows.enumerate() {
        let mut insert = row.into_insert();
        if let Some(link) = insert.take_link() {
            links.push((number, link));
        }
        add_row(&mut collected, insert.values, about.saturating_sub(number + 1), db)?;
    }
    Ok((collected, links))
}
