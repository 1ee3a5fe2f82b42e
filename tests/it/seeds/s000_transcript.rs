//! Seed 000: a shell transcript about books and their authors, and the migration in its middle.
//!
//! What the transcript mistypes does not compile here. In its order, with the program under
//! `tests/compile_fail/` that shows what the compiler says:
//!
//! | transcript | here | shown by |
//! |---|---|---|
//! | `Author.object.filter(..)` | no function `object` | `other_names.rs` |
//! | `auth.first_name = ".."` on a queryset, which Python lets pass | no field `first_name` | `queryset_for_a_row.rs` |
//! | `auth.save()` on a queryset | no method `save` on a queryset | `other_names.rs` |
//! | `auth.first.first_name = ".."` | `first` is a method | `queryset_for_a_row.rs` |
//! | `Author.objects.value()` | no method `value`, but `values` | `other_names.rs` |
//! | `Books.objects.get(id=1)` | no type `Books` | `unknown_model.rs` |
//! | `Author.objects.get(id=i)` | no value `i` | any Rust program |
//! | `books.add(Book.objects.all())` | works: a queryset names rows | the test below |
//! | `books.add(Book.objects.all().values())` | columns name no rows | `queryset_for_a_row.rs` |

use orm::migrate::executor::{Event, MigrateOptions, Migrator};
use orm::migrate::state::ModelKey;
use orm::migrate::{MakeOptions, MigrationSource, NonInteractive, ProjectState, make_migrations};
use orm::prelude::*;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "books_authors_app", ordering = ["id"], display = "Book: {title}", repr = "Book: {title}")]
pub struct Book {
    pub id: i64,
    #[field(max_length = 255)]
    pub title: String,
    pub desc: String,
    #[field(auto_now_add)]
    pub created_at: DateTime<Utc>,
    #[field(auto_now)]
    pub updated_at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    app = "books_authors_app",
    ordering = ["id"],
    display = "Author: {first_name} {last_name}",
    repr = "Author: {first_name} {last_name}"
)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 45)]
    pub first_name: String,
    #[field(max_length = 45)]
    pub last_name: String,
    #[field(related_name = "authors")]
    pub books: ManyToMany<Book>,
    #[field(auto_now_add)]
    pub created_at: DateTime<Utc>,
    #[field(auto_now)]
    pub updated_at: DateTime<Utc>,
    pub notes: Option<String>,
}

/// The author of the first half: the same table, before it had `notes`.
pub mod before {
    use orm::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(
        app = "books_authors_app_before",
        table = "books_authors_app_author",
        managed = false,
        ordering = ["id"],
        display = "Author: {first_name} {last_name}",
        repr = "Author: {first_name} {last_name}"
    )]
    pub struct Author {
        pub id: i64,
        #[field(max_length = 45)]
        pub first_name: String,
        #[field(max_length = 45)]
        pub last_name: String,
        #[field(auto_now_add)]
        pub created_at: DateTime<Utc>,
        #[field(auto_now)]
        pub updated_at: DateTime<Utc>,
    }
}

pub type Result<T, E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

// No table is made beforehand: the migrations make them.
#[orm::test(apps = ["books_authors_app_before"])]
async fn the_transcript(db: Db) -> Result<()> {
    let project = Project::new()?;
    let (earlier, now) = (models_before()?, models()?);

    let made = project.makemigrations(&earlier)?;
    assert_eq!(
        made,
        ["0001_initial.toml", "+ Create model Book", "+ Create model Author"]
    );
    assert_eq!(
        project.migrate(&db).await?,
        ["Applying books_authors_app.0001_initial... OK"]
    );

    first_session(&db).await?;

    // $ python manage.py makemigrations
    assert_eq!(
        project.makemigrations(&now)?,
        ["0002_author_notes.toml", "+ Add field notes to author"]
    );
    // $ python manage.py migrate
    assert_eq!(
        project.migrate(&db).await?,
        ["Applying books_authors_app.0002_author_notes... OK"]
    );
    assert_eq!(project.migrate(&db).await?, [""; 0]);
    assert_eq!(project.makemigrations(&now)?, [""; 0]);

    second_session(&db).await
}

