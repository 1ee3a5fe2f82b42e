//! The statements that change rows: INSERT, UPDATE, DELETE.

use super::batch::Batch;
use crate::compiler::argument::Argument;
use crate::compiler::draft::Draft;
use crate::compiler::resolve::joins::{Reuse, through};
use crate::compiler::resolve::{Resolver, select};
use crate::compiler::resolved::{Node, Right, Term};
use crate::compiler::write::Writer;
use crate::error::{Error, Misuse, Result};
use crate::exec::{Backend, Statement, Work};
use crate::meta::{ColumnType, FieldMeta, ModelMeta, RelationMeta};
use crate::query::{Clause, Condition, Expr, Query};

/// An INSERT of rows; `returning` reads the columns back that the database fills in.
pub(in crate::compiler) fn insert(batch: Batch, returning: bool, backend: Backend) -> Result<Statement> {
    let mut writer = Writer::new(backend);
    let columns = if returning {
        batch.filled_in().map(FieldMeta::column_type).collect()
    } else {
        Vec::new()
    };
    write_insert(&mut writer, batch, returning)?;
    Ok(writer.finish(columns, Work::WriteKnown))
}

/// An INSERT of many rows that are numbered, whose numbers come back in one cell, 8 bytes each,
/// the highest first: for PostgreSQL and for us that is less work than a row each.
pub(crate) fn insert_numbered(batch: Batch, backend: Backend) -> Result<Statement> {
    let key = batch.model.pk().column;
    let mut writer = Writer::new(backend);
    writer.push("WITH new AS (");
    write_insert(&mut writer, batch, true)?;
    writer.push(") SELECT string_agg(int8send(");
    writer.identifier(key);
    writer.push("), '') FROM new");
    Ok(writer.finish(vec![ColumnType::Binary], Work::WriteKnown))
}

/// What an INSERT does about rows that are there already.
pub(crate) enum Existing<'a> {
    /// they stay as they are
    Stay,
    /// those with the same values in the unique columns get new ones in others
    Change { unique: &'a [&'a str], set: &'a [&'a str] },
}

/// An INSERT of rows some of which may be there already; `keys` reads the keys of all back.
pub(crate) fn insert_over(batch: Batch, existing: &Existing<'_>, keys: bool, backend: Backend) -> Result<Statement> {
    let pk = batch.model.pk();
    let mut writer = Writer::new(backend);
    write_insert(&mut writer, batch, false)?;
    match existing {
        Existing::Stay => writer.dialect().ignore_conflicts(&mut writer, pk.column),
        Existing::Change { unique, set } => writer.dialect().update_conflicts(&mut writer, unique, set)?,
    }
    if !keys {
        return Ok(writer.finish(Vec::new(), Work::WriteKnown));
    }
    writer.push(" RETURNING ");
    writer.identifier(pk.column);
    Ok(writer.finish(vec![pk.column_type()], Work::WriteKnown))
}

fn write_insert(writer: &mut Writer, batch: Batch, returning: bool) -> Result<()> {
    writer.push("INSERT INTO ");
    writer.identifier(batch.model.table);
    let filled_in: Vec<&'static FieldMeta> = batch.filled_in().collect();
    let given = batch.given();
    if given.is_empty() {
        writer.push(" ");
        let default = writer.dialect().default_values();
        writer.push(default);
    } else {
        writer.push(" (");
        names(writer, &given)?;
        writer.push(") ");
        writer.dialect().new_rows(writer, &given, batch.values)?;
    }
    if returning && !filled_in.is_empty() {
        writer.push(" RETURNING ");
        names(writer, &filled_in)?;
    }
    Ok(())
}

