//! Walks along trees: `WITH RECURSIVE`.

use super::argument::Argument;
use super::resolve::Resolver;
use super::resolved::{Node, Subquery, Term};
use super::select;
use super::writer::Writer;
use crate::error::{Error, Result};
use crate::meta::{ColumnType, ModelMeta};
use crate::query::{Expr, Path, Query, Select, Walked};
use crate::value::Value;

/// What the common table expression is called whose rows are those of the walk.
const TREE: &str = "tree";

/// A resolved walk.
#[derive(Debug, Clone)]
pub(super) struct WalkTerm {
    /// the keys where it begins
    start: Subquery,
    table: &'static str,
    /// what the foreign key refers to
    key: &'static str,
    key_type: ColumnType,
    /// the foreign key
    link: &'static str,
    down: bool,
    with_start: bool,
    max_depth: Option<u32>,
}

impl Resolver {
    /// The state of a query at its beginning. `None`: its walk begins nowhere.
    pub(super) fn of(query: &Query, depth: usize) -> Result<Option<Resolver>> {
        let mut rows = Resolver::new(query.model, depth);
        let Some(walk) = query.walk() else {
            return Ok(Some(rows));
        };
        let Some(link) = walk.step.relation.field() else {
            return Err(Error::Query("a tree is walked along one foreign key".to_owned()));
        };
        let key = walk.step.far_key();
        let mut start = (*walk.start).clone();
        start.select = Select::Columns(vec![Expr::Column {
            path: Path::root(),
            field: key,
        }]);
        let Some(start) = select::within(&start, depth + 1, Vec::new())? else {
            return Ok(None);
        };
        rows.walk = Some(Box::new(WalkTerm {
            start,
            table: query.model.table,
            key: key.column,
            key_type: key.column_type(),
            link: link.column,
            down: walk.down,
            with_start: walk.with_start,
            max_depth: walk.max_depth,
        }));
        Ok(Some(rows))
    }

    /// The state of a query that has no rows for certain.
    pub(super) fn without_rows(model: &'static ModelMeta, depth: usize) -> Resolver {
        let mut rows = Resolver::new(model, depth);
        rows.filters.push(Node::Constant(false));
        rows
    }

    /// What the walk tells of the row.
    pub(super) fn walked(&self, what: Walked) -> Result<Term> {
        let empty = |node: &Node| matches!(node, Node::Constant(false));
        if self.walk.is_none() && self.filters.iter().any(empty) {
            let kind = Expr::Walked(what).column_type().kind();
            return Ok(Term::Value(Argument::Value(Value::Null(kind))));
        }
        if self.walk.is_none() {
            return Err(Error::Query(
                "depth and path are those of a walk along a tree: descendants() or ancestors()".to_owned(),
            ));
        }
        let column = match what {
            Walked::Depth => "depth",
            Walked::Path => "path",
        };
        Ok(Term::Column {
            alias: TREE.to_owned(),
            column,
            ty: Expr::Walked(what).column_type(),
            null: false,
        })
    }
}

impl Writer {
    /// `WITH RECURSIVE …`, before the SELECT of the rows of a walk.
    ///
    /// A row that lies on the way to itself is not gone to again. Where a row is reached from several
    /// rows, its depth is that below the topmost of them, or above the nearest.
    pub(super) fn with_walk(&mut self, walk: &WalkTerm) -> Result<()> {
        let dialect = self.dialect();
        let key_type = walk.key_type;
        self.push("WITH RECURSIVE ");
        self.identifier("walk");
        self.columns_in_parentheses(&["key", "depth", "path"]);
        self.push(" AS (SELECT ");
        self.column("start", "col1");
        self.push(", 0, ");
        dialect.walk_start(self, key_type, &mut |w| {
            w.column("start", "col1");
            Ok(())
        })?;
        self.push(" FROM (");
        self.select(&walk.start, true)?;
        self.push(") ");
        self.identifier("start");
        self.push(" UNION ALL SELECT ");
        self.column("node", walk.key);
        self.push(", ");
        self.column("walk", "depth");
        self.push(" + 1, ");
        let mut node = |w: &mut Writer| {
            w.column("node", walk.key);
            Ok(())
        };
        let mut path = |w: &mut Writer| {
            w.column("walk", "path");
            Ok(())
        };
        dialect.walk_on(self, key_type, &mut path, &mut node)?;
        self.push(" FROM ");
        self.identifier("walk");
        if walk.down {
            self.join(walk.table, "node", walk.link, ("walk", "key"));
        } else {
            self.join(walk.table, "child", walk.key, ("walk", "key"));
            self.join(walk.table, "node", walk.key, ("child", walk.link));
        }
        self.push(" WHERE NOT ");
        dialect.walk_met(self, key_type, &mut path, &mut node)?;
        if let Some(most) = walk.max_depth {
            self.push(" AND ");
            self.column("walk", "depth");
            self.push(&format!(" < {most}"));
        }
        self.push("), ");
        self.identifier(TREE);
        self.push(" AS (SELECT * FROM (SELECT ");
        for column in ["key", "depth", "path"] {
            self.column("walk", column);
            self.push(", ");
        }
        self.push("ROW_NUMBER() OVER (PARTITION BY ");
        self.column("walk", "key");
        self.push(" ORDER BY ");
        self.column("walk", "depth");
        self.push(if walk.down { " DESC" } else { "" });
        self.push(") AS ");
        self.identifier("pick");
        self.push(" FROM ");
        self.identifier("walk");
        if !walk.with_start {
            self.push(" WHERE ");
            self.column("walk", "depth");
            self.push(" > 0");
        }
        self.push(") ");
        self.identifier("walk");
        self.push(" WHERE ");
        self.column("walk", "pick");
        self.push(" = 1) ");
        Ok(())
    }

    /// Joins the rows of a walk to their table.
    pub(super) fn walked(&mut self, walk: &WalkTerm, alias: &str) {
        self.join(TREE, TREE, "key", (alias, walk.key));
    }

    fn columns_in_parentheses(&mut self, names: &[&str]) {
        self.push(" (");
        for (index, name) in names.iter().enumerate() {
            self.push(if index > 0 { ", " } else { "" });
            self.identifier(name);
        }
        self.push(")");
    }

    fn join(&mut self, table: &str, alias: &str, column: &str, (other, key): (&str, &str)) {
        self.push(" INNER JOIN ");
        self.table(table, alias);
        self.push(" ON (");
        self.column(alias, column);
        self.push(" = ");
        self.column(other, key);
        self.push(")");
    }
}
