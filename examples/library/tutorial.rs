//! The statements of `docs/tutorial.md`, in its order.

use super::models::*;
use orm::prelude::*;

/// Prints a query and its rows: `[New York Public Library, Seaford Public Library]`.
macro_rules! show {
    ($query:expr) => {
        let rows: Vec<String> = $query.iter().map(ToString::to_string).collect();
        println!(">>> {}", stringify!($query).replace('\n', " "));
        println!("[{}]", rows.join(", "));
    };
}

/// One library: create, read, update, delete.
pub async fn crud(db: &Db) -> orm::Result<()> {
    let lib = Library::create()
        .name("New York Public Library")
        .address("455 5th Ave")
        .state("NY")
        .zip_code("10016")
        .phone_number("212-222-6559")
        .save(db)
        .await?;
    println!("{lib} is library {}", lib.id);

    Library::create()
        .name("Seaford Public Library")
        .address("2234 Jackson Ave")
        .state("NY")
        .zip_code("11783")
        .phone_number("516-221-1334")
        .save(db)
        .await?;

    let libraries: Vec<Library> = Library::objects().all(db).await?;
    println!("{:?}", libraries[0]);

    show!(libraries);

    Library::create()
        .name("Public Library of Princeton")
        .address("65 Witherspoon Street")
        .state("NJ")
        .zip_code("08542-3214")
        .phone_number("609-924-9529")
        .save(db)
        .await?;

    show!(Library::objects().filter(q!(state = "NY")).all(db).await?);
    show!(
        Library::objects()
            .filter(q!(name__startswith = "Public"))
            .all(db)
            .await?
    );
    show!(Library::objects().filter(q!(name__contains = "c")).all(db).await?);
    show!(
        Library::objects()
            .filter(q!(name__contains = "c", state = "NY"))
            .all(db)
            .await?
    );
    show!(
        Library::objects()
            .filter(q!(name__contains = "c"))
            .filter(q!(state = "NY"))
            .all(db)
            .await?
    );
    show!(Library::objects().filter(q!(state = "CA")).all(db).await?);

    show!(
        Library::objects()
            .filter(|l| l.name().contains("c") & l.state().eq("NY"))
            .all(db)
            .await?
    );

    let lib = Library::objects().get(db, q!(name = "New York Public Library")).await?;
    println!("{}: {}, {}, {}", lib.id, lib.address, lib.state, lib.phone_number);

    let (lib, created) = Library::create()
        .name("Public Library of Princeton")
        .address("65 Witherspoon Street")
        .state("NJ")
        .zip_code("08542-3214")
        .phone_number("609-924-9529")
        .get_or_create(db, |l| l.name())
        .await?;
    println!("{lib}, created: {created}");

    let (lib, created) = Library::create()
        .name("Denver Public Library")
        .address("10 W 14th Avenue Pkwy")
        .state("CO")
        .zip_code("80204")
        .phone_number("720-865-1111")
        .get_or_create(db, |l| l.name())
        .await?;
    println!("{lib}, created: {created}");

    let mut lib = Library::objects().get(db, q!(name = "New York Public Library")).await?;
    println!("{lib}: {}", lib.phone_number);
    lib.phone_number = "800-nyc-books".parse()?;
    lib.save(db).await?;

    let lib = Library::objects().get(db, q!(name = "New York Public Library")).await?;
    println!("{lib}: {}", lib.phone_number);

    let ny_libraries = Library::objects().filter(q!(state = "NY"));
    show!(ny_libraries.clone().values(|l| l.phone_number()).all(db).await?);
    let updated = ny_libraries
        .clone()
        .update(db, |l| l.phone_number().set("800-NYS-BOOKS"))
        .await?;
    println!("{updated} libraries updated");
    show!(ny_libraries.values(|l| l.phone_number()).all(db).await?);

    let lib = Library::objects().get(db, q!(name = "Denver Public Library")).await?;
    lib.delete(db).await?;
    match Library::objects().get(db, q!(name = "Denver Public Library")).await {
        Err(error @ Error::DoesNotExist { .. }) => println!("{error}"),
        other => println!("{}", other?),
    }

    let deleted = Library::objects().filter(q!(state = "NY")).delete(db).await?;
    println!("{} rows deleted", deleted.total);
    show!(Library::objects().all(db).await?);
    Ok(())
}

