//! Conditions in SQL, with the parentheses that Django's WHERE clauses have.

use super::table::{Column, Table};
use super::{MigrateError, Result, SchemaEditor};
use crate::literal::Literal;
use crate::state::{Comparison, Condition, ConditionOp, DataType, Operand};

/// A clause before it is spelled; nested ones of the same sort are merged.
enum Clause {
    Leaf(String),
    Node { or: bool, not: bool, children: Vec<Clause> },
}

impl SchemaEditor {
    /// The SQL of a condition on the rows of a table.
    pub(super) fn condition(&self, table: &Table, condition: &Condition) -> Result<String> {
        Ok(self.clause(table, condition, false)?.sql())
    }

    fn clause(&self, table: &Table, condition: &Condition, negated: bool) -> Result<Clause> {
        let (or, children) = match condition {
            Condition::And(all) => (false, all),
            Condition::Or(all) => (true, all),
            Condition::Compare(comparison) => return self.comparison(table, comparison, negated),
            Condition::Not(inner) => {
                return Ok(match self.clause(table, inner, !negated)? {
                    Clause::Node { or, not, children } => Clause::Node {
                        or,
                        not: !not,
                        children,
                    },
                    leaf => Clause::Node {
                        or: false,
                        not: true,
                        children: vec![leaf],
                    },
                });
            }
        };
        let mut node = Clause::Node {
            or,
            not: false,
            children: Vec::new(),
        };
        for child in children {
            node.add(self.clause(table, child, negated)?);
        }
        Ok(node)
    }

    fn comparison(&self, table: &Table, comparison: &Comparison, negated: bool) -> Result<Clause> {
        let find = |field: &str| {
            let column = if field == "pk" {
                table.columns.iter().find(|c| c.primary_key)
            } else {
                table.column(field)
            };
            column.ok_or_else(|| MigrateError::state(format!("model {} has no column for {field:?}", table.key)))
        };
        let column = find(&comparison.field)?;
        let name = self.quote(&column.column);
        let mut nullable = vec![(column.null, name.clone())];
        let sql = match (&comparison.value, operator(comparison.op)) {
            (Operand::Literal(Literal::Bool(null)), None) if comparison.op == ConditionOp::IsNull => {
                return Ok(Clause::Leaf(format!(
                    "{name} IS {}NULL",
                    if *null { "" } else { "NOT " }
                )));
            }
            (Operand::List(items), None) if comparison.op == ConditionOp::In && !items.is_empty() => {
                let mut values = Vec::new();
                for item in items {
                    let value = self.literal(table, column, item)?;
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
                format!("{name} IN ({})", values.join(", "))
            }
            (Operand::Field { f }, Some(operator)) => {
                let other = find(f)?;
                let value = self.quote(&other.column);
                nullable.push((other.null, value.clone()));
                format!("{name} {operator} ({value})")
            }
            (Operand::Literal(Literal::Bool(value)), Some("=")) if self.stands_alone(column) => {
                format!("{}{name}", if *value { "" } else { "NOT " })
            }
            (Operand::Literal(value), Some(operator)) => {
                format!("{name} {operator} {}", self.literal(table, column, value)?)
            }
            _ => {
                let message = format!(
                    "model {}: the condition on {:?} cannot be written",
                    table.key, comparison.field
                );
                return Err(MigrateError::state(message));
            }
        };
        let mut node = Clause::Node {
            or: false,
            not: false,
            children: vec![Clause::Leaf(sql)],
        };
        // NOT of something unknown is unknown, so rows with NULL are taken out by name.
        for (_, column) in nullable.into_iter().filter(|(null, _)| negated && *null) {
            node.add(Clause::Leaf(format!("{column} IS NOT NULL")));
        }
        Ok(node)
    }

    /// MySQL ignores the index of a boolean column that is not compared to anything.
    fn stands_alone(&self, column: &Column) -> bool {
        column.ty == DataType::Boolean && !self.is_mysql()
    }
}

fn operator(op: ConditionOp) -> Option<&'static str> {
    match op {
        ConditionOp::Exact => Some("="),
        ConditionOp::Gt => Some(">"),
        ConditionOp::Gte => Some(">="),
        ConditionOp::Lt => Some("<"),
        ConditionOp::Lte => Some("<="),
        ConditionOp::In | ConditionOp::IsNull => None,
    }
}

impl Clause {
    /// Adds a child, or its children where they may as well stand here.
    fn add(&mut self, child: Clause) {
        let Clause::Node { or, children, .. } = self else {
            return;
        };
        match child {
            Clause::Node {
                or: inner_or,
                not: false,
                children: inner,
            } if inner_or == *or || inner.len() == 1 => {
                children.extend(inner);
            }
            other => children.push(other),
        }
    }

