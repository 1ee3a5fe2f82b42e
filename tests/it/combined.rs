//! Several query sets in one: `union` and its like, `&`, `|`, `^`; and the dates that a query has.

use super::models::*;
use super::shell::{shop, shown, shows};
use super::sql::MARIADB;
use orm::Backend;
use orm::dynamic::{Connector, DynQ, DynQuerySet};
use orm::prelude::*;

fn of(model: &str) -> DynQuerySet {
    DynQuerySet::of(model).unwrap()
}

fn named(name: &str) -> DynQuerySet {
    of("shop.Publisher")
        .filter(DynQ::leaf("name", name))
        .unwrap()
        .values_list(["name".into()], true)
        .unwrap()
}

#[test]
fn parts_stand_in_parentheses_where_they_can() {
    let rows = named("a").union(vec![named("b")], false);
    let rows = rows.order_by(["-name".into()]).unwrap().slice(1, Some(3));
    assert_eq!(
        rows.to_sql(Backend::Sqlite).unwrap(),
        r#"SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'a' UNION SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'b' ORDER BY 1 DESC LIMIT 2 OFFSET 1"#
    );
    assert_eq!(
        rows.to_sql(Backend::Postgres).unwrap(),
        r#"(SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'a') UNION (SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'b') ORDER BY 1 DESC LIMIT 2 OFFSET 1"#
    );
    assert_eq!(
        rows.to_sql(MARIADB).unwrap(),
        "(SELECT `shop_publisher`.`name` FROM `shop_publisher` WHERE `shop_publisher`.`name` = 'a') UNION (SELECT `shop_publisher`.`name` FROM `shop_publisher` WHERE `shop_publisher`.`name` = 'b') ORDER BY 1 DESC LIMIT 2 OFFSET 1"
    );
}

#[test]
fn compounds_within_compounds() {
    let rows = named("a").difference(vec![named("b")]).intersection(vec![named("c")]);
    assert_eq!(
        rows.to_sql(Backend::Sqlite).unwrap(),
        r#"SELECT * FROM (SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'a' EXCEPT SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'b') INTERSECT SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'c'"#
    );
    assert_eq!(
        rows.to_sql(Backend::Postgres).unwrap(),
        r#"((SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'a') EXCEPT (SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'b')) INTERSECT (SELECT "shop_publisher"."name" FROM "shop_publisher" WHERE "shop_publisher"."name" = 'c')"#
    );
}

#[test]
fn merged_conditions_share_joins() {
    let by = |name: &str| {
        let books = of("shop.Book").filter(DynQ::leaf("authors__name", name)).unwrap();
        books.order_by([]).unwrap().values_list(["pk".into()], true).unwrap()
    };
    let join = r#"INNER JOIN "shop_book_authors" ON ("shop_book"."id" = "shop_book_authors"."book_id") INNER JOIN "shop_author" ON ("shop_book_authors"."author_id" = "shop_author"."id")"#;
    assert_eq!(
        by("a")
            .merge(by("b"), Connector::Or)
            .unwrap()
            .to_sql(Backend::Sqlite)
            .unwrap(),
        format!(
            r#"SELECT "shop_book"."id" FROM "shop_book" {join} WHERE ("shop_author"."name" = 'a' OR "shop_author"."name" = 'b')"#
        )
    );
    assert_eq!(
        by("a")
            .merge(by("b"), Connector::And)
            .unwrap()
            .to_sql(Backend::Sqlite)
            .unwrap(),
        format!(
            r#"SELECT "shop_book"."id" FROM "shop_book" {join} INNER JOIN "shop_book_authors" "T4" ON ("shop_book"."id" = "T4"."book_id") INNER JOIN "shop_author" "T5" ON ("T4"."author_id" = "T5"."id") WHERE "shop_author"."name" = 'a' AND "T5"."name" = 'b'"#
        )
    );
}

