use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Nothing {
    pub name: String,
}

#[derive(Model, Debug, Clone)]
pub struct Two {
    #[field(primary_key)]
    pub number: i64,
    #[field(primary_key, max_length = 10)]
    pub code: String,
}

#[derive(Model, Debug, Clone)]
pub struct MarkedAndNamed {
    pub id: i64,
    #[field(primary_key, max_length = 10)]
    pub code: String,
}

#[derive(Model, Debug, Clone)]
pub struct Nullable {
    pub id: Option<i64>,
}

fn main() {}
