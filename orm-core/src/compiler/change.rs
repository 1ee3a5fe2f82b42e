//! The statements that change rows: INSERT, UPDATE, DELETE.

use super::argument::Argument;
use super::batch::Batch;
use super::draft::Draft;
use super::joins::{Reuse, through};
use super::resolve::Resolver;
use super::resolved::{Node, Right, Term};
use super::writer::Writer;
use super::{Statement, select};
use crate::dialect::Items;
use crate::error::{Error, Misuse, Result};
use crate::exec::{Backend, Work};
use crate::meta::{ColumnType, FieldMeta, ModelMeta, RelationMeta};
use crate::query::{Clause, Condition, Expr, LookupKind, Operand, Query};

/// An INSERT of rows; `returning` reads the columns back that the database fills in.
///
/// The values become the arguments, where [`Sent`](super::Sent) finds them again.
pub(super) fn insert(batch: Batch, returning: bool, backend: Backend) -> Result<Statement> {
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

fn names(writer: &mut Writer, columns: &[&FieldMeta]) -> Result<()> {
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
pub(super) fn insert_links(
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
pub(super) fn update_row(
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
    let Some(mut rows) = select::restricted(query)? else {
        return Ok(None);
    };
    let mut terms = Vec::with_capacity(set.len());
    for (field, expr) in set {
        let before = rows.joins.tables.len();
        let term = rows.term(expr, &mut Reuse::All)?;
        if rows.joins.tables.len() > before || term_leaves(&term, query.model.table) {
            return Err(Error::Query(
                "Joined field references are not permitted in this query".to_owned(),
            ));
        }
        if term.contains_aggregate() {
            return Err(Error::Query(format!(
                "Aggregate functions are not allowed in this query ({})",
                field.name
            )));
        }
        if term.contains_window() {
            return Err(Error::misuse(
                Misuse::Field,
                format!("Window expressions are not allowed in this query ({}).", field.name),
            ));
        }
        terms.push((field.column, term));
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

/// Whether a query asks for a row by its key.
fn is_one_row(query: &Query) -> bool {
    let by_key = |condition: &Condition| match condition {
        Condition::Lookup {
            left: Expr::Column { path, field },
            lookup,
            right: Operand::One(Expr::Value(_) | Expr::Slot(_)),
        } => lookup.kind == LookupKind::Exact && path.steps().is_empty() && field.primary_key,
        _ => false,
    };
    query.clauses.iter().any(|clause| match clause {
        Clause::Filter(Condition::And(all)) => all.iter().any(by_key),
        Clause::Filter(one) => by_key(one),
        _ => false,
    })
}

/// Whether a term reads another table than that one.
fn term_leaves(term: &Term, table: &str) -> bool {
    match term {
        Term::Column { alias, .. } => alias != table,
        Term::Call { args, .. } => args.iter().any(|arg| term_leaves(arg, table)),
        Term::Arithmetic { left, right, .. } => term_leaves(left, table) || term_leaves(right, table),
        Term::Case { whens, default, .. } => {
            whens.iter().any(|(_, then)| term_leaves(then, table)) || term_leaves(default, table)
        }
        Term::Cast(of, _) | Term::Typed(of, _) => term_leaves(of, table),
        Term::Key(of, _) => term_leaves(of, table),
        Term::Aggregate { .. }
        | Term::Window(_)
        | Term::Inner { .. }
        | Term::Value(_)
        | Term::Subquery(_)
        | Term::Bool(_) => false,
    }
}

impl Writer {
    /// WHERE for a statement that changes rows: the conditions themselves where they need no other
    /// table, else the keys of the rows they find.
    pub(super) fn restrict(&mut self, model: &'static ModelMeta, rows: &Resolver) -> Result<()> {
        let plain = rows.joins.tables.len() == 1 && rows.walk.is_none();
        if plain && (self.dialect().reads_what_it_writes() || !has_subquery(&rows.filters)) {
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

fn has_subquery(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Exists(_)
        | Node::Lookup {
            right: Right::Query(_), ..
        } => true,
        Node::And(all) | Node::Or(all) | Node::Xor(all) => has_subquery(all),
        Node::Not(one) => has_subquery(std::slice::from_ref(one)),
        Node::Constant(_) | Node::Lookup { .. } => false,
    })
}

/// A DELETE of the rows of one table whose column, its key or another, is one of some values.
pub(super) fn delete_in(table: &str, column: &str, values: Items, work: Work, backend: Backend) -> Result<Draft> {
    let mut writer = Writer::new(backend);
    writer.push("DELETE FROM ");
    writer.identifier(table);
    writer.push(" WHERE ");
    writer.dialect().one_of(
        &mut writer,
        &mut |w| {
            w.column(table, column);
            Ok(())
        },
        values,
    )?;
    Ok(writer.draft(Vec::new(), work))
}

/// A DELETE of a row's links in a join table: those to some rows, or all.
pub(super) fn delete_links(
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
        writer.dialect().one_of(
            &mut writer,
            &mut |w| {
                w.column(table, other);
                Ok(())
            },
            keys,
        )?;
    }
    Ok(writer.draft(Vec::new(), Work::WriteAny))
}
