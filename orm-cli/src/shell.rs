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
mod construct;
mod convert;
mod errors;
mod eval;
mod lexer;
mod limits;
mod methods;
mod object;
mod operators;
mod parser;
mod print;
mod record;
mod subscript;
mod token;

pub use ast::BinaryOp;
pub use errors::{Result, ShellError};
pub use object::Obj;

use ast::{Statement, Target};
use orm_core::Db;
use orm_core::error::nearest;
use orm_core::meta::ModelMeta;
use orm_core::serde_json::Value as Json;
use std::collections::HashMap;

/// What evaluates texts: a database, models, and the variables that were assigned so far.
#[derive(Debug)]
pub struct Shell {
    db: Db,
    models: Vec<&'static ModelMeta>,
    variables: HashMap<String, Obj>,
}

/// What a text gave.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Answer {
    /// its last statement has no value: an assignment, an import
    Nothing,
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
        }
    }

    /// Evaluates the statements of a text, one after the other, and gives what the last one gave.
    ///
    /// # Errors
    /// The first error ends it; what was assigned until then stays.
    pub async fn run(&mut self, text: &str) -> Result<Answer> {
        let mut answer = Answer::Nothing;
        for statement in parser::parse(text)? {
            answer = self.execute(statement).await?;
            if let Answer::Exit = answer {
                break;
            }
        }
        Ok(answer)
    }

    async fn execute(&mut self, statement: Statement) -> Result<Answer> {
        match statement {
            Statement::Import => Ok(Answer::Nothing),
            Statement::Exit => Ok(Answer::Exit),
            Statement::Expression(node) => Ok(Answer::Value(self.eval(&node).await?)),
            Statement::Assign(targets, node) => {
                let value = self.eval(&node).await?;
                for target in targets {
                    match target {
                        Target::Name(name) => drop(self.variables.insert(name, value.clone())),
                        Target::Attribute(node, name) => {
                            let of = self.eval(&node).await?;
                            assign(&of, &name, &value)?;
                        }
                    }
                }
                Ok(Answer::Nothing)
            }
        }
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
            Obj::QuerySet(tree) => {
                let shown = limits::ROWS as u64 + 1;
                let rows = methods::rows_of(self, &tree.value.clone().slice(0, Some(shown))).await?;
                Ok(print::query_set(&rows))
            }
            other => Ok(print::repr(other)),
        }
    }

    /// The answer as JSON, in the form in which results recorded from Django are written: decimals as
    /// text, moments in UTC, rows of models as their keys. Query sets are evaluated.
    ///
    /// # Errors
    /// What the database says.
    pub async fn canonical(&self, answer: &Answer) -> Result<Json> {
        match answer {
            Answer::Value(value) => Ok(canonical::canonical(&self.settled(value).await?)),
            Answer::Nothing | Answer::Exit => Ok(Json::Null),
        }
    }

    /// The value with the rows of query sets in their place.
    fn settled<'a>(&'a self, value: &'a Obj) -> methods::Later<'a> {
        Box::pin(async move {
            match value {
                Obj::QuerySet(tree) => Ok(Obj::rows(methods::rows_of(self, &tree.value).await?)),
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

/// `of.name = value`
fn assign(of: &Obj, name: &str, value: &Obj) -> Result<()> {
    match of {
        Obj::Record(row) => row.assign(name, value.clone()),
        // Python keeps it, and nothing ever looks at it.
        Obj::QuerySet(_) => Ok(()),
        other => Err(methods::no_attribute(other, name)),
    }
}
