//! Seed 001: a tutorial about libraries, their patrons, librarians and books.
//!
//! Its models are those of the example and of `docs/tutorial.md`. One typo of the document passes
//! in Django, since the row exists and `defaults` is not looked at: `defaults={'addres': …}`. Here
//! an unknown setter does not compile: `tests/compile_fail/unknown_setter.rs`.

#[path = "../../../examples/library/models.rs"]
pub(super) mod models;

use super::{one, shown};
use models::*;
use orm::IntegrityKind;
use orm::prelude::*;

#[orm::test(apps = ["library"])]
async fn create_read_update_delete(db: Db) -> orm::Result<()> {
    // Create
    let lib = Library::create()
        .name("New York Public Library")
        .address("455 5th Ave")
        .state("NY")
        .zip_code("10016")
        .phone_number("212-222-6559");
    lib.save(&db).await?;
    let _lib2 = Library::create()
        .name("Seaford Public Library")
        .address("2234 Jackson Ave")
        .state("NY")
        .zip_code("11783")
        .phone_number("516-221-1334")
        .save(&db)
        .await?;

    // all. Without `display` rows show as what they are.
    let all = Library::objects().all(&db).await?;
    assert!(format!("{all:?}").starts_with("[Library { id: 1, name: \"New York Public Library\", address:"));
    assert_eq!(
        shown(&all),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>]"
    );

    // filter
    let lib = Library::create()
        .name("Public Library of Princeton")
        .address("65 Witherspoon Street")
        .state("NJ")
        .zip_code("08542-3214")
        .phone_number("609-924-9529")
        .save(&db)
        .await?;
    assert_eq!(one(&lib), "<Library: Public Library of Princeton>");
    let rows = Library::objects().filter(q!(state = "NY")).all(&db).await?;
    assert_eq!(
        shown(&rows),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>]"
    );
    let rows = Library::objects()
        .filter(q!(name__startswith = "Public"))
        .all(&db)
        .await?;
    assert_eq!(shown(&rows), "[<Library: Public Library of Princeton>]");
    let rows = Library::objects().filter(q!(name__contains = "c")).all(&db).await?;
    assert_eq!(
        shown(&rows),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>, <Library: Public Library of Princeton>]"
    );
    let rows = Library::objects()
        .filter(q!(name__contains = "c", state = "NY"))
        .all(&db)
        .await?;
    assert_eq!(
        shown(&rows),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>]"
    );
    let rows = Library::objects()
        .filter(q!(name__contains = "c"))
        .filter(q!(state = "NY"))
        .all(&db)
        .await?;
    assert_eq!(
        shown(&rows),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>]"
    );
    let rows = Library::objects().filter(q!(state = "CA")).all(&db).await?;
    assert_eq!(shown(&rows), "[]");

    // get
    let lib = Library::objects()
        .get(&db, q!(name = "New York Public Library"))
        .await?;
    assert_eq!(one(&lib), "<Library: New York Public Library>");
    assert_eq!(lib.id, 1);
    assert_eq!(lib.name, "New York Public Library");
    assert_eq!(lib.address, "455 5th Ave");
    assert_eq!(lib.state, "NY");
    assert_eq!(lib.zip_code, "10016");
    assert_eq!(lib.phone_number, "212-222-6559");

    // get_or_create
    let (lib, created) = Library::create()
        .name("Public Library of Princeton")
        .address("65 Witherspoon Street")
        .state("NJ")
        .zip_code("08542-3214")
        .phone_number("609-924-9529")
        .get_or_create(&db, |l| l.name())
        .await?;
    assert_eq!(one(&lib), "<Library: Public Library of Princeton>");
    assert!(!created);
    let (lib, created) = Library::create()
        .name("Denver Public Library")
        .address("10 W 14th Avenue Pkwy")
        .state("CO")
        .zip_code("80204")
        .phone_number("720-865-1111")
        .get_or_create(&db, |l| l.name())
        .await?;
    assert_eq!(one(&lib), "<Library: Denver Public Library>");
    assert!(created);

    // Update
    let mut lib = Library::objects()
        .get(&db, q!(name = "New York Public Library"))
        .await?;
    assert_eq!(one(&lib), "<Library: New York Public Library>");
    assert_eq!(lib.phone_number, "212-222-6559");
    lib.phone_number = "800-nyc-books".parse()?;
    lib.save(&db).await?;
    assert_eq!(lib.phone_number, "800-nyc-books");
    drop(lib);
    let lib = Library::objects()
        .get(&db, q!(name = "New York Public Library"))
        .await?;
    assert_eq!(one(&lib), "<Library: New York Public Library>");
    assert_eq!(lib.phone_number, "800-nyc-books");

    let ny_libraries = Library::objects().filter(q!(state = "NY"));
    let rows = ny_libraries.clone().all(&db).await?;
    assert_eq!(
        shown(&rows),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>]"
    );
    assert_eq!(rows[0].phone_number, "800-nyc-books");
    assert_eq!(rows[1].phone_number, "516-221-1334");
    assert_eq!(
        ny_libraries
            .update(&db, |l| l.phone_number().set("800-NYS-BOOKS"))
            .await?,
        2
    );
    let ny_libraries = Library::objects().filter(q!(state = "NY")).all(&db).await?;
    assert_eq!(
        shown(&ny_libraries),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>]"
    );
    assert_eq!(ny_libraries[0].phone_number, "800-NYS-BOOKS");
    assert_eq!(ny_libraries[1].phone_number, "800-NYS-BOOKS");

    // Delete
    let lib = Library::objects().get(&db, q!(name = "Denver Public Library")).await?;
    assert_eq!(one(&lib), "<Library: Denver Public Library>");
    lib.delete(&db).await?;
    let error = Library::objects()
        .get(&db, q!(name = "Denver Public Library"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::DoesNotExist { model: "Library" }));
    assert_eq!(error.to_string(), "Library matching query does not exist.");
    let ny_libraries = Library::objects().filter(q!(state = "NY"));
    let rows = ny_libraries.clone().all(&db).await?;
    assert_eq!(
        shown(&rows),
        "[<Library: New York Public Library>, <Library: Seaford Public Library>]"
    );
    assert_eq!(ny_libraries.delete(&db).await?.total, 2);
    let ny_libraries = Library::objects().filter(q!(state = "NY")).all(&db).await?;
    assert_eq!(shown(&ny_libraries), "[]");
    Ok(())
}

