use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Library {
    pub id: i64,
}

#[derive(Model, Debug, Clone)]
pub struct Patron {
    pub id: i64,
    #[field(on_delete = SET_NULL)]
    pub library: ForeignKey<Library>,
    pub visiting: Option<ForeignKey<Library>>,
}

#[derive(Model, Debug, Clone)]
pub struct Book {
    pub id: i64,
    #[field(on_delete = CASCADES)]
    pub library: ForeignKey<Library>,
    #[field(related_name = "+")]
    pub libraries: Option<ManyToMany<Library>>,
}

#[derive(Model, Debug, Clone)]
pub struct Loan {
    pub id: i64,
    pub library: ForeignKey,
}

#[derive(Model, Debug, Clone)]
pub struct Person {
    pub id: i64,
    pub person: Option<ForeignKey<Person>>,
}

fn main() {}
