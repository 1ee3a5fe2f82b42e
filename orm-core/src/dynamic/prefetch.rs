//! `prefetch_related`: rows over any relations, one query a relation for all rows together.

use super::deferred::{by_first, check_length};
use super::related::accessor;
use super::{DynQuerySet, Name, Record, Related};
use crate::compiler::{self, Compiled};
use crate::error::{Error, Misuse, Result};
use crate::exec::{BoxFuture, Handle};
use crate::meta::{FieldMeta, ModelMeta, RelationKind};
use crate::query::{Clause, Condition, Expr, Operand, Path, Query, Step, lookup};
use crate::queryset::ValuesReader;
use crate::value::Value;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::Arc;

/// Parents are asked for in portions, since databases limit the arguments of a statement.
const PORTION: usize = 10_000;

impl DynQuerySet {
    /// Loads the rows at the end of these relations, of any kind and also several in a row
    /// (`books__reviews`), with one query for each relation.
    ///
    /// Names are those of the attributes (`patron_set`), and are checked when the rows are there.
    ///
    /// # Errors
    /// [`Error::Misuse`] where a name is too long, and after `union` and its like.
    pub fn prefetch_related<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Result<Self> {
        self.not_combined("prefetch_related")?;
        for name in names {
            check_length(name)?;
            self.no_relation("prefetch_related", name)?;
            self.prefetch.push(name.into());
        }
        Ok(self)
    }

    /// Loads nothing beside.
    #[must_use]
    pub fn prefetch_nothing(mut self) -> Self {
        self.prefetch.clear();
        self
    }
}

/// The relation that an attribute of a row leads over.
pub(super) fn attribute(model: &'static ModelMeta, name: &str) -> Option<Step> {
    if let Some(relation) = model.relation(name) {
        return Some(Step::forward(relation));
    }
    let mut reverse = model.reverse_relations().iter().filter(|relation| !relation.hidden());
    let relation = reverse.find(|relation| relation.accessor_name() == name)?;
    Some(Step::reverse(relation))
}

/// The column by which a row finds the rows over a relation.
pub(super) fn parent_key(step: Step) -> &'static FieldMeta {
    match step.relation.field() {
        Some(field) if !step.reverse => field,
        _ => step.near_key(),
    }
}

/// What has the same value in the rows at the other end.
fn child_key(step: Step) -> Expr {
    let forward = step.relation.kind != RelationKind::ManyToMany && !step.reverse;
    let (path, field) = if forward {
        (Path::root(), step.far_key())
    } else {
        (Path::root().then(step.inverse()), parent_key(step))
    };
    Expr::Column { path, field }
}

/// The key by which a row finds the rows over a relation, where it has one.
fn key_of(row: &Record, step: Step) -> Option<&Value> {
    let field = parent_key(step);
    let at = row.model.fields.iter().position(|known| std::ptr::eq(known, field))?;
    let key = row.values.get(at)?.as_ref()?;
    (!key.is_null()).then_some(key)
}

/// Loads what the names say into the rows, which are of one model. `through` is how they were reached.
pub(super) fn fill<'a>(
    mut rows: Vec<&'a mut Record>,
    names: Vec<&'a str>,
    through: String,
    db: Handle<'a>,
) -> BoxFuture<'a, ()> {
    Box::pin(async move {
        for (name, rest) in by_first(&names) {
            let Some(model) = rows.first().map(|row| row.model) else {
                return Ok(());
            };
            let Some(step) = attribute(model, name) else {
                return Err(no_relation(model, &through, name, &rest));
            };
            level(&mut rows, step, rest, format!("{through}{name}__"), db).await?;
        }
        Ok(())
    })
}

/// Whether all of these names are relations.
pub(super) fn check(model: &'static ModelMeta, names: &[&str], through: &str) -> Result<()> {
    for (name, rest) in by_first(names) {
        let step = attribute(model, name).ok_or_else(|| no_relation(model, through, name, &rest))?;
        check(step.to(), &rest, &format!("{through}{name}__"))?;
    }
    Ok(())
}

fn no_relation(model: &ModelMeta, through: &str, name: &str, rest: &[&str]) -> Error {
    let behind = rest.first().map(|rest| format!("__{rest}")).unwrap_or_default();
    let whole = format!("{through}{name}{behind}");
    if model.field(name).is_some() {
        let message = format!(
            "'{whole}' does not resolve to an item that supports prefetching - this is an invalid parameter to \
             prefetch_related()."
        );
        return Error::misuse(Misuse::Value, message);
    }
    let message = format!(
        "Cannot find '{name}' on {} object, '{whole}' is an invalid parameter to prefetch_related()",
        model.name
    );
    Error::misuse(Misuse::Attribute, message)
}

