//! The second pass for expressions and conditions, and the statements that change rows.

use super::joins::{JoinKind, through};
use super::resolve::Resolver;
use super::resolved::{Node, ResolvedOrder, Right, Subquery, Term};
use super::writer::Writer;
use super::{Compiled, Statement, select};
use crate::dialect::{Pattern, PatternOf};
use crate::error::{Error, Result};
use crate::exec::Backend;
use crate::meta::{ColumnType, FieldMeta, ModelMeta, RelationMeta};
use crate::query::lookup::LookupKind;
use crate::query::{Expr, Query};
use crate::value::{Kind, Value};

impl Writer {
    pub(super) fn term(&mut self, term: &Term) -> Result<()> {
        match term {
            Term::Column { alias, column, .. } => self.column(alias, column),
            Term::Inner { name, .. } => self.column("subquery", name),
            Term::Value(value) => self.dialect().value(self, value),
            Term::Call { function, args } => {
                let [arg] = args.as_slice() else {
                    return Err(Error::Query(format!("{} takes one argument", function.name)));
                };
                self.dialect()
                    .function(self, function.kind, arg.column_type(), &mut |w| w.term(arg))?;
            }
            Term::Aggregate { .. } => self.aggregate(term)?,
            Term::Arithmetic { op, left, right } => {
                let integer = |term: &Term| term.column_type().kind() == Kind::Int;
                let integers = integer(left) && integer(right);
                self.dialect()
                    .arithmetic(self, *op, integers, &mut |w| w.term(left), &mut |w| w.term(right))?;
            }
            Term::Subquery(query) => self.subquery(query)?,
        }
        Ok(())
    }

    fn aggregate(&mut self, term: &Term) -> Result<()> {
        let Term::Aggregate {
            function,
            arg,
            distinct,
            filter,
        } = term
        else {
            return Ok(());
        };
        let native = self.dialect().has_aggregate_filter();
        self.push(function.sql());
        self.push("(");
        if *distinct {
            self.push("DISTINCT ");
        }
        match (filter, native) {
            (Some(filter), false) => {
                self.push("CASE WHEN ");
                self.node(filter)?;
                self.push(" THEN ");
                match arg {
                    Some(arg) => self.term(arg)?,
                    None => self.push("1"),
                }
                self.push(" END");
            }
            _ => match arg {
                Some(arg) => self.term(arg)?,
                None => self.push("*"),
            },
        }
        self.push(")");
        if let (Some(filter), true) = (filter, native) {
            self.push(" FILTER (WHERE ");
            self.node(filter)?;
            self.push(")");
        }
        Ok(())
    }

    pub(super) fn node(&mut self, node: &Node) -> Result<()> {
        match node {
            Node::Constant(value) => self.push(if *value { "1 = 1" } else { "0 = 1" }),
            Node::And(all) => self.connected(all, " AND ")?,
            Node::Or(all) => self.connected(all, " OR ")?,
            Node::Not(one) => {
                self.push("NOT (");
                self.node(one)?;
                self.push(")");
            }
            Node::Exists(query) => {
                self.push("EXISTS");
                self.subquery(query)?;
            }
            Node::Lookup { left, lookup, right } => self.lookup(left, lookup.kind, right)?,
        }
        Ok(())
    }

