//! `migrate`, `showmigrations` and `sqlmigrate`.

use crate::models::{first, two_apps, with_notes};
use crate::place::Place;

async fn two_migrations() -> Place {
    let place = Place::new();
    place.done(first, "makemigrations").await;
    place.done(with_notes, "makemigrations").await;
    place
}

#[tokio::test]
async fn says_what_django_says() {
    let place = two_migrations().await;
    let output = place.done(with_notes, "migrate --database DB").await;
    assert_eq!(
        output,
        "Operations to perform:\n  Apply all migrations: library\nRunning migrations:\n  Applying \
         library.0001_initial... OK\n  Applying library.0002_author_notes... OK\n"
    );
    let output = place.done(with_notes, "migrate --database DB").await;
    assert_eq!(
        output,
        "Operations to perform:\n  Apply all migrations: library\nRunning migrations:\n  No migrations to apply.\n"
    );
    let output = place.done(first, "migrate --database DB").await;
    assert!(
        output.contains("  Your models in app(s): 'library' have changes"),
        "{output}"
    );
}

#[tokio::test]
async fn to_and_fro() {
    let place = two_migrations().await;
    let output = place.done(with_notes, "migrate 0001 --database DB").await;
    assert!(
        output.contains("  Target specific migration: 0001_initial, from library\n"),
        "{output}"
    );
    let output = place.done(with_notes, "migrate --plan --database DB").await;
    assert_eq!(
        output,
        "Planned operations:\nlibrary.0002_author_notes\n    Add field notes to author\n"
    );
    let output = place.done(with_notes, "showmigrations --database DB").await;
    assert_eq!(output, "library\n [X] 0001_initial\n [ ] 0002_author_notes\n");
    let output = place.done(with_notes, "showmigrations --plan --database DB").await;
    assert_eq!(output, "[X]  library.0001_initial\n[ ]  library.0002_author_notes\n");
    place.done(with_notes, "migrate library --database DB").await;
    let output = place.done(with_notes, "migrate zero --plan --database DB").await;
    assert!(output.contains("    Undo Add field notes to author\n"), "{output}");
    let output = place.done(with_notes, "migrate zero --database DB").await;
    assert!(output.contains("  Unapply all migrations: library\n"), "{output}");
    assert!(
        output.ends_with("  Unapplying library.0001_initial... OK\n"),
        "{output}"
    );
    let output = place.done(with_notes, "migrate --fake --database DB").await;
    assert!(
        output.ends_with("  Applying library.0002_author_notes... FAKED\n"),
        "{output}"
    );
}

#[tokio::test]
async fn what_cannot_be_meant() {
    let place = two_migrations().await;
    let output = place.failed(with_notes, "migrate 0007 --database DB").await;
    assert!(output.contains("\"0007\""), "{output}");
    let output = place.failed(with_notes, "migrate shop 0001 --database DB").await;
    assert!(output.contains("\"shop\""), "{output}");
    place.done(two_apps, "makemigrations").await;
    let output = place.failed(with_notes, "migrate 0001 --database DB").await;
    assert!(output.contains("The apps are: library, shop."), "{output}");
    let output = place
        .failed(with_notes, "migrate --migrations nowhere --database DB")
        .await;
    assert!(output.contains("nowhere"), "{output}");
}

#[tokio::test]
async fn an_error_begins_a_line() {
    let place = two_migrations().await;
    place.done(with_notes, "migrate 0001 --database DB").await;
    let broken = "app = \"library\"\nname = \"0003_broken\"\ndependencies = [\"library.0002_author_notes\"]\n\
                  [[operations]]\nop = \"run_sql\"\nforward = \"THIS IS NO SQL\"\n";
    std::fs::write(place.path("migrations/0003_broken.toml"), broken).unwrap();
    let output = place.failed(with_notes, "migrate --database DB").await;
    assert!(
        output.contains("  Applying library.0003_broken...\nerror: "),
        "{output}"
    );
}

#[tokio::test]
async fn sql_without_and_with_a_database() {
    let place = two_migrations().await;
    let output = place.done(with_notes, "sqlmigrate 0002 --database postgres").await;
    let sql = "BEGIN;\n--\n-- Add field notes to author\n--\nALTER TABLE \"library_author\" ADD COLUMN \"notes\" text \
               NULL;\nCOMMIT;\n";
    assert_eq!(output, sql);
    let output = place
        .done(with_notes, "sqlmigrate library 0002 --database mariadb")
        .await;
    assert!(output.contains("`library_author`"), "{output}");
    let output = place
        .done(with_notes, "sqlmigrate 0002 --backwards --database DB")
        .await;
    assert!(output.contains("DROP COLUMN"), "{output}");
}
