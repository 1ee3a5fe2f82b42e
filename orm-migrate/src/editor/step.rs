//! `Step`: a statement, or what must be looked up in the database before there is one.

/// One thing to do on the database.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// run this
    Sql(String),
    /// drop the constraints that match; their names depend on the table's history
    Drop(Lookup),
    /// MySQL uses the index that is about to be dropped for a foreign key on that column; if it is
    /// the only one that begins with the column, run this first
    KeepForeignKeyIndex {
        /// the table
        table: String,
        /// the column
        column: String,
        /// makes an index of its own
        sql: String,
    },
    /// PostgreSQL has no pattern index over a column with a nondeterministic collation; run this if
    /// the collation is deterministic
    IfDeterministic {
        /// the collation
        collation: String,
        /// makes the index
        sql: String,
    },
}

/// Which constraints to drop.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// the table
    pub table: String,
    /// exactly these columns, in this order
    pub columns: Vec<String>,
    /// what sort of constraint
    pub kind: ConstraintKind,
    /// names of constraints that the model declares by itself and that stay
    pub exclude: Vec<String>,
    /// the names that they have if nobody renamed the table or a column
    pub expected: Vec<String>,
}

/// A sort of constraint, as far as dropping it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ConstraintKind {
    Unique,
    Index,
    ForeignKey,
    Check,
    PrimaryKey,
}

impl Step {
    /// The statements that this step comes to if all names are the expected ones.
    pub fn expected(&self, dialect: &dyn super::Dialect) -> Vec<String> {
        match self {
            Step::Sql(sql) | Step::IfDeterministic { sql, .. } => vec![sql.clone()],
            Step::Drop(lookup) => lookup
                .expected
                .iter()
                .map(|name| lookup.drop_sql(name, dialect))
                .collect(),
            Step::KeepForeignKeyIndex { .. } => Vec::new(),
        }
    }
}

impl Lookup {
    /// The statement that drops the constraint of that name.
    pub fn drop_sql(&self, name: &str, dialect: &dyn super::Dialect) -> String {
        dialect.drop_constraint(&self.table, name, self.kind)
    }
}
