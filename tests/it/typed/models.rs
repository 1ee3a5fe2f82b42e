//! Models with every kind of relation.

use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed", ordering = ["name"], display = "{name}")]
pub struct Library {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    #[field(max_length = 200)]
    pub address: String,
    pub state: us::State,
    pub phone_number: us::PhoneNumber,
    #[field(max_length = 10)]
    pub zip_code: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Patron {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    pub library: ForeignKey<Library>,
    #[field(on_delete = SET_NULL, related_name = "guests")]
    pub visiting: Option<ForeignKey<Library>>,
    #[field(auto_now_add)]
    pub created_at: DateTime<Utc>,
    #[field(auto_now)]
    pub updated_at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Librarian {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    pub library: OneToOne<Library>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    #[field(default = 0.0)]
    pub price: f64,
    #[field(default = 0)]
    pub votes: i64,
    #[field(default = 0)]
    pub min_votes: i64,
    pub nick: Option<String>,
    pub libraries: ManyToMany<Library>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Loan {
    pub id: i64,
    pub patron: ForeignKey<Patron>,
    pub book: ForeignKey<Book>,
    pub due: Option<NaiveDate>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Publication {
    pub id: i64,
    #[field(max_length = 30)]
    pub title: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Article {
    pub id: i64,
    pub headline: String,
    pub pub_date: NaiveDate,
    #[field(default = false)]
    pub published: bool,
    pub publications: ManyToMany<Publication>,
}

/// Relations to itself, by its name and as `Self`.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Person {
    pub id: i64,
    pub name: String,
    #[field(related_name = "reports")]
    pub manager: Option<ForeignKey<Person>>,
    pub friends: ManyToMany<Self>,
    #[field(related_name = "mentees")]
    pub mentor: Option<ForeignKey<Self>>,
}

/// A text as the key.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Country {
    #[field(primary_key, max_length = 2)]
    pub code: String,
    pub name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct City {
    pub id: i64,
    pub name: String,
    pub country: ForeignKey<Country>,
    pub r#type: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Branch {
    pub id: i64,
    pub city: ForeignKey<City>,
    #[field(related_name = "former_branches")]
    pub old_city: Option<ForeignKey<City>>,
}

/// A newtype as the key.
#[derive(FieldType, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TagId(i64);

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    #[field(related_name = "+")]
    pub parent: Option<ForeignKey<Tag>>,
}

/// Two modules whose models refer to each other: one by a path, one by an import.
pub mod teams {
    use orm::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(app = "typed")]
    pub struct Team {
        pub id: i64,
        pub name: String,
        #[field(related_name = "captain_of")]
        pub captain: Option<ForeignKey<super::players::Player>>,
    }
}

pub mod players {
    use super::teams::{Team, TeamFields};
    use orm::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(app = "typed")]
    pub struct Player {
        pub id: i64,
        pub name: String,
        pub team: ForeignKey<Team>,
    }
}

/// A model whose accessors come as extension traits, as if it were of another crate.
pub mod auth {
    use orm::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(app = "typed")]
    pub struct User {
        pub id: i64,
        #[field(max_length = 150)]
        pub username: String,
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Profile {
    pub id: i64,
    pub bio: String,
    #[field(foreign)]
    pub user: OneToOne<auth::User>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "typed")]
pub struct Post {
    pub id: i64,
    pub text: String,
    #[field(foreign)]
    pub author: ForeignKey<auth::User>,
    #[field(foreign, related_name = "edited")]
    pub editor: Option<ForeignKey<auth::User>>,
}