#[test]
fn an_odd_number_of_conditions() {
    let rows = Book::objects()
        .order_by(|_| ())
        .filter(|b| b.pages().gt(3) ^ b.pages().lt(7))
        .exclude(|b| b.in_print() ^ b.pages().eq(1) ^ b.rating().eq(2.0));
    let sql = rows.to_sql(Backend::Sqlite).unwrap();
    let (_, conditions) = sql.split_once(" WHERE ").unwrap();
    assert_eq!(
        conditions,
        r#"(("shop_book"."pages" > 3 OR "shop_book"."pages" < 7) AND 1 = (CASE WHEN "shop_book"."pages" > 3 THEN 1 ELSE 0 END + CASE WHEN "shop_book"."pages" < 7 THEN 1 ELSE 0 END)) AND NOT ((("shop_book"."in_print" = TRUE OR "shop_book"."pages" = 1 OR ("shop_book"."rating" = 2 AND "shop_book"."rating" IS NOT NULL)) AND 1 = (CASE WHEN "shop_book"."in_print" = TRUE THEN 1 ELSE 0 END + CASE WHEN "shop_book"."pages" = 1 THEN 1 ELSE 0 END + CASE WHEN ("shop_book"."rating" = 2 AND "shop_book"."rating" IS NOT NULL) THEN 1 ELSE 0 END) % 2))"#
    );
}

#[test]
fn dates_of_each_dialect() {
    let dates = of("shop.Book").dates("published", "month", true).unwrap();
    assert_eq!(
        dates.to_sql(Backend::Sqlite).unwrap(),
        r#"SELECT DISTINCT STRFTIME('%Y-%m-01', SUBSTR("shop_book"."published", 1, 10)) FROM "shop_book" WHERE "shop_book"."published" IS NOT NULL ORDER BY 1 DESC"#
    );
    assert_eq!(
        dates.to_sql(Backend::Postgres).unwrap(),
        r#"SELECT DISTINCT DATE_TRUNC('month', "shop_book"."published")::date FROM "shop_book" WHERE "shop_book"."published" IS NOT NULL ORDER BY 1 DESC"#
    );
    assert_eq!(
        dates.to_sql(MARIADB).unwrap(),
        "SELECT DISTINCT CAST(DATE_FORMAT(`shop_book`.`published`, '%Y-%m-01') AS DATE) FROM `shop_book` WHERE `shop_book`.`published` IS NOT NULL ORDER BY 1 DESC"
    );
}

