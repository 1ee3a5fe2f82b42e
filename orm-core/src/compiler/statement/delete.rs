//! The statements that delete rows.

use crate::compiler::argument::Argument;
use crate::compiler::draft::Draft;
use crate::compiler::resolve::joins::through;
use crate::compiler::resolve::select;
use crate::compiler::write::Writer;
use crate::dialect::Items;
use crate::error::Result;
use crate::exec::{Backend, Statement, Work};
use crate::meta::RelationMeta;
use crate::query::Query;
use crate::value::Value;

/// A DELETE of the rows of a query.
pub(super) fn delete(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    let Some(rows) = select::restricted(query, false)? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    writer.push("DELETE FROM ");
    writer.identifier(query.model.table);
    writer.restrict(query.model, &rows)?;
    Ok(Some(writer.draft(Vec::new(), Work::WriteAny)))
}

/// A DELETE of the rows of a join table that has some values on one side or the other.
pub(crate) fn delete_linked(table: &str, sides: [&str; 2], values: &[Value], backend: Backend) -> Result<Statement> {
    let mut writer = Writer::new(backend);
    writer.push("DELETE FROM ");
    writer.identifier(table);
    writer.push(" WHERE ");
    for (at, side) in sides.into_iter().enumerate() {
        writer.push(if at > 0 { " OR " } else { "" });
        let values = Items::These(values.iter().cloned().map(Argument::Value).collect());
        one_of(&mut writer, table, side, values)?;
    }
    Ok(writer.finish(Vec::new(), Work::WriteAny))
}

/// A DELETE of the rows of one table whose column, its key or another, is one of some values.
pub(in crate::compiler) fn delete_in(
    table: &str,
    column: &str,
    values: Items,
    work: Work,
    backend: Backend,
) -> Result<Draft> {
    let mut writer = Writer::new(backend);
    writer.push("DELETE FROM ");
    writer.identifier(table);
    writer.push(" WHERE ");
    one_of(&mut writer, table, column, values)?;
    Ok(writer.draft(Vec::new(), work))
}

/// A DELETE of a row's links in a join table: those to some rows, or all.
pub(in crate::compiler) fn delete_links(
    relation: &'static RelationMeta,
    own: &str,
    other: &str,
    owner: Argument,
    keys: Option<Items>,
    backend: Backend,
) -> Result<Draft> {
    let (table, ..) = through(relation);
    let mut writer = Writer::new(backend);
    writer.push("DELETE FROM ");
    writer.identifier(table);
    writer.push(" WHERE ");
    writer.column(table, own);
    writer.push(" = ");
    writer.argument(owner);
    if let Some(keys) = keys {
        writer.push(" AND ");
        one_of(&mut writer, table, other, keys)?;
    }
    Ok(writer.draft(Vec::new(), Work::WriteAny))
}

/// That a column is one of some values.
fn one_of(writer: &mut Writer, table: &str, column: &str, values: Items) -> Result<()> {
    let mut left = |w: &mut Writer| {
        w.column(table, column);
        Ok(())
    };
    writer.dialect().one_of(writer, &mut left, values)
}
