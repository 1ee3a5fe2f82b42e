use orm::prelude::*;

#[derive(Projection, Clone)]
struct NoModel {
    name: String,
}

#[derive(Projection, Clone)]
#[projection(model = Library)]
struct Tuple(String);

#[derive(Projection, Clone)]
#[projection(model = Library)]
enum Either {
    A,
}

#[derive(Projection, Clone)]
#[projection(model = Library, table = "x")]
struct Attributes<T> {
    #[projection(pth = "name")]
    a: T,
    #[projection(path = "name", expr = |l| l.name())]
    b: String,
    #[projection(expr = 3)]
    c: i32,
    #[projection(path = "name__")]
    d: String,
    #[projection(path = name)]
    e: String,
}

fn main() {}
