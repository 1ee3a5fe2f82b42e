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
