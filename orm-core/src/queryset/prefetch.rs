//! `prefetch_related`: the rows of to-many relations, one query for all parents together.

use super::QuerySet;
use super::read::{Anchors, RowsReader};
use crate::compiler::{self, Compiled};
use crate::error::{Error, Result};
use crate::exec::{BoxFuture, Handle};
use crate::meta::{FieldMeta, ModelMeta};
use crate::model::Model;
use crate::query::{Clause, Condition, Expr, Operand, Path, Query, lookup};
use crate::row::Extras;
use crate::value::Value;
use foldhash::fast::RandomState;
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// The relations to prefetch, each with the index of the part that its rows fill.
#[derive(Clone, Default)]
pub(crate) struct Prefetches(Vec<(usize, Arc<dyn Loader>)>);

/// The children of each key that was asked for: a `Vec` of a `Vec<Row>` for each.
type Children = Box<dyn Any + Send>;

/// Loads the children of one relation; erases their type.
trait Loader: Send + Sync {
    fn load<'a>(&'a self, keys: Vec<Value>, db: Handle<'a>) -> BoxFuture<'a, Children>;
    /// Hands over the `Vec<Row>` of one key: itself to the last one that asks, a copy before.
    fn share(&self, children: &mut Children, key: usize, last: bool, take: &mut dyn FnMut(&mut dyn Any));
}

struct ChildLoader<M: Model, X: Extras> {
    /// from the child back to the model that has the anchor
    back: Path,
    /// the field of that model by which the children are found
    anchor: &'static FieldMeta,
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
        let owner = to_one.steps().last().map_or(root, |step| step.to());
        let first = to_many.steps().first();
        let anchor = first.map_or_else(|| owner.pk(), |step| step.near_key());
        self.0.push((
            part,
            Arc::new(ChildLoader {
                back: to_many.inverse(),
                anchor,
                rows,
            }),
        ));
        Expr::Column {
            path: to_one,
            field: anchor,
        }
    }

    /// Loads all relations and fills them into the rows, which come with their keys.
    pub(super) async fn fill<M: Model, X: Extras>(
        &self,
        rows: Vec<(X::Row<M>, Anchors)>,
        db: Handle<'_>,
    ) -> Result<Vec<X::Row<M>>> {
        let (mut rows, anchors): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        for (index, (part, loader)) in self.0.iter().enumerate() {
            let keys = anchors
                .iter()
                .map(|anchors| anchors.get(index).filter(|key| !key.is_null()));
            let mut wanted = Wanted::default();
            let places: Vec<Option<usize>> = keys.map(|key| key.map(|key| wanted.place(key))).collect();
            if wanted.keys.is_empty() {
                continue;
            }
            let mut uses = wanted.uses;
            let mut children = loader.load(wanted.keys, db).await?;
            for (row, place) in rows.iter_mut().zip(places) {
                let Some(place) = place else { continue };
                uses[place] -= 1;
                loader.share(&mut children, place, uses[place] == 0, &mut |found| {
                    X::fill::<M>(row, *part, found);
                });
            }
        }
        Ok(rows)
    }
}

/// Different keys in the order of the parents, so that the statement is the same each time.
#[derive(Default)]
struct Wanted<'k> {
    places: HashMap<&'k Value, usize, RandomState>,
    keys: Vec<Value>,
    /// how many parents have the key
    uses: Vec<usize>,
}

impl<'k> Wanted<'k> {
    fn place(&mut self, key: &'k Value) -> usize {
        let place = *self.places.entry(key).or_insert(self.keys.len());
        if place == self.keys.len() {
            self.keys.push(key.clone());
            self.uses.push(0);
        }
        self.uses[place] += 1;
        place
    }
}

impl<M: Model, X: Extras> ChildLoader<M, X> {
    fn query(&self, keys: Vec<Value>) -> Query {
        let mut query = self.rows.query.clone();
        let key = Expr::Column {
            path: self.back.clone(),
            field: self.anchor,
        };
        let keys = Operand::Many(keys.into_iter().map(Expr::Value).collect());
        query.filter(Condition::lookup(key.clone(), &lookup::IN, keys));
        query.clauses.push(Clause::Anchor(key));
        query
    }

    /// The children of each key.
    async fn children(&self, keys: Vec<Value>, db: Handle<'_>) -> Result<Vec<Vec<X::Row<M>>>> {
        if self.rows.query.is_sliced() {
            return Err(Error::Query("Prefetch querysets cannot be sliced.".to_owned()));
        }
        let mut children: Vec<Vec<X::Row<M>>> = Vec::new();
        children.resize_with(keys.len(), Vec::new);
        for (portion, keys) in keys.chunks(PORTION).enumerate() {
            let query = self.query(keys.to_vec());
            let Compiled::Statement(statement) = compiler::select(&query, db.backend())? else {
                continue;
            };
            let places = keys.iter().zip(portion * PORTION..);
            let places: HashMap<&Value, usize, RandomState> = places.collect();
            let prefetches = &self.rows.prefetches;
            let reader = RowsReader::<M, X>::new(&statement.columns, prefetches.len() + 1);
            let rows = db.fetch(&statement, reader).await?;
            // The parent's key is the last.
            let place = |anchors: &mut Anchors| anchors.pop().and_then(|key| places.get(&key).copied());
            let mut put = |place: Option<usize>, row| {
                if let Some(children) = place.and_then(|place| children.get_mut(place)) {
                    children.push(row);
                }
            };
            if prefetches.is_empty() {
                for (row, mut anchors) in rows {
                    put(place(&mut anchors), row);
                }
                continue;
            }
            let mut parents = Vec::with_capacity(rows.len());
            let mut own = Vec::with_capacity(rows.len());
            for (row, mut anchors) in rows {
                parents.push(place(&mut anchors));
                own.push((row, anchors));
            }
            let rows = prefetches.fill::<M, X>(own, db).await?;
            for (place, row) in parents.into_iter().zip(rows) {
                put(place, row);
            }
        }
        Ok(children)
    }
}

impl<M: Model, X: Extras> Loader for ChildLoader<M, X> {
    fn load<'a>(&'a self, keys: Vec<Value>, db: Handle<'a>) -> BoxFuture<'a, Children> {
        Box::pin(async move { Ok(Box::new(self.children(keys, db).await?) as Children) })
    }

    fn share(&self, children: &mut Children, key: usize, last: bool, take: &mut dyn FnMut(&mut dyn Any)) {
        let Some(children) = children.downcast_mut::<Vec<Vec<X::Row<M>>>>() else {
            return;
        };
        match children.get_mut(key) {
            Some(rows) if last => take(rows),
            Some(rows) => take(&mut rows.clone()),
            None => {}
        }
    }
}