    fn connected(&mut self, nodes: &[Node], by: &str) -> Result<()> {
        self.push("(");
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 {
                self.push(by);
            }
            self.node(node)?;
        }
        self.push(")");
        Ok(())
    }

    fn lookup(&mut self, left: &Term, kind: LookupKind, right: &Right) -> Result<()> {
        match (kind, right) {
            (LookupKind::Exact, Right::One(right)) if left.column_type().kind() == Kind::Json => self
                .dialect()
                .json_exact(self, &mut |w| w.term(left), &mut |w| w.term(right)),
            (LookupKind::Exact, Right::One(right)) => self.compare(left, " = ", right),
            (LookupKind::Gt, Right::One(right)) => self.compare(left, " > ", right),
            (LookupKind::Gte, Right::One(right)) => self.compare(left, " >= ", right),
            (LookupKind::Lt, Right::One(right)) => self.compare(left, " < ", right),
            (LookupKind::Lte, Right::One(right)) => self.compare(left, " <= ", right),
            (LookupKind::IExact, Right::One(right)) => self
                .dialect()
                .iexact(self, &mut |w| w.term(left), &mut |w| w.term(right)),
            (LookupKind::Match { part, ignore_case }, Right::One(Term::Value(Value::Text(text)))) => {
                let pattern = Pattern {
                    part,
                    ignore_case,
                    of: PatternOf::Text(text),
                };
                self.dialect().matches(self, &mut |w| w.term(left), pattern)
            }
            (LookupKind::Match { part, ignore_case }, Right::One(right)) => {
                let mut piece = |w: &mut Writer| w.term(right);
                let pattern = Pattern {
                    part,
                    ignore_case,
                    of: PatternOf::Piece(&mut piece),
                };
                self.dialect().matches(self, &mut |w| w.term(left), pattern)
            }
            (LookupKind::Range, Right::Pair(low, high)) => {
                self.term(left)?;
                self.push(" BETWEEN ");
                self.term(low)?;
                self.push(" AND ");
                self.term(high)
            }
            (LookupKind::IsNull, Right::Flag(yes)) => {
                self.term(left)?;
                self.push(if *yes { " IS NULL" } else { " IS NOT NULL" });
                Ok(())
            }
            (LookupKind::In, Right::Many(terms)) => self.one_of(left, terms),
            (LookupKind::In, Right::Query(query)) => {
                self.term(left)?;
                self.push(" IN ");
                // MySQL takes no LIMIT directly within IN.
                if query.limit.is_some() && !self.dialect().reads_what_it_writes() {
                    self.push("(SELECT * FROM ");
                    self.subquery(query)?;
                    self.push(" AS ");
                    self.identifier("subquery");
                    self.push(")");
                    return Ok(());
                }
                self.subquery(query)
            }
            _ => Err(Error::Query("this lookup does not take that value".to_owned())),
        }
    }

    fn compare(&mut self, left: &Term, sign: &str, right: &Term) -> Result<()> {
        self.term(left)?;
        self.push(sign);
        self.term(right)
    }

    fn one_of(&mut self, left: &Term, terms: &[Term]) -> Result<()> {
        let values: Vec<Value> = terms
            .iter()
            .filter_map(|term| {
                if let Term::Value(value) = term {
                    Some(value.clone())
                } else {
                    None
                }
            })
            .collect();
        if values.len() == terms.len() {
            let kind = values.first().map_or(Kind::Int, Value::kind);
            return self.dialect().one_of(self, &mut |w| w.term(left), &values, kind);
        }
        self.term(left)?;
        self.push(" IN (");
        self.list(terms, |w, term| w.term(term))?;
        self.push(")");
        Ok(())
    }

    fn subquery(&mut self, query: &Subquery) -> Result<()> {
        self.push("(SELECT ");
        if query.distinct {
            self.push("DISTINCT ");
        }
        if query.columns.is_empty() {
            self.push("1");
        }
        self.list(&query.columns, |w, column| w.term(column))?;
        self.tables(&query.resolver)?;
        self.filters(" WHERE ", &query.resolver.filters)?;
        self.order(&query.order)?;
        self.limit(query.limit, query.offset);
        self.push(")");
        Ok(())
    }

    /// FROM and the joins.
    pub(super) fn tables(&mut self, resolver: &Resolver) -> Result<()> {
        let tables = &resolver.joins.tables;
        for (index, join) in tables.iter().enumerate().skip(resolver.start) {
            match &join.parent {
                Some((parent, hop)) if index > resolver.start => {
                    self.push(if join.kind == JoinKind::Inner {
                        " INNER JOIN "
                    } else {
                        " LEFT OUTER JOIN "
                    });
                    self.table(join.table, &join.alias);
                    self.push(" ON (");
                    self.column(&tables[*parent].alias, hop.from_column);
                    self.push(" = ");
                    self.column(&join.alias, hop.to_column);
                    self.push(")");
                }
                _ => {
                    self.push(" FROM ");
                    self.table(join.table, &join.alias);
                }
            }
        }
        Ok(())
    }

    fn table(&mut self, table: &str, alias: &str) {
        self.identifier(table);
        if alias != table {
            self.push(" ");
            self.identifier(alias);
        }
    }

    /// WHERE or HAVING.
    pub(super) fn filters(&mut self, keyword: &str, nodes: &[Node]) -> Result<()> {
        match Node::all(nodes.to_vec()) {
            Node::Constant(true) => Ok(()),
            Node::And(all) => {
                self.push(keyword);
                for (index, node) in all.iter().enumerate() {
                    if index > 0 {
                        self.push(" AND ");
                    }
                    self.node(node)?;
                }
                Ok(())
            }
            node => {
                self.push(keyword);
                self.node(&node)
            }
        }
    }

    pub(super) fn order(&mut self, order: &[ResolvedOrder]) -> Result<()> {
        let mut seen: Vec<String> = Vec::new();
        let mut first = true;
        for ResolvedOrder {
            term,
            descending,
            nulls_first,
        } in order
        {
            // The same term again would change nothing.
            let mut alone = self.again();
            alone.term(term)?;
            if seen.contains(&alone.sql) {
                continue;
            }
            seen.push(alone.sql);
            self.push(if std::mem::take(&mut first) { " ORDER BY " } else { ", " });
            if let (Some(first), false) = (nulls_first, self.dialect().has_nulls_order()) {
                self.term(term)?;
                self.push(if *first { " IS NULL DESC, " } else { " IS NULL, " });
            }
            self.term(term)?;
            self.push(if *descending { " DESC" } else { " ASC" });
            if let (Some(first), true) = (nulls_first, self.dialect().has_nulls_order()) {
                self.push(if *first { " NULLS FIRST" } else { " NULLS LAST" });
            }
        }
        Ok(())
    }

    pub(super) fn limit(&mut self, limit: Option<u64>, offset: u64) {
        match (limit, offset) {
            (None, 0) => {}
            (Some(limit), _) => self.push(&format!(" LIMIT {limit}")),
            (None, _) => {
                if let Some(none) = self.dialect().no_limit() {
                    self.push(&format!(" LIMIT {none}"));
                }
            }
        }
        if offset > 0 {
            self.push(&format!(" OFFSET {offset}"));
        }
    }

    pub(super) fn finish(self, columns: Vec<ColumnType>, writes: bool) -> Statement {
        Statement {
            sql: self.sql,
            args: self.args,
            columns,
            writes,
        }
    }
}

