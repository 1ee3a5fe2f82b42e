//! Which models lead to which, and so in which order their rows go.

use crate::meta::{ModelMeta, RelationMeta};
use crate::value::Value;

/// Whether foreign keys lead from a model to another, or back to itself.
pub(super) fn leads_to(from: &'static ModelMeta, to: &ModelMeta) -> bool {
    let mut known = vec![from];
    let mut at = 0;
    while let Some(model) = known.get(at).copied() {
        at += 1;
        for target in targets(model, &[]) {
            if target.is(to) {
                return true;
            }
            if !known.iter().any(|known| known.is(target)) {
                known.push(target);
            }
        }
    }
    false
}

/// The models that the foreign keys of a model lead to, but for those of some relations.
fn targets<'a>(model: &'a ModelMeta, but: &'a [&RelationMeta]) -> impl Iterator<Item = &'static ModelMeta> {
    let relations = model.fields.iter().filter_map(|field| field.relation.as_ref());
    let others = relations.filter(move |relation| !but.iter().any(|other| other.is(relation)));
    others.map(|relation| (relation.target)())
}

/// Models whose rows refer to others come before those others: MySQL checks keys at once. The keys of
/// the relations that were `changed` refer to none of the rows any more.
pub(super) fn dependents_first(
    rows: Vec<(&'static ModelMeta, Vec<Value>)>,
    changed: &[&RelationMeta],
) -> Vec<(&'static ModelMeta, Vec<Value>)> {
    let mut merged: Vec<(&'static ModelMeta, Vec<Value>)> = Vec::new();
    for (model, keys) in rows {
        match merged.iter_mut().find(|(m, _)| m.is(model)) {
            // Rows found later refer to rows found earlier.
            Some((_, all)) => {
                let mut later = keys;
                later.append(all);
                *all = later;
            }
            None => merged.push((model, keys)),
        }
    }
    let refers = |a: &ModelMeta, b: &ModelMeta| !a.is(b) && targets(a, changed).any(|target| target.is(b));
    let mut ordered = Vec::with_capacity(merged.len());
    while !merged.is_empty() {
        let free = merged
            .iter()
            .position(|(model, _)| !merged.iter().any(|(other, _)| refers(other, model)));
        // In a circle the one that was found last comes first; deferred constraints do the rest.
        ordered.push(merged.remove(free.unwrap_or(merged.len() - 1)));
    }
    ordered
}
