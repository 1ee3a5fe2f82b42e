//! Every model of the program, known without a list: the derive submits each at link time.

use crate::meta::{ModelMeta, RelationMeta};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What `#[derive(Model)]` submits.
#[doc(hidden)]
pub struct Registration(pub fn() -> &'static ModelMeta);

inventory::collect!(Registration);

struct Registry {
    models: Vec<&'static ModelMeta>,
    /// by the address of the model pointed to
    reverse: HashMap<usize, Vec<&'static RelationMeta>>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut models: Vec<&'static ModelMeta> = inventory::iter::<Registration>().map(|r| (r.0)()).collect();
    // Link order differs between builds; names do not.
    models.sort_by_key(|m| (m.app, m.name));
    let mut reverse: HashMap<usize, Vec<&'static RelationMeta>> = HashMap::new();
    for model in &models {
        let relations = model
            .fields
            .iter()
            .filter_map(|f| f.relation.as_ref())
            .chain(model.many_to_many);
        for relation in relations {
            reverse.entry(address((relation.target)())).or_default().push(relation);
        }
    }
    Registry { models, reverse }
});

fn address(model: &ModelMeta) -> usize {
    std::ptr::from_ref(model) as usize
}

/// All models that are linked into the program, by app and name.
pub fn models() -> &'static [&'static ModelMeta] {
    &REGISTRY.models
}

/// The model of that label (`library.Book`, or just `Book` where only one app has it).
pub fn model(label: &str) -> Option<&'static ModelMeta> {
    let (app, name) = label.split_once('.').map_or((None, label), |(a, n)| (Some(a), n));
    let mut found = models()
        .iter()
        .filter(|m| m.name.eq_ignore_ascii_case(name) && app.is_none_or(|a| a == m.app));
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

pub(crate) fn reverse_relations(model: &ModelMeta) -> &'static [&'static RelationMeta] {
    REGISTRY.reverse.get(&address(model)).map_or(&[], Vec::as_slice)
}
