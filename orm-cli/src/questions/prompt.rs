//! `Prompt`: the three sorts of question.

use orm_migrate::Result;
use orm_migrate::literal::Literal;
use orm_migrate::state::DataType;

/// Somebody who answers. An error ends the command.
pub(crate) trait Prompt {
    /// Which of the choices, by position.
    fn choose(&mut self, question: &str, choices: &[&str]) -> Result<usize>;

    /// Yes or no; no by default.
    fn confirm(&mut self, question: &str) -> Result<bool>;

    /// A value for a column of that type.
    fn value(&mut self, ty: DataType, default: Option<&str>) -> Result<Literal>;
}
