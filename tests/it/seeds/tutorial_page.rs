//! `docs/tutorial.md` is true: its code is the example's, and so is the output that it shows.

use super::s001_tutorial::models;
use orm::prelude::*;
use std::cell::RefCell;

thread_local! {
    static PRINTED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Here what the example prints is kept.
macro_rules! println {
    ($($line:tt)*) => {{
        let line = format!($($line)*);
        super::PRINTED.with_borrow_mut(|printed| printed.push(line));
    }};
}

#[path = "../../../examples/library/tutorial.rs"]
mod tutorial;

const PAGE: &str = include_str!("../../../docs/tutorial.md");

/// The lines of the page's blocks of code, which the language `rust,ignore` marks.
fn blocks() -> impl Iterator<Item = Vec<&'static str>> {
    let blocks = PAGE.split("```rust,ignore\n").skip(1);
    blocks.map(|block| block.lines().take_while(|line| *line != "```").collect())
}

fn output(line: &str) -> Option<&str> {
    line.strip_prefix("// ")
}

#[orm::test(apps = ["library"])]
async fn shows_what_the_example_prints(db: Db) -> orm::Result<()> {
    tutorial::crud(&db).await?;
    tutorial::relations(&db).await?;
    tutorial::many_to_many(&db).await?;
    let printed: Vec<String> = PRINTED
        .take()
        .into_iter()
        .filter(|line| !line.starts_with(">>> "))
        .collect();
    let page: Vec<&str> = blocks().flatten().filter_map(output).collect();
    assert_eq!(page, printed);
    Ok(())
}

#[test]
fn has_the_code_of_the_example() {
    let example = [
        include_str!("../../../examples/library/models.rs"),
        include_str!("../../../examples/library/tutorial.rs"),
        include_str!("../../../examples/library/main.rs"),
    ];
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let example = bare(&example.concat());
    for block in blocks() {
        let code: Vec<&str> = block.into_iter().filter(|line| output(line).is_none()).collect();
        let code = code.join("\n");
        assert!(example.contains(&bare(&code)), "the example does not have:\n{code}");
    }
}
