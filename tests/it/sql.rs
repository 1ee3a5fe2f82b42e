//! The SQL itself, exactly, for joins and subqueries.

use super::models::*;
use orm::__private::{Compiled, select};
use orm::Backend;
use orm::dynamic::{DynExpr, DynQ, DynQuerySet};
use orm::prelude::*;

pub const MARIADB: Backend = Backend::MySql {
    mariadb: true,
    version: (10, 11),
};

fn sqlite(rows: &QuerySet<Book>) -> String {
    let sql = rows.to_sql(Backend::Sqlite).unwrap_or_else(|error| error.to_string());
    sql.split_once(" FROM ")
        .map_or(sql.clone(), |(_, from)| from.to_owned())
}

fn books() -> QuerySet<Book> {
    Book::objects().order_by(|_| ())
}

#[test]
fn keys_need_no_join() {
    assert_eq!(
        sqlite(&books().filter(q!(publisher = 3))),
        r#""shop_book" WHERE "shop_book"."publisher_id" = 3"#
    );
    assert_eq!(
        sqlite(&books().filter(q!(publisher__id__in = [3, 4]))),
        r#""shop_book" WHERE "shop_book"."publisher_id" IN (3, 4)"#
    );
    assert_eq!(
        sqlite(&books().filter(q!(authors = 3))),
        r#""shop_book" INNER JOIN "shop_book_authors" ON ("shop_book"."id" = "shop_book_authors"."book_id") WHERE "shop_book_authors"."author_id" = 3"#
    );
    assert_eq!(
        sqlite(&books().filter(q!(publisher__isnull = true))),
        r#""shop_book" WHERE "shop_book"."publisher_id" IS NULL"#
    );
}

#[test]
fn inner_and_outer_joins() {
    assert_eq!(
        sqlite(&books().filter(q!(publisher__name = "x"))),
        r#""shop_book" INNER JOIN "shop_publisher" ON ("shop_book"."publisher_id" = "shop_publisher"."id") WHERE "shop_publisher"."name" = 'x'"#
    );
    assert_eq!(
        sqlite(&books().filter(q!(publisher__name = "x" || title = "y"))),
        r#""shop_book" LEFT OUTER JOIN "shop_publisher" ON ("shop_book"."publisher_id" = "shop_publisher"."id") WHERE ("shop_publisher"."name" = 'x' OR "shop_book"."title" = 'y')"#
    );
    assert_eq!(
        sqlite(&books().exclude(q!(publisher__name = "x"))),
        r#""shop_book" LEFT OUTER JOIN "shop_publisher" ON ("shop_book"."publisher_id" = "shop_publisher"."id") WHERE NOT (("shop_publisher"."name" = 'x' AND "shop_publisher"."name" IS NOT NULL))"#
    );
}