/// Patrons, librarians and books of the libraries.
pub async fn relations(db: &Db) -> orm::Result<()> {
    let lib = Library::objects()
        .get(db, q!(name = "Public Library of Princeton"))
        .await?;
    let p = Patron::create().name("Bob Smith").library(&lib).save(db).await?;
    let p2 = Patron::create().name("Jane Doe").library(&lib).save(db).await?;

    println!("{p} reads at {}", p.library(db).await?);
    println!("{p2} reads at library {}", p2.library.pk());
    show!(lib.patron_set().all(db).await?);

    for (patron, library) in Patron::objects().select_related(|p| p.library()).all(db).await? {
        println!("{patron}: {library}");
    }
    for (library, patrons) in Library::objects().prefetch_related(|l| l.patron()).all(db).await? {
        println!("{library}: {} patrons", patrons.len());
    }

    let librarian = Librarian::create().name("Philip J. Fry").library(&lib).save(db).await?;
    println!("{librarian} works at {}", librarian.library(db).await?);
    if let Some(librarian) = lib.librarian(db).await? {
        println!("{librarian} is the librarian of {lib}");
    }

    match Librarian::create().name("Hermes Conrad").library(&lib).save(db).await {
        Err(error) if error.is_unique_violation() => println!("{error}"),
        other => println!("{}", other?),
    }

    let b1 = Book::create()
        .title("The Hitchhiker's Guide to the Galaxy")
        .save(db)
        .await?;
    let b2 = Book::create()
        .title("The Restaurant at the End of the Universe")
        .save(db)
        .await?;
    let b3 = Book::create()
        .title("So Long, and Thanks for All the Fish")
        .save(db)
        .await?;

    let lib1 = lib;
    let lib2 = Library::create()
        .name("New York Public Library")
        .address("455 5th Ave")
        .state("NY")
        .zip_code("10016")
        .phone_number("212-222-6559")
        .save(db)
        .await?;

    lib1.book_set().add(db, &b1).await?;
    lib1.book_set().add(db, &b2).await?;
    lib2.book_set().add(db, [&b3, &b1]).await?;
    show!(lib1.book_set().all(db).await?);
    show!(lib2.book_set().order_by(|b| b.title()).all(db).await?);
    show!(b1.libraries().all(db).await?);
    show!(b2.libraries().all(db).await?);
    show!(b3.libraries().all(db).await?);
    b3.libraries().add(db, &lib1).await?;
    show!(lib1.book_set().all(db).await?);

    lib1.book_set().remove(db, &b1).await?;
    show!(lib1.book_set().all(db).await?);
    show!(b1.libraries().all(db).await?);
    show!(b3.libraries().all(db).await?);
    b3.libraries().remove(db, &lib1).await?;
    show!(b3.libraries().all(db).await?);
    show!(lib1.book_set().all(db).await?);

    show!(lib2.book_set().order_by(|b| b.title()).all(db).await?);
    lib2.book_set().clear(db).await?;
    show!(lib2.book_set().all(db).await?);
    show!(b1.libraries().all(db).await?);
    Ok(())
}

