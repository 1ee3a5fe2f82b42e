//! The 38 models of `tests/django/models.py`, for the same tables.
//!
//! The app is called otherwise, so that an example's models may be `library`.

use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_publication", lookups = false, ordering = ["title"])]
pub struct Publication {
    pub id: i64,
    #[field(max_length = 30)]
    pub title: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_article", lookups = false, ordering = ["headline"])]
pub struct Article {
    pub id: i64,
    #[field(max_length = 100)]
    pub headline: String,
    pub pub_date: Option<NaiveDate>,
    pub publications: ManyToMany<Publication>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_country", lookups = false)]
pub struct Country {
    #[field(max_length = 2, primary_key)]
    pub code: String,
    #[field(max_length = 50)]
    pub name: String,
    pub population: Option<i64>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_city", lookups = false, ordering = ["name"])]
pub struct City {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
    #[field(related_name = "cities")]
    pub country: ForeignKey<Country>,
    pub population: Option<i32>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_publisher", lookups = false)]
pub struct Publisher {
    pub id: i64,
    #[field(max_length = 60)]
    pub name: String,
    #[field(on_delete = SET_NULL, related_name = "publishers")]
    pub city: Option<ForeignKey<City>>,
    pub founded: Option<i32>,
    #[field(default = true)]
    pub active: bool,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_author", lookups = false)]
pub struct Author {
    pub id: i64,
    #[field(max_length = 100)]
    pub name: String,
    #[field(email, default = "")]
    pub email: String,
    pub age: Option<i32>,
    pub rating: Option<f64>,
    pub born: Option<NaiveDate>,
    pub notes: Option<String>,
    #[field(auto_now_add)]
    pub created_at: DateTime<Utc>,
    #[field(auto_now)]
    pub updated_at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_book", lookups = false)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 100)]
    pub title: String,
    #[field(related_name = "books")]
    pub authors: ManyToMany<Author>,
    #[field(related_name = "books")]
    pub publisher: Option<ForeignKey<Publisher>>,
    #[field(
        max_length = 3,
        choices = [("fic", "Fiction"), ("sci", "Science"), ("his", "History"), ("ref", "Reference")],
        default = "fic"
    )]
    pub genre: String,
    #[field(max_digits = 10, decimal_places = 2)]
    pub price: Option<Decimal>,
    #[field(default = 0)]
    pub pages: i32,
    pub rating: Option<f64>,
    pub published: Option<NaiveDate>,
    #[field(default = true)]
    pub in_print: bool,
    pub notes: Option<String>,
    #[field(auto_now_add)]
    pub created_at: DateTime<Utc>,
    #[field(auto_now)]
    pub updated_at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_library", lookups = false)]
pub struct Library {
    pub id: i64,
    #[field(max_length = 60)]
    pub name: String,
    #[field(on_delete = PROTECT)]
    pub city: Option<ForeignKey<City>>,
    pub opened: Option<NaiveDate>,
    pub opens_at: Option<NaiveTime>,
    pub inspected_at: Option<DateTime<Utc>>,
    #[field(related_name = "libraries")]
    pub books: ManyToMany<Book>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_librarian", lookups = false)]
pub struct Librarian {
    pub id: i64,
    #[field(max_length = 60)]
    pub name: String,
    pub library: OneToOne<Library>,
    pub hired: Option<NaiveDate>,
    #[field(max_digits = 8, decimal_places = 2)]
    pub salary: Option<Decimal>,
    pub last_seen: Option<DateTime<Utc>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_patron", lookups = false)]
pub struct Patron {
    pub id: i64,
    #[field(max_length = 60)]
    pub name: String,
    #[field(email, default = "")]
    pub email: String,
    pub library: ForeignKey<Library>,
    #[field(on_delete = SET_NULL)]
    pub favorite: Option<ForeignKey<Book>>,
    pub joined: Option<NaiveDate>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_review", lookups = false, get_latest_by = "created")]
pub struct Review {
    pub id: i64,
    #[field(related_name = "reviews")]
    pub book: ForeignKey<Book>,
    #[field(on_delete = SET_NULL, related_name = "reviews")]
    pub reviewer: Option<ForeignKey<Patron>>,
    pub stars: i16,
    #[field(default = "")]
    pub body: String,
    pub created: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_reporter", lookups = false)]
pub struct Reporter {
    pub id: i64,
    #[field(max_length = 30)]
    pub first_name: String,
    #[field(max_length = 30)]
    pub last_name: String,
    #[field(email)]
    pub email: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    app = "django",
    table = "library_story",
    lookups = false,
    ordering = ["headline"],
    get_latest_by = "pub_date"
)]
pub struct Story {
    pub id: i64,
    #[field(max_length = 100)]
    pub headline: String,
    pub pub_date: NaiveDate,
    pub published_at: Option<DateTime<Utc>>,
    #[field(positive, default = 0)]
    pub words: i32,
    pub reporter: ForeignKey<Reporter>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_person", lookups = false)]
pub struct Person {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
    pub salary: Option<i32>,
    pub last_seen: Option<DateTime<Utc>>,
    #[field(on_delete = SET_NULL, related_name = "reports")]
    pub manager: Option<ForeignKey<Self>>,
    pub friends: ManyToMany<Self>,
    #[field(symmetrical = false, related_name = "followers")]
    pub follows: ManyToMany<Self>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_group", lookups = false)]
pub struct Group {
    pub id: i64,
    #[field(max_length = 50, unique)]
    pub name: String,
    #[field(through = Membership, through_fields = ["group", "person"], related_name = "groups")]
    pub members: ManyToMany<Person>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    app = "django",
    table = "library_membership",
    lookups = false,
    unique(fields = ["person", "group"], name = "uniq_membership")
)]
pub struct Membership {
    pub id: i64,
    pub person: ForeignKey<Person>,
    pub group: ForeignKey<Group>,
    #[field(max_length = 20, default = "member")]
    pub role: String,
    pub joined: Option<NaiveDate>,
    #[field(on_delete = SET_NULL, related_name = "sent_invites")]
    pub inviter: Option<ForeignKey<Person>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_place", lookups = false)]
pub struct Place {
    pub id: i64,
    #[field(max_length = 50)]
    pub name: String,
    #[field(max_length = 80)]
    pub address: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_restaurant", lookups = false)]
pub struct Restaurant {
    #[field(primary_key)]
    pub place: OneToOne<Place>,
    #[field(default = false)]
    pub serves_pizza: bool,
    pub rating: Option<i32>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_waiter", lookups = false)]
pub struct Waiter {
    pub id: i64,
    pub restaurant: ForeignKey<Restaurant>,
    #[field(max_length = 50)]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_employee", lookups = false, ordering = ["last_name", "first_name"])]
pub struct Employee {
    #[field(primary_key, column = "code")]
    pub employee_code: i32,
    #[field(max_length = 20)]
    pub first_name: String,
    #[field(max_length = 20)]
    pub last_name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_business", lookups = false)]
pub struct Business {
    #[field(max_length = 30, primary_key)]
    pub name: String,
    pub employees: ManyToMany<Employee>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_tag", lookups = false)]
pub struct Tag {
    pub id: i64,
    #[field(slug, unique)]
    pub slug: String,
    #[field(max_length = 30, default = "")]
    pub label: String,
    #[field(related_name = "children")]
    pub parent: Option<ForeignKey<Self>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_tagging", lookups = false, ordering = ["tag", "-weight", "pk"])]
pub struct Tagging {
    pub id: i64,
    #[field(to_field = "slug", column = "tag_slug", related_name = "taggings")]
    pub tag: ForeignKeyBy<Tag, String>,
    #[field(max_length = 50)]
    pub target: String,
    #[field(default = 1)]
    pub weight: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    app = "django",
    table = "library_seat",
    lookups = false,
    unique_together = [["section", "number"]],
    unique(fields = ["code"], name = "uniq_seat_code"),
    unique(fields = ["holder"], name = "uniq_vip_holder", condition = (vip = true)),
    index(fields = ["section", "-price"], name = "seat_section_price_idx")
)]
pub struct Seat {
    pub id: i64,
    #[field(max_length = 10)]
    pub section: String,
    pub number: i32,
    #[field(max_length = 20)]
    pub code: Option<String>,
    #[field(max_length = 30)]
    pub holder: Option<String>,
    #[field(default = false)]
    pub vip: bool,
    #[field(default = 10)]
    pub price: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    app = "django",
    table = "library_product",
    lookups = false,
    check(name = "price_gt_discounted", condition = (price__gt = F(discounted_price))),
    check(name = "stock_not_negative", condition = (stock__gte = 0 || name = "backorder"))
)]
pub struct Product {
    pub id: i64,
    #[field(max_length = 40)]
    pub name: String,
    #[field(max_digits = 10, decimal_places = 2)]
    pub price: Decimal,
    #[field(max_digits = 10, decimal_places = 2)]
    pub discounted_price: Option<Decimal>,
    #[field(default = 0)]
    pub stock: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_owner", lookups = false)]
pub struct Owner {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_cascadeitem", lookups = false)]
pub struct CascadeItem {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_cascadechild", lookups = false)]
pub struct CascadeChild {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    #[field(related_name = "children")]
    pub item: ForeignKey<CascadeItem>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_protectitem", lookups = false)]
pub struct ProtectItem {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    #[field(on_delete = PROTECT)]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_setnullitem", lookups = false)]
pub struct SetNullItem {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    #[field(on_delete = SET_NULL)]
    pub owner: Option<ForeignKey<Owner>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_setdefaultitem", lookups = false)]
pub struct SetDefaultItem {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    #[field(on_delete = SET_DEFAULT, default = 1)]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_setvalueitem", lookups = false)]
pub struct SetValueItem {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    #[field(on_delete = SET(2), related_name = "set_items")]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_donothingitem", lookups = false)]
pub struct DoNothingItem {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    #[field(on_delete = DO_NOTHING)]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_looseitem", lookups = false)]
pub struct LooseItem {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
    #[field(on_delete = DO_NOTHING, db_constraint = false)]
    pub owner: ForeignKey<Owner>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_artist", lookups = false)]
pub struct Artist {
    pub id: i64,
    #[field(max_length = 30)]
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_album", lookups = false)]
pub struct Album {
    pub id: i64,
    #[field(max_length = 40)]
    pub title: String,
    pub artist: ForeignKey<Artist>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_song", lookups = false, ordering = ["album__title", "title"])]
pub struct Song {
    pub id: i64,
    #[field(max_length = 40)]
    pub title: String,
    pub artist: ForeignKey<Artist>,
    #[field(on_delete = RESTRICT)]
    pub album: ForeignKey<Album>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "django", table = "library_alltypes", lookups = false)]
pub struct AllTypes {
    pub id: i64,
    #[field(max_length = 60, default = "")]
    pub f_char: String,
    pub f_text: Option<String>,
    pub f_int: Option<i32>,
    pub f_small: Option<i16>,
    pub f_big: Option<i64>,
    #[field(positive)]
    pub f_pos: Option<i32>,
    #[field(default = false)]
    pub f_bool: bool,
    pub f_nbool: Option<bool>,
    pub f_float: Option<f64>,
    #[field(max_digits = 10, decimal_places = 2)]
    pub f_dec: Option<Decimal>,
    pub f_date: Option<NaiveDate>,
    pub f_dt: Option<DateTime<Utc>>,
    pub f_time: Option<NaiveTime>,
    pub f_dur: Option<TimeDelta>,
    pub f_uuid: Option<Uuid>,
    pub f_json: Option<Json>,
    pub f_bin: Option<Vec<u8>>,
    #[field(email, default = "")]
    pub f_email: String,
    #[field(url, default = "")]
    pub f_url: String,
    #[field(slug, default = "")]
    pub f_slug: String,
    #[field(max_length = 1, choices = [("r", "Red"), ("g", "Green"), ("b", "Blue")], default = "r")]
    pub f_choice: String,
}
