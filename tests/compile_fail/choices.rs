use orm::prelude::*;

#[derive(Choices, Debug, Clone, Copy, PartialEq)]
pub enum Genre {
    #[choice("fic")]
    Fiction,
    #[choice("fic")]
    Fantasy,
    #[choice(3)]
    Science,
}

#[derive(Choices, Debug, Clone, PartialEq)]
pub enum Shape {
    Circle(i64),
    #[choice("sq", name = "Square")]
    Square,
    #[choice(1.5)]
    Half,
}

#[derive(Choices, Debug, Clone, PartialEq)]
pub struct Isbn(String);

fn main() {}
