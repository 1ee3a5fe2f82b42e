//! The prompt: lines with history and completion.

use super::Shell;
use super::complete::Names;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use std::io;
use std::path::PathBuf;

/// Reads statements from a terminal.
pub(crate) struct Repl {
    editor: Editor<Assistant, DefaultHistory>,
    history: Option<PathBuf>,
}

impl Repl {
    /// A prompt for that shell.
    pub(crate) fn new(shell: &Shell) -> io::Result<Self> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .auto_add_history(true)
            .build();
        let mut editor = Editor::with_config(config).map_err(io::Error::other)?;
        editor.set_helper(Some(Assistant(shell.names())));
        let history = history_file();
        if let Some(file) = &history {
            // The first time there is none.
            drop(editor.load_history(file));
        }
        Ok(Repl { editor, history })
    }

    /// The next statement; `None` where the user leaves.
    pub(crate) fn read(&mut self) -> io::Result<Option<String>> {
        loop {
            match self.editor.readline(">>> ") {
                Ok(text) => {
                    if let Some(file) = &self.history {
                        // Without a history the work goes on.
                        drop(self.editor.append_history(file));
                    }
                    return Ok(Some(text));
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }

    /// Takes in the variables that there are now.
    pub(crate) fn learn(&mut self, shell: &Shell) {
        self.editor.set_helper(Some(Assistant(shell.names())));
    }
}

/// A file beside what was built: `target/shell_history`.
fn history_file() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let target = program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())?;
    Some(target.join("shell_history"))
}

struct Assistant(Names);

impl Helper for Assistant {}
impl Hinter for Assistant {
    type Hint = String;
}
impl Highlighter for Assistant {}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if Shell::is_incomplete(context.input()) {
            ValidationResult::Incomplete
        } else {
            ValidationResult::Valid(None)
        })
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, found) = self.0.complete(line.get(..at).unwrap_or(line));
        let pairs = found.into_iter().map(|name| Pair {
            display: name.clone(),
            replacement: name,
        });
        Ok((start, pairs.collect()))
    }
}
