//! One thing that `check` found.

use crate::args::FailLevel;
use std::fmt::Display;

pub(super) struct Problem {
    pub level: FailLevel,
    /// the model, the app, or `?`
    pub place: String,
    pub message: String,
    pub hint: Option<&'static str>,
}

impl Problem {
    pub(super) fn error(place: impl Into<String>, message: impl Display) -> Self {
        Problem {
            level: FailLevel::Error,
            place: place.into(),
            message: message.to_string(),
            hint: None,
        }
    }

    pub(super) fn warning(place: impl Into<String>, message: impl Display, hint: &'static str) -> Self {
        Problem {
            level: FailLevel::Warning,
            place: place.into(),
            message: message.to_string(),
            hint: Some(hint),
        }
    }

    /// The value, or a problem.
    pub(super) fn catch<T>(result: Result<T, impl Display>, place: &str, problems: &mut Vec<Problem>) -> Option<T> {
        result.map_err(|error| problems.push(Problem::error(place, error))).ok()
    }
}
