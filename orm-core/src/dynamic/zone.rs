//! Parts of moments in a time zone, by name.

use super::DynExpr;
use crate::error::{Error, Misuse, Result};
use crate::query::{Output, TimeZone};

impl DynExpr {
    /// The same part of a moment, or the same beginning of a day, an hour …, by the clocks of a time
    /// zone: `TruncDay("created", tzinfo=…)`.
    ///
    /// ```
    /// # use orm_core::dynamic::DynExpr;
    /// # use orm_core::query::TimeZone;
    /// # fn main() -> orm_core::Result<()> {
    /// let zone = TimeZone::named("Europe/Berlin")?;
    /// let day = DynExpr::function("trunc_day", [DynExpr::f("created")])?.in_zone(&zone)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Misuse`] for what is no part of a moment.
    pub fn in_zone(self, zone: &TimeZone) -> Result<Self> {
        let name = self.class_name();
        let DynExpr::Call { function, args } = self else {
            return Err(no_zone(name));
        };
        if args.is_empty() || !function.input.is_of_time() {
            return Err(no_zone(name));
        }
        let Some((shown, back, given)) = zone.functions() else {
            return Ok(DynExpr::Call { function, args });
        };
        let given = DynExpr::Value(given);
        let mut args = args.into_iter();
        let moment = args.next().map(|moment| DynExpr::Call {
            function: shown,
            args: vec![moment, given.clone()],
        });
        let part = DynExpr::Call {
            function,
            args: moment.into_iter().chain(args).collect(),
        };
        Ok(match function.output {
            Output::First => DynExpr::Call {
                function: back,
                args: vec![part, given],
            },
            _ => part,
        })
    }
}

fn no_zone(name: &str) -> Error {
    Error::misuse(Misuse::Type, format!("{name} has no time zone."))
}
