//! The query shell: Django's own spelling of a query, evaluated over the registered models.
//!
//! A text goes through words (`lexer`) and statements (`parser`) to values (`eval`); all that a
//! text can do is bounded by `limits`.
//!
//! ```no_run
//! # async fn example(db: orm_core::Db) -> Result<(), Box<dyn std::error::Error>> {
//! use orm_cli::shell::Shell;
//!
//! let mut shell = Shell::new(db, orm_core::registry::models());
//! let answer = shell.run("Book.objects.filter(publisher__name=\"Penguin\").count()").await?;
//! println!("{}", shell.canonical(&answer).await?);
//! # Ok(())
//! # }
//! ```

mod args;
mod ast;
mod canonical;
mod complete;
mod construct;
mod convert;
mod errors;
mod eval;
mod lexer;
mod limits;
mod manager;
mod methods;
mod object;
mod operators;
mod parser;
mod print;
mod record;
mod repl;
mod subscript;
#[cfg(test)]
mod tests;
mod token;
mod transaction;

pub use ast::BinaryOp;
pub use errors::{Result, ShellError};
pub use object::Obj;
pub(crate) use repl::Repl;

use ast::{Statement, Target};
use orm_core::Db;
use orm_core::error::nearest;
use orm_core::exec::{Backend, Capture, Executor, OwnedHandle};
use orm_core::meta::ModelMeta;
use orm_core::serde_json::Value as Json;
use std::collections::HashMap;
use transaction::Transactions;

/// What evaluates texts: a database, models, and the variables that were assigned so far.
#[derive(Debug)]
pub struct Shell {
    db: Db,
    models: Vec<&'static ModelMeta>,
    variables: HashMap<String, Obj>,
    transactions: Transactions,
}

/// One statement.
pub(crate) struct Step(Statement);

/// What a text gave.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Answer {
    /// its last statement has no value: an assignment, an import
    Nothing,
    /// its last statement printed this text
    Printed(String),
    /// the value of its last statement
    Value(Obj),
    /// it asked to leave
    Exit,
}

