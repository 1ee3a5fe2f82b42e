//! COPY, by which PostgreSQL takes very many new rows.

use super::batch::Batch;
use super::change::names;
use crate::compiler::write::Writer;
use crate::error::Result;
use crate::exec::{Backend, Statement, Work};
use crate::meta::{ColumnType, FieldMeta, ModelMeta};
use crate::value::Value;

/// From so many values on, PostgreSQL takes them faster by COPY, which is a round trip more.
const MANY: usize = 50_000;

/// Whether these rows would go in faster by COPY.
pub(crate) fn wants_copy(batch: &Batch, backend: Backend) -> bool {
    backend == Backend::Postgres && batch.values.len() >= MANY
}

/// Gives a row where COPY means the same as INSERT for a table: it knows neither rules nor policies for
/// rows, and takes keys that an INSERT may not give.
pub(crate) fn copies(model: &'static ModelMeta) -> Statement {
    let mut table = Writer::new(Backend::Postgres);
    table.identifier(model.table);
    let table = table.finish(Vec::new(), Work::Read).sql;
    Statement {
        sql: "SELECT 1 FROM pg_class WHERE oid = to_regclass($1) AND relkind IN ('r', 'p') AND NOT relhasrules \
              AND NOT row_security_active(oid) AND NOT EXISTS \
              (SELECT 1 FROM pg_attribute WHERE attrelid = pg_class.oid AND attidentity = 'a')"
            .into(),
        args: vec![Value::Text((*table).to_owned())],
        columns: [ColumnType::Integer].into(),
        work: Work::Read,
    }
}

/// A COPY of new rows, which are its arguments.
pub(crate) fn copy(batch: Batch) -> Result<Statement> {
    let given = batch.given();
    let mut writer = Writer::new(Backend::Postgres);
    writer.push("COPY ");
    writer.identifier(batch.model.table);
    writer.push(" (");
    names(&mut writer, &given)?;
    writer.push(") FROM STDIN");
    let columns = given.iter().map(|field| FieldMeta::column_type(field)).collect();
    let mut statement = writer.finish(columns, Work::Copy);
    statement.args = batch.values;
    Ok(statement)
}
