//! The second pass: terms, FROM, ORDER BY and LIMIT as text.

use super::joins::JoinKind;
use super::resolve::Resolver;
use super::resolved::{Node, ResolvedOrder, Subquery, Term};
use super::writer::{Alone, Writer};
use crate::dialect::KeyForm;
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::ArithmeticOp;
use crate::value::Kind;

impl Writer {
    pub(super) fn term(&mut self, term: &Term) -> Result<()> {
        if !self.hides_groups {
            return self.plain_term(term);
        }
        match term {
            Term::Column { .. } | Term::Inner { .. } | Term::Value(_) => self.plain_term(term),
            Term::Aggregate { .. } => self.seeing_groups(|w| w.plain_term(term)),
            parts if parts.is_of_groups() => self.plain_term(parts),
            // It has one value in a group, which is the least of them, too.
            one => self.seeing_groups(|w| {
                w.push("MIN(");
                w.plain_term(one)?;
                w.push(")");
                Ok(())
            }),
        }
    }

    /// Writes what stands for itself within HAVING.
    pub(super) fn seeing_groups(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let hides = std::mem::replace(&mut self.hides_groups, false);
        let written = write(self);
        self.hides_groups = hides;
        written
    }

    fn plain_term(&mut self, term: &Term) -> Result<()> {
        match term {
            Term::Column { alias, column, .. } => self.column(alias, column),
            Term::Inner { table, name, .. } => self.column(table, name),
            Term::Value(value) => self.dialect().value(self, value),
            Term::Call { function, args } => self.call(function, args)?,
            Term::Aggregate { .. } => self.aggregate(term)?,
            Term::Window(window) => self.window(window)?,
            Term::Arithmetic { op, left, right } => self.arithmetic(*op, left, right)?,
            Term::Subquery(query) => self.subquery(query)?,
            Term::Case { whens, default, ty } => self.case(whens, default, *ty)?,
            Term::Cast(of, ty) => {
                let (before, after) = self.dialect().cast(*ty);
                self.push(&before);
                self.term(of)?;
                self.push(&after);
            }
            Term::Typed(of, _) => self.term(of)?,
            Term::Bool(node) => self.node(node)?,
            Term::Key(of, path) => self
                .dialect()
                .json_key(self, &mut |w| w.term(of), path, KeyForm::Json)?,
        }
        Ok(())
    }

    pub(super) fn aggregate(&mut self, term: &Term) -> Result<()> {
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
        self.push(self.dialect().aggregate(*function));
        self.push("(");
        if *distinct {
            self.push("DISTINCT ");
        }
        let of = arg.as_ref().map(|arg| arg.column_type().kind());
        let (before, after) = of.map_or(("", ""), |of| self.dialect().aggregated(*function, of));
        self.push(before);
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
        self.push(after);
        self.push(")");
        if let (Some(filter), true) = (filter, native) {
            self.push(" FILTER (WHERE ");
            self.node(filter)?;
            self.push(")");
        }
        Ok(())
    }

    fn arithmetic(&mut self, op: ArithmeticOp, left: &Term, right: &Term) -> Result<()> {
        let kinds = (left.column_type().kind(), right.column_type().kind());
        // A value of another type than what stands beside it says so.
        let side = |term: &Term, w: &mut Writer| {
            if kinds.0 == kinds.1 {
                w.term(term)
            } else {
                w.lone_term(term)
            }
        };
        let dialect = self.dialect();
        let (mut l, mut r) = (|w: &mut Writer| side(left, w), |w: &mut Writer| side(right, w));
        match (kinds, op) {
            ((Kind::Date | Kind::DateTime | Kind::Time, Kind::Duration), ArithmeticOp::Add | ArithmeticOp::Sub) => {
                dialect.moment_plus(self, kinds.0, &mut l, &mut r, op == ArithmeticOp::Sub)
            }
            ((Kind::Duration, Kind::Date | Kind::DateTime | Kind::Time), ArithmeticOp::Add) => {
                dialect.moment_plus(self, kinds.1, &mut r, &mut l, false)
            }
            (
                (Kind::Date | Kind::DateTime, Kind::Date | Kind::DateTime) | (Kind::Time, Kind::Time),
                ArithmeticOp::Sub,
            ) => dialect.moments_apart(self, kinds, &mut l, &mut r),
            _ => dialect.arithmetic(self, op, kinds, &mut l, &mut r),
        }
    }