impl Shell {
    /// A shell over these models, without variables.
    pub fn new(db: Db, models: &[&'static ModelMeta]) -> Self {
        Shell {
            db,
            models: models.to_vec(),
            variables: HashMap::new(),
            transactions: Transactions::default(),
        }
    }

    /// Evaluates the statements of a text, one after the other, and gives what the last one gave.
    ///
    /// # Errors
    /// The first error ends it; what was assigned until then stays.
    pub async fn run(&mut self, text: &str) -> Result<Answer> {
        let mut answer = Answer::Nothing;
        for statement in self.read(text)? {
            answer = self.step(statement).await?;
            if let Answer::Exit = answer {
                break;
            }
        }
        Ok(answer)
    }

    /// The statements of a text.
    pub(crate) fn read(&self, text: &str) -> Result<Vec<Step>> {
        Ok(parser::parse(text)?.into_iter().map(Step).collect())
    }

    /// Whether a text may become a statement by further lines.
    pub(crate) fn is_incomplete(text: &str) -> bool {
        parser::parse(text).is_err_and(|error| error.incomplete)
    }

    /// Whether a line begins with a prompt.
    pub(crate) fn begins_anew(line: &str) -> bool {
        line.starts_with(">>> ") || line.starts_with("In [")
    }

    /// Where statements run.
    pub(crate) fn db(&self) -> Result<OwnedHandle> {
        let innermost = self.transactions.innermost()?;
        Ok(innermost.unwrap_or_else(|| self.db.handle().to_owned()))
    }

    /// Whether the database is told by which fields an INSERT knows rows that are there already.
    pub(crate) fn identifies_conflicts(&self) -> bool {
        !matches!(self.db.backend(), Backend::MySql { .. })
    }

    /// What runs from now on, until it is dropped.
    pub(crate) fn capture(&self) -> Capture {
        self.db.capture_queries()
    }

    /// Runs one statement.
    pub(crate) async fn step(&mut self, step: Step) -> Result<Answer> {
        let answer = self.execute(step).await;
        if let Err(error) = &answer {
            self.transactions.note(error);
        }
        answer
    }

    async fn execute(&mut self, Step(statement): Step) -> Result<Answer> {
        match statement {
            Statement::Import => Ok(Answer::Nothing),
            Statement::Exit => Ok(Answer::Exit),
            Statement::Expression(node) => Ok(Answer::Value(self.eval(&node).await?)),
            Statement::Print(arguments) => Ok(Answer::Printed(self.print(&arguments).await?)),
            Statement::Assign(targets, node) => {
                let value = self.eval(&node).await?;
                for target in targets {
                    self.assign(&target, &value).await?;
                }
                Ok(Answer::Nothing)
            }
        }
    }

    /// `target = value`
    fn assign<'a>(&'a mut self, target: &'a Target, value: &'a Obj) -> methods::Later<'a, ()> {
        Box::pin(async move {
            match target {
                Target::Name(name) => drop(self.variables.insert(name.clone(), value.clone())),
                Target::Attribute(node, name) => {
                    let of = self.eval(node).await?;
                    assign(&of, name, value)?;
                }
                Target::Parts(targets) => {
                    let values = construct::iterate(self, value).await?;
                    if values.len() != targets.len() {
                        return Err(wrong_number(targets.len(), values.len()));
                    }
                    for (target, value) in targets.iter().zip(&values) {
                        self.assign(target, value).await?;
                    }
                }
            }
            Ok(())
        })
    }

    /// What a name stands for: a variable, a model, or what is there from the start.
    fn name(&self, name: &str) -> Option<Obj> {
        let variable = self.variables.get(name).cloned();
        variable.or_else(|| self.model(name)).or_else(|| construct::named(name))
    }

    /// The model of that name; where several apps have one, it goes by `app_Model`.
    fn model(&self, name: &str) -> Option<Obj> {
        let mut of_name = self.models.iter().filter(|model| model.name == name);
        if let (Some(model), None) = (of_name.next(), of_name.next()) {
            return Some(Obj::Model(model));
        }
        let of_label = |model: &&&'static ModelMeta| {
            let rest = name.strip_prefix(model.app).and_then(|rest| rest.strip_prefix('_'));
            rest == Some(model.name)
        };
        self.models.iter().find(of_label).map(|model| Obj::Model(model))
    }

    fn no_name(&self, name: &str) -> ShellError {
        let mut known: Vec<&str> = self.models.iter().map(|model| model.name).collect();
        known.extend(self.variables.keys().map(String::as_str));
        known.extend(construct::names().map(|name| -> &str { name }));
        let near = nearest(name, known);
        let hint = near
            .map(|near| format!(". Did you mean: '{near}'?"))
            .unwrap_or_default();
        ShellError::new("NameError", format!("name '{name}' is not defined{hint}"))
    }

    /// The value as Python's prompt shows it. A query set is asked for the rows that are shown.
    ///
    /// # Errors
    /// What the database says.
    pub async fn printed(&self, value: &Obj) -> Result<String> {
        match value {
            Obj::QuerySet(set) => {
                let shown = limits::ROWS + 1;
                if let Some(rows) = &set.known {
                    return Ok(print::query_set(rows.get(..shown).unwrap_or(rows)));
                }
                // What a row shows may need any of its fields, and nothing beside them.
                let rows = set.value.clone().slice(0, Some(shown as u64)).plain()?;
                Ok(print::query_set(&methods::rows_of(self, &rows).await?))
            }
            Obj::Record(row) => {
                row.load_all(self).await?;
                Ok(print::repr(value))
            }
            other => Ok(print::repr(other)),
        }
    }

    /// The value as the prompt shows it, which says nothing of `None`.
    pub(crate) async fn shown(&self, value: &Obj) -> Result<Option<String>> {
        match value {
            Obj::None => Ok(None),
            value => self.printed(value).await.map(Some),
        }
    }

    /// The answer as JSON, in the form in which results recorded from Django are written: decimals as
    /// text, moments in UTC, rows of models as their keys. Query sets are evaluated.
    ///
    /// # Errors
    /// What the database says.
    pub async fn canonical(&self, answer: &Answer) -> Result<Json> {
        match answer {
            Answer::Value(value) => self.json(value).await,
            Answer::Printed(text) => Ok(Json::String(text.clone())),
            Answer::Nothing | Answer::Exit => Ok(Json::Null),
        }
    }

    pub(crate) async fn json(&self, value: &Obj) -> Result<Json> {
        Ok(canonical::canonical(&self.settled(value).await?))
    }

    /// The value with the rows of query sets in their place.
    ///
    /// # Errors
    /// What the database says.
    pub async fn evaluated(&self, value: &Obj) -> Result<Obj> {
        self.settled(value).await
    }

    fn settled<'a>(&'a self, value: &'a Obj) -> methods::Later<'a> {
        Box::pin(async move {
            match value {
                Obj::QuerySet(set) => Ok(Obj::rows(methods::rows_in(self, set).await?)),
                Obj::List(items) | Obj::Tuple(items) => {
                    let mut settled = Vec::with_capacity(items.as_slice().len());
                    for item in items.as_slice() {
                        settled.push(self.settled(item).await?);
                    }
                    Ok(Obj::rows(settled))
                }
                other => Ok(other.clone()),
            }
        })
    }
}

fn wrong_number(expected: usize, found: usize) -> ShellError {
    ShellError::value_error(if found > expected {
        format!("too many values to unpack (expected {expected})")
    } else {
        format!("not enough values to unpack (expected {expected}, got {found})")
    })
}

/// `of.name = value`
fn assign(of: &Obj, name: &str, value: &Obj) -> Result<()> {
    match of {
        Obj::Record(row) => row.assign(name, value.clone()),
        // Python keeps it, and nothing ever looks at it.
        Obj::QuerySet(_) => Ok(()),
        other => Err(methods::no_attribute(other, name)),
    }
}
