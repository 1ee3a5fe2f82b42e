//! The names of fields, along relations, with transforms and lookups at the end.

use orm_core::meta::{ModelMeta, RelationKind};
use orm_core::query::{LOOKUPS, function};
use orm_core::value::Kind;

/// The attributes of a row.
pub(super) fn attributes(model: &'static ModelMeta) -> Vec<String> {
    let mut names = vec!["pk".to_owned()];
    for field in model.fields {
        names.push(field.name.to_owned());
        if field.relation.is_some() {
            names.push(field.attname());
        }
        if !field.choices.is_empty() {
            names.push(format!("get_{}_display", field.name));
        }
    }
    names.extend(model.many_to_many.iter().map(|relation| relation.name.to_owned()));
    let reverse = model.reverse_relations().iter().filter(|relation| !relation.hidden());
    names.extend(reverse.map(|relation| relation.accessor_name()));
    names
}

/// The names in queries that `word` may become: `publisher__na` gives `publisher__name`.
pub(super) fn paths(model: &'static ModelMeta, word: &str, lookups: bool) -> Vec<String> {
    let (way, last) = word
        .rsplit_once("__")
        .map_or((None, word), |(way, last)| (Some(way), last));
    let place = match way {
        None => Place::Model(model),
        Some(way) => match way.split("__").try_fold(Place::Model(model), Place::step) {
            Some(place) => place,
            None => return Vec::new(),
        },
    };
    let prefix = way.map(|way| format!("{way}__")).unwrap_or_default();
    let found = place.names(lookups).into_iter().filter(|name| name.starts_with(last));
    found.map(|name| format!("{prefix}{name}")).collect()
}

/// Completes only what follows the last `__`, as the lists are easier to read so.
pub(super) fn from_last_word(start: usize, word: &str, found: Vec<String>) -> (usize, Vec<String>) {
    let skip = word.rfind("__").map_or(0, |at| at + 2);
    let mut found: Vec<String> = found
        .into_iter()
        .filter_map(|name| name.get(skip..).map(str::to_owned))
        .collect();
    found.sort();
    found.dedup();
    (start + skip, found)
}

/// What a name leads to.
enum Place {
    Model(&'static ModelMeta),
    Values(Kind),
}

impl Place {
    fn step(self, name: &str) -> Option<Place> {
        match self {
            Place::Model(model) => {
                if let Some(relation) = model.relation(name) {
                    return Some(Place::Model((relation.target)()));
                }
                if let Some(field) = model.field(name) {
                    return Some(Place::Values(field.column_type().kind()));
                }
                let mut reverse = model.reverse_relations().iter();
                let relation = reverse.find(|relation| relation.query_name() == name)?;
                Some(Place::Model((relation.source)()))
            }
            Place::Values(kind) => {
                let function = function::all().find(|f| f.transform && f.name == name && f.fits(kind))?;
                Some(Place::Values(function.output.of([]).kind()))
            }
        }
    }

    fn names(&self, lookups: bool) -> Vec<String> {
        let mut names = Vec::new();
        match self {
            Place::Model(model) => {
                names.push("pk".to_owned());
                for field in model.fields {
                    names.push(field.name.to_owned());
                    if field.relation.is_some() {
                        names.push(field.attname());
                    }
                }
                names.extend(model.many_to_many.iter().map(|relation| relation.name.to_owned()));
                let reverse = model.reverse_relations().iter().filter(|r| r.related_name != Some("+"));
                let named = reverse.filter(|r| !(r.symmetrical && r.kind == RelationKind::ManyToMany));
                names.extend(named.map(|relation| relation.query_name()));
                if lookups {
                    names.extend(["exact", "in", "isnull"].map(str::to_owned));
                }
            }
            Place::Values(kind) => {
                let transforms = function::all().filter(|f| f.transform && f.fits(*kind));
                names.extend(transforms.map(|f| f.name.to_owned()));
                if lookups {
                    names.extend(LOOKUPS.iter().map(|lookup| lookup.name.to_owned()));
                }
            }
        }
        names
    }
}
