//! `IndexState` and `ConstraintState`: what a model says of its rows as a whole.

use super::Condition;
use serde::{Deserialize, Serialize};

/// An index over several fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexState {
    /// its name in the database
    pub name: String,
    /// the fields; `-price` is from the greatest to the least
    pub fields: Vec<String>,
    /// only rows for which this holds are in it
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
}

/// A constraint over the rows of one table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ConstraintState {
    /// the fields differ between any two rows
    Unique {
        /// its name in the database
        name: String,
        /// the fields
        fields: Vec<String>,
        /// only rows for which this holds must differ
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
    },
    /// every row satisfies a condition
    Check {
        /// its name in the database
        name: String,
        /// what must hold (or be NULL)
        condition: Condition,
    },
}

impl IndexState {
    /// The fields, each with whether it goes from the greatest to the least.
    pub fn terms(&self) -> impl Iterator<Item = (&str, bool)> {
        self.fields
            .iter()
            .map(|f| f.strip_prefix('-').map_or((f.as_str(), false), |name| (name, true)))
    }

    pub(crate) fn rename_field(&mut self, old: &str, new: &str) {
        for field in &mut self.fields {
            if field == old {
                *field = new.to_owned();
            } else if field.strip_prefix('-') == Some(old) {
                *field = format!("-{new}");
            }
        }
        if let Some(condition) = &mut self.condition {
            condition.rename_field(old, new);
        }
    }
}

impl ConstraintState {
    /// Its name in the database.
    pub fn name(&self) -> &str {
        match self {
            ConstraintState::Unique { name, .. } | ConstraintState::Check { name, .. } => name,
        }
    }

    pub(crate) fn rename_field(&mut self, old: &str, new: &str) {
        let condition = match self {
            ConstraintState::Unique { fields, condition, .. } => {
                fields
                    .iter_mut()
                    .filter(|f| *f == old)
                    .for_each(|f| *f = new.to_owned());
                condition.as_mut()
            }
            ConstraintState::Check { condition, .. } => Some(condition),
        };
        if let Some(condition) = condition {
            condition.rename_field(old, new);
        }
    }
}