    fn case(&mut self, whens: &[(Node, Term)], default: &Term, ty: ColumnType) -> Result<()> {
        // A condition that never holds is left out, and what follows one that always does.
        let mut cases = Vec::new();
        let mut otherwise = default;
        for (when, then) in whens {
            match when {
                Node::Constant(false) => {}
                Node::Constant(true) => {
                    otherwise = then;
                    break;
                }
                when => cases.push((when, then)),
            }
        }
        if cases.is_empty() {
            return self.lone_term(otherwise);
        }
        let (before, after) = self.dialect().case(ty);
        self.push(before);
        self.push("CASE");
        for (when, then) in cases {
            self.push(" WHEN ");
            self.node(when)?;
            self.push(" THEN ");
            self.lone_term(then)?;
        }
        self.push(" ELSE ");
        self.lone_term(otherwise)?;
        self.push(" END");
        self.push(after);
        Ok(())
    }

    pub(super) fn subquery(&mut self, query: &Subquery) -> Result<()> {
        self.push("(");
        self.select(query, false)?;
        self.push(")");
        Ok(())
    }

    /// FROM and the joins.
    pub(super) fn tables(&mut self, resolver: &Resolver) -> Result<()> {
        let tables = &resolver.joins.tables;
        for index in resolver.joins.written(resolver.start) {
            let join = &tables[index];
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
                    if let Some(on) = &join.on {
                        self.on(&on.node)?;
                    }
                    self.push(")");
                }
                _ => {
                    self.push(" FROM ");
                    self.table(join.table, &join.alias);
                    if let Some(walk) = &resolver.walk {
                        self.walked(walk, &join.alias);
                    }
                }
            }
        }
        Ok(())
    }

    /// The further condition of a join.
    fn on(&mut self, node: &Node) -> Result<()> {
        self.push(" AND ");
        match node {
            Node::And(_) | Node::Or(_) | Node::Xor(_) => self.node(node),
            single => {
                self.push("(");
                self.node(single)?;
                self.push(")");
                Ok(())
            }
        }
    }

    pub(super) fn table(&mut self, table: &str, alias: &str) {
        self.identifier(table);
        if alias != table {
            self.push(" ");
            self.identifier(alias);
        }
    }

    /// A term where nothing beside it tells the type of a value.
    pub(super) fn lone_term(&mut self, term: &Term) -> Result<()> {
        match term {
            Term::Value(value) => {
                self.dialect().lone_value(self, value);
                Ok(())
            }
            Term::Typed(of, _) => self.lone_term(of),
            other => self.term(other),
        }
    }

    /// A term as it would be written, on its own.
    pub(super) fn alone(&self, term: &Term) -> Result<Alone> {
        let mut alone = self.again();
        alone.term(term)?;
        Ok(alone.into_alone())
    }

    pub(super) fn order(&mut self, order: &[ResolvedOrder]) -> Result<()> {
        let mut seen: Vec<Alone> = Vec::new();
        let mut first = true;
        for ResolvedOrder {
            term,
            position,
            descending,
            nulls_first,
        } in order
        {
            // The same term again would change nothing.
            let piece = match position {
                Some(position) => Alone::place(*position),
                None => self.alone(term)?,
            };
            if seen.contains(&piece) {
                continue;
            }
            seen.push(piece);
            self.push(if std::mem::take(&mut first) { " ORDER BY " } else { ", " });
            if let (Some(first), false) = (nulls_first, self.dialect().has_nulls_order()) {
                self.term(term)?;
                self.push(if *first { " IS NULL DESC, " } else { " IS NULL, " });
            }
            match position {
                Some(position) => self.push(&position.to_string()),
                None => self.term(term)?,
            }
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
}
