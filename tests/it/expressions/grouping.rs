//! Computed values beside aggregates.

use crate::models::*;
use orm::functions::{case, coalesce, exists, outer, value};
use orm::prelude::*;

#[orm::test(apps = ["shop"])]
async fn of_rows(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let rows: Vec<(Book, f64, i64, bool, String)> = Book::objects()
        .annotate(|b| coalesce((b.rating(), 0.5)))
        .annotate(|b| b.authors().count())
        .annotate(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())))))
        .annotate(|b| case().when(b.pages().gt(100), "long").otherwise("short"))
        .all(&db)
        .await?;
    let rows: Vec<_> = rows.into_iter().map(|(_, a, b, c, d)| (a, b, c, d)).collect();
    let text = str::to_owned;
    assert_eq!(
        rows,
        [
            (4.5, 2, true, text("long")),
            (3.0, 1, true, text("short")),
            (0.5, 2, false, text("long")),
            (0.5, 0, false, text("short")),
        ]
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn in_a_computed_order(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let rows: Vec<(Book, i64)> = Book::objects()
        .annotate(|b| b.authors().count())
        .order_by(|b| {
            let north = case().when(b.publisher().name().eq("North"), 1).otherwise(2);
            (north, b.pages() * 2)
        })
        .all(&db)
        .await?;
    let rows: Vec<_> = rows.into_iter().map(|(book, count)| (book.title, count)).collect();
    let expected = [("Poems", 1), ("Logic", 2), ("Blank", 0), ("Atlas", 2)];
    assert_eq!(rows, expected.map(|(title, count)| (title.to_owned(), count)));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn of_values(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let mut rows: Vec<(i32, i64)> = Book::objects()
        .order_by(|_| ())
        .values(|b| (b.pages() % 7 * value(2), b.id().count()))
        .all(&db)
        .await?;
    rows.sort_unstable();
    assert_eq!(rows, [(0, 1), (10, 1), (12, 2)]);
    // The value beside the aggregate within an expression is grouped by as well.
    let mut sums: Vec<i64> = Book::objects()
        .order_by(|_| ())
        .values(|b| b.id().count() + b.pages().cast::<i64>())
        .all(&db)
        .await?;
    sums.sort_unstable();
    assert_eq!(sums, [1, 91, 301, 601]);
    Ok(())
}

/// What is grouped, ordered or made distinct by is the same expression wherever the text says it,
/// with its values.
#[orm::test(apps = ["shop"])]
async fn by_what_has_values(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let text = str::to_owned;
    let letters = || Book::objects().values(|b| (b.title().right(1), b.pk().count()));
    let expected = [(text("c"), 1), (text("k"), 1), (text("s"), 2)];
    // Twice, since the second time a text may come out of the cache.
    for _ in 0..2 {
        let rows = letters().order_by_with(|_, (letter, _)| letter).all(&db).await?;
        assert_eq!(rows, expected);
        let rows = letters().order_by(|b| b.title().right(1)).all(&db).await?;
        assert_eq!(rows, expected);
        // Not among the columns, and with a column that has another value at the same place.
        let sizes = Book::objects()
            .values(|b| b.pk().count())
            .order_by(|b| b.title().right(1));
        assert_eq!(sizes.all(&db).await?, [1, 1, 2]);
        let rows = letters()
            .order_by(|b| (b.title().right(1), b.title().right(2).desc()))
            .all(&db)
            .await?;
        assert_eq!(rows.iter().map(|row| row.0.as_str()).collect::<String>(), "ckss");
        // Beside an aggregate, in a column and in a condition.
        let sums = Book::objects()
            .order_by(|_| ())
            .values(|b| b.pk().count() + b.title().right(1).length().cast::<i64>());
        assert_eq!(sums.all(&db).await?, [5]);
        let rows = letters()
            .filter_with(|_, (letter, n)| letter.eq("c") | n.gt(1))
            .order_by_with(|_, (letter, _)| letter.desc())
            .all(&db)
            .await?;
        assert_eq!(rows, [(text("s"), 2), (text("c"), 1)]);
        let rows = Book::objects()
            .values(|b| b.title().right(1))
            .annotate(|b| b.pk().count())
            .order_by(|b| b.title().right(1).desc())
            .all(&db)
            .await?;
        assert_eq!(rows, [expected[2].clone(), expected[1].clone(), expected[0].clone()]);
        let rows = Book::objects()
            .values(|b| b.title().right(1))
            .distinct()
            .order_by(|b| b.title().right(1).desc())
            .all(&db)
            .await?;
        assert_eq!(rows, ["s", "k", "c"]);
        let books = Book::objects().distinct().order_by(|b| b.title().right(4));
        assert_eq!(books.all(&db).await?.len(), 4);
        // The same but for the value is another term.
        let books = Book::objects().order_by(|b| (b.title().right(1).desc(), b.title().right(5).desc()));
        let titles: String = books.all(&db).await?.iter().map(|b| b.title.as_str()).collect();
        assert_eq!(titles, "PoemsAtlasBlankLogic");
        let books = Book::objects().order_by(|b| (b.title().right(1).desc(), b.title().right(5)));
        let titles: String = books.all(&db).await?.iter().map(|b| b.title.as_str()).collect();
        assert_eq!(titles, "AtlasPoemsBlankLogic");
    }
    Ok(())
}