async fn first_session(db: &Db) -> Result<()> {
    use before::Author;

    let book = Book::create()
        .title("C Sharp")
        .desc("a book about c sharp")
        .save(db)
        .await?;
    assert_eq!(book.to_string(), "Book: C Sharp");
    let book = Book::create().title("Java").desc("a book about java").save(db).await?;
    assert_eq!(book.to_string(), "Book: Java");
    let book = Book::create()
        .title("Python")
        .desc("a book about python")
        .save(db)
        .await?;
    assert_eq!(book.to_string(), "Book: Python");
    let book = Book::create().title("PHP").desc("a book about php").save(db).await?;
    assert_eq!(book.to_string(), "Book: PHP");
    let book = Book::create().title("Ruby").desc("a book about Ruby").save(db).await?;
    assert_eq!(book.to_string(), "Book: Ruby");

    let author = Author::create().first_name("Jane").last_name("Austen").save(db).await?;
    assert_eq!(author.to_string(), "Author: Jane Austen");
    let author = Author::create()
        .first_name("Emily")
        .last_name("Dickinson")
        .save(db)
        .await?;
    assert_eq!(author.to_string(), "Author: Emily Dickinson");
    let author = Author::create()
        .first_name("Floyd")
        .last_name("Dostoevksy")
        .save(db)
        .await?;
    assert_eq!(author.to_string(), "Author: Floyd Dostoevksy");

    let auth = Author::objects().filter(q!(first_name = "Floyd"));
    assert_eq!(
        queryset(&auth.clone().all(db).await?),
        "<QuerySet [Author: Floyd Dostoevksy]>"
    );
    let first = async || -> Result<Author> { auth.clone().first(db).await?.ok_or("no author".into()) };
    assert_eq!(first().await.map(|a| a.to_string())?, "Author: Floyd Dostoevksy");
    // Each `first()` is another object, so what is set on one of them is lost.
    first().await?.first_name = "Fyodor".to_owned();
    assert_eq!(first().await?.to_string(), "Author: Floyd Dostoevksy");
    first().await?.save(db).await?;

    let rows = || Author::objects().values(|a| (a.id(), a.first_name(), a.last_name(), a.created_at(), a.updated_at()));
    let names = |rows: &[(i64, String, String, DateTime<Utc>, DateTime<Utc>)]| {
        rows.iter()
            .map(|(id, first, last, ..)| format!("{id} {first} {last}"))
            .collect::<Vec<_>>()
    };
    let saved = rows().all(db).await?;
    assert_eq!(
        names(&saved),
        ["1 Jane Austen", "2 Emily Dickinson", "3 Floyd Dostoevksy"]
    );
    assert!(saved[2].4 > saved[2].3, "saving sets `updated_at`");

    let mut auth = Author::objects().get(db, q!(id = 3)).await?;
    auth.first_name = "Fyodor".to_owned();
    assert_eq!(auth.to_string(), "Author: Fyodor Dostoevksy");
    auth.save(db).await?;
    assert_eq!(Author::objects().get(db, q!(id = 3)).await?, auth);

    let again = rows().all(db).await?;
    assert_eq!(
        names(&again),
        ["1 Jane Austen", "2 Emily Dickinson", "3 Fyodor Dostoevksy"]
    );
    assert_eq!(again[..2], saved[..2]);
    assert_eq!(again[2].3, saved[2].3, "`created_at` stays");
    assert!(again[2].4 > saved[2].4);

    let author = Author::create()
        .first_name("William")
        .last_name("Shakespeare")
        .save(db)
        .await?;
    assert_eq!(author.to_string(), "Author: William Shakespeare");
    let author = Author::create().first_name("Lau").last_name("Tzu").save(db).await?;
    assert_eq!(author.to_string(), "Author: Lau Tzu");
    Ok(())
}

