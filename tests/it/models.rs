//! The models that most tests share, and a few rows of them.

use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", display = "{name}")]
pub struct Country {
    #[field(primary_key, max_length = 2)]
    pub code: String,
    #[field(max_length = 50)]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", ordering = ["name"], display = "{name}")]
pub struct City {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
    #[field(related_name = "cities")]
    pub country: ForeignKey<Country>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", display = "{name}")]
pub struct Publisher {
    pub id: i64,
    #[field(max_length = 60)]
    pub name: String,
    #[field(on_delete = SET_NULL, related_name = "publishers")]
    pub city: Option<ForeignKey<City>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", ordering = ["id"], display = "{name}")]
pub struct Author {
    pub id: i64,
    #[field(max_length = 100)]
    pub name: String,
    pub age: Option<i32>,
    #[field(auto_now_add)]
    pub created_at: DateTime<Utc>,
    #[field(auto_now)]
    pub updated_at: DateTime<Utc>,
}

#[derive(Choices, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genre {
    #[choice("fic", label = "Fiction")]
    Fiction,
    #[choice("sci", label = "Science")]
    Science,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", ordering = ["id"], display = "{title}")]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
    #[field(related_name = "books")]
    pub authors: ManyToMany<Author>,
    #[field(related_name = "books")]
    pub publisher: Option<ForeignKey<Publisher>>,
    #[field(default = Genre::Fiction)]
    pub genre: Genre,
    #[field(max_digits = 8, decimal_places = 2, default = "0.00")]
    pub price: Decimal,
    #[field(default = 0)]
    pub pages: i32,
    pub rating: Option<f64>,
    pub published: Option<NaiveDate>,
    #[field(default = true)]
    pub in_print: bool,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", ordering = ["id"])]
pub struct Review {
    pub id: i64,
    #[field(related_name = "reviews")]
    pub book: ForeignKey<Book>,
    pub stars: i16,
    #[field(default = "")]
    pub body: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", display = "{name}")]
pub struct Shop {
    pub id: i64,
    #[field(max_length = 50, unique)]
    pub name: String,
    pub manager: OneToOne<Author>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop", ordering = ["id"], display = "{name}")]
pub struct Person {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
    #[field(on_delete = SET_NULL, related_name = "reports")]
    pub manager: Option<ForeignKey<Self>>,
    pub friends: ManyToMany<Self>,
    #[field(symmetrical = false, related_name = "followers")]
    pub follows: ManyToMany<Self>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "shop")]
pub struct Event {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
    pub at: DateTime<Utc>,
}

/// Three authors, four books, two publishers in two cities, some reviews.
pub struct Data {
    pub ada: Author,
    pub bob: Author,
    pub cleo: Author,
    pub logic: Book,
    pub poems: Book,
    pub atlas: Book,
    pub blank: Book,
    pub north: Publisher,
    pub south: Publisher,
}

pub async fn data(db: &Db) -> orm::Result<Data> {
    let fr = Country::create().code("FR").name("France").save(db).await?;
    let de = Country::create().code("DE").name("Germany").save(db).await?;
    let paris = City::create().name("Paris").country(&fr).save(db).await?;
    City::create().name("Berlin").country(&de).save(db).await?;
    let north = Publisher::create().name("North").city(&paris).save(db).await?;
    let south = Publisher::create().name("South").save(db).await?;
    let ada = Author::create().name("Ada").age(36).save(db).await?;
    let bob = Author::create().name("Bob").age(50).save(db).await?;
    let cleo = Author::create().name("Cleo").save(db).await?;
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
    let book = |title: &str| Book::create().title(title);
    let logic = book("Logic")
        .publisher(&north)
        .genre(Genre::Science)
        .price(Decimal::new(1250, 2))
        .pages(300)
        .rating(4.5)
        .published(date(2020, 5, 17))
        .save(db)
        .await?;
    let poems = book("Poems")
        .publisher(&north)
        .price(Decimal::new(700, 2))
        .pages(90)
        .rating(3.0)
        .save(db)
        .await?;
    let atlas = book("Atlas")
        .publisher(&south)
        .price(Decimal::new(4000, 2))
        .pages(600)
        .published(date(2021, 1, 1))
        .in_print(false)
        .save(db)
        .await?;
    let blank = book("Blank").save(db).await?;
    logic.authors().add(db, [&ada, &bob]).await?;
    poems.authors().add(db, [&bob]).await?;
    atlas.authors().add(db, [&ada, &cleo]).await?;
    for (book, stars) in [(&logic, 5), (&logic, 4), (&poems, 2)] {
        Review::create().book(book).stars(stars).save(db).await?;
    }
    Ok(Data {
        ada,
        bob,
        cleo,
        logic,
        poems,
        atlas,
        blank,
        north,
        south,
    })
}

/// `Logic, Poems`: rows by what they show.
pub fn shown<T: std::fmt::Display>(rows: &[T]) -> String {
    rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
