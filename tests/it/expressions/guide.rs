//! `docs/expressions.md` is true: its code is here, and gives what it should.

use super::models::*;
use crate::models::*;
use orm::functions::{case, coalesce, concat, exists, outer, subquery};
use orm::prelude::*;

const PAGE: &str = include_str!("../../../docs/expressions.md");
const CODE: &[&str] = &[
    include_str!("guide.rs"),
    include_str!("defined.rs"),
    include_str!("../zones/guide.rs"),
];

/// Lines without their indentation, so that code within a function is found.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_code_of_the_page_is_here() {
    let blocks = PAGE
        .split("```rust\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"));
    let code: Vec<Vec<&str>> = CODE.iter().map(|text| lines(text)).collect();
    let mut found = 0;
    for (block, _) in blocks {
        let block = lines(block);
        let here = |code: &Vec<&str>| code.windows(block.len()).any(|window| window == block);
        assert!(code.iter().any(here), "not in the tests:\n{}", block.join("\n"));
        found += 1;
    }
    assert!(found > 8, "{found}");
}

#[orm::test(apps = ["shop"])]
async fn functions(db: Db) -> orm::Result<()> {
    let db = &db;
    data(db).await?;
    let recent = Book::objects().filter(|b| b.published().year().gte(2021));
    let short = Book::objects().filter(|b| b.title().trim().length().lt(6));
    let shouted: Vec<String> = Book::objects().values(|b| b.title().upper()).all(db).await?;
    let by_month = Book::objects().order_by(|b| b.published().trunc_month().desc().nulls_last());

    assert_eq!(shown(&recent.all(db).await?), "Atlas");
    assert_eq!(short.count(db).await?, 4);
    assert_eq!(shouted[0], "LOGIC");
    assert_eq!(by_month.first(db).await?.map(|b| b.title), Some("Atlas".to_owned()));
    let names: Vec<String> = Author::objects()
        .values(|a| concat((a.name(), " (", a.age().cast::<String>(), ")")))
        .all(db)
        .await?;
    let ages: Vec<i32> = Author::objects().values(|a| coalesce((a.age(), 0))).all(db).await?;

    assert_eq!(names, ["Ada (36)", "Bob (50)", "Cleo ()"]);
    assert_eq!(ages, [36, 50, 0]);
    Ok(())
}

#[orm::test(apps = ["shop", "samples"])]
async fn arithmetic(db: Db) -> orm::Result<()> {
    let db = &db;
    data(db).await?;
    samples(db).await?;
    let heavy = Book::objects().filter(|b| (b.pages() * 2 + 10).gt(500));
    let lasting: Vec<Option<TimeDelta>> = Sample::objects().values(|s| s.end() - s.begin()).all(db).await?;
    let overdue = Sample::objects().filter(|s| s.end().lt(s.begin() + TimeDelta::days(14)));

    assert_eq!(shown(&heavy.all(db).await?), "Logic, Atlas");
    assert_eq!(lasting.len(), 2);
    assert_eq!(overdue.count(db).await?, 1);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn cases_and_aggregates(db: Db) -> orm::Result<()> {
    let db = &db;
    data(db).await?;
    let words: Vec<String> = Book::objects()
        .values(|b| {
            case()
                .when(b.pages().gt(500), "long")
                .when(b.pages().gt(200), "medium")
                .otherwise("short")
        })
        .all(db)
        .await?;

    assert_eq!(words, ["medium", "short", "long", "short"]);
    let (novels, pages): (i64, i64) = Book::objects()
        .aggregate(db, |b| {
            (
                b.id().count().filter(q!(genre = Genre::Fiction)),
                b.pages().sum().filter(q!(in_print = false)).default(0),
            )
        })
        .await?;
    let writers: Vec<(Publisher, i64)> = Publisher::objects()
        .annotate(|p| p.books().authors().count().distinct())
        .all(db)
        .await?;

    assert_eq!((novels, pages), (3, 600));
    let counts: Vec<i64> = writers.into_iter().map(|(_, count)| count).collect();
    assert_eq!(counts, [2, 2]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn queries_within(db: Db) -> orm::Result<()> {
    let db = &db;
    data(db).await?;
    let reviewed = Book::objects()
        .filter(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())) & r.stars().gt(3))));
    let best: Vec<(Book, Option<i16>)> = Book::objects()
        .annotate(|b| {
            let own = Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())));
            subquery(own.order_by(|r| r.stars().desc()).limit(1).values(|r| r.stars()))
        })
        .all(db)
        .await?;

    assert_eq!(shown(&reviewed.all(db).await?), "Logic");
    assert_eq!(best[1].1, Some(2));
    Ok(())
}

#[orm::test(apps = ["samples"])]
async fn documents_and_own_functions(db: Db) -> orm::Result<()> {
    use super::defined::squeezed;
    let db = &db;
    samples(db).await?;
    let first = Sample::objects().filter(|s| s.data().key("list").index(0).gt(5));
    let texts = Sample::objects().filter(|s| s.data().key("a").key("s").istartswith("te"));
    let both = Sample::objects().filter(|s| s.data().has_keys(["a", "list"]));
    let read: Vec<Option<Json>> = Sample::objects().values(|s| s.data().key("a")).all(db).await?;

    for rows in [first, texts, both] {
        assert_eq!(rows.count(db).await?, 1);
    }
    assert_eq!(read.iter().flatten().count(), 1);
    let same = Sample::objects().filter(|s| squeezed(s.name()).lower().eq("abcd"));

    assert_eq!(same.count(db).await?, 1);
    Ok(())
}
