//! `#[derive(Projection)]`: a user's struct that is filled from a query.

use super::models::*;
use orm::prelude::*;
use orm::{Backend, assert_num_queries};

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Book)]
struct BookCard {
    title: String,
    #[projection(path = "publisher__city__name")]
    city: Option<String>,
    publisher: Option<i64>,
    #[projection(expr = |b| b.reviews().count().filter(|b| b.reviews().stars().gt(4)))]
    praise: i64,
    #[projection(expr = |b| b.pages() * 2)]
    sides: i32,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = City)]
struct Place {
    #[projection(path = "name")]
    city: String,
    #[projection(nested)]
    country: Land,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Country)]
struct Land {
    #[projection(expr = |c| c.name().upper())]
    name: String,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Publisher)]
struct House {
    #[projection(nested, path = "city")]
    place: Option<Place>,
    #[projection(expr = |p| p.books().count())]
    books: i64,
    name: String,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Book)]
struct Shelved {
    #[projection(nested)]
    publisher: Option<House>,
    rating: Option<f64>,
    r#genre: Genre,
}

/// The first of its columns may be NULL.
#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Person)]
struct Report {
    name: String,
    #[projection(nested, path = "manager")]
    boss: Option<Boss>,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(model = Person)]
struct Boss {
    manager: Option<i64>,
}

#[orm::test(apps = ["shop"])]
async fn structs_are_filled(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let cards = || Book::objects().order_by(|b| b.title()).project::<BookCard>();
    let all: Vec<BookCard> = assert_num_queries!(db, 1, { cards().all(&db).await? });
    assert_eq!(all.len(), 4);
    let logic = BookCard {
        title: "Logic".to_owned(),
        city: Some("Paris".to_owned()),
        publisher: Some(d.north.id),
        praise: 1,
        sides: 600,
    };
    assert_eq!(all[2], logic);
    assert_eq!(
        (all[1].city.as_deref(), all[1].publisher, all[1].praise),
        (None, None, 0)
    );
    assert_eq!(
        cards().first(&db).await?.map(|card| card.title),
        Some("Atlas".to_owned())
    );
    assert_eq!(cards().count(&db).await?, 4);
    assert_eq!(cards().page(&db, 2, 3).await?.items[0].title, "Poems");
    let some = cards().filter(|b| b.pages().lt(100)).slice(..1);
    assert_eq!(some.all(&db).await?[0].title, "Blank");
    // A row that is shown is a row, be it equal to another.
    Book::create()
        .title("Logic")
        .pages(300)
        .publisher(&d.north)
        .save(&db)
        .await?;
    assert_eq!(cards().count(&db).await?, 5);
    let unreviewed = cards()
        .filter(q!(title = "Logic"))
        .order_by(|b| b.id())
        .all(&db)
        .await?;
    assert_eq!((unreviewed[0].praise, unreviewed[1].praise), (1, 0));
    // More columns behind it.
    let more: Vec<(BookCard, i32)> = cards().annotate(|b| b.pages()).limit(1).all(&db).await?;
    assert_eq!((more[0].0.title.as_str(), more[0].1), ("Atlas", 600));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn structs_within_structs(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let rows = Book::objects().order_by(|b| b.id()).project::<Shelved>();
    let rows: Vec<Shelved> = assert_num_queries!(db, 1, { rows.all(&db).await? });
    let north = House {
        place: Some(Place {
            city: "Paris".to_owned(),
            country: Land {
                name: "FRANCE".to_owned(),
            },
        }),
        books: 2,
        name: "North".to_owned(),
    };
    assert_eq!(
        rows[0],
        Shelved {
            publisher: Some(north),
            rating: Some(4.5),
            genre: Genre::Science
        }
    );
    let south = rows[2].publisher.as_ref().unwrap();
    assert_eq!(
        (south.place.as_ref(), south.books, south.name.as_str()),
        (None, 1, "South")
    );
    assert_eq!(rows[3].publisher, None);
    let top = Person::create().name("Top").save(&db).await?;
    let mid = Person::create().name("Mid").manager(&top).save(&db).await?;
    Person::create().name("Low").manager(&mid).save(&db).await?;
    let reports = Person::objects()
        .order_by(|p| p.id())
        .project::<Report>()
        .all(&db)
        .await?;
    assert_eq!(reports[0].boss, None);
    assert_eq!(reports[1].boss, Some(Boss { manager: None }));
    assert_eq!(reports[2].boss, Some(Boss { manager: Some(top.id) }));
    Ok(())
}

#[test]
fn only_its_columns_are_read() {
    assert_eq!(
        Person::objects()
            .order_by(|_| ())
            .project::<Report>()
            .to_sql(Backend::Sqlite)
            .unwrap(),
        r#"SELECT "shop_person"."name", "shop_person"."manager_id", "T2"."manager_id" FROM "shop_person" LEFT OUTER JOIN "shop_person" "T2" ON ("shop_person"."manager_id" = "T2"."id")"#
    );
}

/// Types that are called what generated code calls its type parameters.
mod other_names {
    use super::super::models::{Book, Publisher};
    use orm::prelude::*;

    pub mod columns {
        use orm::prelude::*;

        #[derive(FieldType, Debug, Clone, PartialEq, Eq, Hash)]
        pub struct Row(pub String);

        #[derive(FieldType, Debug, Clone, PartialEq, Eq, Hash)]
        pub struct R(pub i64);

        #[derive(Choices, Debug, Clone, Copy, PartialEq, Eq)]
        pub enum C {
            One,
            Two,
        }
    }

    #[derive(Projection, Debug, Clone, PartialEq)]
    #[projection(model = Publisher)]
    pub struct Row {
        pub name: String,
    }

    #[derive(Projection, Debug, Clone, PartialEq)]
    #[projection(model = Book)]
    pub struct Source {
        pub title: String,
        #[projection(nested)]
        pub publisher: Option<Row>,
    }
}

#[orm::test(apps = ["shop"])]
async fn names_of_generated_code(db: Db) -> orm::Result<()> {
    use other_names::{Row, Source, columns};
    data(&db).await?;
    let logic = Book::objects().filter(q!(title = "Logic"));
    let row = logic.project::<Source>().first(&db).await?.map(|book| book.publisher);
    assert_eq!(row, Some(Some(Row { name: "North".into() })));
    let parsed: columns::Row = "x".parse()?;
    assert_eq!((parsed, columns::R::from(1)), (columns::Row("x".into()), columns::R(1)));
    assert_eq!("two".parse::<columns::C>()?, columns::C::Two);
    assert_ne!(columns::C::One, columns::C::Two);
    Ok(())
}
