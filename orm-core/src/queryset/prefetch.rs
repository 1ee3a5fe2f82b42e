//! `prefetch_related`: the rows of to-many relations, one query for all parents together.

mod places;

use super::QuerySet;
use super::read::{Anchors, PlainReader, RowsReader};
use crate::compiler::Compiled;
use crate::error::{Error, Result};
use crate::exec::{BoxFuture, Handle, RowReader, Source, Statement};
use crate::meta::{FieldMeta, ModelMeta, RelationKind};
use crate::model::Model;
use crate::query::{Clause, Condition, Expr, Operand, Path, Query, lookup};
use crate::row::Extras;
use crate::value::{Kind, Value};
use places::{Places, Wanted};
use std::any::Any;
use std::sync::Arc;

/// The relations to prefetch, each with the index of the part that its rows fill.
#[derive(Clone, Default)]
pub(crate) struct Prefetches(Vec<(usize, Arc<dyn Loader>)>);

/// The children of each key that was asked for: a `Vec` of a `Vec<Row>` for each.
type Children = Box<dyn Any + Send>;

/// Loads the children of one relation; erases their type.
trait Loader: Send + Sync {
    fn load<'a>(&'a self, keys: Vec<Value>, places: Places, db: Handle<'a>) -> BoxFuture<'a, Children>;
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
        mut rows: Vec<(X::Row<M>, Anchors)>,
        db: Handle<'_>,
    ) -> Result<Vec<X::Row<M>>> {
        for (index, (part, loader)) in self.0.iter().enumerate() {
            let keys = rows
                .iter()
                .map(|(_, anchors)| anchors.get(index).filter(|key| !key.is_null()));
            let Wanted {
                keys,
                places,
                mut uses,
                of_parents,
            } = Wanted::of(keys);
            if keys.is_empty() {
                continue;
            }
            let mut children = loader.load(keys, places, db).await?;
            for ((row, _), place) in rows.iter_mut().zip(of_parents) {
                let Some(place) = place else { continue };
                uses[place] -= 1;
                loader.share(&mut children, place, uses[place] == 0, &mut |found| {
                    X::fill::<M>(row, *part, found);
                });
            }
        }
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }
}

/// Reads a child as another reader does, and the place of its parent's key.
struct ChildReader<R> {
    reader: R,
    /// the column of the parent's key
    at: usize,
    kind: Kind,
    places: Arc<Places>,
}

impl<R: RowReader> RowReader for ChildReader<R> {
    type Out = (Option<usize>, R::Out);

    fn read<S: Source>(&mut self, source: &mut S) -> Result<Self::Out> {
        let row = self.reader.read(source)?;
        Ok((self.places.read(source, self.at, self.kind)?, row))
    }
}

impl<M: Model, X: Extras> ChildLoader<M, X> {
    /// The column of the parent's key, where it is one of the child's own.
    fn own_column(&self) -> Option<usize> {
        let [step] = self.back.steps() else { return None };
        if step.reverse || step.relation.kind == RelationKind::ManyToMany {
            return None;
        }
        let relation = |relation: &_| step.relation.is(relation);
        let mut fields = M::meta().fields.iter();
        fields.position(|field| field.relation.as_ref().is_some_and(relation))
    }

    fn query(&self, keys: Vec<Value>) -> Query {
        let mut query = self.rows.query.clone();
        let key = Expr::Column {
            path: self.back.clone(),
            field: self.anchor,
        };
        let keys = Operand::Many(keys.into_iter().map(Expr::Value).collect());
        query.filter(Condition::lookup(key.clone(), &lookup::IN, keys));
        if self.own_column().is_none() {
            query.clauses.push(Clause::Anchor(key));
        }
        query
    }

    /// The children of each key.
    async fn children(&self, mut keys: Vec<Value>, places: Places, db: Handle<'_>) -> Result<Vec<Vec<X::Row<M>>>> {
        if self.rows.query.is_sliced() {
            return Err(Error::Query("Prefetch querysets cannot be sliced.".to_owned()));
        }
        let mut children: Vec<Vec<X::Row<M>>> = Vec::new();
        children.resize_with(keys.len(), Vec::new);
        let places = Arc::new(places);
        while !keys.is_empty() {
            let others = keys.split_off(keys.len().min(PORTION));
            let query = self.query(std::mem::replace(&mut keys, others));
            let Compiled::Statement(statement) = super::statement(&query, db)? else {
                continue;
            };
            let found = self.found(&statement, Arc::clone(&places), db).await?;
            put(&mut children, found);
        }
        Ok(children)
    }

    /// Some children, with the places of their parents' keys.
    async fn found(
        &self,
        statement: &Statement,
        places: Arc<Places>,
        db: Handle<'_>,
    ) -> Result<Vec<(Option<usize>, X::Row<M>)>> {
        let columns = &statement.columns[..];
        let (columns, at) = match self.own_column() {
            Some(at) => (columns, at),
            None => {
                // The parent's key is the last one.
                let last = columns.len().saturating_sub(1);
                (&columns[..last], last)
            }
        };
        let kind = self.anchor.column_type().kind();
        let prefetches = &self.rows.prefetches;
        if prefetches.is_empty() {
            let reader = ChildReader {
                reader: PlainReader::<M, X>::new(),
                at,
                kind,
                places,
            };
            return db.fetch(statement, reader).await;
        }
        let reader = ChildReader {
            reader: RowsReader::<M, X>::new(columns, prefetches.len()),
            at,
            kind,
            places,
        };
        let (parents, rows): (Vec<_>, Vec<_>) = db.fetch(statement, reader).await?.into_iter().unzip();
        let rows = prefetches.fill::<M, X>(rows, db).await?;
        Ok(parents.into_iter().zip(rows).collect())
    }
}

/// Puts children to those of the same key.
fn put<T>(children: &mut [Vec<T>], found: Vec<(Option<usize>, T)>) {
    let mut counts = vec![0; children.len()];
    for place in found.iter().filter_map(|(place, _)| *place) {
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }
    for (children, count) in children.iter_mut().zip(counts) {
        children.reserve_exact(count);
    }
    for (place, row) in found {
        if let Some(children) = place.and_then(|place| children.get_mut(place)) {
            children.push(row);
        }
    }
}

impl<M: Model, X: Extras> Loader for ChildLoader<M, X> {
    fn load<'a>(&'a self, keys: Vec<Value>, places: Places, db: Handle<'a>) -> BoxFuture<'a, Children> {
        Box::pin(async move { Ok(Box::new(self.children(keys, places, db).await?) as Children) })
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
