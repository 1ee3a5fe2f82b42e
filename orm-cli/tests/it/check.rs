//! `check`.

use crate::models::{first, none, with_notes};
use crate::place::Place;

#[tokio::test]
async fn all_is_well() {
    let place = Place::new();
    place.done(first, "makemigrations").await;
    place.done(first, "migrate --database DB").await;
    assert_eq!(
        place.done(first, "check --database DB").await,
        "System check identified no issues.\n"
    );
}

#[tokio::test]
async fn what_is_not_migrated() {
    let place = Place::new();
    place.done(first, "makemigrations").await;
    let output = place.done(with_notes, "check --database DB").await;
    let expected = "System check identified some issues:\n\nWARNINGS:\nlibrary: The models have changes that are not yet \
                    reflected in a migration.\n    + Add field notes to author\n    HINT: Run 'manage makemigrations' to \
                    make new migrations.\ndatabase: There are 1 unapplied migration(s) for app(s): library.\n    HINT: \
                    Run 'manage migrate' to apply them.\n\nSystem check identified 2 issues.\n";
    assert_eq!(output, expected);
    place.failed(with_notes, "check --fail-level warning").await;
}

#[tokio::test]
async fn what_cannot_work() {
    let place = Place::new();
    place.done(first, "makemigrations").await;
    std::fs::write(place.path("migrations/0002_x.toml"), "app = \"library\"\nname = 7\n").unwrap();
    let output = place.failed(first, "check").await;
    assert!(output.contains("migrations: migrations/0002_x.toml:2: "), "{output}");
    let output = place.failed(none, "check").await;
    assert!(output.contains("models: this program knows no models"), "{output}");
}
