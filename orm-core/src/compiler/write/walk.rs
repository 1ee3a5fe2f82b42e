//! Walks along trees as text: `WITH RECURSIVE`.

use super::Writer;
use crate::compiler::resolved::walk::{TREE, WalkTerm};
use crate::error::Result;

impl Writer {
    /// `WITH RECURSIVE …`, before the SELECT of the rows of a walk.
    ///
    /// A row that lies on the way to itself is not gone to again. Where a row is reached from several
    /// rows, its depth is that below the topmost of them, or above the nearest.
    pub(in crate::compiler) fn with_walk(&mut self, walk: &WalkTerm) -> Result<()> {
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
