use orm::prelude::*;

#[derive(Debug, Clone)]
pub struct Times {
    pub created_at: DateTime<Utc>,
}

#[derive(Model, Debug, Clone)]
pub struct Book {
    pub id: i64,
    #[model(flatten)]
    pub times: Times,
}

fn main() {}
