//! The arguments of a call, and how they meet a signature.

use super::errors::{Result, ShellError};
use super::limits::Extent;
use super::object::Obj;

/// What was given to a call.
#[derive(Debug, Clone, Default)]
pub(super) struct Args {
    pub(super) positional: Vec<Obj>,
    pub(super) named: Vec<(String, Obj)>,
}

/// Whether a flag was given, and is true.
pub(super) fn is_true(flag: Option<Obj>) -> bool {
    flag.is_some_and(|flag| flag.truth())
}

/// What is given as a list or a tuple, or as one value alone.
pub(super) fn several(value: Option<Obj>) -> Vec<Obj> {
    match value {
        None | Some(Obj::None) => Vec::new(),
        Some(Obj::List(items) | Obj::Tuple(items)) => items.as_slice().to_vec(),
        Some(one) => vec![one],
    }
}

impl Args {
    /// The arguments in the order of `names`, of which the first `required` must be there. Errors
    /// are Python's.
    pub(super) fn bind<const N: usize>(
        self,
        call: &str,
        names: [&str; N],
        required: usize,
    ) -> Result<[Option<Obj>; N]> {
        let given = self.positional.len();
        if given > N {
            let takes = if required == N {
                N.to_string()
            } else {
                format!("from {required} to {N}")
            };
            return Err(ShellError::type_error(format!(
                "{call}() takes {takes} positional argument{} but {given} {} given",
                if N == 1 { "" } else { "s" },
                if given == 1 { "was" } else { "were" }
            )));
        }
        let mut bound = [const { None }; N];
        for (place, value) in bound.iter_mut().zip(self.positional) {
            *place = Some(value);
        }
        for (name, value) in self.named {
            let Some(place) = names
                .iter()
                .position(|known| *known == name)
                .and_then(|i| bound.get_mut(i))
            else {
                return Err(unexpected(call, &name));
            };
            if place.replace(value).is_some() {
                return Err(ShellError::type_error(format!(
                    "{call}() got multiple values for argument '{name}'"
                )));
            }
        }
        let missing: Vec<String> = names
            .iter()
            .zip(&bound)
            .take(required)
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| format!("'{name}'"))
            .collect();
        match missing.as_slice() {
            [] => Ok(bound),
            [one] => Err(ShellError::type_error(format!(
                "{call}() missing 1 required positional argument: {one}"
            ))),
            [first @ .., last] => Err(ShellError::type_error(format!(
                "{call}() missing {} required positional arguments: {} and {last}",
                missing.len(),
                first.join(", ")
            ))),
        }
    }

    /// Adds a named argument.
    pub(super) fn name(&mut self, name: String, value: Obj) -> Result<()> {
        if self.named.iter().any(|(known, _)| *known == name) {
            let message = format!("got multiple values for keyword argument '{name}'");
            return Err(ShellError::type_error(message));
        }
        self.named.push((name, value));
        Ok(())
    }

    /// That there are none.
    pub(super) fn none(self, call: &str) -> Result<()> {
        self.bind(call, [], 0).map(|[]| ())
    }

    /// Takes the argument of that name out of the named ones.
    pub(super) fn take(&mut self, name: &str) -> Option<Obj> {
        let at = self.named.iter().position(|(known, _)| known == name)?;
        Some(self.named.remove(at).1)
    }

    /// The positional arguments, where no named ones are left.
    pub(super) fn only_positional(self, call: &str) -> Result<Vec<Obj>> {
        match self.named.first() {
            Some((name, _)) => Err(unexpected(call, name)),
            None => Ok(self.positional),
        }
    }

    /// How large the arguments are.
    pub(super) fn extents(&self) -> impl Iterator<Item = Extent> {
        let named = self.named.iter().map(|(_, value)| value);
        self.positional.iter().chain(named).map(Obj::extent)
    }
}

pub(super) fn unexpected(call: &str, name: &str) -> ShellError {
    ShellError::type_error(format!("{call}() got an unexpected keyword argument '{name}'"))
}
