//! `WalkTerm`: a resolved walk along a tree.

use super::Subquery;
use crate::meta::ColumnType;

/// What the common table expression is called whose rows are those of the walk.
pub(in crate::compiler) const TREE: &str = "tree";

/// A resolved walk.
#[derive(Debug, Clone)]
pub(in crate::compiler) struct WalkTerm {
    /// the keys where it begins
    pub(in crate::compiler) start: Subquery,
    pub(in crate::compiler) table: &'static str,
    /// what the foreign key refers to
    pub(in crate::compiler) key: &'static str,
    pub(in crate::compiler) key_type: ColumnType,
    /// the foreign key
    pub(in crate::compiler) link: &'static str,
    pub(in crate::compiler) down: bool,
    pub(in crate::compiler) with_start: bool,
    pub(in crate::compiler) max_depth: Option<u32>,
}