async fn second_session(db: &Db) -> Result<()> {
    let get_author = async |id: i64| Author::objects().get(db, q!(id = id)).await;
    let get_book = async |id: i64| Book::objects().get(db, q!(id = id)).await;
    let c_sharp = (1, "C#".to_owned(), "a book about c sharp".to_owned());
    let java = (2, "Java".to_owned(), "a book about java".to_owned());
    let python = (3, "Python".to_owned(), "a book about python".to_owned());
    let php = (4, "PHP".to_owned(), "a book about php".to_owned());
    let ruby = (5, "Ruby".to_owned(), "a book about Ruby".to_owned());
    let books = async |author: i64| {
        let books = get_author(author).await?.books();
        books.values(|b| (b.id(), b.title(), b.desc())).all(db).await
    };
    let emily = (2, "Emily".to_owned(), "Dickinson".to_owned(), None);
    let fyodor = (3, "Fyodor".to_owned(), "Dostoevksy".to_owned(), None);
    let bill = (4, "Bill".to_owned(), "Shakespeare".to_owned(), None);
    let authors = async |book: i64| {
        let authors = get_book(book).await?.authors();
        authors
            .values(|a| (a.id(), a.first_name(), a.last_name(), a.notes()))
            .all(db)
            .await
    };

    let mut book = Book::objects()
        .filter(q!(title = "C Sharp"))
        .first(db)
        .await?
        .ok_or("no book")?;
    assert_eq!(book.to_string(), "Book: C Sharp");
    book.title = "C#".to_owned();
    book.save(db).await?;
    assert_eq!(book.to_string(), "Book: C#");

    let mut author = Author::objects().get(db, q!(id = 4)).await?;
    author.first_name = "Bill".to_owned();
    assert_eq!(author.to_string(), "Author: Bill Shakespeare");
    author.save(db).await?;

    let jane = Author::objects().get(db, q!(id = 1)).await?;
    jane.books()
        .add(db, &Book::objects().get(db, q!(id = 1)).await?)
        .await?;
    jane.books()
        .add(db, &Book::objects().get(db, q!(id = 2)).await?)
        .await?;
    let author = Author::objects().get(db, q!(id = 1)).await?;
    assert_eq!(author.to_string(), "Author: Jane Austen");
    // A related set is a value of its own; no query yet.
    let of_jane = author.books();
    assert_eq!(queryset(&of_jane.all(db).await?), "<QuerySet [Book: C#, Book: Java]>");

    get_author(2).await?.books().add(db, &get_book(1).await?).await?;
    get_author(2).await?.books().add(db, &get_book(2).await?).await?;
    get_author(2).await?.books().add(db, &get_book(3).await?).await?;
    let author = get_author(2).await?;
    assert_eq!(
        queryset(&author.books().all(db).await?),
        "<QuerySet [Book: C#, Book: Java, Book: Python]>"
    );

    get_author(3).await?.books().add(db, &get_book(4).await?).await?;
    // The transcript fails here, since Django takes no queryset. We do, and take back what it did.
    get_author(3).await?.books().add(db, Book::objects()).await?;
    assert_eq!(get_author(3).await?.books().count(db).await?, 5);
    get_author(3)
        .await?
        .books()
        .remove(db, Book::objects().exclude(q!(id = 4)))
        .await?;
    assert_eq!(books(3).await?, std::slice::from_ref(&php));

    get_author(3).await?.books().add(db, &get_book(1).await?).await?;
    get_author(3).await?.books().add(db, &get_book(2).await?).await?;
    get_author(3).await?.books().remove(db, &get_book(2).await?).await?;
    get_author(3).await?.books().remove(db, &get_book(1).await?).await?;
    // None of these is in the set, which is no error.
    get_author(4).await?.books().remove(db, &get_book(1).await?).await?;
    get_author(4).await?.books().remove(db, &get_book(2).await?).await?;
    get_author(4).await?.books().remove(db, &get_book(3).await?).await?;
    get_author(4).await?.books().remove(db, &get_book(4).await?).await?;
    get_author(4).await?.books().remove(db, &get_book(5).await?).await?;

    let auths = Book::objects().get(db, q!(id = 3)).await?.authors();
    let auths = auths
        .values(|a| (a.id(), a.first_name(), a.last_name(), a.notes()))
        .all(db)
        .await?;
    assert_eq!(auths, std::slice::from_ref(&emily));
    assert_eq!(get_author(1).await?.to_string(), "Author: Jane Austen");
    assert_eq!(books(1).await?, [c_sharp.clone(), java.clone()]);
    assert_eq!(books(2).await?, [c_sharp.clone(), java.clone(), python.clone()]);
    assert_eq!(books(3).await?, std::slice::from_ref(&php));

    get_author(3).await?.books().add(db, &get_book(3).await?).await?;
    get_author(3).await?.books().add(db, &get_book(2).await?).await?;
    get_author(3).await?.books().add(db, &get_book(1).await?).await?;
    assert_eq!(
        books(3).await?,
        [c_sharp.clone(), java.clone(), python.clone(), php.clone()]
    );
    assert_eq!(books(4).await?, []);
    assert_eq!(books(4).await?, []);

    get_author(4).await?.books().add(db, &get_book(1).await?).await?;
    get_author(4).await?.books().add(db, &get_book(2).await?).await?;
    get_author(4).await?.books().add(db, &get_book(3).await?).await?;
    get_author(4).await?.books().add(db, &get_book(4).await?).await?;
    get_author(4).await?.books().add(db, &get_book(5).await?).await?;
    let all = [c_sharp.clone(), java.clone(), python.clone(), php.clone(), ruby];
    assert_eq!(books(4).await?, all);

    assert_eq!(authors(3).await?, [emily, fyodor.clone(), bill.clone()]);
    get_book(3).await?.authors().remove(db, &get_author(2).await?).await?;
    assert_eq!(authors(3).await?, [fyodor, bill.clone()]);
    get_book(2).await?.authors().add(db, &get_author(5).await?).await?;
    assert_eq!(get_author(3).await?.to_string(), "Author: Fyodor Dostoevksy");
    assert_eq!(books(3).await?, [c_sharp, java, python, php]);
    assert_eq!(authors(5).await?, [bill]);
    Ok(())
}