#[orm::test(apps = ["shop"])]
async fn rows_of_several_queries(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "b = Book.objects.order_by()" => "";
        "a = b.filter(genre='sci')" => "";
        "n = b.filter(publisher__name='North')" => "";
        "s = b.filter(publisher__name='South')" => "";
        "a.union(n, s).order_by('title')" => "<QuerySet [<Book: Atlas>, <Book: Logic>, <Book: Poems>]>";
        "a.union(n, all=True).count()" => "3";
        "a.union(n).count()" => "2";
        "a.union(n, s).values_list('title', flat=True).order_by('-pages')" => "<QuerySet ['Atlas', 'Logic', 'Poems']>";
        "a.union(n, s).order_by(F('rating').asc(nulls_last=True), 'title')" => "<QuerySet [<Book: Poems>, <Book: Logic>, <Book: Atlas>]>";
        "a.union(n, s).order_by(F('rating').desc(nulls_first=True)).values('title')" => "<QuerySet [{'title': 'Atlas'}, {'title': 'Logic'}, {'title': 'Poems'}]>";
        "a.select_related('publisher').union(s).order_by('-pk')[0].publisher" => "<Publisher: South>";
        "a.only('title').union(s).order_by('title')" => "<QuerySet [<Book: Atlas>, <Book: Logic>]>";
        "a.only('title').union(s.select_related('publisher')).order_by('title').values('pages')" => "<QuerySet [{'pages': 600}, {'pages': 300}]>";
        "a.union(s).only('title')" => "NotSupportedError: Calling QuerySet.only() after union() is not supported.";
        "a.union(s).select_related('publisher')" => "NotSupportedError: Calling QuerySet.select_related() after union() is not supported.";
        "a.union(s).prefetch_related('authors')" => "NotSupportedError: Calling QuerySet.prefetch_related() after union() is not supported.";
        "a.union(n, s).aggregate(Sum('pages'), n=Count('pk'))" => "{'pages__sum': 990, 'n': 3}";
        "a.values('pages').union(n.values('pages')).aggregate(Max('pages'))" => "{'pages__max': 300}";
        "n.difference(a)" => "<QuerySet [<Book: Poems>]>";
        "n.intersection(a)" => "<QuerySet [<Book: Logic>]>";
        "n.difference(a).union(s).difference(s).get()" => "<Book: Poems>";
        "a.union(n).first()" => "<Book: Logic>";
        "a.union(n).last()" => "<Book: Poems>";
        "a.union(n)[1:].count()" => "1";
        "a.union(n).exists()" => "True";
        "Author.objects.filter(age=36).union(Author.objects.filter(age=50)).exists()" => "True";
        "a.union(n).none()" => "<QuerySet []>";
        "a.union(n).none().aggregate(Count('pk'), Sum('pages'))" => "{'pk__count': 0, 'pages__sum': None}";
        "a.none().union(n.none(), s)" => "<QuerySet [<Book: Atlas>]>";
        "a.union()" => "<QuerySet [<Book: Logic>]>";
        "b.values_list('genre').filter(pk__in=[]).union(b.values_list('genre')).order_by('genre')[:9]" => "<QuerySet [('fic',), ('sci',)]>";
        "Book.objects.filter(pk__in=a.union(s)).values_list('title', flat=True)" => "<QuerySet ['Logic', 'Atlas']>";
        "Book.objects.filter(title__in=a.values('title').difference(s.values('title')))" => "<QuerySet [<Book: Logic>]>";
        "Book.objects.filter(title__in=a.values('title').union(s.filter(pk__in=[]).values('title')))" => "<QuerySet [<Book: Logic>]>";
        "b.annotate(n=Count('authors')).filter(n=2).union(b.annotate(n=Count('authors')).filter(n=1)).order_by('-n', 'title').values_list('title', 'n')" => "<QuerySet [('Atlas', 2), ('Logic', 2), ('Poems', 1)]>";
        "Author.objects.order_by().values_list('name').union(Publisher.objects.all()).order_by('name')" => "<QuerySet [('Ada',), ('Bob',), ('Cleo',), ('North',), ('South',)]>";
        "a.union(n).filter(pk=1)" => "NotSupportedError: Calling QuerySet.filter() after union() is not supported.";
        "a.difference(n).exclude(pk=1)" => "NotSupportedError: Calling QuerySet.exclude() after difference() is not supported.";
        "a.intersection(n).distinct()" => "NotSupportedError: Calling QuerySet.distinct() after intersection() is not supported.";
        "a.union(n).alias(n=F('pk'))" => "NotSupportedError: Calling QuerySet.alias() after union() is not supported.";
        "a.union(n).get(pk=1)" => "NotSupportedError: Calling QuerySet.get(...) with filters after union() is not supported.";
        "a.union(n).dates('published', 'year')" => "NotSupportedError: Calling QuerySet.annotate() after union() is not supported.";
        "a.values('title').union(n.values('title')).order_by('pages')" => "DatabaseError: ORDER BY term does not match any column in the result set.";
        "a.union(n) | s" => "TypeError: Cannot use | operator with combined queryset.";
        "a.union(3)" => "TypeError: union() takes query sets, and not a int";
    }
    let ordered = shown(&mut shell, "a.order_by('title')[:1].union(s).order_by('title')").await;
    if db.backend() == Backend::Sqlite {
        assert_eq!(
            ordered,
            "DatabaseError: LIMIT/OFFSET not allowed in subqueries of compound statements."
        );
    } else {
        assert_eq!(ordered, "<QuerySet [<Book: Atlas>, <Book: Logic>]>");
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn conditions_of_several_queries(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    shows! { shell;
        "b = Book.objects.order_by('pk')" => "";
        "ada = b.filter(authors__name='Ada')" => "";
        "bob = b.filter(authors__name='Bob')" => "";
        "ada & bob" => "<QuerySet [<Book: Logic>]>";
        "ada | bob" => "<QuerySet [<Book: Logic>, <Book: Logic>, <Book: Poems>, <Book: Atlas>]>";
        "b.filter(publisher=None) | ada" => "<QuerySet [<Book: Logic>, <Book: Atlas>, <Book: Blank>]>";
        "b.filter(publisher__name='North') | b.filter(publisher=None)" => "<QuerySet [<Book: Logic>, <Book: Poems>, <Book: Blank>]>";
        "b.filter(publisher__city__name='Paris') | b.filter(publisher__name='South')" => "<QuerySet [<Book: Logic>, <Book: Poems>, <Book: Atlas>]>";
        "b.filter(pages__gt=100) ^ b.filter(rating__gt=1)" => "<QuerySet [<Book: Poems>, <Book: Atlas>]>";
        "b.filter(Q(pages__gt=100) ^ Q(rating__gt=1) ^ Q(genre='sci'))" => "<QuerySet [<Book: Logic>, <Book: Poems>, <Book: Atlas>]>";
        "b.exclude(Q(pages__gt=100) ^ Q(rating__gt=1))" => "<QuerySet [<Book: Logic>, <Book: Blank>]>";
        "b.filter(Q(pages__in=[300, 90]) ^ Q(title__in=['Logic', 'Atlas']))" => "<QuerySet [<Book: Poems>, <Book: Atlas>]>";
        "b.filter(Q(pages__in=[300, 90, 600]) ^ Q(title__in=['Logic']))" => "<QuerySet [<Book: Poems>, <Book: Atlas>]>";
        "b.filter(Q(pk__in=[]) ^ Q(title='Logic'))" => "<QuerySet [<Book: Logic>]>";
        "(b.filter(pk__in=[]) | b.filter(title='Logic') | b.filter(title='Atlas')).order_by('-pk')" => "<QuerySet [<Book: Atlas>, <Book: Logic>]>";
        "b[:1] | b.filter(title='Atlas')" => "<QuerySet [<Book: Logic>, <Book: Atlas>]>";
        "(b | b.filter(title='Logic')).count()" => "4";
        "b.none() | b.filter(title='Logic')" => "<QuerySet [<Book: Logic>]>";
        "b.none() & b" => "<QuerySet []>";
        "b & Author.objects.all()" => "TypeError: Cannot combine queries on two different base models.";
        "b & b.distinct()" => "TypeError: Cannot combine a unique query with a non-unique query.";
        "b[:1] & b" => "TypeError: Cannot combine queries once a slice has been taken.";
        "b.values('pk') & b.values('title')" => "TypeError: Merging 'QuerySet' classes must involve the same values in each case.";
        "b + b" => "TypeError: unsupported operand type(s) for +: 'QuerySet' and 'QuerySet'";
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn beginnings_of_years_and_hours(db: Db) -> orm::Result<()> {
    let mut shell = shop(&db).await?;
    let at = |h, m, s, micro| {
        let day = NaiveDate::from_ymd_opt(2023, 12, 31).unwrap();
        day.and_hms_micro_opt(h, m, s, micro).unwrap().and_utc()
    };
    for (name, at) in [("late", at(23, 59, 59, 999_999)), ("noon", at(12, 0, 0, 0))] {
        Event::create().name(name).at(at).save(&db).await?;
    }
    let utc = |text: &str| format!("<QuerySet [{text}]>").replace('Z', "tzinfo=datetime.timezone.utc");
    shows! { shell;
        "Book.objects.dates('published', 'year')" => "<QuerySet [datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)]>";
        "Book.objects.dates('published', 'month', order='DESC')" => "<QuerySet [datetime.date(2021, 1, 1), datetime.date(2020, 5, 1)]>";
        "Book.objects.dates('published', 'week')" => "<QuerySet [datetime.date(2020, 5, 11), datetime.date(2020, 12, 28)]>";
        "Author.objects.dates('books__published', 'day').count()" => "2";
        "Event.objects.dates('at', 'week')" => "<QuerySet [datetime.date(2023, 12, 25)]>";
        "Event.objects.dates('at', 'day')" => "<QuerySet [datetime.date(2023, 12, 31)]>";
        "Event.objects.datetimes('at', 'year')" => utc("datetime.datetime(2023, 1, 1, 0, 0, Z)");
        "Event.objects.datetimes('at', 'month')" => utc("datetime.datetime(2023, 12, 1, 0, 0, Z)");
        "Event.objects.datetimes('at', 'week')" => utc("datetime.datetime(2023, 12, 25, 0, 0, Z)");
        "Event.objects.datetimes('at', 'day')" => utc("datetime.datetime(2023, 12, 31, 0, 0, Z)");
        "Event.objects.datetimes('at', 'hour')[1:]" => utc("datetime.datetime(2023, 12, 31, 23, 0, Z)");
        "Event.objects.datetimes('at', 'minute')[1:]" => utc("datetime.datetime(2023, 12, 31, 23, 59, Z)");
        "Event.objects.datetimes('at', 'second', order='DESC')" => utc("datetime.datetime(2023, 12, 31, 23, 59, 59, Z), datetime.datetime(2023, 12, 31, 12, 0, Z)");
        "Book.objects.dates('published', 'quarter')" => "ValueError: 'kind' must be one of 'year', 'month', 'week', or 'day'.";
        "Book.objects.dates('published', 'year', order='x')" => "ValueError: 'order' must be either 'ASC' or 'DESC'.";
        "Book.objects.datetimes('published', 'year')" => "ValueError: Cannot truncate DateField 'published' to DateTimeField.";
        "Book.objects.dates('title', 'year')" => "TypeError: 'title' isn't a DateField, TimeField, or DateTimeField.";
    }
    Ok(())
}
