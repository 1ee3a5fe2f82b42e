//! `prefetch_related`: the rows of to-many relations, one query for all parents together.

use super::QuerySet;
use super::read::RowsReader;
use crate::compiler::{self, Compiled};
use crate::error::{Error, Result};
use crate::exec::{BoxFuture, Handle};
use crate::meta::ModelMeta;
use crate::model::Model;
use crate::query::{Clause, Condition, Expr, Operand, Path, Query, lookup};
use crate::row::Extras;
use crate::value::Value;
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// The relations to prefetch, each with the index of the part that its rows fill.
#[derive(Clone, Default)]
pub(crate) struct Prefetches(Vec<(usize, Arc<dyn Loader>)>);

/// The children of some parents, by the parents' keys: `Vec<Row>` behind each `Any`.
type Children = HashMap<Value, Box<dyn Any + Send>>;

/// Loads the children of one relation; erases their type.
trait Loader: Send + Sync {
    fn load<'a>(&'a self, keys: Vec<Value>, db: Handle<'a>) -> BoxFuture<'a, Children>;
    /// Gives a parent its share: the children themselves to the last one that asks, copies before.
    fn share(&self, children: &mut Box<dyn Any + Send>, last: bool) -> Box<dyn Any + Send>;
}

struct ChildLoader<M: Model, X: Extras> {
    /// from the child back to the model that the anchor is a key of
    back: Path,
    /// that model
    anchor: &'static ModelMeta,
    rows: QuerySet<M, X>,
}

/// Parents are asked for in portions, since databases limit the arguments of a statement.
const PORTION: usize = 10_000;

impl Prefetches {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a relation. Gives the expression whose value in a parent's row is the children's key.
    pub(super) fn add<M: Model, X: Extras>(
        &mut self,
        part: usize,
        root: &'static ModelMeta,
        path: &Path,
        rows: QuerySet<M, X>,
    ) -> Expr {
        let (to_one, to_many) = path.split_at_many();
        let anchor = to_one.steps().last().map_or(root, |step| step.to());
        self.0.push((
            part,
            Arc::new(ChildLoader {
                back: to_many.inverse(),
                anchor,
                rows,
            }),
        ));
        Expr::key(to_one, root)
    }

    /// Loads all relations and fills them into the rows, which come with their keys.
    pub(super) async fn fill<M: Model, X: Extras>(
        &self,
        rows: Vec<(X::Row<M>, Vec<Value>)>,
        db: Handle<'_>,
    ) -> Result<Vec<X::Row<M>>> {
        let (mut rows, keys): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        for (index, (part, loader)) in self.0.iter().enumerate() {
            let mut uses: HashMap<&Value, usize> = HashMap::new();
            // In the order of the parents, so that the statement is the same each time.
            let mut wanted = Vec::new();
            for key in keys.iter().map(|keys| &keys[index]).filter(|key| !key.is_null()) {
                let used = uses.entry(key).or_default();
                if *used == 0 {
                    wanted.push(key.clone());
                }
                *used += 1;
            }
            if wanted.is_empty() {
                continue;
            }
            let mut children = loader.load(wanted, db).await?;
            for (row, keys) in rows.iter_mut().zip(&keys) {
                let key = &keys[index];
                let (Some(found), Some(left)) = (children.get_mut(key), uses.get_mut(key)) else {
                    continue;
                };
                *left -= 1;
                let mut share = loader.share(found, *left == 0);
                X::fill::<M>(row, *part, share.as_mut());
            }
        }
        Ok(rows)
    }
}

impl<M: Model, X: Extras> ChildLoader<M, X> {
    fn query(&self, keys: Vec<Value>) -> Query {
        let mut query = self.rows.query.clone();
        let key = Expr::Column {
            path: self.back.clone(),
            field: self.anchor.pk(),
        };
        let keys = Operand::Many(keys.into_iter().map(Expr::Value).collect());
        query.filter(Condition::lookup(key.clone(), &lookup::IN, keys));
        query.clauses.push(Clause::Anchor(key));
        query
    }

    async fn children(&self, keys: Vec<Value>, db: Handle<'_>) -> Result<HashMap<Value, Vec<X::Row<M>>>> {
        if self.rows.query.is_sliced() {
            return Err(Error::Query("Prefetch querysets cannot be sliced.".to_owned()));
        }
        let mut children: HashMap<Value, Vec<X::Row<M>>> = HashMap::new();
        let mut keys = keys;
        while !keys.is_empty() {
            let rest = keys.split_off(keys.len().min(PORTION));
            let query = self.query(std::mem::replace(&mut keys, rest));
            let Compiled::Statement(statement) = compiler::select(&query, db.backend())? else {
                continue;
            };
            let prefetches = &self.rows.prefetches;
            let reader = RowsReader::<M, X>::new(&statement.columns, prefetches.len() + 1);
            let rows = db.fetch(&statement, reader).await?;
            let mut parents = Vec::with_capacity(rows.len());
            let mut own = Vec::with_capacity(rows.len());
            for (row, mut keys) in rows {
                parents.extend(keys.pop());
                own.push((row, keys));
            }
            let rows = prefetches.fill::<M, X>(own, db).await?;
            for (parent, row) in parents.into_iter().zip(rows) {
                children.entry(parent).or_default().push(row);
            }
        }
        Ok(children)
    }
}

impl<M: Model, X: Extras> Loader for ChildLoader<M, X> {
    fn load<'a>(&'a self, keys: Vec<Value>, db: Handle<'a>) -> BoxFuture<'a, Children> {
        Box::pin(async move {
            let children = self.children(keys, db).await?;
            Ok(children
                .into_iter()
                .map(|(key, rows)| (key, Box::new(rows) as Box<dyn Any + Send>))
                .collect())
        })
    }

    fn share(&self, children: &mut Box<dyn Any + Send>, last: bool) -> Box<dyn Any + Send> {
        match children.downcast_mut::<Vec<X::Row<M>>>() {
            Some(rows) if last => Box::new(std::mem::take(rows)),
            Some(rows) => Box::new(rows.clone()),
            None => Box::new(Vec::<X::Row<M>>::new()),
        }
    }
}
