//! `makemigrations`.

use crate::models::{first, none, two_apps, with_notes, with_required_notes};
use crate::place::Place;

#[tokio::test]
async fn says_what_django_says() {
    let place = Place::new();
    let output = place.done(first, "makemigrations").await;
    assert_eq!(
        output,
        "Migrations for 'library':\n  migrations/0001_initial.toml\n    + Create model Author\n"
    );
    assert_eq!(place.done(first, "makemigrations").await, "No changes detected\n");
    assert_eq!(
        place.done(first, "makemigrations library").await,
        "No changes detected in app 'library'\n"
    );
    let output = place.done(with_notes, "makemigrations").await;
    assert_eq!(
        output,
        "Migrations for 'library':\n  migrations/0002_author_notes.toml\n    + Add field notes to author\n"
    );
    assert!(
        std::fs::read_to_string(place.path("migrations/0002_author_notes.toml"))
            .unwrap()
            .contains("notes")
    );
}

#[tokio::test]
async fn looking_writes_nothing() {
    let place = Place::new();
    let output = place.done(first, "makemigrations --dry-run --no-input").await;
    assert!(output.contains("0001_initial"), "{output}");
    place.failed(first, "makemigrations --check").await;
    assert!(!std::path::Path::new(&place.path("migrations")).exists());
    place.done(first, "makemigrations").await;
    place.done(first, "makemigrations --check").await;
    // A change that needs an answer is a change, too.
    let output = place.failed(with_required_notes, "makemigrations --check").await;
    assert!(output.contains("+ Add field notes to author"), "{output}");
}

#[tokio::test]
async fn an_answer_that_nobody_gives_is_an_error() {
    let place = Place::new();
    place.done(first, "makemigrations").await;
    let output = place.failed(with_required_notes, "makemigrations --no-input").await;
    for part in ["'notes'", "'Author'", "default"] {
        assert!(output.contains(part), "{output}");
    }
}

#[tokio::test]
async fn names_and_empty_ones() {
    let place = Place::new();
    place.done(first, "makemigrations").await;
    let output = place.done(first, "makemigrations --empty --name fill_names").await;
    assert_eq!(output, "Migrations for 'library':\n  migrations/0002_fill_names.toml\n");
    for name in ["a-b", "../x", "2nd"] {
        let output = place.failed(with_notes, &format!("makemigrations --name {name}")).await;
        assert!(output.contains(name), "{output}");
    }
}

#[tokio::test]
async fn apps() {
    let place = Place::new();
    let output = place.failed(two_apps, "makemigrations lib").await;
    assert_eq!(
        output,
        "error: No installed app with label 'lib'. The apps are: library, shop."
    );
    let output = place.done(two_apps, "makemigrations").await;
    assert!(output.contains("  migrations/0001_initial.toml\n"), "{output}");
    assert!(output.contains("  migrations/shop/0001_initial.toml\n"), "{output}");
    let output = place.failed(none, "makemigrations").await;
    assert!(output.contains("orm::manage!"), "{output}");
}