/// What is left when the first half is over: the library of Princeton.
async fn princeton(db: &Db) -> orm::Result<()> {
    let lib = Library::create()
        .name("Public Library of Princeton")
        .address("65 Witherspoon Street");
    lib.state("NJ")
        .zip_code("08542-3214")
        .phone_number("609-924-9529")
        .save(db)
        .await?;
    Ok(())
}

#[orm::test(apps = ["library"])]
async fn one_to_many(db: Db) -> orm::Result<()> {
    princeton(&db).await?;
    let lib = &Library::objects().all(&db).await?[0];
    assert_eq!(one(lib), "<Library: Public Library of Princeton>");
    let p = Patron::create().name("Bob Smith").library(lib).save(&db).await?;
    assert_eq!(one(&p), "<Patron: Bob Smith>");
    let p2 = Patron::create().name("Jane Doe").library(lib).save(&db).await?;
    assert_eq!(one(&p2), "<Patron: Jane Doe>");
    assert_eq!(one(&p.library(&db).await?), "<Library: Public Library of Princeton>");
    assert_eq!(one(&p2.library(&db).await?), "<Library: Public Library of Princeton>");
    assert_eq!(
        shown(&lib.patron_set().all(&db).await?),
        "[<Patron: Bob Smith>, <Patron: Jane Doe>]"
    );
    Ok(())
}

#[orm::test(apps = ["library"])]
async fn one_to_one(db: Db) -> orm::Result<()> {
    princeton(&db).await?;
    let lib = &Library::objects().all(&db).await?[0];
    assert_eq!(one(lib), "<Library: Public Library of Princeton>");
    let librarian = Librarian::create().name("Philip J. Fry").library(lib).save(&db).await?;
    assert_eq!(one(&librarian), "<Librarian: Philip J. Fry>");
    assert_eq!(
        one(&librarian.library(&db).await?),
        "<Library: Public Library of Princeton>"
    );
    assert_eq!(lib.librarian(&db).await?, Some(librarian));
    let error = Librarian::create()
        .name("Hermes Conrad")
        .library(lib)
        .save(&db)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "UNIQUE constraint failed: library_librarian.library_id"
    );
    let Error::Integrity {
        kind: IntegrityKind::Unique,
        table: Some(table),
        columns,
        ..
    } = error
    else {
        return Err(error);
    };
    assert_eq!(
        (table.as_str(), columns),
        ("library_librarian", vec!["library_id".to_owned()])
    );
    assert_eq!(Librarian::objects().count(&db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["library"])]
