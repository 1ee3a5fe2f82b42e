use orm::prelude::*;

#[derive(FieldType, Debug, Clone, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

#[derive(FieldType, Debug, Clone, PartialEq)]
pub enum Genre {
    Fiction,
}

#[derive(FieldType, Debug, Clone, PartialEq)]
pub struct Wrapped<T>(T);

#[derive(FieldType, Debug, Clone, PartialEq)]
#[field(max_lenght = 13)]
pub struct Isbn(String);

fn main() {}
