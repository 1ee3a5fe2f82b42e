//! Window functions: their values, frames, conditions on them, and what databases lack.

use super::models::*;
use super::sql::MARIADB;
use orm::dynamic::{DynExpr, DynQ, DynQuerySet, DynWindow, DynWindowCall};
use orm::fields::Aggregated;
use orm::prelude::*;
use orm::query::{AggregateFunction, Exclusion, Expr, WindowFunction};
use orm::window::*;
use orm::{Backend, Result, TypedExpr};

fn books() -> QuerySet<Book> {
    Book::objects().order_by(|b| b.id())
}

/// The values beside the models.
fn beside<T>(rows: Vec<(Book, T)>) -> Vec<T> {
    rows.into_iter().map(|(_, value)| value).collect()
}

#[orm::test(apps = ["shop"])]
async fn ranks(db: Db) -> Result<()> {
    data(&db).await?;
    let rows = books()
        .values(|b| {
            (
                b.title(),
                rank().over(|w| w.partition_by(b.genre()).order_by(b.price().desc())),
                row_number().over(|w| w.order_by(b.title())),
                dense_rank().over(|w| w.order_by(b.genre())),
                rank().over(|w| w.order_by(b.genre())),
            )
        })
        .all(&db)
        .await?;
    let expected = [
        ("Logic", 1, 3, 2, 4),
        ("Poems", 2, 4, 1, 1),
        ("Atlas", 1, 1, 1, 1),
        ("Blank", 3, 2, 1, 1),
    ];
    assert_eq!(rows, expected.map(|(title, a, b, c, d)| (title.to_owned(), a, b, c, d)));
    let rows = books()
        .values(|b| {
            (
                percent_rank().over(|w| w.order_by(b.pages())),
                cume_dist().over(|w| w.order_by(b.pages())),
                ntile(2).over(|w| w.order_by(b.pages())),
            )
        })
        .all(&db)
        .await?;
    let rounded: Vec<_> = rows.into_iter().map(|(p, c, n)| ((p * 3.0).round(), c, n)).collect();
    assert_eq!(rounded, [(2.0, 0.75, 2), (1.0, 0.5, 1), (3.0, 1.0, 2), (0.0, 0.25, 1)]);
    // Without an order all rows are equal.
    assert_eq!(beside(books().annotate(|_| rank().over(|w| w)).all(&db).await?), [1; 4]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn values_of_other_rows(db: Db) -> Result<()> {
    data(&db).await?;
    let rows: Vec<(Option<String>, Option<String>, Option<i32>, Option<i32>, Option<i32>)> = books()
        .values(|b| {
            (
                lag(b.title()).over(|w| w.order_by(b.id())),
                lead(b.title()).by(2).over(|w| w.order_by(b.id())),
                first_value(b.pages()).over(|w| w.order_by(b.pages())),
                last_value(b.pages()).over(|w| w.order_by(b.pages()).rows(..)),
                nth_value(b.pages(), 2).over(|w| w.order_by(b.id()).rows(..=0)),
            )
        })
        .all(&db)
        .await?;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows,
        [
            (None, text("Atlas"), Some(0), Some(600), None),
            (text("Logic"), text("Blank"), Some(0), Some(600), Some(90)),
            (text("Poems"), None, Some(0), Some(600), Some(90)),
            (text("Atlas"), None, Some(0), Some(600), Some(90)),
        ]
    );
    // NULL stays NULL, and a row that is not there has the default.
    let shifted = books()
        .values(|b| lag(b.pages()).or(7).over(|w| w.order_by(b.id())))
        .all(&db)
        .await;
    match db.backend() {
        Backend::MySql { mariadb: true, .. } => assert_eq!(
            shifted.unwrap_err().to_string(),
            "a default of Lag and Lead is not supported on MariaDB"
        ),
        _ => assert_eq!(shifted?, [7, 300, 90, 600]),
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn aggregates_over_frames(db: Db) -> Result<()> {
    data(&db).await?;
    let rows = books()
        .values(|b| {
            (
                b.pages().sum().over(|w| w.order_by(b.id())),
                b.pages().sum().over(|w| w.order_by(b.id()).rows(-1..=0)),
                b.pages().sum().over(|w| w.order_by(b.id()).rows(1..)),
                b.id().count().over(|w| w.order_by(b.pages()).range(-300..=300)),
                b.pages().avg().filter(|b| b.pages().gt(100)).over(|w| w),
            )
        })
        .all(&db)
        .await?;
    let average = Some(450.0);
    assert_eq!(
        rows,
        [
            (Some(300), Some(300), Some(690), 4, average),
            (Some(390), Some(390), Some(600), 3, average),
            (Some(990), Some(690), Some(0), 2, average),
            (Some(990), Some(600), None, 3, average),
        ]
    );
    // MariaDB confuses windows of several partitions and orders in one query.
    let dearest = books().values(|b| b.price().max().over(|w| w.partition_by((b.genre(), b.publisher()))));
    let price = |cents| Some(Decimal::new(cents, 2));
    assert_eq!(
        dearest.all(&db).await?,
        [price(1250), price(700), price(4000), price(0)]
    );
    // Over a relation the rows are joined.
    let rows = books()
        .values(|b| {
            (
                b.title(),
                b.publisher().name().count().over(|w| w.partition_by(b.publisher())),
            )
        })
        .all(&db)
        .await?;
    let counts: Vec<i64> = rows.into_iter().map(|(_, count)| count).collect();
    assert_eq!(counts, [2, 2, 1, 0]);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn windows_over_groups(db: Db) -> Result<()> {
    data(&db).await?;
    let rows = Author::objects()
        .annotate(|a| {
            (
                a.books().count(),
                rank().over(|w| w.order_by((a.books().count().desc(), a.name()))),
            )
        })
        .order_by(|a| a.name())
        .all(&db)
        .await?;
    let rows: Vec<_> = rows.into_iter().map(|(a, n, rank)| (a.name, n, rank)).collect();
    let expected = [("Ada", 2, 1), ("Bob", 2, 2), ("Cleo", 1, 3)];
    assert_eq!(rows, expected.map(|(name, n, rank)| (name.to_owned(), n, rank)));
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn conditions_on_windows(db: Db) -> Result<()> {
    data(&db).await?;
    let best = |n: i64| {
        books().filter(move |b| {
            rank()
                .over(|w| w.partition_by(b.genre()).order_by(b.price().desc()))
                .lte(n)
        })
    };
    assert_eq!(shown(&best(1).all(&db).await?), "Logic, Atlas");
    assert_eq!(best(2).count(&db).await?, 3);
    assert!(best(1).exists(&db).await?);
    assert!(!best(0).exists(&db).await?);
    assert_eq!(
        shown(&best(2).order_by(|b| b.title()).limit(2).all(&db).await?),
        "Atlas, Logic"
    );
    assert_eq!(best(2).reverse().first(&db).await?.unwrap().title, "Atlas");
    assert_eq!(
        shown(&best(1).filter(q!(title__startswith = "A")).all(&db).await?),
        "Atlas"
    );
    // Other conditions stand inside: the window sees what they leave.
    assert_eq!(shown(&best(1).filter(q!(pages__lt = 200)).all(&db).await?), "Poems");
    assert_eq!(
        shown(&best(1).exclude(q!(title = "Atlas")).all(&db).await?),
        "Logic, Poems"
    );
    // Those that must stay beside one on a window stand outside with it.
    let either = books().filter(|b| {
        rank().over(|w| w.order_by(b.price().desc())).eq(1) | b.title().eq("Blank") | b.publisher().name().eq("North")
    });
    assert_eq!(shown(&either.clone().all(&db).await?), "Logic, Poems, Atlas, Blank");
    let either = books().filter(|b| rank().over(|w| w.order_by(b.price().desc())).eq(1) | b.title().eq("Blank"));
    assert_eq!(shown(&either.all(&db).await?), "Atlas, Blank");
    let neither = books().exclude(|b| rank().over(|w| w.order_by(b.price())).eq(1) | b.title().eq("Poems"));
    assert_eq!(shown(&neither.all(&db).await?), "Logic, Atlas");
    // What comes with the rows comes with these, too.
    let rows = best(1)
        .select_related(|b| b.publisher())
        .prefetch_related(|b| b.authors())
        .annotate(|b| b.reviews().count())
        .all(&db)
        .await?;
    let rows: Vec<_> = rows
        .iter()
        .map(|(b, p, a, n)| (b.title.as_str(), p.as_ref().unwrap().name.as_str(), shown(a), *n))
        .collect();
    assert_eq!(
        rows,
        [
            ("Logic", "North", "Ada, Bob".to_owned(), 2),
            ("Atlas", "South", "Ada, Cleo".to_owned(), 0)
        ]
    );
    // As a query within another one.
    let authors = Author::objects().filter(|a| a.books().in_(best(1).filter(q!(genre = Genre::Science))));
    assert_eq!(shown(&authors.distinct().all(&db).await?), "Ada, Bob");
    assert_eq!(
        best(1).aggregate(&db, |b| (b.pages().sum(), b.id().count())).await?,
        (Some(900), 2)
    );
    let prices = best(2).order_by(|_| ()).values(|b| b.genre()).distinct();
    assert_eq!(prices.all(&db).await?.len(), 2);
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn orders_by_windows(db: Db) -> Result<()> {
    data(&db).await?;
    let rows = Book::objects().order_by(|b| (rank().over(|w| w.order_by(b.price())).desc(), b.id()));
    assert_eq!(shown(&rows.clone().all(&db).await?), "Atlas, Logic, Poems, Blank");
    let few = rows.filter(|b| row_number().over(|w| w.order_by(b.id())).gt(1));
    assert_eq!(shown(&few.all(&db).await?), "Atlas, Poems, Blank");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn where_rows_change(db: Db) -> Result<()> {
    data(&db).await?;
    let second = books().filter(|b| row_number().over(|w| w.order_by(b.id())).eq(2));
    assert_eq!(second.clone().update(&db, |b| b.pages().set(b.pages() + 1)).await?, 1);
    assert_eq!(second.values(|b| b.pages()).all(&db).await?, [91]);
    let nested = books().annotate(|b| b.id().sum().over(|w| w.order_by(rank().over(|w| w.order_by(b.id())))));
    let error = nested.all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "A window cannot be made of what another window computes."
    );
    let no_aggregate = || TypedExpr::<Book, i64, One, Aggregated>::new(Expr::Value(orm::Value::Int(1)));
    let error = books()
        .annotate(|_| no_aggregate().over(|w| w))
        .all(&db)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "Only an aggregate by itself is compatible with OVER clauses."
    );
    let error = books().annotate(|_| ntile(0).over(|w| w)).all(&db).await.unwrap_err();
    assert_eq!(
        (error.django_class(), error.to_string().as_str()),
        ("ValueError", "num_buckets must be greater than 0.")
    );
    let (from, to) = (2, 1);
    let error = books()
        .annotate(|b| b.id().sum().over(|w| w.order_by(b.id()).rows(from..=to)))
        .all(&db)
        .await;
    assert_eq!(error.unwrap_err().to_string(), "start cannot be greater than end.");
    let by_day = books().annotate(|b| b.id().sum().over(|w| w.order_by(b.published()).range(-1..=0)));
    let error = by_day.all(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "A frame by the distance of values needs exactly one number to order by."
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn what_databases_lack(db: Db) -> Result<()> {
    data(&db).await?;
    let spread = books().annotate(|b| b.pages().variance().over(|w| w)).all(&db).await;
    match db.backend() {
        Backend::Sqlite => assert_eq!(
            spread.unwrap_err().to_string(),
            "Variance over a window is not supported on SQLite"
        ),
        _ => assert_eq!(beside(spread?)[0], Some(53268.75)),
    }
    let others = books()
        .annotate(|b| b.pages().sum().over(|w| w.exclude(Exclusion::CurrentRow)))
        .all(&db)
        .await;
    match db.backend() {
        Backend::MySql { .. } => assert_eq!(
            others.unwrap_err().to_string(),
            "the exclusion of rows from a frame is not supported on MariaDB"
        ),
        _ => assert_eq!(beside(others?), [Some(690), Some(900), Some(390), Some(990)]),
    }
    let distinct = books()
        .annotate(|b| b.genre().count().distinct().over(|w| w))
        .all(&db)
        .await;
    assert_eq!(distinct.unwrap_err().django_class(), "NotSupportedError");
    Ok(())
}

#[test]
fn sql_of_windows() {
    let rows = Book::objects().order_by(|_| ()).filter(q!(pages__gt = 5)).values(|b| {
        (
            b.pages()
                .sum()
                .over(|w| w.partition_by(b.genre()).order_by(b.id().desc()).rows(-2..=0)),
            rank().over(|w| w),
            lag(b.title()).by(2).over(|w| w.order_by(b.id())),
        )
    });
    let of = |backend| rows.to_sql(backend).unwrap_or_else(|error| error.to_string());
    let standard = r#"SELECT SUM("shop_book"."pages") OVER (PARTITION BY "shop_book"."genre" ORDER BY "shop_book"."id" DESC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), RANK() OVER (), LAG("shop_book"."title", 2) OVER (ORDER BY "shop_book"."id" ASC) FROM "shop_book" WHERE "shop_book"."pages" > 5"#;
    assert_eq!(of(Backend::Sqlite), standard);
    assert_eq!(of(Backend::Postgres), standard);
    assert_eq!(
        of(MARIADB),
        "SELECT SUM(`shop_book`.`pages`) OVER (PARTITION BY `shop_book`.`genre` ORDER BY `shop_book`.`id` DESC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), RANK() OVER (ORDER BY NULL), LAG(`shop_book`.`title`, 2) OVER (ORDER BY `shop_book`.`id` ASC) FROM `shop_book` WHERE `shop_book`.`pages` > 5"
    );
}

#[test]
fn sql_of_conditions_on_windows() {
    let rows = Author::objects()
        .order_by(|a| a.id())
        .filter(|a| (rank().over(|w| w.order_by(a.age())).lte(3), a.age().gt(5)))
        .limit(2)
        .values(|a| a.name());
    let of = |backend| rows.to_sql(backend).unwrap_or_else(|error| error.to_string());
    assert_eq!(
        of(Backend::Sqlite),
        r#"SELECT "qualify"."col1" FROM (SELECT "shop_author"."name" AS "col1", RANK() OVER (ORDER BY "shop_author"."age" ASC) AS "col2", "shop_author"."id" AS "col3" FROM "shop_author" WHERE "shop_author"."age" > 5) "qualify" WHERE "qualify"."col2" <= 3 ORDER BY "qualify"."col3" ASC LIMIT 2"#
    );
    assert_eq!(of(Backend::Postgres), of(Backend::Sqlite));
    assert_eq!(of(MARIADB), of(Backend::Sqlite).replace('"', "`"));
}

#[orm::test(apps = ["shop"])]
async fn by_name(db: Db) -> Result<()> {
    data(&db).await?;
    let window = |of| {
        DynExpr::Window(Box::new(DynWindow {
            of,
            partition: vec![DynExpr::f("genre")],
            order: vec!["-price".into()],
            frame: None,
        }))
    };
    let rank = DynExpr::WindowCall(Box::new(DynWindowCall {
        function: WindowFunction::Rank,
        of: None,
        number: None,
        default: None,
    }));
    let books = DynQuerySet::of("shop.Book")?;
    let ranked = books.clone().annotate([("r".to_owned(), window(rank.clone()))])?;
    let best = ranked.filter(DynQ::leaf("r", 1))?;
    assert_eq!(best.count(&db).await?, 2);
    let sum = DynExpr::Aggregate {
        function: AggregateFunction::Sum,
        arg: Some(Box::new(DynExpr::f("r"))),
        distinct: false,
        filter: None,
        default: None,
    };
    let of_ranks = best.aggregate(&db, vec![("s".to_owned(), sum)]).await?;
    assert_eq!(of_ranks[0].1, orm::Value::Int(2));
    let error = books.clone().annotate([("r".to_owned(), rank)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Rank needs a window around it: Window(expression=Rank(…), …)."
    );
    let error = books
        .annotate([("r".to_owned(), window(DynExpr::f("pages")))])
        .unwrap_err();
    assert_eq!(error.to_string(), "Expression 'F' isn't compatible with OVER clauses.");
    Ok(())
}

mod in_the_shell {
    use crate::shell::{shop, shown, shows};
    use orm::prelude::*;

    #[orm::test(apps = ["shop"])]
    async fn windows(db: Db) -> orm::Result<()> {
        let mut shell = shop(&db).await?;
        shows! { shell;
            "b = Book.objects.annotate(r=Window(expression=Rank(), partition_by=[F('genre')], order_by=F('price').desc())).order_by('id')" => "";
            "b.values_list('title', 'r')" => "<QuerySet [('Logic', 1), ('Poems', 2), ('Atlas', 1), ('Blank', 3)]>";
            "b.filter(r=1)" => "<QuerySet [<Book: Logic>, <Book: Atlas>]>";
            "b.filter(r=1).values_list('r', 'title')" => "<QuerySet [(1, 'Logic'), (1, 'Atlas')]>";
            "b.filter(r=1).values_list('title', flat=True)" => "<QuerySet ['Logic', 'Atlas']>";
            "b.filter(r__lte=2, pages__lt=500).count()" => "3";
            "b.filter(Q(r=3) | Q(title='Logic'))" => "<QuerySet [<Book: Logic>, <Book: Blank>]>";
            "b.exclude(r=1).order_by('-r')[0]" => "<Book: Blank>";
            "b.filter(r__gt=1).aggregate(s=Sum('pages'), m=Max('r'))" => "{'s': 90, 'm': 3}";
            "b.aggregate(m=Max('r'))" => "{'m': 3}";
            "b.filter(r=F('pk')).values_list('title', flat=True)" => "<QuerySet ['Logic', 'Poems']>";
            "Book.objects.alias(r=Window(RowNumber(), order_by='-id')).filter(r=1).first()" => "<Book: Blank>";
            "Book.objects.annotate(s=Window(Sum('pages'), order_by='id', frame=RowRange(start=-1, end=0))).order_by('id').values_list('s', flat=True)" => "<QuerySet [300, 390, 690, 600]>";
            "Book.objects.annotate(n=Window(Count('id'), order_by='pages', frame=ValueRange(start=-90, end=0))).order_by('id').values_list('n', flat=True)" => "<QuerySet [1, 2, 1, 1]>";
            "Book.objects.annotate(l=Window(Lag('title'), order_by='id')).order_by('id').values_list('l', flat=True)" => "<QuerySet [None, 'Logic', 'Poems', 'Atlas']>";
            "Book.objects.annotate(l=Window(Lag('title', offset=0), order_by='id'))" => "ValueError: Lag requires a positive integer for the offset.";
            "Book.objects.values('genre').annotate(n=Count('id'), r=Window(Rank(), order_by=F('n').desc())).order_by('r').values_list('genre', 'n', 'r')" => "<QuerySet [('fic', 3, 1), ('sci', 1, 2)]>";
            "Book.objects.values('genre').annotate(n=Count('id'), r=Window(Rank(), order_by=F('n').desc())).filter(r=2).values_list('genre', 'n')" => "<QuerySet [('sci', 1)]>";
            "Book.objects.annotate(n=Count('authors')).alias(r=Window(Rank(), order_by=F('n').desc())).filter(r=1, n__gt=0).order_by('id')" => "<QuerySet [<Book: Logic>, <Book: Atlas>]>";
            "Book.objects.annotate(n=Count('authors'), r=Window(Rank(), order_by=F('id').asc())).filter(Q(r=1) | Q(title='Blank')).count()" => "TypeError: Heterogeneous disjunctive predicates against window functions are not implemented when performing conditional aggregation.";
            "Book.objects.annotate(r=Window(F('pages')))" => "ValueError: Expression 'F' isn't compatible with OVER clauses.";
            "Book.objects.annotate(r=Window(Sum('pages'), frame=3))" => "TypeError: frame must be a RowRange or a ValueRange, not a 'int'";
            "Book.objects.filter(id__in=Book.objects.alias(r=Window(RowNumber(), order_by='id')).filter(r__gt=3))" => "<QuerySet [<Book: Blank>]>";
        }
        Ok(())
    }
}

#[orm::test(apps = ["shop"])]
async fn rows_are_deleted_by_windows(db: Db) -> Result<()> {
    data(&db).await?;
    // Nothing refers to reviews, so that they would go without being known.
    let worst = Review::objects().filter(|r| rank().over(|w| w.order_by(r.stars())).eq(1));
    assert_eq!(worst.delete(&db).await?.total, 1);
    assert_eq!(Review::objects().filter(q!(stars = 2)).count(&db).await?, 0);
    Ok(())
}

#[test]
fn frames_do_not_depend_on_the_order_of_calls() -> Result<()> {
    let sql = |rows: QuerySet<Book, (Option<i64>,)>| rows.to_sql(Backend::Sqlite);
    let first = books().annotate(|b| {
        let sum = b.pages().sum();
        sum.over(|w| w.exclude(Exclusion::CurrentRow).order_by(b.id()))
    });
    let last = books().annotate(|b| {
        let sum = b.pages().sum();
        sum.over(|w| w.order_by(b.id()).exclude(Exclusion::CurrentRow))
    });
    assert_eq!(sql(first)?, sql(last)?);
    Ok(())
}