#[test]
fn to_many_joins_belong_to_their_filter() {
    let authors = r#""shop_book" INNER JOIN "shop_book_authors" ON ("shop_book"."id" = "shop_book_authors"."book_id") INNER JOIN "shop_author" ON ("shop_book_authors"."author_id" = "shop_author"."id")"#;
    assert_eq!(
        sqlite(&books().filter(q!(authors__name = "a", authors__age = 3))),
        format!(r#"{authors} WHERE "shop_author"."name" = 'a' AND "shop_author"."age" = 3"#)
    );
    assert_eq!(
        sqlite(&books().filter(q!(authors__name = "a")).filter(q!(authors__age = 3))),
        format!(
            r#"{authors} INNER JOIN "shop_book_authors" "T4" ON ("shop_book"."id" = "T4"."book_id") INNER JOIN "shop_author" "T5" ON ("T4"."author_id" = "T5"."id") WHERE "shop_author"."name" = 'a' AND "T5"."age" = 3"#
        )
    );
}

#[test]
fn exclude_over_to_many_is_a_subquery() {
    assert_eq!(
        sqlite(&books().exclude(q!(authors__name = "a"))),
        r#""shop_book" WHERE NOT (EXISTS(SELECT 1 FROM "shop_book_authors" "U1" INNER JOIN "shop_author" "U2" ON ("U1"."author_id" = "U2"."id") WHERE "U2"."name" = 'a' AND "U1"."book_id" = "shop_book"."id"))"#
    );
}

#[test]
fn each_dialect() {
    let rows = books().filter(q!(
        title__icontains = "a%b",
        pages__in = [1, 2],
        authors__in = Author::objects().limit(2)
    ));
    let of = |backend| {
        let sql = rows.clone().to_sql(backend).unwrap_or_default();
        sql.split_once(" WHERE ").map_or(sql.clone(), |(_, w)| w.to_owned())
    };
    assert_eq!(
        of(Backend::Sqlite),
        r#"orm_upper("shop_book"."title") GLOB orm_upper('*a%b*') AND "shop_book"."pages" IN (1, 2) AND "shop_book_authors"."author_id" IN (SELECT "U0"."id" FROM "shop_author" "U0" ORDER BY "U0"."id" ASC LIMIT 2)"#
    );
    assert_eq!(
        of(Backend::Postgres),
        r#"UPPER("shop_book"."title"::text) LIKE UPPER('%a\%b%') AND "shop_book"."pages" = ANY(ARRAY[1, 2]) AND "shop_book_authors"."author_id" IN (SELECT "U0"."id" FROM "shop_author" "U0" ORDER BY "U0"."id" ASC LIMIT 2)"#
    );
    assert_eq!(
        of(MARIADB),
        r"UPPER(`shop_book`.`title`) LIKE BINARY UPPER('%a\%b%') AND `shop_book`.`pages` IN (1, 2) AND `shop_book_authors`.`author_id` IN (SELECT * FROM (SELECT `U0`.`id` FROM `shop_author` `U0` ORDER BY `U0`.`id` ASC LIMIT 2) AS `subquery`)"
    );
}

#[test]
fn operators_of_each_dialect() {
    let rows = books().filter(|b| {
        let bits = b.pages().bitand(6).bitor(5).bitxor(4).bitleftshift(3).bitrightshift(2);
        (bits.gt(1), (b.rating() % 2.0).gt(1.0))
    });
    let of = |backend| {
        let sql = rows.clone().to_sql(backend).unwrap_or_default();
        sql.split_once(" WHERE ").map_or(sql.clone(), |(_, w)| w.to_owned())
    };
    assert_eq!(
        of(Backend::Sqlite),
        r#"((orm_bitxor((("shop_book"."pages" & 6) | 5), 4) << 3) >> 2) > 1 AND orm_mod("shop_book"."rating", 2) > 1"#
    );
    assert_eq!(
        of(Backend::Postgres),
        r#"((((((("shop_book"."pages" & 6) | 5) # 4))::bigint << (3)::integer))::bigint >> (2)::integer) > 1 AND (("shop_book"."rating")::numeric % (2)::numeric) > 1"#
    );
    assert_eq!(
        of(MARIADB),
        r"CONVERT(FLOOR(CONVERT(CONVERT(CONVERT(CONVERT(`shop_book`.`pages` & 6, SIGNED) | 5, SIGNED) ^ 4, SIGNED) << 3, SIGNED) / POW(2, 2)), SIGNED) > 1 AND (`shop_book`.`rating` % 2) > 1"
    );
}

/// `annotate(f=FilteredRelation(relation, condition=condition))`
fn filtered(rows: DynQuerySet, relation: &str, condition: DynQ) -> orm::Result<DynQuerySet> {
    let relation = relation.to_owned();
    let condition = Box::new(condition);
    rows.annotate([("f".to_owned(), DynExpr::FilteredRelation { relation, condition })])
}

/// What is read, from FROM on.
fn from(rows: &DynQuerySet, backend: Backend) -> orm::Result<String> {
    match select(rows.query(), backend)? {
        Compiled::Statement(statement) => {
            let sql = statement.sql.to_string();
            Ok(sql
                .split_once(" FROM ")
                .map_or(sql.clone(), |(_, from)| from.to_owned()))
        }
        Compiled::Empty => Ok("nothing".to_owned()),
    }
}

fn long_books() -> orm::Result<DynQuerySet> {
    let publishers = DynQuerySet::of("shop.Publisher")?.order_by([])?;
    filtered(publishers, "books", DynQ::leaf("books__pages__gt", 300))
}

#[test]
fn a_filtered_relation_joins_under_its_name() -> orm::Result<()> {
    let rows = long_books()?.filter(DynQ::leaf("f__isnull", true))?;
    assert_eq!(
        from(&rows, Backend::Sqlite)?,
        r#""shop_publisher" LEFT OUTER JOIN "shop_book" "f" ON ("shop_publisher"."id" = "f"."publisher_id" AND ("f"."pages" > ?)) WHERE "f"."id" IS NULL"#
    );
    assert_eq!(
        from(&rows, Backend::Postgres)?,
        r#""shop_publisher" LEFT OUTER JOIN "shop_book" "f" ON ("shop_publisher"."id" = "f"."publisher_id" AND ("f"."pages" > $1)) WHERE "f"."id" IS NULL"#
    );
    assert_eq!(
        from(&rows, MARIADB)?,
        "`shop_publisher` LEFT OUTER JOIN `shop_book` `f` ON (`shop_publisher`.`id` = `f`.`publisher_id` AND (`f`.`pages` > ?)) WHERE `f`.`id` IS NULL"
    );
    // The key is not taken from the near side, since the condition must hold.
    let books = DynQuerySet::of("shop.Book")?.order_by([])?;
    let rows = filtered(books, "publisher", DynQ::leaf("publisher__name", "North"))?;
    assert_eq!(
        from(&rows.filter(DynQ::leaf("f", 3))?, Backend::Sqlite)?,
        r#""shop_book" INNER JOIN "shop_publisher" "f" ON ("shop_book"."publisher_id" = "f"."id" AND ("f"."name" = ?)) WHERE "f"."id" = ?"#
    );
    Ok(())
}

#[test]
fn a_filtered_relation_belongs_to_its_filter() -> orm::Result<()> {
    let rows = long_books()?
        .filter(DynQ::leaf("f__rating", 1.0))?
        .filter(DynQ::leaf("f__title", "x"))?;
    assert_eq!(
        from(&rows, Backend::Sqlite)?,
        r#""shop_publisher" INNER JOIN "shop_book" "f" ON ("shop_publisher"."id" = "f"."publisher_id" AND ("f"."pages" > ?)) INNER JOIN "shop_book" "T3" ON ("shop_publisher"."id" = "T3"."publisher_id" AND ("T3"."pages" > ?)) WHERE "f"."rating" = ? AND "T3"."title" = ?"#
    );
    assert_eq!(
        from(&long_books()?.exclude(DynQ::leaf("f__rating", 1.0))?, Backend::Sqlite)?,
        r#""shop_publisher" WHERE NOT (EXISTS(SELECT 1 FROM "shop_publisher" "U0" INNER JOIN "shop_book" "U1" ON ("U0"."id" = "U1"."publisher_id" AND ("U1"."pages" > ?)) WHERE "U1"."rating" = ? AND "U0"."id" = "shop_publisher"."id"))"#
    );
    Ok(())
}

#[test]
fn what_a_filtered_relation_speaks_of_is_joined_before_it() -> orm::Result<()> {
    let authors = DynQuerySet::of("shop.Author")?.order_by([])?;
    let condition = DynQ::leaf("books__pages__gt", DynExpr::f("books__rating"));
    let rows = filtered(authors, "books", condition)?.filter(DynQ::leaf("f__isnull", false))?;
    assert_eq!(
        from(&rows, Backend::Sqlite)?,
        r#""shop_author" INNER JOIN "shop_book_authors" ON ("shop_author"."id" = "shop_book_authors"."author_id") LEFT OUTER JOIN "shop_book" "T4" ON ("shop_book_authors"."book_id" = "T4"."id") INNER JOIN "shop_book" "f" ON ("shop_book_authors"."book_id" = "f"."id" AND ("f"."pages" > "T4"."rating")) WHERE "f"."id" IS NOT NULL"#
    );
    Ok(())
}
