//! `bulk_create`: many rows in few statements.

use super::IntoInsert;
use super::insert::new_rows;
use crate::error::Result;
use crate::exec::Executor;
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
        let mut values = Vec::new();
        let mut links = Vec::new();
        for row in rows {
            let mut insert = row.into_insert();
            links.push(insert.take_link());
            values.push(insert.values);
        }
        let db = db.handle();
        async move {
            if values.is_empty() {
                return Ok(Vec::new());
            }
            let model = M::meta();
            let rows = new_rows(model, values, db)?;
            if rows.is_one_statement(db.backend()) && links.iter().all(Option::is_none) {
                return rows.insert(db).await;
            }
            db.atomic(async move |tx| {
                let rows: Vec<M> = rows.insert(tx.handle()).await?;
                for (row, link) in rows.iter().zip(links) {
                    if let Some(link) = link {
                        let pair = link.pair(row.pk().to_value());
                        crate::related::link(link.relation, vec![pair], tx.handle()).await?;
                    }
                }
                Ok(rows)
            })
            .await
        }
    }
}
