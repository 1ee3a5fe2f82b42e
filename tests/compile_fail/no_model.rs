use orm::prelude::*;

#[derive(Debug, Clone)]
pub struct Genre {
    pub id: i64,
}

fn objects() {
    let _ = Genre::objects();
}

fn a_key(_: ForeignKey<Genre>) {}

fn main() {}
