use orm::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(order = ["name"], tabel = "libraries")]
pub struct Library {
    pub id: i64,
    #[field(max_lenght = 200)]
    pub name: String,
    #[field(db_column = "street")]
    pub address: String,
    #[field(max_length = "ten")]
    pub zip_code: String,
    #[field(unique, unique)]
    pub number: i64,
}

#[derive(Model, Debug, Clone)]
#[field(max_length = 10)]
pub struct Misplaced {
    #[field(max_length = 10)]
    pub id: i64,
    #[field(auto_now)]
    pub name: String,
    #[field(on_delete = CASCADE)]
    pub votes: i64,
    #[field(null = true)]
    pub city: String,
}

fn main() {}
