//! `distinct(…)` by names, and `select_for_update`.

use super::{DynQuerySet, names};
use crate::error::{Error, Result};
use crate::query::{Lock, Path, Step};

impl DynQuerySet {
    /// The first row of each group of rows that are equal in these. PostgreSQL alone has it; elsewhere
    /// asking the database is an error.
    ///
    /// # Errors
    /// [`Error::Misuse`] after a slice, [`Error::Field`] for an unknown name.
    pub fn distinct_on<'n>(self, columns: impl IntoIterator<Item = &'n str>) -> Result<Self> {
        let mut rows = self.distinct()?;
        let mut on = Vec::new();
        for name in columns {
            on.push(rows.resolved(|scope| names::value(scope, name))?);
        }
        rows.query.more_mut().distinct_on = on;
        Ok(rows)
    }

    /// The path of a relation to one, for [`Lock::of`]; `self` is the row itself.
    ///
    /// # Errors
    /// [`Error::Field`] for a name that is none.
    pub fn path_of(&self, name: &str) -> Result<Path> {
        let mut path = Path::root();
        if name == "self" {
            return Ok(path);
        }
        for part in name.split("__") {
            let model = path.end(self.query.model);
            let step = Step::named(model, part).filter(|step| !step.is_many());
            path = path.then(step.ok_or_else(|| Error::Field {
                model: model.name.to_owned(),
                name: part.to_owned(),
                choices: model.query_names(),
            })?);
        }
        Ok(path)
    }

    /// Locks the rows up to the end of the transaction that reads them; reading them outside of one is
    /// an error.
    ///
    /// # Errors
    /// [`Error::Misuse`] where the rows are of several queries.
    pub fn select_for_update(mut self, lock: Lock) -> Result<Self> {
        self.not_combined("select_for_update")?;
        self.query.more_mut().lock = Some(lock);
        Ok(self)
    }
}
