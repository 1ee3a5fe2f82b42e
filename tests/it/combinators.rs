//! `union`, `intersection`, `difference` and `&`, `|`, `^` of typed querysets.

use super::models::*;
use futures_util::TryStreamExt;
use orm::prelude::*;
use orm::{Backend, assert_num_queries};

fn titled(titles: &[&str]) -> QuerySet<Book> {
    let titles: Vec<String> = titles.iter().map(ToString::to_string).collect();
    Book::objects().filter(|b| b.title().in_(titles))
}

#[orm::test(apps = ["shop"])]
async fn rows_of_several_queries(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let (a, b) = (titled(&["Logic", "Poems"]), titled(&["Poems", "Atlas"]));
    let any = a.clone().union(b.clone()).order_by(|b| b.title());
    assert_eq!(
        shown(&assert_num_queries!(db, 1, { any.clone().all(&db).await? })),
        "Atlas, Logic, Poems"
    );
    assert_eq!(any.clone().count(&db).await?, 3);
    assert!(any.clone().exists(&db).await?);
    assert_eq!(shown(&any.clone().slice(1..).all(&db).await?), "Logic, Poems");
    assert_eq!(shown(&any.clone().reverse().limit(1).all(&db).await?), "Poems");
    assert_eq!(any.clone().last(&db).await?.as_ref(), Some(&d.poems));
    assert_eq!(
        any.clone().offset(1).stream(&db).try_collect::<Vec<_>>().await?.len(),
        2
    );
    assert_eq!(a.clone().union(b.clone()).first(&db).await?.as_ref(), Some(&d.logic));
    assert_eq!(a.clone().union_all(b.clone()).count(&db).await?, 4);
    let both = a.clone().intersection(b.clone());
    assert_eq!(shown(&both.all(&db).await?), "Poems");
    let only = a.clone().difference(b.clone());
    assert_eq!(shown(&only.all(&db).await?), "Logic");
    // Of three, and of combinations.
    let three = a
        .clone()
        .union(b.clone())
        .union(titled(&["Blank"]))
        .order_by(|b| b.id().desc());
    assert_eq!(shown(&three.all(&db).await?), "Blank, Atlas, Poems, Logic");
    let but = a
        .clone()
        .union(b.clone())
        .difference(titled(&["Poems"]).union(titled(&["Blank"])));
    assert_eq!(shown(&but.order_by(|b| b.id()).all(&db).await?), "Logic, Atlas");
    let rest = titled(&["Logic", "Poems", "Atlas"])
        .difference(a.clone())
        .difference(titled(&["Blank"]));
    assert_eq!(shown(&rest.all(&db).await?), "Atlas");
    // Queries that certainly have no rows.
    assert_eq!(
        shown(&a.clone().none().union(b.clone()).order_by(|b| b.id()).all(&db).await?),
        "Poems, Atlas"
    );
    assert_num_queries!(db, 0, {
        assert_eq!(a.clone().none().union(b.clone().none()).count(&db).await?, 0);
        assert_eq!(shown(&a.clone().intersection(b.clone().none()).all(&db).await?), "");
    });
    // As a query within another.
    let reviewed = Review::objects().filter(|r| r.book().in_(a.union(b)));
    assert_eq!(reviewed.count(&db).await?, 3);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn with_all_that_was_added(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let rows = |from: &str| {
        Book::objects()
            .filter(q!(title__startswith = from))
            .select_related(|b| b.publisher())
            .prefetch_related(|b| b.authors())
            .annotate(|b| b.pages() + 1)
    };
    let all = rows("L")
        .union(rows("A"))
        .order_by(|b| (b.price(), b.publisher().name()));
    let all: Vec<(Book, Option<Publisher>, Vec<Author>, i32)> = all.all(&db).await?;
    assert_eq!(all.len(), 2);
    assert_eq!((all[0].0.title.as_str(), all[0].3), ("Logic", 301));
    assert_eq!(
        (shown(&all[0].2), shown(&all[1].2)),
        ("Ada, Bob".into(), "Ada, Cleo".into())
    );
    assert_eq!(all[1].1.as_ref().map(|p| p.name.as_str()), Some("South"));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn columns_of_several_models(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let names = Author::objects()
        .values(|a| a.name())
        .union(Publisher::objects().values(|p| p.name()));
    let names: Vec<String> = names.order_by(|a| a.name().desc()).limit(2).all(&db).await?;
    assert_eq!(names, ["South", "North"]);
    let titles = titled(&["Logic"])
        .values(|b| b.title())
        .union(titled(&["Atlas"]).values(|b| b.title()));
    assert_eq!(Book::objects().filter(|b| b.title().in_(titles)).count(&db).await?, 2);
    let counted = Book::objects()
        .filter(q!(in_print = true))
        .values(|b| b.genre())
        .annotate(|b| b.pk().count());
    let all = counted.union_all(titled(&["Atlas"]).values(|b| (b.genre(), b.id() * 0 + 7)));
    let mut rows: Vec<i64> = all.all(&db).await?.into_iter().map(|row| row.1).collect();
    rows.sort_unstable();
    assert_eq!(rows, [1, 2, 7]);
    // A column that may be NULL, on the right of another.
    let ages = Author::objects()
        .values(|a| a.age())
        .union(Author::objects().values(|a| a.age()));
    assert_eq!(Author::objects().filter(|a| a.age().in_(ages)).count(&db).await?, 2);
    // What is not read cannot be ordered by.
    let error = Book::objects()
        .values(|b| b.title())
        .union(Author::objects().values(|a| a.name()))
        .order_by(|b| b.pages());
    let error = error.all(&db).await.unwrap_err();
    assert!(error.to_string().contains("ORDER BY"), "{error}");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn parts_with_an_order_or_a_slice(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let dearest = Book::objects().order_by(|b| b.price().desc()).limit(1);
    let rows = dearest.union(titled(&["Poems"])).order_by(|b| b.id());
    match db.backend() {
        Backend::Sqlite => {
            let error = assert_num_queries!(db, 0, { rows.all(&db).await.unwrap_err() });
            assert!(error.to_string().contains("LIMIT/OFFSET not allowed"), "{error}");
        }
        _ => assert_eq!(shown(&rows.all(&db).await?), "Poems, Atlas"),
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn conditions_of_two(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let ada = || Book::objects().filter(q!(authors = &d.ada));
    let bob = || Book::objects().filter(q!(authors = &d.bob));
    let sorted = |rows: QuerySet<Book>| rows.order_by(|b| b.id()).all(&db);
    assert_eq!(shown(&sorted(ada() & bob()).await?), "Logic");
    assert_eq!(
        shown(&sorted((ada() | titled(&["Blank"])).distinct()).await?),
        "Logic, Atlas, Blank"
    );
    assert_eq!(
        shown(&sorted(titled(&["Logic", "Poems"]) ^ titled(&["Poems", "Blank"])).await?),
        "Logic, Blank"
    );
    let ordered = titled(&["Logic", "Poems"]) | titled(&["Atlas"]).order_by(|b| b.price().desc());
    assert_eq!(shown(&ordered.all(&db).await?), "Atlas, Logic, Poems");
    // Nothing, and everything.
    assert_eq!(shown(&sorted(ada() & bob().none()).await?), "");
    assert_eq!(shown(&sorted(ada().none() | titled(&["Blank"])).await?), "Blank");
    assert_eq!(shown(&sorted(titled(&["Blank"]) ^ bob().none()).await?), "Blank");
    // What was added to the first stays.
    let rows = Book::objects().annotate(|b| b.pages() * 2).filter(q!(pages__gt = 100)) & titled(&["Logic"]);
    let rows: Vec<(Book, i32)> = rows.all(&db).await?;
    assert_eq!(rows, [(d.logic.clone(), 600)]);
    // What does not fit together.
    assert_num_queries!(db, 0, {
        for sliced in [ada().limit(1) | bob(), ada() & bob().limit(1), ada() ^ bob().offset(1)] {
            let error = sliced.all(&db).await.unwrap_err();
            assert!(error.to_string().contains("slice"), "{error}");
        }
        let error = (ada().distinct() & bob()).all(&db).await.unwrap_err();
        assert!(error.to_string().contains("unique"), "{error}");
    });
    Ok(())
}

#[test]
fn in_sql() {
    let names = Author::objects().values(|a| a.name());
    let all = names
        .clone()
        .union(Publisher::objects().values(|p| p.name()))
        .union(City::objects().values(|c| c.name()))
        .order_by(|a| a.name());
    assert_eq!(
        all.to_sql(Backend::Sqlite).unwrap(),
        r#"SELECT "shop_author"."name" FROM "shop_author" UNION SELECT "shop_publisher"."name" FROM "shop_publisher" UNION SELECT "shop_city"."name" FROM "shop_city" ORDER BY 1 ASC"#
    );
    assert_eq!(
        names
            .difference(City::objects().values(|c| c.name()))
            .to_sql(Backend::Postgres)
            .unwrap(),
        r#"(SELECT "shop_author"."name" FROM "shop_author") EXCEPT (SELECT "shop_city"."name" FROM "shop_city")"#
    );
}