/// Loads the rows over one relation, and then what is to be loaded with them. Rows that have theirs
/// already keep them.
async fn level(rows: &mut [&mut Record], step: Step, rest: Vec<&str>, through: String, db: Handle<'_>) -> Result<()> {
    let name = accessor(step);
    let mut wanted = Wanted::default();
    let mut places = Vec::with_capacity(rows.len());
    for row in rows.iter() {
        places.push(if row.related_by(&name).is_some() {
            Parent::Loaded
        } else {
            key_of(row, step).map_or(Parent::Alone, |key| Parent::At(wanted.place(key)))
        });
    }
    let mut children = children(step, &wanted.keys, db).await?;
    if !rest.is_empty() {
        // From a child back to the row that it was found by there is nothing to load.
        let back = accessor(step.inverse());
        let goes_back = !step.inverse().is_many() && by_first(&rest).iter().any(|(first, _)| *first == back);
        if goes_back {
            let mut parents = vec![None; wanted.keys.len()];
            for (row, place) in rows.iter().zip(&places) {
                if let Parent::At(at) = place
                    && let Some(parent) = parents.get_mut(*at)
                {
                    *parent = Some(Arc::new(row.alone()));
                }
            }
            for (at, child) in &mut children {
                let parent = parents.get(*at).cloned().flatten();
                child.related.push((back.as_str().into(), Related::One(parent)));
            }
        }
        let mut next: Vec<&mut Record> = children.iter_mut().map(|(_, child)| child).collect();
        for row in rows.iter_mut() {
            let parent = goes_back.then(|| Arc::new(row.alone()));
            for child in row.related_mut(&name) {
                let child = Arc::make_mut(child);
                if let Some(parent) = parent.as_ref().filter(|_| child.related_by(&back).is_none()) {
                    let parent = Related::One(Some(Arc::clone(parent)));
                    child.related.push((back.as_str().into(), parent));
                }
                next.push(child);
            }
        }
        fill(next, rest, through, db).await?;
    }
    let mut found: Vec<Vec<Arc<Record>>> = vec![Vec::new(); wanted.keys.len()];
    for (at, child) in children {
        if let Some(found) = found.get_mut(at) {
            found.push(Arc::new(child));
        }
    }
    let name: Name = name.into();
    for (row, place) in rows.iter_mut().zip(places) {
        let theirs = match place {
            Parent::Loaded => continue,
            Parent::Alone => Vec::new(),
            Parent::At(at) => found.get(at).cloned().unwrap_or_default(),
        };
        let related = if step.is_many() {
            Related::Many(theirs)
        } else {
            Related::One(theirs.into_iter().next())
        };
        row.related.push((Name::clone(&name), related));
    }
    Ok(())
}

/// How a row gets its children.
enum Parent {
    Loaded,
    /// it has no key
    Alone,
    /// those of this key
    At(usize),
}

/// Different keys in the order of the parents, so that the statement is the same each time.
#[derive(Default)]
struct Wanted {
    places: HashMap<Value, usize, RandomState>,
    keys: Vec<Value>,
}

impl Wanted {
    fn place(&mut self, key: &Value) -> usize {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = self.keys.len();
        self.places.insert(key.clone(), place);
        self.keys.push(key.clone());
        place
    }
}

/// The rows at the other end, each with the place of the key that it belongs to.
async fn children(step: Step, keys: &[Value], db: Handle<'_>) -> Result<Vec<(usize, Record)>> {
    let model = step.to();
    let mut all = Vec::new();
    for (portion, keys) in keys.chunks(PORTION).enumerate() {
        let mut query = Query::new(model);
        let key = child_key(step);
        let operand = Operand::Many(keys.iter().cloned().map(Expr::Value).collect());
        query.filter(Condition::lookup(key.clone(), &lookup::IN, operand));
        query.clauses.push(Clause::Anchor(key));
        let Compiled::Statement(statement) = compiler::select(&query, db.backend())? else {
            continue;
        };
        let places = keys.iter().zip(portion * PORTION..);
        let places: HashMap<&Value, usize, RandomState> = places.collect();
        for mut values in db.fetch(&statement, ValuesReader::of(&statement.columns)).await? {
            // The parent's key is the last.
            let place = values.pop().and_then(|key| places.get(&key).copied());
            all.extend(place.map(|place| (place, Record::new(model, values))));
        }
    }
    Ok(all)
}
