//! Seed 000 as it stands: what was typed, line by line, and what the shell answers to it.

use super::s000_transcript::{Author, Book, Project, Result, before, models, models_before};
use crate::shell::shown;
use orm::prelude::*;
use orm::shell::Shell;

/// `In [1]: …`, `Out[1]: …`, the last lines of errors, and the commands between the two sessions.
const TRANSCRIPT: &str = include_str!("s000_transcript.txt");

// No table is made beforehand: the migrations make them.
#[orm::test(apps = ["books_authors_app_before"])]
async fn the_transcript_line_by_line(db: Db) -> Result<()> {
    let (project, now) = (Project::new()?, models()?);
    project.makemigrations(&models_before()?)?;
    project.migrate(&db).await?;
    let mut shell = Shell::new(db.clone(), &[Book::meta(), before::Author::meta()]);
    let mut lines = TRANSCRIPT.lines().peekable();
    let mut typed = 0;
    while let Some(line) = lines.next() {
        match line {
            "$ python manage.py makemigrations" => drop(project.makemigrations(&now)?),
            "$ python manage.py migrate" => drop(project.migrate(&db).await?),
            "$ python manage.py shell" => shell = Shell::new(db.clone(), &[Book::meta(), Author::meta()]),
            line => {
                let answer = lines.next_if(|line| !line.starts_with("In [") && !line.starts_with('$'));
                let expected = answer.map_or("", |line| line.split_once("]: ").map_or(line, |(_, text)| text));
                let actual = match shown(&mut shell, line).await {
                    text if text == "None" => String::new(),
                    text => text,
                };
                assert!(
                    told(expected, &actual),
                    "{line}\nexpected {expected}\nactual   {actual}"
                );
                typed += 1;
            }
        }
    }
    assert_eq!(typed, 92);
    Ok(())
}

/// Whether the answer is that of the transcript, but for moments, addresses and hints.
fn told(expected: &str, actual: &str) -> bool {
    let (expected, actual) = (without_moments(expected), without_moments(actual));
    match expected.split_once(" at 0x") {
        Some((what, _)) => actual.strip_prefix(what) == Some(" object>"),
        None if expected.contains("Error: ") => actual == expected || actual.starts_with(&format!("{expected}. Did")),
        None => actual == expected,
    }
}

fn without_moments(text: &str) -> String {
    let mut parts = text.split("datetime.datetime(");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.split_once(')').map_or("", |(_, rest)| rest);
        text + "<a moment>" + rest
    })
}
