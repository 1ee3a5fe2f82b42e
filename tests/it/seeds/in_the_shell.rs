//! The seeds as they stand: what is typed there, line by line, and what the shell answers to it.

use super::s000_transcript::{Author, Book, Project, Result, before, models, models_before};
use crate::shell::shown;
use orm::meta::ModelMeta;
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

/// Plays `>>> …` and asserts the lines that follow each, in the form of Django 1.7, when a page was
/// written: lists without the query set around them, texts with `u`.
async fn play(db: &Db, models: &[&'static ModelMeta], transcript: &str) {
    let mut shell = Shell::new(db.clone(), models);
    let mut lines = transcript.lines().peekable();
    while let Some(line) = lines.next() {
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with(">>>")) {
            expected.push(line.trim());
        }
        let expected = expected.join(" ");
        let actual = match shown(&mut shell, line).await {
            text if text == "None" => String::new(),
            text => text,
        };
        let same = if expected.contains("Error: ") || expected.contains("DoesNotExist: ") {
            expected.split(':').next() == actual.split(':').next()
        } else if line.ends_with(".delete()") || line.contains(".save()") {
            // Later versions tell what was deleted.
            !actual.contains("Error: ")
        } else {
            rows_of(&expected.replace("u'", "'")) == rows_of(&actual)
        };
        assert!(same, "{line}\nexpected {expected}\nactual   {actual}");
    }
}

/// The rows of a list, which the pages show in no certain order; else the text as it is.
fn rows_of(text: &str) -> Vec<String> {
    let inner = text.strip_prefix("<QuerySet ").and_then(|text| text.strip_suffix('>'));
    let inner = inner
        .unwrap_or(text)
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let mut rows: Vec<String> = match inner {
        None => vec![text.to_owned()],
        Some(inner) => inner
            .split("<")
            .map(|row| row.trim_end_matches(", ").to_owned())
            .collect(),
    };
    rows.sort();
    rows
}

#[orm::test(apps = ["library"])]
async fn the_tutorial(db: Db) {
    let models: Vec<_> = orm::registry::models()
        .iter()
        .copied()
        .filter(|model| model.app == "library")
        .collect();
    play(&db, &models, include_str!("s001_transcript.txt")).await;
}

/// What the page assigns to a set, which Django has given up since, is set; what it prints is shown;
/// and where it shows what its statements do not come to, a statement was added.
#[orm::test(apps = ["many_to_many"])]
async fn the_page_on_many_to_many(db: Db) {
    let models: Vec<_> = orm::registry::models()
        .iter()
        .copied()
        .filter(|model| model.app == "many_to_many")
        .collect();
    play(&db, &models, include_str!("s002_transcript.txt")).await;
}

const NOTES: &str = "\
>>> Author.objects.create(name='Emily')
<Author: Emily>
>>> Author.objects.create(name='Louisa May')
<Author: Louisa May>
>>> this_author = Author.objects.get(id=2)
>>> my_book = Book.objects.create(title='Little Women', author=this_author)
>>> my_book = Book.objects.create(title='Little Women', author=Author.objects.get(id=2))
>>> some_book = Book.objects.get(id=2)
>>> some_book.title
'Little Women'
>>> some_book.author
<Author: Louisa May>
>>> some_book.author.name
'Louisa May'
>>> some_book.author.id
2
>>> Book.objects.filter(author=this_author)
[<Book: Little Women>, <Book: Little Women>]
>>> Book.objects.filter(author=Author.objects.get(id=2)).count()
2
>>> this_author.books.all()
[<Book: Little Women>, <Book: Little Women>]
";

const MORE_NOTES: &str = "\
>>> this_book = Book.objects.create(title='Emma')
>>> this_publisher = Publisher.objects.create(name='North')
>>> this_publisher.books.add(this_book)
>>> this_book.publishers.add(this_publisher)
>>> this_publisher.books.all()
[<Book: Emma>]
>>> this_book.publishers.all()
[<Publisher: North>]
>>> this_publisher.books.remove(this_book)
>>> this_book.publishers.remove(this_publisher)
>>> this_book.publishers.all()
[]
";

#[orm::test(apps = ["notes_authors", "notes_publishers"])]
async fn the_notes(db: Db) {
    for (app, text) in [("notes_authors", NOTES), ("notes_publishers", MORE_NOTES)] {
        let models: Vec<_> = orm::registry::models()
            .iter()
            .copied()
            .filter(|model| model.app == app)
            .collect();
        play(&db, &models, text).await;
    }
}