/// One new row: the values of its columns, in the order of the model's fields; `None` leaves the
/// column to the database.
pub(crate) type NewRow = Vec<Option<Value>>;

/// An INSERT of rows that leave the same columns out; `returning` are columns to be read back.
pub(crate) fn insert(
    model: &'static ModelMeta,
    rows: &[NewRow],
    returning: &[&'static FieldMeta],
    backend: Backend,
) -> Result<Statement> {
    let mut writer = Writer::new(backend);
    writer.push("INSERT INTO ");
    writer.identifier(model.table);
    let given: Vec<usize> = rows.first().map_or_else(Vec::new, |row| {
        row.iter()
            .enumerate()
            .filter(|(_, value)| value.is_some())
            .map(|(index, _)| index)
            .collect()
    });
    if given.is_empty() {
        writer.push(" ");
        let default = writer.dialect().default_values();
        writer.push(default);
    } else {
        writer.push(" (");
        writer.list(&given, |w, index| {
            w.identifier(model.fields[*index].column);
            Ok(())
        })?;
        writer.push(") VALUES ");
        writer.list(rows, |w, row| {
            w.push("(");
            w.list(given.iter().filter_map(|index| row[*index].as_ref()), |w, value| {
                w.argument(value.clone());
                Ok(())
            })?;
            w.push(")");
            Ok(())
        })?;
    }
    if !returning.is_empty() {
        writer.push(" RETURNING ");
        writer.list(returning, |w, field| {
            w.identifier(field.column);
            Ok(())
        })?;
    }
    Ok(writer.finish(returning.iter().map(|field| field.column_type()).collect(), true))
}

/// An INSERT of rows into the join table of a many-to-many relation; those that are there stay.
pub(crate) fn insert_links(
    relation: &'static RelationMeta,
    pairs: &[(Value, Value)],
    backend: Backend,
) -> Result<Statement> {
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
        w.argument(source.clone());
        w.push(", ");
        w.argument(target.clone());
        w.push(")");
        Ok(())
    })?;
    writer.dialect().ignore_conflicts(&mut writer, source);
    Ok(writer.finish(Vec::new(), true))
}

