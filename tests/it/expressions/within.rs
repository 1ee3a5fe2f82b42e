//! Queries within a query.

use crate::models::*;
use orm::Backend;
use orm::functions::{coalesce, exists, outer, subquery};
use orm::prelude::*;

async fn titles(db: &Db, rows: QuerySet<Book>) -> orm::Result<String> {
    Ok(shown(&rows.all(db).await?))
}

#[orm::test(apps = ["shop"])]
async fn exists_as_condition_and_value(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let reviewed = Book::objects().filter(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))));
    assert_eq!(titles(&db, reviewed).await?, "Logic, Poems");
    let not = Book::objects().filter(|b| !exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))));
    assert_eq!(titles(&db, not).await?, "Atlas, Blank");
    let combined = Book::objects().filter(|b| {
        let good = Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())) & r.stars().gt(3));
        exists(good) & b.in_print() | b.title().eq("Blank")
    });
    assert_eq!(titles(&db, combined).await?, "Logic, Blank");
    let excluded = Book::objects().exclude(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))));
    assert_eq!(titles(&db, excluded).await?, "Atlas, Blank");
    let rows: Vec<(Book, bool)> = Book::objects()
        .annotate(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))))
        .all(&db)
        .await?;
    let flags: Vec<bool> = rows.into_iter().map(|(_, reviewed)| reviewed).collect();
    assert_eq!(flags, [true, true, false, false]);
    let any = Book::objects().filter(|_| exists(Review::objects().none()));
    assert_eq!(any.count(&db).await?, 0);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn subqueries_as_values(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let best = || {
        Book::objects().annotate(|b| {
            subquery(
                Review::objects()
                    .filter(|r| r.book().pk().eq(outer(b.pk())))
                    .order_by(|r| r.stars().desc())
                    .limit(1)
                    .values(|r| r.stars()),
            )
        })
    };
    let stars: Vec<Option<i16>> = best().all(&db).await?.into_iter().map(|(_, stars)| stars).collect();
    assert_eq!(stars, [Some(5), Some(2), None, None]);
    let counts: Vec<i64> = Book::objects()
        .values(|b| {
            let own = Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())));
            coalesce((subquery(own.values(|r| r.id().count())), 0))
        })
        .all(&db)
        .await?;
    assert_eq!(counts, [2, 1, 0, 0]);
    // More pages than the books of the same publisher have on average.
    let long = Book::objects().filter(|b| {
        let same = Book::objects().filter(|other| other.publisher().pk().eq(outer(b.publisher().pk())));
        b.pages()
            .cast::<f64>()
            .gt(subquery(same.values(|other| other.pages().avg())))
    });
    assert_eq!(titles(&db, long).await?, "Logic");
    let ordered = Book::objects().order_by(|b| {
        let own = Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())));
        (subquery(own.values(|r| r.id().count())).desc(), b.title())
    });
    assert_eq!(titles(&db, ordered).await?, "Logic, Poems, Atlas, Blank");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn the_right_side_of_in(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let own = Book::objects().filter(|b| {
        b.id().in_(
            Review::objects()
                .filter(|r| r.stars().gt(3) & r.book().title().eq(outer(b.title())))
                .values(|r| r.book()),
        )
    });
    assert_eq!(titles(&db, own).await?, "Logic");
    // A column that may be NULL.
    let publishers = Publisher::objects().filter(|p| p.id().in_(Book::objects().values(|b| b.publisher())));
    assert_eq!(publishers.count(&db).await?, 2);
    Ok(())
}

/// A query within a query within a query speaks of the outermost row.
#[orm::test(apps = ["shop"])]
async fn nested(db: Db) -> orm::Result<()> {
    data(&db).await?;
    // Authors of a book of which there is a review with as many stars as the letters of their names,
    // and one.
    let authors = Author::objects().filter(|a| {
        exists(Book::objects().filter(|b| {
            let far = outer::<Review, _, _>(outer::<Book, _, _>(a.name().length()));
            let reviews =
                Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())) & r.stars().cast::<i64>().eq(far + 1));
            b.authors().pk().eq(outer(a.pk())) & exists(reviews)
        }))
    });
    assert_eq!(shown(&authors.all(&db).await?), "Ada, Bob");
    Ok(())
}

#[test]
fn a_reference_to_another_query_is_an_error() {
    let book = Book::q(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))));
    // The condition on books, within a query of reviews that knows no book outside.
    let misplaced = Author::objects()
        .filter(|_| exists(Review::objects().filter(|r| r.stars().cast::<i64>().eq(outer(root().id())))));
    let error = misplaced.to_sql(Backend::Sqlite).unwrap_err().to_string();
    assert_eq!(
        error,
        "outer() was given an expression of Book, and the query around is one of Author."
    );
    let alone = Review::objects().filter(|r| r.book().pk().eq(outer(root().id())));
    let error = alone.to_sql(Backend::Sqlite).unwrap_err().to_string();
    assert!(error.contains("may only be used in a subquery"), "{error}");
    assert!(Book::objects().filter(|_| book).to_sql(Backend::Sqlite).is_ok());
}

/// The fields of a book, taken out of their query.
fn root() -> BookFields<Book, orm::One> {
    orm::fields::root::<Book>()
}

#[test]
fn the_sql() {
    let rows = Book::objects()
        .order_by(|_| ())
        .filter(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())) & r.stars().gt(3))));
    let sql = rows.to_sql(Backend::Sqlite).unwrap();
    let (_, from) = sql.split_once(" FROM ").unwrap();
    assert_eq!(
        from,
        r#""shop_book" WHERE EXISTS(SELECT 1 FROM "shop_review" "U0" WHERE "U0"."book_id" = "shop_book"."id" AND "U0"."stars" > 3)"#
    );
}
