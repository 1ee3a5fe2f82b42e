use orm::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(unique_together = [["name", "number"]], index(fields = ["place"]))]
pub struct Library {
    #[field(primary_key)]
    pub code: String,
    #[field(unique)]
    pub address: String,
    #[field(index)]
    pub city: String,
    pub name: String,
    pub number: i64,
    pub place: String,
    pub budget: Decimal,
    #[field(max_digits = 5)]
    pub fee: Decimal,
    #[field(max_digits = 2, decimal_places = 4)]
    pub fine: Decimal,
    #[field(max_digits = 5, decimal_places = 2, default = 0.5)]
    pub price: Decimal,
    #[field(max_length = 3, default = "Seaford")]
    pub short: String,
    #[field(default = "27.7.2005")]
    pub opened: NaiveDate,
}

fn main() {}
