mod models;

use models::*;
use orm::prelude::*;

fn misspelled() {
    let _ = Books::objects();
}

#[derive(Model, Debug, Clone)]
pub struct Loan {
    pub id: i64,
    pub patron: ForeignKey<Patrons>,
}

fn main() {}
