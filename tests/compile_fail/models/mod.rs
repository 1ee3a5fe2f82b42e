//! The models that the mistakes are made with.
#![allow(dead_code)]

use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Library {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    #[field(max_length = 200)]
    pub address: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Patron {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    pub library: ForeignKey<Library>,
    #[field(on_delete = SET_NULL, related_name = "guests")]
    pub visiting: Option<ForeignKey<Library>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub title: String,
    pub votes: i64,
    #[field(default = 0)]
    pub min_votes: i64,
    pub subtitle: Option<String>,
    pub published: NaiveDate,
    pub libraries: ManyToMany<Library>,
}
