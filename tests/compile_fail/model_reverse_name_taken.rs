use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Library {
    pub id: i64,
}

#[derive(Model, Debug, Clone)]
pub struct Patron {
    pub id: i64,
    #[field(related_name = "people")]
    pub library: ForeignKey<Library>,
}

#[derive(Model, Debug, Clone)]
pub struct Librarian {
    pub id: i64,
    #[field(related_name = "people")]
    pub library: ForeignKey<Library>,
}

fn main() {}
