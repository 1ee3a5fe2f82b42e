//! `Statement`: one that may wait for the end of a migration while tables and columns are renamed.

use super::Dialect;
use super::step::Step;
use crate::names;
use orm_core::exec::Backend;

/// A statement whose names are spelled when it runs.
#[derive(Debug, Clone)]
pub(super) enum Statement {
    CreateIndex(CreateIndex),
    AddUnique {
        table: String,
        columns: Vec<String>,
        name: Option<String>,
    },
    AddForeignKey {
        table: String,
        column: String,
        to_table: String,
        to_column: String,
        suffix: KeySuffix,
    },
}

/// An index to be made.
#[derive(Debug, Clone, Default)]
pub(super) struct CreateIndex {
    pub table: String,
    pub columns: Vec<String>,
    /// none is Django's name, with this suffix
    pub name: Option<String>,
    pub suffix: &'static str,
    /// the columns that go from the greatest to the least
    pub descending: Vec<bool>,
    pub opclass: Option<&'static str>,
    pub unique: bool,
    pub condition: Option<String>,
    pub collation: Option<String>,
}

/// How the name of a foreign key ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeySuffix {
    /// `_fk_{table}_{column}`
    Full,
    /// `_fk`, for keys that were rebuilt because the other side changed
    Short,
}

impl Statement {
    pub fn step(&self, dialect: &dyn Dialect) -> Step {
        let sql = self.sql(dialect);
        match self {
            Statement::CreateIndex(CreateIndex {
                collation: Some(collation),
                opclass: Some(_),
                ..
            }) => Step::IfDeterministic {
                collation: collation.clone(),
                sql,
            },
            _ => Step::Sql(sql),
        }
    }

    pub fn sql(&self, dialect: &dyn Dialect) -> String {
        let quoted = |columns: &[String]| columns.iter().map(|c| dialect.quote(c)).collect::<Vec<_>>().join(", ");
        match self {
            Statement::CreateIndex(index) => index.sql(dialect),
            Statement::AddUnique { table, columns, name } => {
                let name = name.clone().unwrap_or_else(|| named(dialect, table, columns, "_uniq"));
                let (name, on, columns) = (dialect.quote(&name), dialect.quote(table), quoted(columns));
                match dialect.backend() {
                    Backend::Sqlite => format!("CREATE UNIQUE INDEX {name} ON {on} ({columns})"),
                    _ => format!("ALTER TABLE {on} ADD CONSTRAINT {name} UNIQUE ({columns})"),
                }
            }
            Statement::AddForeignKey {
                table,
                column,
                to_table,
                to_column,
                suffix,
            } => {
                let name = dialect.quote(&foreign_key_name(dialect, table, column, to_table, to_column, *suffix));
                format!(
                    "ALTER TABLE {} ADD CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {} ({}){}",
                    dialect.quote(table),
                    dialect.quote(column),
                    dialect.quote(to_table),
                    dialect.quote(to_column),
                    dialect.deferrable()
                )
            }
        }
    }

    fn tables(&mut self) -> Vec<&mut String> {
        match self {
            Statement::CreateIndex(index) => vec![&mut index.table],
            Statement::AddUnique { table, .. } => vec![table],
            Statement::AddForeignKey { table, to_table, .. } => vec![table, to_table],
        }
    }

    /// Table and columns, for each table that it speaks of.
    fn columns(&mut self) -> Vec<(&mut String, Vec<&mut String>)> {
        match self {
            Statement::CreateIndex(CreateIndex { table, columns, .. })
            | Statement::AddUnique { table, columns, .. } => {
                vec![(table, columns.iter_mut().collect())]
            }
            Statement::AddForeignKey {
                table,
                column,
                to_table,
                to_column,
                ..
            } => {
                vec![(table, vec![column]), (to_table, vec![to_column])]
            }
        }
    }

    pub fn references_table(&mut self, table: &str) -> bool {
        self.tables().into_iter().any(|name| *name == table)
    }

    pub fn references_column(&mut self, table: &str, column: &str) -> bool {
        self.columns()
            .into_iter()
            .any(|(name, columns)| *name == table && columns.into_iter().any(|c| *c == column))
    }

    pub fn rename_table(&mut self, old: &str, new: &str) {
        self.tables()
            .into_iter()
            .filter(|name| *name == old)
            .for_each(|name| *name = new.to_owned());
    }

    pub fn rename_column(&mut self, table: &str, old: &str, new: &str) {
        let columns = self
            .columns()
            .into_iter()
            .filter(|(name, _)| *name == table)
            .flat_map(|(_, columns)| columns);
        columns
            .filter(|column| *column == old)
            .for_each(|column| *column = new.to_owned());
    }
}

impl CreateIndex {
    fn sql(&self, dialect: &dyn Dialect) -> String {
        let name = self
            .name
            .clone()
            .unwrap_or_else(|| named(dialect, &self.table, &self.columns, self.suffix));
        let term = |(i, column): (usize, &String)| {
            let opclass = self.opclass.map_or_else(String::new, |class| format!(" {class}"));
            let order = if self.descending.get(i) == Some(&true) {
                " DESC"
            } else {
                ""
            };
            format!("{}{opclass}{order}", dialect.quote(column))
        };
        let columns = self.columns.iter().enumerate().map(term).collect::<Vec<_>>().join(", ");
        let unique = if self.unique { "UNIQUE " } else { "" };
        let condition = self
            .condition
            .as_ref()
            .map_or_else(String::new, |condition| format!(" WHERE {condition}"));
        let (name, table) = (dialect.quote(&name), dialect.quote(&self.table));
        format!("CREATE {unique}INDEX {name} ON {table} ({columns}){condition}")
    }
}

fn named(dialect: &dyn Dialect, table: &str, columns: &[String], suffix: &str) -> String {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    names::constraint(table, &columns, suffix, dialect.max_name_length())
}

/// The name of a foreign key.
pub(super) fn foreign_key_name(
    dialect: &dyn Dialect,
    table: &str,
    column: &str,
    to_table: &str,
    to_column: &str,
    suffix: KeySuffix,
) -> String {
    let suffix = match suffix {
        KeySuffix::Full => format!("_fk_{to_table}_{to_column}"),
        KeySuffix::Short => "_fk".to_owned(),
    };
    names::constraint(table, &[column], &suffix, dialect.max_name_length())
}
