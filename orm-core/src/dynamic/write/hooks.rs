//! The hooks of a model, around the writes of one row.

use crate::dynamic::Record;
use crate::error::Result;
use crate::value::Value;

impl Record {
    /// The values, with stand-ins for those that the database has not given yet, and for those that were
    /// not loaded.
    pub(in crate::dynamic) fn stand_in_values(&self) -> Vec<Value> {
        let fields = self.model.fields.iter().zip(&self.values);
        let whole = fields.map(|(field, value)| {
            let kind = field.column_type().kind();
            match value {
                Some(Value::Null(_)) | None if !field.null => Value::zero(kind),
                Some(value) => value.clone(),
                None => Value::Null(kind),
            }
        });
        whole.collect()
    }

    /// The hook may change the row, and stop the writing.
    pub(super) fn before_save(&mut self) -> Result<()> {
        let Some(hooks) = self.model.hooks else { return Ok(()) };
        let seen = self.stand_in_values();
        let mut values = seen.clone();
        (hooks.before_save)(&mut values)?;
        for (at, (before, after)) in seen.into_iter().zip(values).enumerate() {
            if before != after {
                self.pending.retain(|(other, _)| *other != at);
                self.put(at, after);
            }
        }
        Ok(())
    }

    pub(super) fn after_save(&self, created: bool) {
        if let Some(hooks) = self.model.hooks {
            (hooks.after_save)(&self.stand_in_values(), created);
        }
    }

    pub(super) fn before_delete(&self) -> Result<()> {
        match self.model.hooks {
            Some(hooks) => (hooks.before_delete)(&self.stand_in_values()),
            None => Ok(()),
        }
    }

    pub(super) fn after_delete(&self) {
        if let Some(hooks) = self.model.hooks {
            (hooks.after_delete)(&self.stand_in_values());
        }
    }
}