/// Articles in publications: all that a many-to-many relation can do.
pub async fn many_to_many(db: &Db) -> orm::Result<()> {
    let p1 = Publication::create().title("The Python Journal").save(db).await?;
    let p2 = Publication::create().title("Science News").save(db).await?;
    let p3 = Publication::create().title("Science Weekly").save(db).await?;

    let a1 = Article::create()
        .headline("Django lets you build Web apps easily")
        .save(db)
        .await?;
    a1.publications().add(db, &p1).await?;
    let a2 = Article::create().headline("NASA uses Python").save(db).await?;
    a2.publications().add(db, [&p1, &p2]).await?;
    a2.publications().add(db, &p3).await?;
    a2.publications().add(db, &p3).await?;

    let new_publication = a2
        .publications()
        .create()
        .title("Highlights for Children")
        .save(db)
        .await?;

    show!(a1.publications().all(db).await?);
    show!(a2.publications().all(db).await?);
    show!(p2.article_set().all(db).await?);
    show!(p1.article_set().all(db).await?);

    show!(Article::objects().filter(q!(publications__id = p1.id)).all(db).await?);
    show!(Article::objects().filter(q!(publications__pk = p1.id)).all(db).await?);
    show!(Article::objects().filter(q!(publications = p1.id)).all(db).await?);
    show!(Article::objects().filter(q!(publications = &p1)).all(db).await?);

    let science = Article::objects().filter(q!(publications__title__startswith = "Science"));
    show!(science.clone().all(db).await?);
    show!(science.clone().distinct().all(db).await?);
    println!("{} rows", science.clone().count(db).await?);
    println!("{} article", science.distinct().count(db).await?);

    show!(
        Article::objects()
            .filter(q!(publications__in = [p1.id, p2.id]))
            .distinct()
            .all(db)
            .await?
    );
    show!(
        Article::objects()
            .filter(q!(publications__in = [&p1, &p2]))
            .distinct()
            .all(db)
            .await?
    );

    show!(
        Publication::objects()
            .filter(q!(article__headline__startswith = "NASA"))
            .all(db)
            .await?
    );
    show!(Publication::objects().filter(q!(article__pk = a1.id)).all(db).await?);
    show!(Publication::objects().filter(q!(article = &a1)).all(db).await?);
    show!(
        Publication::objects()
            .filter(q!(article__in = [&a1, &a2]))
            .distinct()
            .all(db)
            .await?
    );

    show!(Article::objects().exclude(q!(publications = &p2)).all(db).await?);

    p1.delete(db).await?;
    show!(Publication::objects().all(db).await?);
    show!(a1.publications().all(db).await?);
    a2.delete(db).await?;
    show!(Article::objects().all(db).await?);
    show!(p2.article_set().all(db).await?);

    let a4 = Article::create()
        .headline("NASA finds intelligent life on Earth")
        .save(db)
        .await?;
    p2.article_set().add(db, &a4).await?;
    show!(p2.article_set().all(db).await?);
    show!(a4.publications().all(db).await?);
    let a5 = p2
        .article_set()
        .create()
        .headline("Oxygen-free diet works wonders")
        .save(db)
        .await?;
    show!(p2.article_set().all(db).await?);
    show!(a5.publications().all(db).await?);

    a4.publications().remove(db, &p2).await?;
    show!(p2.article_set().all(db).await?);
    p2.article_set().remove(db, &a5).await?;
    show!(p2.article_set().all(db).await?);

    p2.article_set().set(db, [&a4, &a5]).await?;
    a4.publications().set(db, [&p3]).await?;
    show!(a4.publications().all(db).await?);
    p2.article_set().clear(db).await?;
    show!(p2.article_set().all(db).await?);
    p2.article_set().add(db, [&a4, &a5]).await?;
    show!(a4.publications().all(db).await?);
    a4.publications().clear(db).await?;
    show!(p2.article_set().all(db).await?);

    let p1 = Publication::create().title("The Python Journal").save(db).await?;
    let a2 = Article::create().headline("NASA uses Python").save(db).await?;
    a2.publications().add(db, [&p1, &p2, &p3]).await?;
    Publication::objects()
        .filter(q!(title__startswith = "Science"))
        .delete(db)
        .await?;
    show!(Publication::objects().all(db).await?);
    show!(Article::objects().all(db).await?);
    show!(a2.publications().all(db).await?);

    let q = Article::objects().filter(q!(headline__startswith = "Django"));
    show!(q.clone().all(db).await?);
    q.clone().delete(db).await?;
    show!(q.all(db).await?);

    a2.publications().set(db, [&p1, &new_publication]).await?;
    show!(a2.publications().all(db).await?);
    a2.publications().set(db, Vec::<i64>::new()).await?;
    show!(a2.publications().all(db).await?);
    Ok(())
}