/// An INSERT of one row, of whose values the database computes some; `back` is read back.
pub(crate) fn insert_computed(
    model: &'static ModelMeta,
    row: Vec<(&'static FieldMeta, Expr)>,
    back: &[&'static FieldMeta],
    backend: Backend,
) -> Result<Statement> {
    let mut resolver = Resolver::new(model, 0);
    let mut writer = Writer::new(backend);
    writer.push("INSERT INTO ");
    writer.identifier(model.table);
    writer.push(" (");
    let columns: Vec<&FieldMeta> = row.iter().map(|(field, _)| *field).collect();
    names(&mut writer, &columns)?;
    writer.push(") VALUES (");
    writer.list(row, |w, (field, expr)| {
        let term = match expr {
            Expr::Value(value) => {
                w.argument(Argument::Value(value));
                return Ok(());
            }
            expr => resolver.term(&expr, &mut Reuse::All)?,
        };
        if term_leaves(&term, "") || term.is_of_groups() {
            let message = format!(
                "Failed to insert expression on {}.{}: F() expressions and aggregates can only be used to update, \
                 not to insert.",
                model.name, field.name
            );
            return Err(Error::misuse(Misuse::Value, message));
        }
        w.term(&term)
    })?;
    writer.push(")");
    if !back.is_empty() {
        writer.push(" RETURNING ");
        names(&mut writer, back)?;
    }
    let columns = back.iter().map(|field| field.column_type()).collect();
    Ok(writer.finish(columns, Work::WriteKnown))
}

pub(super) fn names(writer: &mut Writer, columns: &[&FieldMeta]) -> Result<()> {
    writer.list(columns, |w, field| {
        w.identifier(field.column);
        Ok(())
    })
}

/// How many of so many rows of that many values go into one INSERT.
pub(crate) fn new_rows_at_once(rows: usize, width: usize, backend: Backend) -> usize {
    // A row without any value has a statement of its own: there is no list of columns to repeat.
    if width == 0 {
        return 1;
    }
    crate::dialect::of(backend).new_rows_at_once(rows, width)
}

/// An INSERT of rows into the join table of a many-to-many relation; those that are there stay.
pub(in crate::compiler) fn insert_links(
    relation: &'static RelationMeta,
    pairs: impl IntoIterator<Item = (Argument, Argument)>,
    backend: Backend,
) -> Result<Draft> {
    let (table, source, target) = through(relation);
    let mut writer = Writer::new(backend);
    writer.push("INSERT INTO ");
    writer.identifier(table);
    writer.push(" (");
    writer.identifier(source);
    writer.push(", ");
    writer.identifier(target);
    writer.push(") VALUES ");
    writer.list(pairs, |w, (source, target)| {
        w.push("(");
        w.argument(source);
        w.push(", ");
        w.argument(target);
        w.push(")");
        Ok(())
    })?;
    writer.dialect().ignore_conflicts(&mut writer, source);
    Ok(writer.draft(Vec::new(), Work::WriteKnown))
}

/// An UPDATE of one row by its key; `value` gives the argument for the field with that index.
pub(in crate::compiler) fn update_row(
    model: &'static ModelMeta,
    value: impl Fn(usize) -> Argument,
    backend: Backend,
) -> Result<Draft> {
    let pk = model.pk_index();
    let set = (0..model.fields.len()).filter(|index| *index != pk);
    let mut writer = Writer::new(backend);
    writer.push("UPDATE ");
    writer.identifier(model.table);
    writer.push(" SET ");
    writer.list(set, |w, index| {
        w.identifier(model.fields[index].column);
        w.push(" = ");
        w.argument(value(index));
        Ok(())
    })?;
    writer.push(" WHERE ");
    writer.column(model.table, model.pk().column);
    writer.push(" = ");
    writer.argument(value(pk));
    Ok(writer.draft(Vec::new(), Work::WriteKnown))
}

/// An UPDATE of the rows of a query.
pub(super) fn update(query: &Query, set: &[(&'static FieldMeta, Expr)], backend: Backend) -> Result<Option<Draft>> {
    if set.is_empty() {
        return Err(Error::Query("update() was given nothing to set".to_owned()));
    }
    let refers = set.iter().any(|(_, expr)| expr.refers());
    let Some(mut rows) = select::restricted(query, refers)? else {
        return Ok(None);
    };
    let mut terms = Vec::with_capacity(set.len());
    for (field, expr) in set {
        let before = rows.joins.tables.len();
        let term = rows.term(expr, &mut Reuse::All)?;
        if rows.joins.tables.len() > before || term_leaves(&term, query.model.table) {
            let message = "Joined field references are not permitted in this query";
            return Err(Error::misuse(Misuse::Field, message));
        }
        if term.contains_aggregate() {
            let message = format!("Aggregate functions are not allowed in this query ({})", field.name);
            return Err(Error::misuse(Misuse::Field, message));
        }
        if term.contains_window() {
            return Err(Error::misuse(
                Misuse::Field,
                format!("Window expressions are not allowed in this query ({}).", field.name),
            ));
        }
        terms.push((field.column, term));
    }
    if matches!(backend, Backend::MySql { mariadb: false, .. }) {
        terms = readers_first(terms, query.model.table, backend)?;
    }
    let mut writer = Writer::new(backend);
    writer.push("UPDATE ");
    writer.identifier(query.model.table);
    writer.push(" SET ");
    writer.list(&terms, |w, (column, term)| {
        w.identifier(column);
        w.push(" = ");
        match term {
            Term::Value(value) => {
                w.argument(value.clone());
                Ok(())
            }
            term => w.term(term),
        }
    })?;
    writer.restrict(query.model, &rows)?;
    let work = if is_one_row(query) {
        Work::WriteKnown
    } else {
        Work::WriteAny
    };
    Ok(Some(writer.draft(Vec::new(), work)))
}

/// In an order in which no column is assigned before it is read: MySQL reads what it assigned.
fn readers_first(
    mut terms: Vec<(&'static str, Term)>,
    table: &str,
    backend: Backend,
) -> Result<Vec<(&'static str, Term)>> {
    let mut ordered = Vec::with_capacity(terms.len());
    while !terms.is_empty() {
        let is_read = |at: usize, column: &str| {
            let mut others = terms.iter().enumerate().filter(|(other, _)| *other != at);
            others.any(|(_, (_, term))| reads(term, table, column))
        };
        let free = terms
            .iter()
            .enumerate()
            .position(|(at, (column, _))| !is_read(at, column));
        let Some(free) = free else {
            return Err(Error::NotSupported {
                feature: "an update of columns that are set to each other".to_owned(),
                database: backend.name(),
            });
        };
        ordered.push(terms.remove(free));
    }
    Ok(ordered)
}

/// Whether a term is made of that column.
fn reads(term: &Term, table: &str, wanted: &str) -> bool {
    match term {
        Term::Column { alias, column, .. } => alias == table && *column == wanted,
        term => term.any_part(&mut |part| reads(part, table, wanted)),
    }
}

/// Whether a query asks for a row by its key.
fn is_one_row(query: &Query) -> bool {
    query.clauses.iter().any(|clause| match clause {
        Clause::Filter(Condition::And(all)) => all.iter().any(Condition::is_of_key),
        Clause::Filter(one) => one.is_of_key(),
        _ => false,
    })
}

/// Whether a term reads another table than that one.
fn term_leaves(term: &Term, table: &str) -> bool {
    match term {
        Term::Column { alias, .. } => alias != table,
        // These are refused for what they are.
        Term::Aggregate { .. } | Term::Window(_) => false,
        term => term.any_part(&mut |part| term_leaves(part, table)),
    }
}

impl Writer {
    /// WHERE for a statement that changes rows: the conditions themselves where they need no other
    /// table, else the keys of the rows they find.
    pub(super) fn restrict(&mut self, model: &'static ModelMeta, rows: &Resolver) -> Result<()> {
        let plain = rows.joins.tables.len() == 1 && rows.walk.is_none();
        if plain && (self.dialect().reads_what_it_writes() || !rows.filters.iter().any(has_subquery)) {
            return self.filters(" WHERE ", &rows.filters);
        }
        let key = Term::Column {
            alias: model.table.to_owned(),
            column: model.pk().column,
            ty: model.pk().column_type(),
            null: false,
        };
        self.push(" WHERE ");
        self.identifier(model.pk().column);
        self.push(" IN ");
        // MySQL reads the table that it writes only where the rows are set aside first, which
        // DISTINCT within a derived table makes it do.
        let aside = !self.dialect().reads_what_it_writes();
        let mut keys = rows.clone().into_subquery();
        keys.columns.push((key, model.pk().column_type()));
        keys.distinct = aside;
        if aside {
            self.push("(SELECT * FROM ");
        }
        self.subquery(&keys)?;
        if aside {
            self.push(" AS ");
            self.identifier("subquery");
            self.push(")");
        }
        Ok(())
    }
}

fn has_subquery(node: &Node) -> bool {
    match node {
        Node::Exists(_)
        | Node::Lookup {
            right: Right::Query(_), ..
        } => true,
        Node::And(all) | Node::Or(all) | Node::Xor(all) => all.iter().any(has_subquery),
        Node::Not(one) => has_subquery(one),
        node => node.any_part(&mut is_of_subquery),
    }
}

fn is_of_subquery(term: &Term) -> bool {
    match term {
        Term::Subquery(_) => true,
        Term::Bool(node) => has_subquery(node),
        Term::Case { whens, .. } if whens.iter().any(|(when, _)| has_subquery(when)) => true,
        term => term.any_part(&mut is_of_subquery),
    }
}
