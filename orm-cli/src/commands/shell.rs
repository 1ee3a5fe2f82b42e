//! `shell`: queries in Django's own spelling, typed, given or piped in.

use super::{Output, Status};
use crate::args::Shell as Arguments;
use crate::database::with_database;
use crate::error::{CliError, Result};
use crate::shell::{Answer, Repl, Shell, ShellError};
use orm_core::serde_json::Value as Json;
use std::io::{self, BufRead, IsTerminal};

pub(super) async fn run(args: &Arguments, out: Output<'_>) -> Result<Status> {
    with_database(args.database.url.as_deref(), async |db| {
        let models = orm_core::registry::models();
        if models.is_empty() {
            return Err(CliError::NoModels);
        }
        let mut session = Session {
            shell: Shell::new(db, models),
            json: args.json,
            sql: args.sql,
        };
        match &args.command {
            Some(text) => session.given(text, out).await,
            None if io::stdin().is_terminal() => session.typed(out).await,
            None => session.piped(&mut io::stdin().lock(), out).await,
        }
    })
    .await
}

struct Session {
    shell: Shell,
    json: bool,
    sql: bool,
}

/// Whether there is more to come.
#[derive(PartialEq, Eq)]
enum Next {
    More,
    Leave,
}

impl Session {
    /// The text of `-c`: the first error ends it.
    async fn given(&mut self, text: &str, out: Output<'_>) -> Result<Status> {
        match self.run(text, out).await? {
            Ok(_) => Ok(Status::Success),
            Err(error) => Err(CliError::Shell(error)),
        }
    }

    /// Statements from a pipe, or pasted: an error is told, and the next one runs.
    async fn piped(&mut self, lines: &mut dyn BufRead, out: Output<'_>) -> Result<Status> {
        let mut status = Status::Success;
        let mut text = String::new();
        let mut line = String::new();
        loop {
            line.clear();
            let end = lines.read_line(&mut line)? == 0;
            // A new prompt ends what was left open.
            let fresh = Shell::begins_anew(&line);
            if !text.is_empty() && (end || fresh || !Shell::is_incomplete(&text)) {
                match self.run(&text, out).await? {
                    Ok(Next::Leave) => return Ok(status),
                    Ok(Next::More) => {}
                    Err(error) => {
                        status = Status::Failure;
                        writeln!(out, "{error}")?;
                    }
                }
                text.clear();
            }
            if end {
                return Ok(status);
            }
            text.push_str(&line);
        }
    }

    /// The prompt.
    async fn typed(&mut self, out: Output<'_>) -> Result<Status> {
        let mut repl = Repl::new(&self.shell)?;
        while let Some(text) = repl.read()? {
            match self.run(&text, out).await? {
                Ok(Next::Leave) => break,
                Ok(Next::More) => {}
                Err(error) => writeln!(out, "{}", error.shown_in(&text))?,
            }
            repl.learn(&self.shell);
        }
        Ok(Status::Success)
    }

    /// Runs the statements of a text and prints what each of them gives.
    async fn run(&mut self, text: &str, out: Output<'_>) -> Result<Result<Next, ShellError>> {
        let statements = match self.shell.read(text) {
            Ok(statements) => statements,
            Err(error) => return Ok(Err(error)),
        };
        for statement in statements {
            let capture = self.sql.then(|| self.shell.capture());
            let answer = self.shell.step(statement).await;
            // Printing a query set is what asks the database.
            let shown = match &answer {
                Ok(Answer::Value(value)) if self.json => {
                    self.shell.json(value).await.map(|json| Some(json.to_string()))
                }
                Ok(Answer::Value(value)) => self.shell.shown(value).await,
                Ok(Answer::Printed(text)) if self.json => Ok(Some(Json::from(text.as_str()).to_string())),
                Ok(Answer::Printed(text)) => Ok(Some(text.clone())),
                Ok(_) => Ok(None),
                Err(error) => Err(error.clone()),
            };
            for sql in capture.iter().flat_map(|capture| capture.queries()) {
                writeln!(out, "-- {sql}")?;
            }
            match shown {
                Ok(Some(text)) => writeln!(out, "{text}")?,
                Ok(None) => {}
                Err(error) => return Ok(Err(error)),
            }
            if let Ok(Answer::Exit) = answer {
                return Ok(Ok(Next::Leave));
            }
        }
        Ok(Ok(Next::More))
    }
}

#[cfg(test)]
mod tests;
