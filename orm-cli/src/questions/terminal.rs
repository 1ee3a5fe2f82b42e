//! Asking at the terminal.

use super::{Prompt, answer};
use inquire::validator::Validation;
use inquire::{Confirm, InquireError, Select, Text};
use orm_migrate::literal::Literal;
use orm_migrate::state::DataType;
use orm_migrate::{MigrateError, Result};
use std::io;

/// The terminal that the program runs in.
pub(crate) struct Terminal;

impl Prompt for Terminal {
    fn choose(&mut self, question: &str, choices: &[&str]) -> Result<usize> {
        let answer = Select::new(question, choices.to_vec())
            .without_filtering()
            .with_help_message("↑↓ to move, enter to select, Esc to cancel")
            .raw_prompt();
        answer.map(|choice| choice.index).map_err(stopped)
    }

    fn confirm(&mut self, question: &str) -> Result<bool> {
        Confirm::new(question).with_default(false).prompt().map_err(stopped)
    }

    fn value(&mut self, ty: DataType, default: Option<&str>) -> Result<Literal> {
        let expected = format!("{}; Esc to cancel", ty.description());
        let check = move |text: &str| {
            Ok(answer::parse(text, ty)
                .map_or_else(|message| Validation::Invalid(message.into()), |_| Validation::Valid))
        };
        let mut prompt = Text::new("Please enter the default value:")
            .with_help_message(&expected)
            .with_validator(check);
        if let Some(default) = default {
            prompt = prompt.with_default(default);
        }
        let text = prompt.prompt().map_err(stopped)?;
        answer::parse(&text, ty).map_err(MigrateError::Unanswered)
    }
}

fn stopped(error: InquireError) -> MigrateError {
    match error {
        InquireError::OperationCanceled | InquireError::OperationInterrupted => {
            MigrateError::Unanswered("cancelled; nothing was written".to_owned())
        }
        InquireError::IO(source) => MigrateError::Io {
            path: "the terminal".into(),
            source,
        },
        other => MigrateError::Io {
            path: "the terminal".into(),
            source: io::Error::other(other.to_string()),
        },
    }
}
