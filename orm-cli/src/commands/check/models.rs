//! Names that models may not share.

use super::Problem;
use orm_migrate::ProjectState;
use orm_migrate::names;
use orm_migrate::state::ModelState;
use std::collections::BTreeMap;

/// Each name, with the models that use it.
type Users = BTreeMap<String, Vec<String>>;

pub(super) fn check(models: &ProjectState) -> Vec<Problem> {
    let (mut tables, mut indexes, mut constraints) = (Users::new(), Users::new(), Users::new());
    for (_, model) in models.models() {
        let note = |users: &mut Users, name: &str, user: String| users.entry(name.to_owned()).or_default().push(user);
        let table = table(model);
        for relation in &model.fields {
            if let Some(many) = relation.ty.many_to_many().filter(|many| many.through.is_none()) {
                let joined = many
                    .table
                    .clone()
                    .unwrap_or_else(|| names::join_table(&table, &relation.name));
                note(&mut tables, &joined, format!("{}.{}", model.label(), relation.name));
            }
        }
        note(&mut tables, &table, model.label());
        model
            .indexes
            .iter()
            .for_each(|index| note(&mut indexes, &index.name, model.label()));
        model
            .constraints
            .iter()
            .for_each(|constraint| note(&mut constraints, constraint.name(), model.label()));
    }
    let table = |name: &str, by: &str| format!("The table '{name}' is used by more than one model: {by}.");
    let index = |name: &str, by: &str| format!("The index name '{name}' is not unique among models: {by}.");
    let constraint = |name: &str, by: &str| format!("The constraint name '{name}' is not unique among models: {by}.");
    let mut problems = shared(&tables, &table);
    problems.extend(shared(&indexes, &index));
    problems.extend(shared(&constraints, &constraint));
    problems
}

fn table(model: &ModelState) -> String {
    model
        .table
        .clone()
        .unwrap_or_else(|| names::table(&model.app, &model.name))
}

/// The names that more than one uses.
fn shared(users: &Users, message: &dyn Fn(&str, &str) -> String) -> Vec<Problem> {
    let shared = users.iter().filter(|(_, users)| users.len() > 1);
    shared
        .map(|(name, users)| Problem::error(users.join(", "), message(name, &users.join(", "))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_models_in_one_table() {
        let mut copy = ModelState::new("library", "Copy");
        copy.table = Some("library_book".to_owned());
        let models = ProjectState::from(vec![ModelState::new("library", "Book"), copy]);
        let messages: Vec<String> = check(&models).into_iter().map(|problem| problem.message).collect();
        let message = "The table 'library_book' is used by more than one model: library.Book, library.Copy.";
        assert_eq!(messages, [message]);
    }
}