/// `<QuerySet [Book: C#, Book: Java]>`
fn queryset<T: ToString>(rows: &[T]) -> String {
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    format!("<QuerySet [{}]>", rows.join(", "))
}

/// The models before authors had notes.
pub fn models_before() -> Result<ProjectState> {
    let mut earlier = models()?;
    let author = earlier.model_mut(&ModelKey::new("books_authors_app", "Author"))?;
    author.fields.retain(|field| field.name != "notes");
    Ok(earlier)
}

pub fn models() -> Result<ProjectState> {
    Ok(ProjectState::from_models(&[Book::meta(), Author::meta()])?)
}

/// A folder of migrations, which goes with the value.
pub struct Project {
    migrations: PathBuf,
}

impl Project {
    pub fn new() -> Result<Self> {
        static PROJECTS: AtomicUsize = AtomicUsize::new(0);
        let number = PROJECTS.fetch_add(1, Ordering::Relaxed);
        let migrations = std::env::temp_dir().join(format!("orm-seed-000-{}-{number}", std::process::id()));
        fs::create_dir(&migrations)?;
        Ok(Project { migrations })
    }

    /// Writes the new files; gives their names and what each does.
    pub fn makemigrations(&self, models: &ProjectState) -> Result<Vec<String>> {
        let source = MigrationSource::directory(&self.migrations);
        let mut lines = Vec::new();
        for new in make_migrations(&source, models, &mut NonInteractive, &MakeOptions::default())? {
            fs::write(self.migrations.join(&new.path), &new.text)?;
            lines.push(new.path.display().to_string());
            lines.extend(new.descriptions);
        }
        Ok(lines)
    }

    /// Applies what is not applied yet; gives what was done.
    pub async fn migrate(&self, db: &Db) -> Result<Vec<String>> {
        let migrator = Migrator::new(db.clone(), &MigrationSource::directory(&self.migrations))?;
        let target = migrator.target(None, None)?;
        let mut lines = Vec::new();
        let mut report = |progress: orm::migrate::executor::Progress<'_>| {
            if progress.event == Event::Finished {
                lines.push(format!("Applying {}... OK", progress.migration));
            }
        };
        migrator
            .migrate(&target, MigrateOptions::default(), &mut report)
            .await?;
        Ok(lines)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // A folder that stays behind harms nobody.
        drop(fs::remove_dir_all(&self.migrations));
    }
}