async fn many_to_many(db: Db) -> orm::Result<()> {
    princeton(&db).await?;
    let b1 = Book::create()
        .title("The Hitchhiker's Guide to the Galaxy")
        .save(&db)
        .await?;
    let b2 = Book::create()
        .title("The Restaurant at the End of the Universe")
        .save(&db)
        .await?;
    let b3 = Book::create()
        .title("So Long, and Thanks for All the Fish")
        .save(&db)
        .await?;
    assert_eq!(one(&b1), "<Book: The Hitchhiker's Guide to the Galaxy>");
    assert_eq!(one(&b2), "<Book: The Restaurant at the End of the Universe>");
    assert_eq!(one(&b3), "<Book: So Long, and Thanks for All the Fish>");
    let lib1 = &Library::objects().all(&db).await?[0];
    let lib2 = Library::create()
        .name("New York Public Library")
        .address("455 5th Ave")
        .state("NY")
        .zip_code("10016")
        .phone_number("212-222-6559")
        .save(&db)
        .await?;

    // add
    lib1.book_set().add(&db, &b1).await?;
    lib1.book_set().add(&db, &b2).await?;
    lib2.book_set().add(&db, &b3).await?;
    lib2.book_set().add(&db, &b1).await?;
    assert_eq!(
        shown(&lib1.book_set().all(&db).await?),
        "[<Book: The Hitchhiker's Guide to the Galaxy>, <Book: The Restaurant at the End of the Universe>]"
    );
    // The document shows the order of the join table, which nothing promises: SQLite gives it,
    // PostgreSQL and MariaDB do not. The order of the titles is the same.
    assert_eq!(
        shown(&lib2.book_set().order_by(|b| b.title()).all(&db).await?),
        "[<Book: So Long, and Thanks for All the Fish>, <Book: The Hitchhiker's Guide to the Galaxy>]"
    );
    assert_eq!(
        shown(&b1.libraries().all(&db).await?),
        "[<Library: Public Library of Princeton>, <Library: New York Public Library>]"
    );
    assert_eq!(
        shown(&b2.libraries().all(&db).await?),
        "[<Library: Public Library of Princeton>]"
    );
    assert_eq!(
        shown(&b3.libraries().all(&db).await?),
        "[<Library: New York Public Library>]"
    );
    b3.libraries().add(&db, lib1).await?;
    assert_eq!(
        shown(&lib1.book_set().all(&db).await?),
        "[<Book: The Hitchhiker's Guide to the Galaxy>, <Book: The Restaurant at the End of the Universe>, \
         <Book: So Long, and Thanks for All the Fish>]"
    );

    // remove
    lib1.book_set().remove(&db, &b1).await?;
    assert_eq!(
        shown(&lib1.book_set().all(&db).await?),
        "[<Book: The Restaurant at the End of the Universe>, <Book: So Long, and Thanks for All the Fish>]"
    );
    assert_eq!(
        shown(&b1.libraries().all(&db).await?),
        "[<Library: New York Public Library>]"
    );
    assert_eq!(
        shown(&b3.libraries().all(&db).await?),
        "[<Library: Public Library of Princeton>, <Library: New York Public Library>]"
    );
    b3.libraries().remove(&db, lib1).await?;
    assert_eq!(
        shown(&b3.libraries().all(&db).await?),
        "[<Library: New York Public Library>]"
    );
    assert_eq!(
        shown(&lib1.book_set().all(&db).await?),
        "[<Book: The Restaurant at the End of the Universe>]"
    );

    // clear
    assert_eq!(
        shown(&lib2.book_set().order_by(|b| b.title()).all(&db).await?),
        "[<Book: So Long, and Thanks for All the Fish>, <Book: The Hitchhiker's Guide to the Galaxy>]"
    );
    lib2.book_set().clear(&db).await?;
    assert_eq!(shown(&lib2.book_set().all(&db).await?), "[]");
    assert_eq!(shown(&b1.libraries().all(&db).await?), "[]");
    Ok(())
}
