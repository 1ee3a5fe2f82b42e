use orm::prelude::*;

#[derive(Model, Debug)]
pub struct Library {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
}

fn main() {}
