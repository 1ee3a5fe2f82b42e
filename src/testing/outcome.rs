//! What a test may return.

use std::fmt::Debug;

/// What an `#[orm::test]` function may return: nothing, or a `Result`.
#[diagnostic::on_unimplemented(
    message = "a test returns nothing or a `Result`, not `{Self}`",
    label = "not what a test returns"
)]
pub trait Outcome {
    /// Why the test failed, if it did.
    fn failure(self) -> Option<String>;
}

impl Outcome for () {
    fn failure(self) -> Option<String> {
        None
    }
}

impl<T: Outcome, E: Debug> Outcome for Result<T, E> {
    fn failure(self) -> Option<String> {
        match self {
            Ok(value) => value.failure(),
            Err(error) => Some(format!("Error: {error:?}")),
        }
    }
}
