//! Tables straight from the models, without migrations: for tests.

use super::run::run_steps;
use crate::editor::{SchemaEditor, Step, dialect_of};
use crate::error::Result;
use crate::state::{ModelState, ProjectState};
use orm_core::exec::{Backend, Db, Session};

/// Makes the tables of all models that are linked into the program.
pub async fn create_all(db: &Db) -> Result<()> {
    let mut session = db.session().await?;
    sync_models(&mut session, None).await?;
    session.release().await;
    Ok(())
}

/// Makes the tables of the models of these apps, or of all. There must be none of them yet.
///
/// The statements run as they are; a caller who wants all or nothing begins a transaction.
pub async fn sync_models(session: &mut Session, apps: Option<&[&str]>) -> Result<()> {
    let steps = SchemaEditor::new(session.backend()).create_all(&registered(apps)?)?;
    let plain: Option<Vec<&str>> = steps
        .iter()
        .map(|step| if let Step::Sql(sql) = step { Some(&**sql) } else { None })
        .collect();
    match plain {
        // One round trip, where the database takes several statements at once.
        Some(statements) if !matches!(session.backend(), Backend::MySql { .. }) => {
            session.execute_script(&statements.join(";\n")).await?;
        }
        _ => run_steps(session, &steps).await?,
    }
    Ok(())
}

/// The statements that make the tables of all models that are linked into the program.
pub fn create_all_sql(backend: Backend) -> Result<Vec<String>> {
    let dialect = dialect_of(backend);
    let steps = SchemaEditor::new(backend).create_all(&registered(None)?)?;
    Ok(steps.iter().flat_map(|step| step.expected(&*dialect)).collect())
}

fn registered(apps: Option<&[&str]>) -> Result<ProjectState> {
    let state = ProjectState::from_registry()?;
    let Some(apps) = apps else { return Ok(state) };
    let models: Vec<ModelState> = state.into();
    Ok(ProjectState::from(
        models
            .into_iter()
            .filter(|m| apps.contains(&m.app.as_str()))
            .collect::<Vec<_>>(),
    ))
}
