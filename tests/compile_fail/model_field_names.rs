use orm::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(ordering = ["-nmae"], display = "{title}", unique_together = [["name", "zip"]])]
pub struct Library {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
}

#[derive(Model, Debug, Clone)]
#[model(get_latest_by = "created", index(fields = ["naem"]), check(name = "positive", condition = (stok__gte = 0)))]
pub struct Book {
    pub id: i64,
    #[field(max_length = 200)]
    pub name: String,
    pub stock: i64,
}

fn main() {}
