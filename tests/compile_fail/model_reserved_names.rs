use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Library {
    pub id: i64,
    pub pk: i64,
    pub a__b: i64,
    pub last_: i64,
}

#[derive(Model, Debug, Clone)]
pub struct Patron {
    pub id: i64,
    pub save: bool,
}

#[derive(Model, Debug, Clone)]
pub struct Loan {
    pub id: i64,
    pub objects: ForeignKey<Library>,
}

fn main() {}
