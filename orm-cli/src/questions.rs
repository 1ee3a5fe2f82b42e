//! What the models alone do not say is asked, in Django's words.

mod answer;
mod prompt;
mod terminal;
mod wording;

pub(crate) use prompt::Prompt;
pub(crate) use terminal::Terminal;

use orm_migrate::diff::{Alteration, Questioner};
use orm_migrate::literal::Literal;
use orm_migrate::state::{DataType, FieldState, FieldType, ModelKey, ModelState};
use orm_migrate::{MigrateError, ProjectState, Result};

/// Asks somebody, or nobody where nothing will be written.
pub(crate) struct Questions<'a> {
    models: &'a ProjectState,
    prompt: Option<&'a mut dyn Prompt>,
}

impl<'a> Questions<'a> {
    /// Asks by this prompt.
    pub(crate) fn asking(models: &'a ProjectState, prompt: &'a mut dyn Prompt) -> Self {
        Questions {
            models,
            prompt: Some(prompt),
        }
    }

    /// Asks nobody: for looking at what changed. Nothing was renamed, and existing rows get
    /// anything.
    pub(crate) fn unasked(models: &'a ProjectState) -> Self {
        Questions { models, prompt: None }
    }

    /// Whether one of the choices was taken; the last one is to give up.
    fn choose(&mut self, question: &str, choices: &[&str], field: &Place<'_>) -> Result<Option<usize>> {
        let Some(prompt) = &mut self.prompt else {
            return Ok(None);
        };
        let choice = prompt.choose(question, choices)?;
        if choice + 1 == choices.len() {
            Err(field.given_up())
        } else {
            Ok(Some(choice))
        }
    }

    /// The value that existing rows get.
    fn value(&mut self, field: &FieldState, default: Option<&str>) -> Result<Literal> {
        let ty = data_type(self.models, field)?;
        match &mut self.prompt {
            Some(prompt) => prompt.value(ty, default),
            None => Ok(answer::anything(ty)),
        }
    }
}

/// A field, for messages.
struct Place<'a> {
    model: &'a ModelState,
    field: &'a FieldState,
}

impl Place<'_> {
    fn given_up(&self) -> MigrateError {
        let Place { model, field } = self;
        MigrateError::Unanswered(format!(
            "nothing was written: define a default for field '{}' on model '{}'",
            field.name, model.name
        ))
    }
}

/// What the column of a field holds; for a foreign key that is what the other model's key is.
fn data_type(models: &ProjectState, field: &FieldState) -> Result<DataType> {
    let mut field = field;
    // A key can itself be a foreign key, but a circle of them has no type.
    for _ in 0..16 {
        match &field.ty {
            FieldType::Data(ty) => return Ok(ty.related(false)),
            FieldType::ForeignKey(key) | FieldType::OneToOne(key) => {
                let Some(other) = ModelKey::parse(&key.to) else { break };
                let model = models.model(&other)?;
                field = match &key.to_field {
                    Some(name) => model.field(name)?,
                    None => model.primary_key()?,
                };
            }
            FieldType::ManyToMany(_) => break,
        }
    }
    Err(MigrateError::State(format!(
        "field '{}' has no column of its own",
        field.name
    )))
}

impl Questioner for Questions<'_> {
    fn ask_not_null_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<Literal> {
        let question = wording::not_null_addition(model, field);
        self.choose(
            &question,
            &[wording::ONE_OFF_NULL, wording::QUIT],
            &Place { model, field },
        )?;
        self.value(field, None)
    }

    fn ask_not_null_alteration(&mut self, model: &ModelState, field: &FieldState) -> Result<Alteration> {
        let question = wording::not_null_alteration(model, field);
        let choices = [wording::ONE_OFF_NULL, wording::IGNORE, wording::QUIT];
        if self.choose(&question, &choices, &Place { model, field })? == Some(1) {
            return Ok(Alteration::Ignore);
        }
        self.value(field, None).map(Alteration::Default)
    }

    fn ask_auto_now_add_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<Literal> {
        let question = wording::auto_now_add_addition(model, field);
        self.choose(&question, &[wording::ONE_OFF, wording::QUIT], &Place { model, field })?;
        self.value(field, Some(answer::NOW))
    }

    fn ask_unique_callable_default_addition(&mut self, model: &ModelState, field: &FieldState) -> Result<()> {
        let question = wording::unique_callable_default(model, field);
        self.choose(
            &question,
            &[wording::CONTINUE, wording::QUIT_UNIQUE],
            &Place { model, field },
        )?;
        Ok(())
    }

    fn ask_rename_field(&mut self, model: &ModelState, old: &FieldState, new: &FieldState) -> Result<bool> {
        let question = wording::rename_field(model, old, new);
        self.prompt
            .as_mut()
            .map_or(Ok(false), |prompt| prompt.confirm(&question))
    }

    fn ask_rename_model(&mut self, old: &ModelState, new: &ModelState) -> Result<bool> {
        let question = wording::rename_model(old, new);
        self.prompt
            .as_mut()
            .map_or(Ok(false), |prompt| prompt.confirm(&question))
    }
}

#[cfg(test)]
mod tests;
