//! Lookups: the same answers on every database.

use super::models::*;
use orm::prelude::*;

async fn titles(db: &Db, rows: QuerySet<Book>) -> orm::Result<String> {
    Ok(shown(&rows.order_by(|b| b.id()).all(db).await?))
}

async fn named(db: &Db, names: &[&str]) -> orm::Result<()> {
    let rows = names.iter().map(|name| Author::create().name(*name));
    Author::objects().bulk_create(db, rows).await?;
    Ok(())
}

async fn names(db: &Db, rows: QuerySet<Author>) -> orm::Result<String> {
    Ok(shown(&rows.all(db).await?))
}

#[orm::test(apps = ["shop"])]
async fn text_heeds_case_without_i(db: Db) -> orm::Result<()> {
    named(&db, &["Straße", "STRASSE", "Élan", "élan", "abc", "ABC"]).await?;
    let of = |rows: QuerySet<Author>| names(&db, rows);
    assert_eq!(of(Author::objects().filter(q!(name__contains = "b"))).await?, "abc");
    assert_eq!(
        of(Author::objects().filter(q!(name__icontains = "B"))).await?,
        "abc, ABC"
    );
    assert_eq!(of(Author::objects().filter(q!(name__startswith = "É"))).await?, "Élan");
    assert_eq!(
        of(Author::objects().filter(q!(name__istartswith = "É"))).await?,
        "Élan, élan"
    );
    assert_eq!(of(Author::objects().filter(q!(name__endswith = "C"))).await?, "ABC");
    assert_eq!(
        of(Author::objects().filter(q!(name__iendswith = "c"))).await?,
        "abc, ABC"
    );
    assert_eq!(
        of(Author::objects().filter(q!(name__iexact = "ÉLAN"))).await?,
        "Élan, élan"
    );
    assert_eq!(of(Author::objects().filter(q!(name = "abc"))).await?, "abc");
    assert_eq!(
        of(Author::objects().filter(q!(name__in = ["abc", "élan"]))).await?,
        "élan, abc"
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn wildcards_are_literal(db: Db) -> orm::Result<()> {
    let all = [
        "100%",
        "1000",
        "a_b",
        "axb",
        r"back\slash",
        "st*r",
        "[x]",
        "x",
        "q?",
        "it's \"so\"",
    ];
    named(&db, &all).await?;
    for (piece, found) in [
        ("0%", "100%"),
        ("a_", "a_b"),
        ("\\", r"back\slash"),
        ("t*", "st*r"),
        ("[x", "[x]"),
        ("q?", "q?"),
        ("'s \"", "it's \"so\""),
    ] {
        assert_eq!(
            names(&db, Author::objects().filter(q!(name__contains = piece))).await?,
            found,
            "contains {piece}"
        );
        assert_eq!(
            names(&db, Author::objects().filter(q!(name__icontains = piece))).await?,
            found,
            "icontains {piece}"
        );
    }
    for name in all {
        let same = Author::objects().filter(q!(
            name__startswith = name,
            name__endswith = F(name),
            name__iexact = name
        ));
        assert!(names(&db, same).await?.contains(name), "{name}");
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn comparisons(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let of = |rows: QuerySet<Book>| titles(&db, rows);
    assert_eq!(of(Book::objects().filter(q!(pages__gt = 90))).await?, "Logic, Atlas");
    assert_eq!(
        of(Book::objects().filter(q!(pages__gte = 90, pages__lt = 600))).await?,
        "Logic, Poems"
    );
    assert_eq!(of(Book::objects().filter(q!(pages__lte = 90))).await?, "Poems, Blank");
    assert_eq!(
        of(Book::objects().filter(q!(pages__range = (90, 300)))).await?,
        "Logic, Poems"
    );
    assert_eq!(of(Book::objects().filter(q!(price__gt = 7))).await?, "Logic, Atlas");
    assert_eq!(
        of(Book::objects().filter(q!(price = Decimal::new(700, 2)))).await?,
        "Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(price__in = [Decimal::new(7, 0), Decimal::new(40, 0)]))).await?,
        "Poems, Atlas"
    );
    assert_eq!(of(Book::objects().filter(q!(rating__gte = 3.5))).await?, "Logic");
    assert_eq!(
        of(Book::objects().filter(q!(rating__isnull = true))).await?,
        "Atlas, Blank"
    );
    assert_eq!(of(Book::objects().filter(q!(rating = None))).await?, "Atlas, Blank");
    assert_eq!(of(Book::objects().filter(q!(published__year = 2020))).await?, "Logic");
    assert_eq!(
        of(Book::objects().filter(q!(published__month__gte = 1, published__day__lt = 10))).await?,
        "Atlas"
    );
    let new_year = NaiveDate::from_ymd_opt(2021, 1, 1);
    assert_eq!(of(Book::objects().filter(q!(published = new_year))).await?, "Atlas");
    assert_eq!(
        of(Book::objects().filter(|b| b.in_print())).await?,
        "Logic, Poems, Blank"
    );
    assert_eq!(of(Book::objects().filter(|b| !b.in_print())).await?, "Atlas");
    assert_eq!(of(Book::objects().filter(q!(genre = Genre::Science))).await?, "Logic");
    assert_eq!(of(Book::objects().filter(q!(pk = d.poems.id))).await?, "Poems");
    assert_eq!(of(Book::objects().filter(q!(id__in = Vec::<i64>::new()))).await?, "");
    assert_eq!(
        of(Book::objects().exclude(q!(id__in = Vec::<i64>::new()))).await?,
        "Logic, Poems, Atlas, Blank"
    );
    assert_eq!(
        of(Book::objects().filter(q!(pages__lt = F(pages) * 2 - 100))).await?,
        "Logic, Atlas"
    );
    assert_eq!(of(Book::objects().filter(|b| (b.pages() / 100).eq(3))).await?, "Logic");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn relations(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let of = |rows: QuerySet<Book>| titles(&db, rows);
    assert_eq!(
        of(Book::objects().filter(q!(publisher = &d.north))).await?,
        "Logic, Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(publisher = d.north.id))).await?,
        "Logic, Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(publisher_id = d.north.id))).await?,
        "Logic, Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(publisher__in = [&d.north, &d.south]))).await?,
        "Logic, Poems, Atlas"
    );
    assert_eq!(of(Book::objects().filter(q!(publisher = None))).await?, "Blank");
    assert_eq!(
        of(Book::objects().filter(q!(publisher__isnull = false))).await?,
        "Logic, Poems, Atlas"
    );
    assert_eq!(
        of(Book::objects().filter(q!(publisher__name = "North"))).await?,
        "Logic, Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(publisher__city__country__code = "FR"))).await?,
        "Logic, Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(publisher__city__country = "FR"))).await?,
        "Logic, Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(publisher__city__isnull = true))).await?,
        "Atlas, Blank"
    );
    assert_eq!(of(Book::objects().filter(q!(authors = &d.ada))).await?, "Logic, Atlas");
    assert_eq!(
        of(Book::objects().filter(q!(authors__name__startswith = "B"))).await?,
        "Logic, Poems"
    );
    assert_eq!(
        of(Book::objects().filter(q!(authors__in = [&d.ada, &d.bob])).distinct()).await?,
        "Logic, Poems, Atlas"
    );
    assert_eq!(of(Book::objects().filter(q!(authors__isnull = true))).await?, "Blank");
    assert_eq!(
        of(Book::objects().filter(q!(reviews__stars__gte = 4))).await?,
        "Logic, Logic"
    );
    let old = Author::objects().filter(q!(age__gt = 40));
    assert_eq!(of(Book::objects().filter(q!(authors__in = old))).await?, "Logic, Poems");
    let cities = City::objects().filter(q!(publishers__books__title = "Logic"));
    assert_eq!(shown(&cities.all(&db).await?), "Paris");
    let countries = Country::objects().filter(q!(cities__publishers__name__icontains = "north"));
    assert_eq!(shown(&countries.all(&db).await?), "France");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn one_filter_is_one_related_row(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let both = q_both();
    assert_eq!(titles(&db, Book::objects().filter(|_| both)).await?, "");
    let chained = Book::objects()
        .filter(q!(authors__name = "Ada"))
        .filter(q!(authors__name = "Bob"));
    assert_eq!(titles(&db, chained).await?, "Logic");
    let either = Book::objects()
        .filter(q!(authors__name = "Ada" || publisher__name = "North"))
        .distinct();
    assert_eq!(titles(&db, either).await?, "Logic, Poems, Atlas");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn a_negation_beside_a_condition_is_about_the_same_row(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let not_old = Book::objects().filter(q!(authors__age__gt = 1 && !(authors__age__gt = 40)));
    assert_eq!(titles(&db, not_old).await?, "Logic, Atlas");
    let not_five = Book::objects().filter(q!(reviews__stars__gt = 1 && !(reviews__stars = 5)));
    assert_eq!(titles(&db, not_five).await?, "Logic, Poems");
    Ok(())
}

fn q_both() -> Q<Book> {
    Book::q(q!(authors__name = "Ada", authors__name = "Bob"))
}

#[orm::test(apps = ["shop"])]
async fn exclude_means_no_related_row(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let of = |rows: QuerySet<Book>| titles(&db, rows);
    assert_eq!(
        of(Book::objects().exclude(q!(authors__name = "Ada"))).await?,
        "Poems, Blank"
    );
    assert_eq!(of(Book::objects().exclude(q!(authors = &d.bob))).await?, "Atlas, Blank");
    assert_eq!(
        of(Book::objects().exclude(q!(reviews__stars__lt = 5))).await?,
        "Atlas, Blank"
    );
    assert_eq!(
        of(Book::objects().exclude(q!(publisher__name = "North"))).await?,
        "Atlas, Blank"
    );
    assert_eq!(
        of(Book::objects().exclude(q!(rating = 4.5))).await?,
        "Poems, Atlas, Blank"
    );
    assert_eq!(
        of(Book::objects().exclude(q!(rating__gt = 3.5))).await?,
        "Poems, Atlas, Blank"
    );
    assert_eq!(
        of(Book::objects().exclude(q!(authors__isnull = true))).await?,
        "Logic, Poems, Atlas"
    );
    assert_eq!(
        of(Book::objects().exclude(q!(publisher__city__country__name = "France"))).await?,
        "Atlas, Blank"
    );
    assert_eq!(
        of(Book::objects().exclude(q!(title = "Logic" || title = "Atlas"))).await?,
        "Poems, Blank"
    );
    assert_eq!(
        of(Book::objects().exclude(q!(title = "Logic", pages = 1))).await?,
        "Logic, Poems, Atlas, Blank"
    );
    assert_eq!(
        of(Book::objects().filter(q!(!(authors__name = "Ada") && pages__gt = 1))).await?,
        "Poems"
    );
    let publishers = Publisher::objects().exclude(q!(books__authors__name = "Bob"));
    assert_eq!(shown(&publishers.all(&db).await?), "South");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn by_name_at_run_time(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let of = |rows: QuerySet<Book>| titles(&db, rows);
    assert_eq!(
        of(Book::objects().filter_dyn("authors__name__startswith", "A")?).await?,
        "Logic, Atlas"
    );
    assert_eq!(
        of(Book::objects().filter_dyn("pages__range", (90, 300))?).await?,
        "Logic, Poems"
    );
    assert_eq!(of(Book::objects().filter_dyn("publisher", &d.south)?).await?, "Atlas");
    assert_eq!(
        of(Book::objects().filter_dyn("published__year", "2020")?).await?,
        "Logic"
    );
    assert_eq!(
        of(Book::objects().filter_dyn("price__gt", "7.00")?).await?,
        "Logic, Atlas"
    );
    assert_eq!(
        of(Book::objects().filter_dyn("publisher", None::<i64>)?).await?,
        "Blank"
    );
    assert_eq!(
        of(Book::objects().exclude_dyn("id__in", vec![d.logic.id, d.blank.id])?).await?,
        "Poems, Atlas"
    );
    let ordered = Book::objects()
        .order_by_dyn(["-publisher__name", "title"])?
        .filter(q!(publisher__isnull = false));
    assert_eq!(shown(&ordered.all(&db).await?), "Atlas, Logic, Poems");
    Ok(())
}

/// Django's transforms and patterns by name, on every database.
#[orm::test(apps = ["shop"])]
async fn transforms_by_name(db: Db) -> orm::Result<()> {
    for (name, at) in [
        ("first", "2023-12-31T23:59:59.999999Z"),
        ("second", "2024-01-01T00:00:00Z"),
        ("third", "2024-05-17T12:34:56Z"),
    ] {
        let at: DateTime<Utc> = at.parse().expect("a moment");
        Event::create().name(name).at(at).save(&db).await?;
    }
    let found = async |lookup: &str, value: i64| -> orm::Result<Vec<String>> {
        let rows = Event::objects().filter_dyn(lookup, value)?;
        rows.order_by(|e| e.at()).values(|e| e.name()).all(&db).await
    };
    assert_eq!(found("at__week_day", 1).await?, ["first"]);
    assert_eq!(found("at__iso_week_day", 7).await?, ["first"]);
    assert_eq!(found("at__iso_week_day", 1).await?, ["second"]);
    assert_eq!(found("at__week", 52).await?, ["first"]);
    assert_eq!(found("at__week", 1).await?, ["second"]);
    assert_eq!(found("at__iso_year", 2024).await?, ["second", "third"]);
    assert_eq!(found("at__quarter", 2).await?, ["third"]);
    assert_eq!(found("at__quarter__lt", 4).await?, ["second", "third"]);
    assert_eq!(found("at__hour", 23).await?, ["first"]);
    assert_eq!(found("at__minute__gte", 34).await?, ["first", "third"]);
    assert_eq!(found("at__second", 59).await?, ["first"]);
    assert_eq!(found("at__date__year", 2023).await?, ["first"]);
    let day: NaiveDate = "2024-01-01".parse().expect("a date");
    let on = Event::objects().filter_dyn("at__date", day)?;
    assert_eq!(on.values(|e| e.name()).all(&db).await?, ["second"]);
    let at: NaiveTime = "12:34:56".parse().expect("a time");
    let then = Event::objects().filter_dyn("at__time__gte", at)?;
    assert_eq!(
        then.order_by(|e| e.at()).values(|e| e.name()).all(&db).await?,
        ["first", "third"]
    );
    let matched = async |lookup: &str, pattern: &str| Event::objects().filter_dyn(lookup, pattern)?.count(&db).await;
    assert_eq!(matched("name__regex", "^(f|s)").await?, 2);
    assert_eq!(matched("name__regex", "^F").await?, 0);
    assert_eq!(matched("name__iregex", "^F").await?, 1);
    assert_eq!(matched("at__contains", "2024-").await?, 2);
    assert!(matched("name__regex", "(").await.is_err());
    Ok(())
}
