//! The code of `docs/queries.md`.

use crate::models::*;
use orm::prelude::*;
use orm::{Allowed, DateKind, DateTimeKind};

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Book)]
struct BookCard {
    title: String,
    #[projection(path = "publisher__name")]
    publisher: Option<String>,
    #[projection(expr = |b| b.reviews().count())]
    reviews: i64,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Publisher)]
struct House {
    name: String,
    #[projection(path = "city__name")]
    city: Option<String>,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Book)]
struct Shelved {
    id: i64,
    title: String,
    #[projection(nested)]
    publisher: Option<House>,
}

#[orm::test(apps = ["shop"])]
async fn queries_together(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let names: Vec<String> = Author::objects()
        .values(|a| a.name())
        .union(Publisher::objects().values(|p| p.name()))
        .order_by(|a| a.name())
        .limit(10)
        .all(db)
        .await?;
    assert_eq!(names, ["Ada", "Bob", "Cleo", "North", "South"]);
    let cheap = Book::objects().filter(|b| b.price().lt(Decimal::from(10)));
    let short = Book::objects().filter(|b| b.pages().lt(100));
    let rows: Vec<Book> = (cheap.clone() & short.clone()).all(db).await?;
    let rows_of_any: Vec<Book> = (cheap | short).order_by(|b| b.title()).all(db).await?;
    assert_eq!(shown(&rows), "Poems, Blank");
    assert_eq!(shown(&rows_of_any), "Blank, Poems");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn projections(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let cards: Vec<BookCard> = Book::objects()
        .filter(|b| b.in_print())
        .order_by(|b| b.title())
        .project::<BookCard>()
        .all(db)
        .await?;
    assert_eq!((cards[1].title.as_str(), cards[1].reviews), ("Logic", 2));
    assert_eq!(cards[1].publisher.as_deref(), Some("North"));
    let shelved = Book::objects().project::<Shelved>().first(db).await?.unwrap();
    assert_eq!(shelved.publisher.unwrap().city.as_deref(), Some("Paris"));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn pages(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let page = Book::objects().order_by(|b| b.title()).page(db, 2, 3).await?;
    println!("{} to {} of {}", page.start_index(), page.end_index(), page.count);
    assert!(page.has_previous() && !page.has_next());
    let rows = || Book::objects().order_by(|b| (b.rating().desc(), b.title()));
    let first = rows().keyset(db, 2, None).await?;
    let cursor: String = first.next.map(|next| next.to_string()).unwrap_or_default();
    let second = rows().keyset(db, 2, Some(&cursor.parse()?)).await?;
    assert_eq!((first.items.len(), second.items.len()), (2, 2));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn filters_from_a_url(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let allowed = Allowed::new(["title__icontains", "genre__in", "price__gte", "publisher__name"])
        .ordering(["title", "price"])
        .ignoring(["page"]);
    let params = [
        ("genre__in", "fic,sci"),
        ("price__gte", "9.50"),
        ("ordering", "-price"),
        ("page", "1"),
    ];
    let books = Book::objects().filter_params(&params, &allowed)?;
    assert_eq!(shown(&books.all(db).await?), "Atlas, Logic");
    let error = Book::objects().filter_params(&[("price__gte", "cheap")], &allowed);
    assert!(matches!(error, Err(Error::Parameter { name, .. }) if name == "price__gte"));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn dates(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let db = &db;
    let months: Vec<NaiveDate> = Book::objects()
        .dates(|b| b.published(), DateKind::Month)
        .all(db)
        .await?;
    let hours: Vec<DateTime<Utc>> = Author::objects()
        .datetimes(|a| a.created_at(), DateTimeKind::Hour)
        .reverse()
        .all(db)
        .await?;
    assert_eq!((months.len(), hours.len()), (2, 1));
    Ok(())
}
