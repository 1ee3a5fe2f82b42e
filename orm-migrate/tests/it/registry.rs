//! From the descriptors of models to their state and tables.

use orm_core::Value;
use orm_core::exec::Backend;
use orm_core::meta::{
    Check, CheckExpr, CheckOp, CheckValue, ColumnType, DefaultValue, FieldMeta, Index, ModelMeta, Ordering,
    RelationKind, RelationMeta, Through, Unique,
};
use orm_migrate::editor::{SchemaEditor, Step};
use orm_migrate::state::ProjectState;

const fn id() -> FieldMeta {
    let mut id = FieldMeta::new("id", "id", ColumnType::BigInteger);
    id.primary_key = true;
    id
}

static AUTHOR_FIELDS: [FieldMeta; 2] = [
    id(),
    FieldMeta::new("name", "name", ColumnType::Char { max_length: 100 }),
];

static AUTHOR: ModelMeta = {
    let mut author = ModelMeta::new("library", "Author", "library_author");
    author.fields = &AUTHOR_FIELDS;
    author
};

static BOOK_FIELDS: [FieldMeta; 3] = [
    id(),
    {
        let mut price = FieldMeta::new(
            "price",
            "price",
            ColumnType::Decimal {
                max_digits: 6,
                decimal_places: 2,
            },
        );
        price.db_default = Some(DefaultValue::new("3", true, || Value::Int(3)));
        price
    },
    {
        let mut editor = FieldMeta::new("editor", "editor_id", ColumnType::BigInteger);
        editor.null = true;
        editor.relation = Some(RelationMeta::new(
            "editor",
            RelationKind::OneToOne,
            || &BOOK,
            || &AUTHOR,
        ));
        editor
    },
];

static BOOK_AUTHORS: [RelationMeta; 1] = [{
    let mut authors = RelationMeta::new("authors", RelationKind::ManyToMany, || &BOOK, || &AUTHOR);
    authors.through = Some(Through::Auto {
        table: "library_book_authors",
        source_column: "book_id",
        target_column: "author_id",
    });
    authors
}];

static NOT_FREE: CheckExpr = CheckExpr::Compare {
    field: "price",
    op: CheckOp::Gt,
    value: CheckValue::Int(0),
};

static BOOK: ModelMeta = {
    let mut book = ModelMeta::new("library", "Book", "library_book");
    book.fields = &BOOK_FIELDS;
    book.many_to_many = &BOOK_AUTHORS;
    book.unique_together = &[&["price", "editor"]];
    book.unique = &[Unique::new("one_editor", &["editor"], Some(CheckExpr::Not(&NOT_FREE)))];
    book.checks = &[Check::new("not_free", CheckExpr::Or(&[NOT_FREE, NO_EDITOR]))];
    book.indexes = &[Index::new(
        None,
        &[Ordering {
            path: "price",
            descending: true,
        }],
        None,
    )];
    book
};

const NO_EDITOR: CheckExpr = CheckExpr::Compare {
    field: "editor",
    op: CheckOp::IsNull,
    value: CheckValue::Bool(true),
};

fn tables(backend: Backend) -> Vec<String> {
    tables_of(&[&AUTHOR, &BOOK], backend)
}

fn tables_of(models: &[&'static ModelMeta], backend: Backend) -> Vec<String> {
    let state = ProjectState::from_models(models).unwrap();
    let steps = SchemaEditor::new(backend).create_all(&state).unwrap();
    let sql = |step| match step {
        Step::Sql(sql) => sql,
        other => panic!("{other:?}"),
    };
    steps.into_iter().map(sql).collect()
}

#[test]
fn on_sqlite() {
    let expected = [
        r#"CREATE TABLE "library_author" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL)"#,
        concat!(
            r#"CREATE TABLE "library_book" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "#,
            r#""price" decimal DEFAULT (CAST('3' AS NUMERIC)) NOT NULL, "editor_id" bigint NULL UNIQUE "#,
            r#"REFERENCES "library_author" ("id") DEFERRABLE INITIALLY DEFERRED, "#,
            r#"CONSTRAINT "not_free" CHECK (("price" > '0' OR "editor_id" IS NULL)))"#
        ),
        concat!(
            r#"CREATE TABLE "library_book_authors" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "#,
            r#""book_id" bigint NOT NULL REFERENCES "library_book" ("id") DEFERRABLE INITIALLY DEFERRED, "#,
            r#""author_id" bigint NOT NULL REFERENCES "library_author" ("id") DEFERRABLE INITIALLY DEFERRED)"#
        ),
        r#"CREATE UNIQUE INDEX "library_book_price_editor_id_f38e283b_uniq" ON "library_book" ("price", "editor_id")"#,
        r#"CREATE UNIQUE INDEX "one_editor" ON "library_book" ("editor_id") WHERE NOT ("price" > '0')"#,
        r#"CREATE INDEX "library_boo_price_bb7f92_idx" ON "library_book" ("price" DESC)"#,
    ];
    assert_eq!(tables(Backend::Sqlite)[..6], expected);
}

#[test]
fn mysql_has_no_conditional_constraints() {
    let sql = tables(Backend::MySql {
        mariadb: false,
        version: (8, 4),
    })
    .join("\n");
    assert!(!sql.contains("one_editor"), "{sql}");
    assert!(sql.contains("`price` numeric(6, 2) DEFAULT 3 NOT NULL"), "{sql}");
}

static TAG_FIELDS: [FieldMeta; 3] = [
    id(),
    FieldMeta::new("slug", "slug", ColumnType::Char { max_length: 50 }).unique(),
    FieldMeta::new("label", "label", ColumnType::Text),
];

static TAG: ModelMeta = ModelMeta::new("library", "Tag", "library_tag").fields(&TAG_FIELDS);

/// A foreign key to that field of a tag.
const fn tag(to_field: &'static str) -> RelationMeta {
    RelationMeta::new("tag", RelationKind::ForeignKey, || &TAGGING, || &TAG).to_field(to_field)
}

static TAGGING_FIELDS: [FieldMeta; 2] = [
    id(),
    FieldMeta::new("tag", "tag_slug", ColumnType::Text).relation(tag("slug")),
];

static TAGGING: ModelMeta = ModelMeta::new("library", "Tagging", "library_tagging").fields(&TAGGING_FIELDS);

static WRONG_FIELDS: [FieldMeta; 2] = [
    id(),
    FieldMeta::new("tag", "tag_label", ColumnType::Text).relation(tag("label")),
];

static WRONG: ModelMeta = ModelMeta::new("library", "Wrong", "library_wrong").fields(&WRONG_FIELDS);

#[test]
fn a_key_that_holds_another_field() {
    let sql = tables_of(&[&TAG, &TAGGING], Backend::Sqlite);
    let expected = concat!(
        r#"CREATE TABLE "library_tagging" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "#,
        r#""tag_slug" varchar(50) NOT NULL REFERENCES "library_tag" ("slug") DEFERRABLE INITIALLY DEFERRED)"#
    );
    assert_eq!(sql[1], expected);
    let error = ProjectState::from_models(&[&TAG, &WRONG]).unwrap_err().to_string();
    assert!(
        error.contains("library.Wrong.tag: `to_field = \"label\"` names no unique field of library.Tag"),
        "{error}"
    );
}
