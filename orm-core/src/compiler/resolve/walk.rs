//! Walks along trees, resolved.

use super::{Resolver, select};
use crate::compiler::argument::Argument;
use crate::compiler::resolved::walk::{TREE, WalkTerm};
use crate::compiler::resolved::{Node, Term};
use crate::error::{Error, Result};
use crate::meta::ModelMeta;
use crate::query::{Expr, Path, Query, Select, Walked};
use crate::value::Value;

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
