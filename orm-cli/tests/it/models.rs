//! Models in several states of an author's mind.

use orm_migrate::state::{DataType, FieldState, FieldType, ModelState};
use orm_migrate::{ProjectState, Result};

fn data(name: &str, ty: DataType) -> FieldState {
    FieldState::new(name, FieldType::Data(ty))
}

fn author(fields: Vec<FieldState>) -> ModelState {
    let mut model = ModelState::new("library", "Author");
    let mut id = data("id", DataType::BigAuto);
    id.primary_key = true;
    let name = data("name", DataType::Char { max_length: 50 });
    model.fields = [vec![id, name], fields].concat();
    model
}

/// `Author`, with a name.
pub fn first() -> Result<ProjectState> {
    Ok(ProjectState::from(vec![author(vec![])]))
}

/// `Author` has notes, which may be NULL.
pub fn with_notes() -> Result<ProjectState> {
    let mut notes = data("notes", DataType::Text);
    notes.null = true;
    Ok(ProjectState::from(vec![author(vec![notes])]))
}

/// `Author` has notes, which must be there.
pub fn with_required_notes() -> Result<ProjectState> {
    Ok(ProjectState::from(vec![author(vec![data("notes", DataType::Text)])]))
}

/// Two apps.
pub fn two_apps() -> Result<ProjectState> {
    let mut shop = author(vec![]);
    shop.app = "shop".to_owned();
    Ok(ProjectState::from(vec![author(vec![]), shop]))
}

/// Nobody linked the crate with the models.
pub fn none() -> Result<ProjectState> {
    Ok(ProjectState::default())
}
