//! What a database leaves out of its message, from the models' own declarations.

use super::Broken;
use crate::error::IntegrityKind;
use crate::meta::{ModelMeta, Through};
use crate::registry;
use md5::{Digest, Md5};

/// Fills in the table, the columns and the name of the constraint where the models tell them.
pub(super) fn complete(broken: &mut Broken) {
    match broken.kind {
        IntegrityKind::Unique => unique(broken, &keys(registry::models())),
        IntegrityKind::ForeignKey => foreign_key(broken),
        IntegrityKind::Check => check(broken),
        IntegrityKind::NotNull => {}
    }
}

/// Columns that are unique together.
struct Key {
    table: &'static str,
    name: Option<&'static str>,
    columns: Vec<&'static str>,
    primary: bool,
}

impl Key {
    fn new(table: &'static str, columns: Vec<&'static str>) -> Self {
        Key {
            table,
            name: None,
            columns,
            primary: false,
        }
    }

    /// Whether a constraint of that name is this one, by the names that Django and databases give.
    fn is_named(&self, name: &str, table_is_known: bool) -> bool {
        if self.name.is_some() {
            return self.name == Some(name);
        }
        if self.primary {
            return (name == "PRIMARY" && table_is_known) || name == format!("{}_pkey", self.table);
        }
        (table_is_known && self.columns == [name])
            || name.contains(&digest(self.table, &self.columns))
            || name == format!("{}_{}_key", self.table, self.columns.join("_"))
    }
}

fn keys(models: &[&'static ModelMeta]) -> Vec<Key> {
    let mut keys = Vec::new();
    for model in models {
        let columns = |fields: &[&'static str]| -> Vec<&'static str> {
            fields
                .iter()
                .filter_map(|field| model.field(field))
                .map(|field| field.column)
                .collect()
        };
        keys.extend(model.unique.iter().map(|unique| Key {
            name: Some(unique.name),
            ..Key::new(model.table, columns(unique.fields))
        }));
        keys.extend(
            model
                .unique_together
                .iter()
                .map(|fields| Key::new(model.table, columns(fields))),
        );
        keys.extend(model.fields.iter().filter(|field| field.is_unique()).map(|field| Key {
            primary: field.primary_key,
            ..Key::new(model.table, vec![field.column])
        }));
        for (table, source, target) in join_tables(model) {
            keys.push(Key {
                primary: true,
                ..Key::new(table, vec!["id"])
            });
            keys.push(Key::new(table, vec![source, target]));
        }
    }
    keys
}

/// The tables of many-to-many relations that have no model.
fn join_tables(model: &ModelMeta) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    model.many_to_many.iter().filter_map(|relation| match relation.through {
        Some(Through::Auto {
            table,
            source_column,
            target_column,
        }) => Some((table, source_column, target_column)),
        _ => None,
    })
}

fn unique(broken: &mut Broken, keys: &[Key]) {
    let table = broken.table.as_deref();
    let mut candidates = keys.iter().filter(|key| table.is_none_or(|table| table == key.table));
    if broken.columns.is_empty() {
        let Some(name) = broken.constraint.as_deref() else {
            return;
        };
        if let Some(key) = candidates.find(|key| key.is_named(name, table.is_some())) {
            broken.columns = key.columns.iter().map(|column| (*column).to_owned()).collect();
            broken.table = Some(key.table.to_owned());
        }
    } else if broken.constraint.is_none() {
        let same = candidates.filter(|key| {
            key.columns.len() == broken.columns.len()
                && broken
                    .columns
                    .iter()
                    .all(|column| key.columns.contains(&column.as_str()))
        });
        broken.constraint = same.filter_map(|key| key.name).next().map(str::to_owned);
    }
}

fn foreign_key(broken: &mut Broken) {
    let (Some(table), Some(name), true) = (&broken.table, &broken.constraint, broken.columns.is_empty()) else {
        return;
    };
    let models = registry::models().iter();
    let columns = models.flat_map(|model| {
        let own = model
            .fields
            .iter()
            .filter(|field| field.relation.is_some())
            .map(|field| (model.table, field.column));
        own.chain(join_tables(model).flat_map(|(table, source, target)| [(table, source), (table, target)]))
    });
    let column = columns
        .filter(|(t, _)| t == table)
        .find(|(t, column)| name.contains(&digest(t, &[*column])) || *name == format!("{t}_{column}_fkey"));
    broken.columns.extend(column.map(|(_, column)| column.to_owned()));
}

fn check(broken: &mut Broken) {
    let (None, Some(name)) = (&broken.table, &broken.constraint) else {
        return;
    };
    let mut models = registry::models().iter();
    let model = models.find(|model| model.checks.iter().any(|check| check.name == name));
    broken.table = model.map(|model| model.table.to_owned());
}

/// The piece of an MD5 sum in the names that Django gives.
fn digest(table: &str, columns: &[&str]) -> String {
    let mut sum = Md5::new();
    sum.update(table);
    for column in columns {
        sum.update(column);
    }
    sum.finalize()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::{ColumnType, FieldMeta, Unique};

    static FIELDS: [FieldMeta; 3] = [
        FieldMeta {
            primary_key: true,
            ..FieldMeta::new("id", "id", ColumnType::BigInteger)
        },
        FieldMeta {
            unique: true,
            ..FieldMeta::new("slug", "slug", ColumnType::Text)
        },
        FieldMeta::new("year", "year", ColumnType::Integer),
    ];
    static MODEL: ModelMeta = ModelMeta::new("shop", "Item", "shop_item")
        .fields(&FIELDS)
        .unique(&[Unique::new("one_a_year", &["slug", "year"], None)])
        .unique_together(&[&["id", "year"]]);

    fn completed(broken: Broken) -> Broken {
        let mut broken = broken;
        unique(&mut broken, &keys(&[&MODEL]));
        broken
    }

    #[test]
    fn names_tell_columns() {
        let named =
            |table, name| completed(Broken::new(IntegrityKind::Unique).table(table).constraint(Some(name))).columns;
        assert_eq!(named(Some("shop_item"), "PRIMARY"), ["id"]);
        assert_eq!(named(Some("shop_item"), "slug"), ["slug"]);
        assert_eq!(named(None, "slug"), [""; 0]);
        assert_eq!(named(None, "shop_item_slug_key"), ["slug"]);
        assert_eq!(named(None, "one_a_year"), ["slug", "year"]);
        let django = format!("shop_item_id_year_{}_uniq", digest("shop_item", &["id", "year"]));
        assert_eq!(named(None, &django), ["id", "year"]);
    }

    #[test]
    fn columns_tell_the_name() {
        let broken = Broken::new(IntegrityKind::Unique)
            .table(Some("shop_item"))
            .columns(["slug", "year"]);
        assert_eq!(completed(broken).constraint.as_deref(), Some("one_a_year"));
    }

    #[test]
    fn sums_as_django_does() {
        // `library_book_authors_book_id_author_id_5a77f71a_uniq`, and the foreign key of its first column
        assert_eq!(digest("library_book_authors", &["book_id", "author_id"]), "5a77f71a");
        assert_eq!(digest("library_book_authors", &["book_id"]), "14d130f6");
    }
}
