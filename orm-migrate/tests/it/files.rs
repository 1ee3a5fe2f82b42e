//! Files: what is written, what is wrong with them, and how they depend on each other.

use crate::databases::source;
use crate::models::{books, data, migration, model, sql};
use orm_migrate::MigrateError;
use orm_migrate::diff::NonInteractive;
use orm_migrate::files::{MakeOptions, MigrationGraph, MigrationSource, make_migrations, parse, write};
use orm_migrate::operation::{Migration, MigrationId, Operation};
use orm_migrate::state::{Condition, ConstraintState, DataType, FieldState, IndexState, ProjectState};

fn state(migrations: &[Migration]) -> ProjectState {
    let files = migrations.iter().cloned().map(|m| (m, String::new())).collect();
    MigrationGraph::new(files).unwrap().state().unwrap()
}

fn condition(json: serde_json::Value) -> Condition {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_file_is_readable() {
    let text = write(&books()[1], "Made by a test.").unwrap();
    let expected = r#"# Made by a test.
app = "shop"
name = "0002_book_pages"
dependencies = ["shop.0001_initial"]

# Add field pages to book
[[operations]]
op = "add_field"
model = "book"
field = { name = "pages", type = "integer", default = 7 }
"#;
    assert_eq!(text, expected);
}

#[test]
fn everything_survives_the_file() {
    let check = ConstraintState::Check {
        name: "price_\"ok\"".into(),
        condition: condition(
            serde_json::json!({"or": [{"price__gt": {"f": "cost"}}, {"not": {"kind__in": ["a'b", "c"]}}]}),
        ),
    };
    let index = IndexState {
        name: "i".into(),
        fields: vec!["-price".into()],
        condition: Some(condition(serde_json::json!({"not__isnull": true}))),
    };
    let mut field = data("note", DataType::Char { max_length: 9 });
    field.default = Some(orm_migrate::literal::Literal::Text("it's\n\"two\" \\ lines".into()));
    field.comment = Some("# no comment".into());
    let operations = vec![
        Operation::AddConstraint {
            model: "book".into(),
            constraint: check,
        },
        Operation::AddIndex {
            model: "book".into(),
            index,
        },
        Operation::AlterField {
            model: "book".into(),
            field,
            preserve_default: false,
        },
        Operation::AlterUniqueTogether {
            name: "book".into(),
            unique_together: vec![],
        },
        Operation::AlterModelTable {
            name: "book".into(),
            table: None,
        },
        sql("UPDATE t\n   SET a = 'x';\nSELECT 1", Some("")),
    ];
    let migration = migration("0003_all", &["0002_book_pages"], operations);
    let text = write(&migration, "").unwrap();
    assert_eq!(parse("migrations/0003_all.toml", &text).unwrap(), migration, "{text}");
}

#[track_caller]
fn assert_wrong(text: &str, line: usize, expected: &str) {
    match parse("migrations/0001_initial.toml", text) {
        Err(MigrateError::File {
            path,
            line: found,
            message,
        }) => {
            assert_eq!(path, "migrations/0001_initial.toml");
            assert_eq!(found, line, "{message}");
            assert!(message.contains(expected), "{message}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_wrong_has_a_line() {
    let with = |rest: &str| format!("app = \"shop\"\nname = \"0001_initial\"\n{rest}");
    assert_wrong(
        "app = \"shop\"\nname = \"0009_other\"\n",
        2,
        "its file must be 0009_other.toml",
    );
    assert_wrong(
        &with("dependencies = [\"0001\"]"),
        3,
        "\"0001\" is not \"app.migration\"",
    );
    assert_wrong(&with("[[operations]]\nop = \"add_feild\""), 4, "unknown variant");
    assert_wrong(&with("[[operations]]\nop = \"delete_model\""), 3, "needs `name`");
    let extra = "[[operations]]\nop = \"delete_model\"\nname = \"Book\"\ntable = \"t\"";
    assert_wrong(&with(extra), 3, "`table` does not belong");
    let field =
        "[[operations]]\nop = \"add_field\"\nmodel = \"book\"\nfield = { name = \"x\", type = \"date\", default = 3 }";
    assert_wrong(&with(field), 6, "expected a date");
    assert_wrong(
        &with("[[operations]]\nop = \"run_sql\"\nforward = \"x\"\nbackward = \"y\""),
        6,
        "unknown field",
    );
}

#[test]
fn what_does_not_fit_together() {
    let of = |migrations: Vec<Migration>| source(&migrations).load();
    let missing = of(vec![migration("0002_b", &["0001_a"], vec![])]).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "migration shop.0002_b depends on shop.0001_a, which does not exist"
    );
    let cycle = of(vec![
        migration("0001_a", &["0002_b"], vec![]),
        migration("0002_b", &["0001_a"], vec![]),
    ])
    .unwrap_err();
    assert_eq!(
        cycle.to_string(),
        "migrations depend on each other: shop.0001_a -> shop.0002_b -> shop.0001_a"
    );
    let two = of(vec![
        migration("0001_a", &[], vec![]),
        migration("0002_b", &["0001_a"], vec![]),
        migration("0002_c", &["0001_a"], vec![]),
    ]);
    let conflict = two.unwrap().check_conflicts().unwrap_err().to_string();
    assert!(conflict.contains("shop.0002_b, shop.0002_c"), "{conflict}");
}

#[test]
fn new_files_follow_the_old_ones() {
    let folder = std::env::temp_dir().join(format!("orm-migrate-files-{}", std::process::id()));
    let source = MigrationSource::directory(&folder);
    let mut nobody = NonInteractive;
    let mut make = |models: &ProjectState| {
        let made = make_migrations(&source, models, &mut nobody, &MakeOptions::default())?;
        for new in &made {
            let path = folder.join(&new.path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &new.text).unwrap();
        }
        Ok::<_, MigrateError>(made)
    };
    let first = make(&state(&books()[..1])).unwrap();
    assert_eq!(first[0].path.to_str(), Some("0001_initial.toml"));
    assert_eq!(first[0].descriptions, ["+ Create model Author", "+ Create model Book"]);
    let second = make(&state(&books())).unwrap();
    assert_eq!(second[0].id, MigrationId::new("shop", "0002_book_pages"));
    assert!(make(&state(&books())).unwrap().is_empty());
    let third = make(&ProjectState::default()).unwrap();
    assert_eq!(
        third[0].path.to_str(),
        Some("0003_remove_book_author_delete_author_delete_book.toml")
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn other_apps_have_folders() {
    let mut models = state(&books());
    let Operation::CreateModel(mut other) = model("Pen", vec![]) else {
        unreachable!()
    };
    other.app = "desk".into();
    models.add(other).unwrap();
    let options = MakeOptions {
        default_app: Some("shop".into()),
        ..MakeOptions::default()
    };
    let source = MigrationSource::directory("/nowhere");
    let made = make_migrations(&source, &models, &mut NonInteractive, &options).unwrap();
    let paths: Vec<_> = made.iter().map(|m| m.path.to_str().unwrap()).collect();
    assert_eq!(paths, ["desk/0001_initial.toml", "0001_initial.toml"]);
}

#[test]
fn nobody_to_ask() {
    let before = books();
    let mut after = state(&before);
    let required: FieldState = data("isbn", DataType::Text);
    let key = orm_migrate::state::ModelKey::new("shop", "Book");
    after.model_mut(&key).unwrap().fields.push(required);
    let failed = make_migrations(&source(&before), &after, &mut NonInteractive, &MakeOptions::default());
    let message = failed.unwrap_err().to_string();
    assert!(
        message.starts_with("field 'isbn' on model 'Book' is new, required and has no default"),
        "{message}"
    );
}