/// An UPDATE of one row by its key.
pub(crate) fn update_row(model: &'static ModelMeta, values: &[Value], backend: Backend) -> Result<Option<Statement>> {
    let pk = model.pk_index();
    let set: Vec<usize> = (0..values.len()).filter(|index| *index != pk).collect();
    if set.is_empty() {
        return Ok(None);
    }
    let mut writer = Writer::new(backend);
    writer.push("UPDATE ");
    writer.identifier(model.table);
    writer.push(" SET ");
    writer.list(set, |w, index| {
        w.identifier(model.fields[index].column);
        w.push(" = ");
        w.argument(values[index].clone());
        Ok(())
    })?;
    writer.push(" WHERE ");
    writer.column(model.table, model.pk().column);
    writer.push(" = ");
    writer.argument(values[pk].clone());
    Ok(Some(writer.finish(Vec::new(), true)))
}

/// An UPDATE of the rows of a query.
pub(crate) fn update(query: &Query, set: &[(&'static FieldMeta, Expr)], backend: Backend) -> Result<Compiled> {
    if set.is_empty() {
        return Err(Error::Query("update() was given nothing to set".to_owned()));
    }
    let Some(mut rows) = select::restricted(query)? else {
        return Ok(Compiled::Empty);
    };
    let mut terms = Vec::with_capacity(set.len());
    for (field, expr) in set {
        let before = rows.joins.tables.len();
        let term = rows.term(expr, &mut super::joins::Reuse::All)?;
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
    Ok(Compiled::Statement(writer.finish(Vec::new(), true)))
}

/// Whether a term reads another table than that one.
fn term_leaves(term: &Term, table: &str) -> bool {
    match term {
        Term::Column { alias, .. } => alias != table,
        Term::Call { args, .. } => args.iter().any(|arg| term_leaves(arg, table)),
        Term::Arithmetic { left, right, .. } => term_leaves(left, table) || term_leaves(right, table),
        Term::Aggregate { .. } | Term::Inner { .. } | Term::Value(_) | Term::Subquery(_) => false,
    }
}

impl Writer {
    /// WHERE for a statement that changes rows: the conditions themselves where they need no other
    /// table, else the keys of the rows they find.
    pub(super) fn restrict(&mut self, model: &'static ModelMeta, rows: &Resolver) -> Result<()> {
        if rows.joins.tables.len() == 1 && (self.dialect().reads_what_it_writes() || !has_subquery(&rows.filters)) {
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
        let mut keys = rows.clone().into_subquery(vec![key]);
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
        Node::And(all) | Node::Or(all) => has_subquery(all),
        Node::Not(one) => has_subquery(std::slice::from_ref(one)),
        Node::Constant(_) | Node::Lookup { .. } => false,
    })
}