    fn sql(&self) -> String {
        match self {
            Clause::Leaf(sql) => sql.clone(),
            Clause::Node { or, not, children } => {
                let separator = if *or { " OR " } else { " AND " };
                let joined = children.iter().map(Clause::sql).collect::<Vec<_>>().join(separator);
                match (not, children.len()) {
                    (true, _) => format!("NOT ({joined})"),
                    (false, 0 | 1) => joined,
                    (false, _) => format!("({joined})"),
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail")]
mod tests {
    use super::*;
    use crate::state::{FieldState, FieldType, ModelKey, ModelState, ProjectState};
    use orm_core::exec::Backend;

    /// Conditions, and what Django 5.2 writes for them.
    const RECORDED: [(&str, &str); 18] = [
        (r#"{"and": [{"a": 1}, {"b": 2}]}"#, r#"("a" = 1 AND "b" = 2)"#),
        (
            r#"{"or": [{"a": 1}, {"and": [{"b": 2}, {"v": true}]}]}"#,
            r#"("a" = 1 OR ("b" = 2 AND "v"))"#,
        ),
        (r#"{"not": {"a": 1}}"#, r#"NOT ("a" = 1)"#),
        (r#"{"not": {"b": 1}}"#, r#"NOT ("b" = 1 AND "b" IS NOT NULL)"#),
        (
            r#"{"not": {"and": [{"a": 1}, {"b": 2}]}}"#,
            r#"NOT ("a" = 1 AND "b" = 2 AND "b" IS NOT NULL)"#,
        ),
        (
            r#"{"not": {"or": [{"a": 1}, {"b__gt": 2}]}}"#,
            r#"NOT ("a" = 1 OR ("b" > 2 AND "b" IS NOT NULL))"#,
        ),
        (
            r#"{"and": [{"a": 1}, {"not": {"b": 2}}]}"#,
            r#"("a" = 1 AND NOT ("b" = 2 AND "b" IS NOT NULL))"#,
        ),
        (r#"{"a__in": [1, 2, 1]}"#, r#""a" IN (1, 2)"#),
        (r#"{"b__isnull": true}"#, r#""b" IS NULL"#),
        (r#"{"not": {"b__isnull": true}}"#, r#"NOT ("b" IS NULL)"#),
        (r#"{"v": false}"#, r#"NOT "v""#),
        (r#"{"not": {"v": true}}"#, r#"NOT ("v")"#),
        (
            r#"{"not": {"a__gt": {"f": "b"}}}"#,
            r#"NOT ("a" > ("b") AND "b" IS NOT NULL)"#,
        ),
        (r#"{"p__gte": 0}"#, r#""p" >= '0'"#),
        (
            r#"{"not": {"and": [{"a": 1}, {"not": {"b": 2}}]}}"#,
            r#"NOT ("a" = 1 AND NOT ("b" = 2))"#,
        ),
        (r#"{"not": {"not": {"a": 1}}}"#, r#""a" = 1"#),
        (
            r#"{"d__lt": "2024-01-02T03:04:05.6Z"}"#,
            r#""d" < '2024-01-02 03:04:05.600000'"#,
        ),
        (
            r#"{"or": [{"and": [{"v": true}, {"a": 1}]}, {"not": {"v": false}}]}"#,
            r#"(("v" AND "a" = 1) OR NOT (NOT "v"))"#,
        ),
    ];

    #[test]
    fn as_django_writes_them() {
        let mut model = ModelState::new("one", "T");
        let decimal = DataType::Decimal {
            max_digits: 6,
            decimal_places: 2,
        };
        let columns = [
            ("a", DataType::Integer),
            ("b", DataType::Integer),
            ("v", DataType::Boolean),
            ("p", decimal),
        ];
        for (name, ty) in columns.into_iter().chain([("d", DataType::DateTime)]) {
            let mut field = FieldState::new(name, FieldType::Data(ty));
            field.null = name == "b";
            model.fields.push(field);
        }
        let editor = SchemaEditor::new(Backend::Sqlite);
        let table = editor
            .render(&ProjectState::from(vec![model]), &ModelKey::new("one", "t"))
            .unwrap();
        for (condition, sql) in RECORDED {
            let condition: Condition = serde_json::from_str(condition).unwrap();
            assert_eq!(editor.condition(&table, &condition).unwrap(), sql);
        }
    }
}
