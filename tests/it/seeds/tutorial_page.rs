//! `docs/tutorial.md` says what happens: its code is that of the example, its output what is printed.

use super::s001_tutorial::models;
use orm::prelude::*;
use std::cell::RefCell;

thread_local! {
    static PRINTED: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Here the example's lines are kept instead of printed.
macro_rules! println {
    ($($line:tt)*) => {
        super::PRINTED.with_borrow_mut(|printed| *printed += &(format!($($line)*) + "\n"))
    };
}

#[path = "../../../examples/library/tutorial.rs"]
mod tutorial;

const PAGE: &str = include_str!("../../../docs/tutorial.md");
const EXAMPLE: &str = concat!(
    include_str!("../../../examples/library/models.rs"),
    include_str!("../../../examples/library/tutorial.rs"),
    include_str!("../../../examples/library/main.rs"),
);

#[orm::test(apps = ["library"])]
async fn it_prints_what_the_example_prints(db: Db) -> orm::Result<()> {
    tutorial::crud(&db).await?;
    tutorial::relations(&db).await?;
    tutorial::many_to_many(&db).await?;
    let shown: String = blocks("rust")
        .map(|line| line.strip_prefix("// ").unwrap_or_default())
        .filter(|l| !l.is_empty())
        .fold(String::new(), |all, line| all + line + "\n");
    let printed = PRINTED.take();
    for (shown, printed) in shown.lines().zip(printed.lines()) {
        assert_eq!(shown, printed);
    }
    assert_eq!(shown, printed);
    Ok(())
}
