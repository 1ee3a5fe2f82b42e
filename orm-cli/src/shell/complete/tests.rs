//! What is proposed where.
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::{Names, Sort};
use orm_core::meta::{ColumnType, FieldMeta, ModelMeta, RelationKind, RelationMeta};
use std::collections::HashMap;

fn city() -> &'static ModelMeta {
    static FIELDS: [FieldMeta; 2] = [
        FieldMeta::new("id", "id", ColumnType::BigInteger).primary_key(),
        FieldMeta::new("name", "name", ColumnType::Text),
    ];
    static META: ModelMeta = ModelMeta::new("shop", "City", "shop_city").fields(&FIELDS);
    &META
}

fn book() -> &'static ModelMeta {
    static FIELDS: [FieldMeta; 4] = [
        FieldMeta::new("id", "id", ColumnType::BigInteger).primary_key(),
        FieldMeta::new("title", "title", ColumnType::Text),
        FieldMeta::new("published", "published", ColumnType::Date),
        FieldMeta::new("city", "city_id", ColumnType::BigInteger).relation(RelationMeta::new(
            "city",
            RelationKind::ForeignKey,
            book,
            city,
        )),
    ];
    static META: ModelMeta = ModelMeta::new("shop", "Book", "shop_book").fields(&FIELDS);
    &META
}

fn completed(line: &str) -> (String, Vec<String>) {
    let known = HashMap::from([
        ("Book".to_owned(), Sort::Model(book())),
        ("City".to_owned(), Sort::Model(city())),
        ("Count".to_owned(), Sort::Other),
    ]);
    let (start, found) = Names { known }.complete(line);
    (line.get(..start).unwrap().to_owned(), found)
}

#[test]
fn names_members_and_fields() {
    assert_eq!(completed("Bo"), (String::new(), vec!["Book".to_owned()]));
    assert_eq!(completed("Book."), ("Book.".to_owned(), vec!["objects".to_owned()]));
    assert_eq!(completed("Book.objects.fil").1, ["filter"]);
    assert_eq!(completed("x = Book.objects.filter(a=\"(\").exc").1, ["exclude"]);
    assert_eq!(completed("Book.objects.first().ti").1, ["title"]);
    assert_eq!(completed("Book.objects.all()[0].city.na").1, ["name"]);
    assert_eq!(completed("Book.objects.all()[:3].fir").1, ["first"]);
    assert_eq!(completed("Book.objects.filter(ti").1, ["title"]);
    let (before, found) = completed("Book.objects.filter(city__");
    assert_eq!(before, "Book.objects.filter(city__");
    assert!(
        found.contains(&"name".to_owned()) && found.contains(&"isnull".to_owned()),
        "{found:?}"
    );
    assert_eq!(completed("Book.objects.filter(city__name__starts").1, ["startswith"]);
    assert_eq!(completed("Book.objects.filter(published__year__gt").1, ["gt", "gte"]);
    assert_eq!(completed("Book.objects.order_by(\"-city__na").1, ["name"]);
    assert_eq!(completed("Book.objects.annotate(n=Cou").1, ["Count"]);
    assert_eq!(completed("Book(ti").1, ["title"]);
    assert_eq!(completed("Book(title=\"x\").sa").1, ["save"]);
    assert_eq!(completed("Book.objects.create(ti").1, ["title"]);
    assert_eq!(completed("Book.objects.create(title=\"x\").ref").1, ["refresh_from_db"]);
    assert_eq!(completed("Nothing.x"), ("Nothing.".to_owned(), Vec::new()));
}

#[test]
fn no_line_is_too_odd() {
    for line in [
        "",
        "(",
        ")",
        "]]]",
        "\"é",
        "é.é(",
        "a[:",
        "a.b.c(",
        "1.5.",
        "'a' 'b",
        ".",
        "Book..",
        "Book.objects.filter(é__",
    ] {
        completed(line);
    }
}
