//! The statements for single rows and for keys: each is written once for a model.

use super::cache::{Found, Kept, shapes};
use super::check;
use super::key::{Key, Tag};
use crate::compiler::argument::Argument;
use crate::compiler::draft::{Compiled, Draft, Given, Template};
use crate::compiler::list::Listed;
use crate::compiler::statement::batch::Batch;
use crate::compiler::statement::{change, delete};
use crate::dialect::Items;
use crate::error::Result;
use crate::exec::{Backend, Statement, Work};
use crate::meta::{FieldMeta, ModelMeta, RelationMeta};
use crate::query::Slot;
use crate::value::Value;
use std::sync::Arc;

/// The statement of a key: from the text that is there, or from the one that is written now.
fn filled(key: &Key<'_>, write: impl FnOnce() -> Result<Template>) -> Result<Statement> {
    if let Some(Found::Compiled(Compiled::Statement(statement))) = shapes(key).fill(key) {
        return Ok(statement);
    }
    let template = write()?;
    let statement = template.fill(&key.given);
    shapes(key).keep(&key.words, Kept::Text(template));
    Ok(statement)
}

fn plain(value: &Value) -> Argument {
    Argument::Value(value.clone())
}

/// An INSERT of rows; `returning` reads the columns back that the database fills in.
pub(crate) fn insert(batch: Batch, returning: bool, backend: Backend) -> Result<Statement> {
    let mut key = Key::new(backend);
    key.statement(Tag::Insert, backend);
    key.address(Tag::Query, batch.model);
    key.words
        .extend([batch.count as u64, u64::from(returning), batch.left_out.len() as u64]);
    key.words.extend(batch.left_out.iter().map(|index| *index as u64));
    if let Some(Found::Compiled(Compiled::Statement(mut statement))) = shapes(&key).fill(&key) {
        let copy = cfg!(debug_assertions).then(|| batch.clone());
        statement.args = batch.values;
        if let Some(batch) = copy {
            check::same(&statement, || change::insert(batch, returning, backend));
        }
        return Ok(statement);
    }
    let values = batch.values.len();
    let statement = change::insert(batch, returning, backend)?;
    // An argument for each value, unless they go as one array a column.
    if statement.args.len() == values && values <= MOST_NEW {
        shapes(&key).keep(&key.words, Kept::Text(Template::of_rows(&statement)));
    }
    Ok(statement)
}

/// SQLite's INSERT of a row that has everything but its number, which is at that place in the model.
pub(crate) fn numbered_row(model: &'static ModelMeta, number: usize) -> Result<&'static Arc<str>> {
    let text = &model.texts.numbered_row;
    if let Some(sql) = text.get() {
        return Ok(sql);
    }
    // The text does not depend on the values.
    let zero = |(index, field): (usize, &FieldMeta)| (index != number).then(|| Value::zero(field.column_type().kind()));
    let row = model.fields.iter().enumerate().map(zero).collect();
    let statement = change::insert(Batch::of(model, row), false, Backend::Sqlite)?;
    Ok(text.get_or_init(|| statement.sql))
}

/// The text for more values than this is not kept.
const MOST_NEW: usize = 5_000;

/// An INSERT of rows into the join table of a many-to-many relation; those that are there stay.
pub(crate) fn insert_links(
    relation: &'static RelationMeta,
    pairs: &[(Value, Value)],
    backend: Backend,
) -> Result<Statement> {
    let anew = || {
        let pairs = pairs.iter().map(|(source, target)| (plain(source), plain(target)));
        Ok(change::insert_links(relation, pairs, backend)?.into_statement())
    };
    let [(source, target)] = pairs else { return anew() };
    let mut key = Key::new(backend);
    key.statement(Tag::InsertLink, backend);
    key.address(Tag::Step, relation);
    key.given.extend([Given::One(source), Given::One(target)]);
    let statement = filled(&key, || {
        let pair = (slot(0, source), slot(1, target));
        change::insert_links(relation, [pair], backend).map(Template::from)
    })?;
    check::same(&statement, anew);
    Ok(statement)
}

fn slot(number: usize, value: &Value) -> Argument {
    Argument::Slot(Slot {
        number,
        kind: value.kind(),
        list: false,
        document: None,
    })
}

/// An UPDATE of one row by its key. `None`: there is no other column.
pub(crate) fn update_row(model: &'static ModelMeta, values: &[Value], backend: Backend) -> Result<Option<Statement>> {
    if values.len() < 2 {
        return Ok(None);
    }
    let anew = || {
        let draft = change::update_row(model, |index| plain(&values[index]), backend);
        draft.map(Draft::into_statement)
    };
    let mut key = Key::new(backend);
    key.statement(Tag::UpdateRow, backend);
    key.address(Tag::Query, model);
    key.given.extend(values.iter().map(Given::One));
    let statement = filled(&key, || {
        change::update_row(model, |index| slot(index, &values[index]), backend).map(Template::from)
    })?;
    check::same(&statement, anew);
    Ok(Some(statement))
}

/// The keys of a statement: slots from this number on, as the key lists them.
fn slots(listed: &Listed, first: usize, keys: &[Value]) -> Items {
    match listed {
        Listed::All(kind) => Items::All(Slot {
            number: first,
            kind: *kind,
            list: true,
            document: None,
        }),
        _ => Items::These(
            keys.iter()
                .enumerate()
                .map(|(index, key)| slot(first + index, key))
                .collect(),
        ),
    }
}

fn these(keys: &[Value]) -> Items {
    Items::These(keys.iter().map(plain).collect())
}

/// A DELETE of the rows of one table whose column, its key or another, is one of some values.
pub(crate) fn delete_in(
    table: &'static str,
    column: &'static str,
    values: &[Value],
    work: Work,
    backend: Backend,
) -> Result<Statement> {
    let anew = || Ok(delete::delete_in(table, column, these(values), work, backend)?.into_statement());
    let mut key = Key::new(backend);
    key.statement(Tag::DeleteIn, backend);
    key.name(table);
    key.name(column);
    key.mask([work == Work::WriteKnown].into_iter());
    let Ok(listed) = key.keys(values) else { return anew() };
    let statement = filled(&key, || {
        delete::delete_in(table, column, slots(&listed, 0, values), work, backend).map(Template::from)
    })?;
    check::same(&statement, anew);
    Ok(statement)
}

/// A DELETE of a row's links in a join table: those to some rows, or all.
pub(crate) fn delete_links(
    relation: &'static RelationMeta,
    own: &'static str,
    other: &'static str,
    owner: &Value,
    keys: Option<&[Value]>,
    backend: Backend,
) -> Result<Statement> {
    let anew = || {
        let draft = delete::delete_links(relation, own, other, plain(owner), keys.map(these), backend);
        Ok(draft?.into_statement())
    };
    let mut key = Key::new(backend);
    key.statement(Tag::DeleteLinks, backend);
    key.address(Tag::Step, relation);
    key.name(own);
    key.name(other);
    key.given.push(Given::One(owner));
    let listed = match keys {
        Some(keys) => match key.keys(keys) {
            Ok(listed) => Some((listed, keys)),
            Err(_) => return anew(),
        },
        None => None,
    };
    let statement = filled(&key, || {
        let items = listed.as_ref().map(|(listed, keys)| slots(listed, 1, keys));
        delete::delete_links(relation, own, other, slot(0, owner), items, backend).map(Template::from)
    })?;
    check::same(&statement, anew);
    Ok(statement)
}
