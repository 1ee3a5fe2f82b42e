use orm::prelude::*;

#[derive(FieldType, Debug, Clone, PartialEq)]
pub struct Count(u32);

#[derive(FieldType, Debug, Clone, PartialEq)]
pub struct Tags(Vec<String>);

#[derive(FieldType, Debug, PartialEq)]
pub struct Isbn(String);

fn main() {}
