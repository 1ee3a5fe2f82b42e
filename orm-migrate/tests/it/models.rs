//! Migrations for the tests of the executor.

use orm_migrate::literal::Literal;
use orm_migrate::operation::{Migration, MigrationId, Operation, Sql};
use orm_migrate::state::{DataType, FieldState, FieldType, ForeignKeyState, ModelState, OnDelete};

pub fn migration(name: &str, dependencies: &[&str], operations: Vec<Operation>) -> Migration {
    Migration {
        id: MigrationId::new("shop", name),
        dependencies: dependencies
            .iter()
            .map(|name| MigrationId::new("shop", *name))
            .collect(),
        initial: dependencies.is_empty(),
        operations,
    }
}

pub fn data(name: &str, ty: DataType) -> FieldState {
    FieldState::new(name, FieldType::Data(ty))
}

pub fn model(name: &str, fields: Vec<FieldState>) -> Operation {
    let mut model = ModelState::new("shop", name);
    let mut id = data("id", DataType::BigAuto);
    id.primary_key = true;
    model.fields = std::iter::once(id).chain(fields).collect();
    Operation::CreateModel(model)
}

pub fn foreign_key(name: &str, to: &str) -> FieldState {
    let to = to.to_owned();
    let key = ForeignKeyState {
        to,
        to_field: None,
        on_delete: OnDelete::Cascade,
        db_constraint: true,
    };
    FieldState::new(name, FieldType::ForeignKey(key))
}

pub fn sql(forward: &str, reverse: Option<&str>) -> Operation {
    let every = |text: &str| Sql::Every(text.to_owned());
    Operation::RunSql {
        forward: every(forward),
        reverse: reverse.map(every),
    }
}

/// `0001_initial` makes two tables, `0002_book_pages` adds a column with a default.
pub fn books() -> Vec<Migration> {
    let title = data("title", DataType::Char { max_length: 50 });
    let mut pages = data("pages", DataType::Integer);
    pages.default = Some(Literal::Int(7));
    let add = Operation::AddField {
        model: "book".into(),
        field: pages,
        preserve_default: true,
    };
    let book = model("Book", vec![title, foreign_key("author", "shop.Author")]);
    let author = model("Author", vec![data("name", DataType::Char { max_length: 50 })]);
    vec![
        migration("0001_initial", &[], vec![author, book]),
        migration("0002_book_pages", &["0001_initial"], vec![add]),
    ]
}
