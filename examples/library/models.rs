//! The models of the tutorial, in the order in which it makes them.

use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "library", ordering = ["id"], display = "{name}")]
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
#[model(app = "library", ordering = ["id"], display = "{name}")]
pub struct Patron {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    pub library: ForeignKey<Library>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "library", ordering = ["id"], display = "{name}")]
pub struct Librarian {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    pub library: OneToOne<Library>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "library", ordering = ["id"], display = "{title}")]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub libraries: ManyToMany<Library>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "library", ordering = ["title"], display = "{title}")]
pub struct Publication {
    pub id: i64,
    #[field(max_length = 30)]
    pub title: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "library", ordering = ["headline"], display = "{headline}")]
pub struct Article {
    pub id: i64,
    #[field(max_length = 100)]
    pub headline: String,
    pub publications: ManyToMany<Publication>,
}
