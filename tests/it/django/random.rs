//! The recorded texts, changed at random: whatever is typed is answered, and at once.

use super::corpus;
use super::fixture;
use crate::dice::Dice;
use futures_util::FutureExt;
use orm::Db;
use orm::shell::Shell;
use orm::testing::{DatabaseKind, TestDatabase};
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

/// Far more than any of them takes, on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(5);

/// Evaluates texts that nobody would type.
pub fn texts() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let place = TestDatabase::create(DatabaseKind::Sqlite, &["django"]).await.unwrap();
        fixture::load(place.db()).await.unwrap();
        let wrong = changed(place.db()).await;
        place.remove().await.unwrap();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

async fn changed(db: &Db) -> Vec<String> {
    let models: Vec<_> = fixture::models().collect();
    let texts: Vec<String> = corpus::cases("reads.jsonl")
        .unwrap()
        .into_iter()
        .map(|case| case.text)
        .collect();
    let split: Vec<Vec<&str>> = texts.iter().map(|text| pieces(text)).collect();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut wrong = Vec::new();
    let mut read = 0;
    for _ in 0..rounds() {
        let mut text = split[dice.throw(split.len())].clone();
        for _ in 0..=dice.throw(3) {
            let other = &split[dice.throw(split.len())];
            let (at, from) = (dice.throw(text.len() + 1), dice.throw(other.len()));
            match dice.throw(8) {
                0 => drop(text.drain(at..(at + dice.throw(3)).min(text.len()))),
                1 => drop(
                    text.splice(at..at, other[from..].iter().take(dice.throw(5)).copied())
                        .count(),
                ),
                // A name for a name, a value for a value: most of these can be read.
                _ => {
                    let same = other
                        .iter()
                        .filter(|piece| text.get(at).is_some_and(|old| sort(old) == sort(piece)));
                    let same: Vec<&&str> = same.collect();
                    if let (Some(old), false) = (text.get_mut(at), same.is_empty()) {
                        *old = same[dice.throw(same.len())];
                    }
                }
            }
        }
        let text = text.concat();
        let mut shell = Shell::new(db.clone(), &models);
        let start = Instant::now();
        let answered = AssertUnwindSafe(async {
            match shell.run(&text).await {
                Ok(answer) => drop(shell.canonical(&answer).await),
                Err(error) => return error.class() != "SyntaxError",
            }
            true
        });
        match tokio::time::timeout(PATIENCE, answered.catch_unwind()).await {
            Ok(Ok(whole)) => read += usize::from(whole),
            Ok(Err(_)) => wrong.push(format!("panics: {text}")),
            Err(_) => {}
        }
        if start.elapsed() > PATIENCE {
            wrong.push(format!("hangs: {text}"));
        }
    }
    assert!(
        read * 3 > rounds(),
        "only {read} can be read: the changes are too wild to test anything"
    );
    wrong
}

/// The words, strings and signs of a text.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => rest[1..].find('"').map_or(rest.len(), |at| at + 2),
            c if c.is_alphanumeric() => rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()),
            '_' => rest.find(|c: char| c != '_').unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

/// Which pieces may stand in for one another.
fn sort(piece: &str) -> u8 {
    match piece.chars().next() {
        Some('"' | '0'..='9') => 0,
        Some(c) if c.is_alphabetic() => 1,
        Some('+' | '-' | '*' | '/' | '|' | '&' | '^' | '~') => 2,
        Some('_') => 3,
        _ => 4,
    }
}

/// How many texts; `DJANGO_ROUNDS` may ask for more.
fn rounds() -> usize {
    std::env::var("DJANGO_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(3_000)
}
