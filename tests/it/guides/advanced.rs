//! `docs/advanced.md` is true: its code stands here and runs, and gives what the page says.

use crate::models::*;
use orm::prelude::*;

thread_local! {
    static PRINTED: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Here what the examples print is kept.
macro_rules! println {
    ($($line:tt)*) => {{
        let line = format!($($line)*);
        PRINTED.with_borrow_mut(|printed| printed.push(line));
    }};
}

async fn windows(db: &Db) -> orm::Result<()> {
    use orm::window::{lag, rank};

    let rows: Vec<(Book, i64, Option<Decimal>, Option<String>)> = Book::objects()
        .annotate(|b| rank().over(|w| w.partition_by(b.genre()).order_by(b.price().desc())))
        .annotate(|b| b.price().sum().over(|w| w.order_by(b.id()).rows(-1..=0)))
        .annotate(|b| lag(b.title()).over(|w| w.order_by(b.id())))
        .all(db)
        .await?;
    for (book, rank, sum, before) in rows {
        println!("{book} {rank} {} {before:?}", sum.unwrap_or_default());
        // Logic 1 12.50 None
        // Poems 2 19.50 Some("Logic")
        // Atlas 1 47.00 Some("Poems")
        // Blank 3 40.00 Some("Atlas")
    }

    let best = Book::objects()
        .filter(|b| {
            rank()
                .over(|w| w.partition_by(b.genre()).order_by(b.price().desc()))
                .eq(1)
        })
        .filter(q!(in_print = true));
    println!("{:?}", best.values(|b| b.title()).all(db).await?);
    // ["Logic", "Poems"]
    Ok(())
}

async fn distinct_on(db: &Db) -> orm::Result<()> {
    let dearest = Book::objects()
        .distinct_on(|b| b.genre())
        .order_by(|b| (b.genre(), b.price().desc()))
        .all(db)
        .await?;
    assert_eq!(shown(&dearest), "Atlas, Logic");
    Ok(())
}

async fn locks(db: &Db) -> orm::Result<()> {
    db.atomic(async |tx| {
        let mut book = Book::objects()
            .select_for_update()
            .get(&tx, q!(title = "Poems"))
            .await?;
        book.pages += 10;
        book.save(&tx).await
    })
    .await
}

async fn explain(db: &Db) -> orm::Result<()> {
    let plan = Book::objects().filter(q!(pages__gt = 100)).explain(db).await?;
    assert!(plan.contains("shop_book"));
    Ok(())
}

async fn raw(db: &Db) -> orm::Result<()> {
    let books = Book::raw("SELECT * FROM shop_book WHERE pages > {} ORDER BY id", (200,))
        .all(db)
        .await?;
    println!("{}", shown(&books));
    // Logic, Atlas

    let rows: Vec<(Book, i64)> = Book::raw("SELECT b.*, pages * 2 AS twice FROM shop_book b WHERE id = {}", (1,))
        .column::<i64>("twice")
        .all(db)
        .await?;
    println!("{}", rows[0].1);
    // 600

    let rows = orm::raw::<(String, Option<f64>)>("SELECT title, rating FROM shop_book WHERE title = {}", ("Logic",));
    println!("{:?}", rows.all(db).await?);
    // [("Logic", Some(4.5))]

    let changed = orm::raw::<()>("UPDATE shop_book SET in_print = {} WHERE pages < {}", (false, 50))
        .execute(db)
        .await?;
    println!("{changed}");
    // 1
    Ok(())
}

async fn trees(db: &Db) -> orm::Result<()> {
    use orm::tree::{depth, path};

    let ann = Person::create().name("Ann").save(db).await?;
    let ben = Person::create().name("Ben").manager(&ann).save(db).await?;
    Person::create().name("Cid").manager(&ben).save(db).await?;
    Person::create().name("Dan").manager(&ann).save(db).await?;

    let staff = Person::objects()
        .descendants(&ann, |p| p.manager())
        .annotate(|_| depth())
        .order_by(|_| path())
        .all(db)
        .await?;
    for (person, depth) in staff {
        println!("{depth} {person}");
        // 1 Ben
        // 2 Cid
        // 1 Dan
    }
    let above = Person::objects().ancestors(&ben, |p| p.manager()).with_start();
    println!("{}", shown(&above.order_by(|_| depth()).all(db).await?));
    // Ben, Ann
    Ok(())
}

const PAGE: &str = include_str!("../../../docs/advanced.md");

/// The lines of the page's blocks of code, which the language `rust,ignore` marks.
fn blocks() -> impl Iterator<Item = Vec<&'static str>> {
    let blocks = PAGE.split("```rust,ignore\n").skip(1);
    blocks.map(|block| block.lines().take_while(|line| *line != "```").collect())
}

fn output(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("// ")
}

#[orm::test(apps = ["shop"])]
async fn shows_what_the_examples_print(db: Db) -> orm::Result<()> {
    data(&db).await?;
    windows(&db).await?;
    raw(&db).await?;
    trees(&db).await?;
    let locked = locks(&db).await;
    match db.backend() {
        orm::Backend::Sqlite => assert_eq!(locked.unwrap_err().django_class(), "NotSupportedError"),
        _ => locked?,
    }
    explain(&db).await?;
    if db.backend() == orm::Backend::Postgres {
        distinct_on(&db).await?;
    }
    let page: Vec<&str> = blocks().flatten().filter_map(output).collect();
    assert_eq!(page, PRINTED.take());
    Ok(())
}

#[test]
fn has_the_code_of_the_examples() {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let code = bare(include_str!("advanced.rs"));
    for block in blocks() {
        let block = bare(&block.join("\n"));
        assert!(code.contains(&block), "this file does not have:\n{block}");
    }
}
