//! New tables with their indexes, and dropped ones.

use super::statement::{CreateIndex, KeySuffix, Statement};
use super::table::{Column, Table};
use super::{Result, SchemaEditor};
use crate::error::MigrateError;
use crate::state::{ConstraintState, DataType, IndexState};

impl SchemaEditor {
    /// Makes a table and the tables of its many-to-many fields. Indexes and foreign keys wait.
    pub(super) fn create_table(&mut self, table: &Table) -> Result<()> {
        for group in &table.unique_together {
            let columns = columns_of(table, group)?;
            self.deferred.push(Statement::AddUnique {
                table: table.name.clone(),
                columns,
                name: None,
            });
        }
        let mut definitions = Vec::new();
        for column in &table.columns {
            let mut sql = format!(
                "{} {}",
                self.quote(&column.column),
                self.column_sql(table, column, None)?
            );
            sql += &self.column_check(column);
            sql += &self.auto_suffix(column);
            if let Some(reference) = column.enforced() {
                if self.is_sqlite() {
                    sql += &self.inline_reference(reference);
                } else {
                    let key = self.foreign_key(table, column, KeySuffix::Full);
                    self.deferred.extend(key);
                }
            }
            definitions.push(sql);
        }
        for constraint in &table.constraints {
            definitions.extend(self.inline_constraint(table, constraint)?);
        }
        let sql = format!("CREATE TABLE {} ({})", self.quote(&table.name), definitions.join(", "));
        self.sql(sql);
        self.create_comments(table)?;
        for column in &table.columns {
            self.defer_column_indexes(table, column);
        }
        for index in &table.indexes {
            let index = self.index(table, index)?;
            self.deferred.push(index);
        }
        for join in table.joins.iter().filter_map(|join| join.table.as_deref()) {
            self.create_table(join)?;
        }
        Ok(())
    }

    /// Drops a table and the tables of its many-to-many fields.
    pub(super) fn drop_table(&mut self, table: &Table) {
        for join in table.joins.iter().filter_map(|join| join.table.as_deref()) {
            self.drop_table(join);
        }
        self.drop_only(table);
    }

    /// Drops one table, and what waits for it.
    pub(super) fn drop_only(&mut self, table: &Table) {
        let cascade = if self.is_sqlite() { "" } else { " CASCADE" };
        let sql = format!("DROP TABLE {}{cascade}", self.quote(&table.name));
        self.sql(sql);
        self.deferred
            .retain_mut(|statement| !statement.references_table(&table.name));
    }

    /// The foreign key of a column as a statement, where the database is to enforce it.
    pub(super) fn foreign_key(&self, table: &Table, column: &Column, suffix: KeySuffix) -> Option<Statement> {
        column.enforced().map(|reference| Statement::AddForeignKey {
            table: table.name.clone(),
            column: column.column.clone(),
            to_table: reference.table.clone(),
            to_column: reference.column.clone(),
            suffix,
        })
    }

    /// The column's own index and, on PostgreSQL, the one for LIKE.
    pub(super) fn defer_column_indexes(&mut self, table: &Table, column: &Column) {
        if column.index && !column.unique && self.indexes_column(column) {
            self.deferred.push(column_index(table, column));
        }
        let like = self.like_index(table, column);
        self.deferred.extend(like);
    }

    /// InnoDB makes the index of a foreign key itself, and has none over long columns.
    fn indexes_column(&self, column: &Column) -> bool {
        let by_key = column.enforced().is_some_and(|reference| !reference.one_to_one);
        !(self.is_long(column) || by_key && self.is_mysql())
    }

    /// PostgreSQL's index for LIKE over an indexed text column.
    pub(super) fn like_index(&self, table: &Table, column: &Column) -> Option<Statement> {
        let opclass = match column.ty {
            DataType::Char { .. } => "varchar_pattern_ops",
            DataType::Text => "text_pattern_ops",
            _ => return None,
        };
        (self.is_postgres() && (column.index || column.unique)).then(|| {
            Statement::CreateIndex(CreateIndex {
                table: table.name.clone(),
                columns: vec![column.column.clone()],
                suffix: "_like",
                opclass: Some(opclass),
                collation: column.collation.clone(),
                ..CreateIndex::default()
            })
        })
    }

    /// An index of the model. MySQL has no partial ones: there all rows are in it.
    pub(super) fn index(&self, table: &Table, index: &IndexState) -> Result<Statement> {
        let fields: Vec<String> = index.terms().map(|(field, _)| field.to_owned()).collect();
        let condition = index.condition.as_ref().filter(|_| !self.is_mysql());
        Ok(Statement::CreateIndex(CreateIndex {
            table: table.name.clone(),
            columns: columns_of(table, &fields)?,
            name: Some(index.name.clone()),
            descending: index.terms().map(|(_, descending)| descending).collect(),
            condition: condition
                .map(|condition| self.condition(table, condition))
                .transpose()?,
            ..CreateIndex::default()
        }))
    }

    /// A constraint as part of the table; a conditional unique one becomes an index that waits.
    fn inline_constraint(&mut self, table: &Table, constraint: &ConstraintState) -> Result<Option<String>> {
        let name = self.quote(constraint.name());
        Ok(match constraint {
            ConstraintState::Check { condition, .. } => Some(format!(
                "CONSTRAINT {name} CHECK ({})",
                self.condition(table, condition)?
            )),
            ConstraintState::Unique {
                fields,
                condition: None,
                ..
            } => {
                let columns = columns_of(table, fields)?;
                Some(format!(
                    "CONSTRAINT {name} UNIQUE ({})",
                    self.quote_all(columns.iter().map(String::as_str))
                ))
            }
            ConstraintState::Unique { condition: Some(_), .. } => {
                let index = self.conditional_unique(table, constraint)?;
                self.deferred.extend(index);
                None
            }
        })
    }
}

/// The index of a column's own.
pub(super) fn column_index(table: &Table, column: &Column) -> Statement {
    Statement::CreateIndex(CreateIndex {
        table: table.name.clone(),
        columns: vec![column.column.clone()],
        ..CreateIndex::default()
    })
}

/// The columns of these fields.
pub(super) fn columns_of(table: &Table, fields: &[String]) -> Result<Vec<String>> {
    let column = |field: &String| {
        let found = table.column(field).map(|column| column.column.clone());
        found.ok_or_else(|| MigrateError::state(format!("model {} has no column for {field:?}", table.key)))
    };
    fields.iter().map(column).collect()
}
