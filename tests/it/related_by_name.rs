//! `select_related`, `prefetch_related`, `defer` and `only` over names.

use super::models::*;
use orm::Value;
use orm::dynamic::{DynExpr, DynQ, DynQuerySet, Record, Related, Row};
use orm::prelude::*;
use orm::query::AggregateFunction;

fn count(name: &str) -> DynExpr {
    DynExpr::Aggregate {
        function: AggregateFunction::Count,
        arg: Some(Box::new(DynExpr::f(name))),
        distinct: false,
        filter: None,
        default: None,
    }
}

fn set(model: &str) -> DynQuerySet {
    DynQuerySet::of(&format!("shop.{model}")).unwrap()
}

async fn records(rows: DynQuerySet, db: &Db) -> Vec<Record> {
    let rows = rows.fetch(db).await.unwrap();
    let record = |row| match row {
        Row::Record(record) => record,
        other => panic!("{other:?}"),
    };
    rows.into_iter().map(record).collect()
}

/// The error that the rows give, by Django's class.
async fn refused(rows: orm::Result<DynQuerySet>, db: &Db) -> String {
    let error = match rows {
        Ok(rows) => rows.fetch(db).await.unwrap_err(),
        Err(error) => error,
    };
    format!("{}: {error}", error.django_class())
}

/// `Logic -> North -> Paris`: a row and what was loaded with it.
fn tree(record: &Record) -> String {
    let mut text = record.to_string();
    for (name, related) in record.related() {
        let rows: Vec<String> = match related {
            Related::One(row) => row.iter().map(|row| tree(row)).collect(),
            Related::Many(rows) => rows.iter().map(|row| tree(row)).collect(),
        };
        text.push_str(&format!(" {name}({})", rows.join(", ")));
    }
    text
}

fn trees(records: &[Record]) -> String {
    records.iter().map(tree).collect::<Vec<_>>().join("; ")
}

/// Rows as trees, and how many queries they took.
async fn asked(rows: orm::Result<DynQuerySet>, db: &Db) -> (String, usize) {
    let capture = db.capture_queries();
    let records = records(rows.unwrap(), db).await;
    (trees(&records), capture.queries().len())
}

#[orm::test(apps = ["shop"])]
async fn rows_come_with_rows(db: Db) -> orm::Result<()> {
    let data = data(&db).await?;
    Shop::create().name("Corner").manager(&data.ada).save(&db).await?;
    let books = || set("Book");
    assert_eq!(
        asked(books().select_related(["publisher__city__country"]), &db).await,
        (
            "Logic publisher(North city(Paris country(France))); Poems publisher(North city(Paris country(France))); \
             Atlas publisher(South city()); Blank publisher()"
                .to_owned(),
            1
        )
    );
    // Only keys that cannot be NULL are followed without names.
    assert_eq!(
        asked(books().select_all_related(), &db).await.0,
        "Logic; Poems; Atlas; Blank"
    );
    assert_eq!(
        asked(set("City").select_all_related(), &db).await.0,
        "Berlin country(Germany); Paris country(France)"
    );
    assert_eq!(
        asked(set("Author").select_related(["shop"]), &db).await,
        ("Ada shop(Corner); Bob shop(); Cleo shop()".to_owned(), 1)
    );
    assert_eq!(
        asked(set("Shop").select_related(["manager__shop"]), &db).await.0,
        "Corner manager(Ada shop(Corner))"
    );
    // Calls add up, and `None` takes all away.
    let both = set("Author")
        .select_related(["shop"])?
        .select_related(["shop__manager"]);
    assert_eq!(
        asked(both, &db).await.0,
        "Ada shop(Corner manager(Ada)); Bob shop(); Cleo shop()"
    );
    let none = books().select_related(["publisher"])?.select_nothing_related();
    assert_eq!(asked(none, &db).await.0, "Logic; Poems; Atlas; Blank");
    // What is computed, filtered and ordered beside.
    let grouped = books()
        .select_related(["publisher"])?
        .annotate([("n".to_owned(), count("authors"))])?
        .filter(DynQ::leaf("publisher__name", "North"))?
        .order_by(["-n".into(), "pk".into()]);
    let found = records(grouped?, &db).await;
    assert_eq!(trees(&found), "Logic publisher(North); Poems publisher(North)");
    assert_eq!(found[0].get("n"), Some(&orm::Value::Int(2)));
    let columns = books().select_related(["publisher"])?.values(["title".into()])?;
    assert_eq!(columns.fetch(&db).await?.len(), 4);
    let union = books()
        .select_related(["publisher"])?
        .order_by([])?
        .union(vec![books().order_by([])?], false)
        .order_by(["title".into()])?;
    assert_eq!(
        trees(&records(union, &db).await),
        "Atlas publisher(South); Blank publisher(); Logic publisher(North); Poems publisher(North)"
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn rows_are_loaded_beside(db: Db) -> orm::Result<()> {
    let data = data(&db).await?;
    Shop::create().name("Corner").manager(&data.ada).save(&db).await?;
    let authors = || set("Author");
    assert_eq!(
        asked(
            authors().prefetch_related(["books__publisher", "books__reviews", "shop"]),
            &db
        )
        .await,
        (
            "Ada books(Logic publisher(North) reviews(Review object (1), Review object (2)), Atlas publisher(South) \
             reviews()) shop(Corner); Bob books(Logic publisher(North) reviews(Review object (1), Review object (2)), \
             Poems publisher(North) reviews(Review object (3))) shop(); Cleo books(Atlas publisher(South) reviews()) \
             shop()"
                .to_owned(),
            5
        )
    );
    // The way back is known, and what was read along is not loaded again.
    assert_eq!(
        asked(set("Publisher").prefetch_related(["books__publisher"]), &db).await,
        (
            "North books(Logic publisher(North), Poems publisher(North)); South books(Atlas publisher(South))"
                .to_owned(),
            2
        )
    );
    let along = set("Book")
        .select_related(["publisher"])?
        .prefetch_related(["publisher__city"]);
    assert_eq!(
        asked(along, &db).await,
        (
            "Logic publisher(North city(Paris)); Poems publisher(North city(Paris)); Atlas publisher(South city()); \
             Blank publisher()"
                .to_owned(),
            2
        )
    );
    let back = set("Shop")
        .select_related(["manager"])?
        .prefetch_related(["manager__shop"]);
    assert_eq!(
        asked(back, &db).await,
        ("Corner manager(Ada shop(Corner))".to_owned(), 1)
    );
    // Nothing to load is not asked for.
    let none = set("Book")
        .filter(DynQ::leaf("publisher", None::<i64>))?
        .prefetch_related(["publisher__city"]);
    assert_eq!(asked(none, &db).await, ("Blank publisher()".to_owned(), 1));
    assert_eq!(asked(authors().none().prefetch_related(["nope"]), &db).await.1, 0);
    // Keys that were deferred are read for it after all.
    let deferred = set("Book").only(["title"])?.prefetch_related(["publisher"])?;
    let capture = db.capture_queries();
    let found = records(deferred, &db).await;
    assert_eq!(capture.queries().len(), 2);
    assert!(matches!(found[0].related_by("publisher"), Some(Related::One(Some(_)))));
    // People lead to people.
    let names = ["Eve", "Fay", "Gus"];
    let mut people = Vec::new();
    for name in names {
        people.push(Person::create().name(name).save(&db).await?);
    }
    people[0].friends().add(&db, [&people[1]]).await?;
    people[2].follows().add(&db, [&people[0], &people[1]]).await?;
    assert_eq!(
        asked(set("Person").prefetch_related(["friends", "follows", "followers__friends"]), &db).await,
        (
            "Eve friends(Fay) follows() followers(Gus friends()); Fay friends(Eve) follows() followers(Gus friends()); \
             Gus friends() follows(Eve, Fay) followers()"
                .to_owned(),
            5
        )
    );
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn fields_are_left_out(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let books = || set("Book").filter(DynQ::leaf("title", "Logic"));
    let all = "genre in_print pages price published publisher_id rating title";
    let check = async |rows: orm::Result<DynQuerySet>, expected: &str| {
        let found = records(rows.unwrap(), &db).await;
        let mut deferred = found[0].deferred();
        deferred.sort();
        assert_eq!(deferred.join(" "), expected);
    };
    let without = |left: &str| {
        let names = all.split(' ').filter(|name| !left.split(' ').any(|l| l == *name));
        names.collect::<Vec<_>>().join(" ")
    };
    check(books()?.defer(["title", "pages", "id"]), "pages title").await;
    check(books()?.defer(["title"])?.defer(["publisher"]), "publisher_id title").await;
    check(books()?.defer(["title"])?.defer_nothing(), "").await;
    check(books()?.defer(["authors"]), "").await;
    check(books()?.only(["title", "pages"]), &without("title pages")).await;
    check(books()?.only(["title"])?.only(["pk"]), &without("")).await;
    check(books()?.only([]), "").await;
    check(books()?.defer(["title"])?.only(["title", "pages"]), &without("pages")).await;
    check(books()?.only(["title", "pages"])?.defer(["pages"]), &without("title")).await;
    check(books()?.only(["title"])?.defer(["title"]), "").await;
    check(books()?.only(["title"])?.defer(["title", "pages"]), "pages").await;
    check(books()?.only(["publisher_id"]), &without("publisher_id")).await;
    check(books()?.defer(["publisher__name"]), "").await;

    let capture = db.capture_queries();
    let only = books()?
        .select_related(["publisher"])?
        .only(["title", "publisher__name"])?;
    let mut found = records(only, &db).await;
    let publisher = match found[0].related_by("publisher") {
        Some(Related::One(Some(publisher))) => publisher.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(publisher.deferred(), ["city_id"]);
    assert_eq!(publisher.get("name"), Some(&orm::Value::Text("North".to_owned())));
    assert_eq!(found[0].to_string(), format!("Book object ({})", data_key(&found[0])));
    assert_eq!(found[0].get("pages"), None);
    found[0].load(&db, &["pages", "genre", "title"]).await?;
    assert_eq!(found[0].get("pages"), Some(&orm::Value::Int(300)));
    found[0].load(&db, &["pages"]).await?;
    assert_eq!(capture.queries().len(), 2);
    drop(capture);

    // Within a query it stands for its keys; aggregates and counts do not mind.
    let within = set("Review").filter(DynQ::leaf("book__in", books()?.only(["title"])?))?;
    assert_eq!(within.count(&db).await?, 2);
    assert_eq!(books()?.defer(["title"])?.count(&db).await?, 1);
    let computed = books()?
        .defer(["title"])?
        .annotate([("n".to_owned(), count("authors"))])?;
    let found = records(computed, &db).await;
    assert_eq!(found[0].get("n"), Some(&orm::Value::Int(2)));
    assert_eq!(found[0].deferred(), ["title"]);
    let bulk = set("Shop").defer(["name"])?;
    assert!(bulk.in_bulk(&db, None, "name").await?.is_empty());
    Ok(())
}

fn data_key(record: &Record) -> i64 {
    match record.pk() {
        orm::Value::Int(key) => *key,
        other => panic!("{other:?}"),
    }
}

#[orm::test(apps = ["shop"])]
async fn names_that_do_not_fit(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let books = || set("Book");
    let says = |rows| refused(rows, &db);
    assert_eq!(
        says(books().select_related(["title"])).await,
        "FieldError: Non-relational field given in select_related: 'title'. Choices are: publisher"
    );
    assert_eq!(
        says(set("Publisher").select_related(["city__books"])).await,
        "FieldError: Invalid field name(s) given in select_related: 'books'. Choices are: country"
    );
    assert_eq!(
        says(set("Country").select_related(["name"])).await,
        "FieldError: Non-relational field given in select_related: 'name'. Choices are: (none)"
    );
    assert_eq!(
        says(books().select_related(["publisher"])?.defer(["publisher"])).await,
        "FieldError: Field Book.publisher cannot be both deferred and traversed using select_related at the same time."
    );
    assert_eq!(
        says(books().select_related(["publisher"])?.only(["title"])).await,
        "FieldError: Field Book.publisher cannot be both deferred and traversed using select_related at the same time."
    );
    assert_eq!(
        says(books().only(["nope"])).await,
        "FieldDoesNotExist: Book has no field named 'nope'"
    );
    assert_eq!(
        says(books().defer(["publisher__nope"])).await,
        "FieldDoesNotExist: Publisher has no field named 'nope'"
    );
    assert_eq!(says(books().defer(["title__x"])).await, "FieldError: x");
    assert_eq!(says(books().only(["title__x"])).await, "FieldError: x");
    assert_eq!(
        says(books().prefetch_related(["authors__nope__x"])).await,
        "AttributeError: Cannot find 'nope' on Author object, 'authors__nope__x' is an invalid parameter to \
         prefetch_related()"
    );
    assert_eq!(
        says(books().prefetch_related(["title"])).await,
        "ValueError: 'title' does not resolve to an item that supports prefetching - this is an invalid parameter to \
         prefetch_related()."
    );
    let values = || books().values(["title".into()]);
    for (call, rows) in [
        ("select_related", values()?.select_related(["publisher"])),
        ("defer", values()?.defer(["title"])),
        ("only", values()?.only(["title"])),
    ] {
        assert_eq!(
            says(rows).await,
            format!("TypeError: Cannot call {call}() after .values() or .values_list()")
        );
    }
    let union = || books().order_by([]).map(|rows| rows.clone().union(vec![rows], true));
    assert_eq!(
        says(union()?.prefetch_related(["authors"])).await,
        "NotSupportedError: Calling QuerySet.prefetch_related() after union() is not supported."
    );
    assert_eq!(
        says(union()?.only(["title"])).await,
        "NotSupportedError: Calling QuerySet.only() after union() is not supported."
    );
    let long = "manager__".repeat(1_000) + "manager";
    let long = long.as_str();
    let people = || set("Person");
    for rows in [
        people().select_related([long]),
        people().prefetch_related([long]),
        people().only([long]),
    ] {
        assert_eq!(says(rows).await, "ValueError: a name may follow at most 60 relations");
    }
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn the_last_of_a_name_counts(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let named = |name: &str, expr: DynExpr| [(name.to_owned(), expr)];
    let book = || set("Book").filter(DynQ::leaf("title", "Logic"));
    let again = book()?
        .annotate(named("x", DynExpr::f("pages")))?
        .annotate(named("y", DynExpr::f("x")))?
        .annotate(named("x", DynExpr::f("title")))?;
    let found = records(again.clone(), &db).await;
    let value = |name: &str| found[0].get(name).cloned();
    assert_eq!(value("x"), Some(Value::Text("Logic".to_owned())));
    assert_eq!(value("y"), Some(Value::Int(300)));
    let hidden = book()?
        .annotate(named("x", DynExpr::f("pages")))?
        .alias(named("x", DynExpr::f("title")))?
        .annotate(named("y", DynExpr::f("genre")))?;
    let found = records(hidden, &db).await;
    assert_eq!(
        (found[0].get("x"), found[0].get("y")),
        (None, Some(&Value::Text("sci".to_owned())))
    );
    // Beside rows, and among values, where the new one stands in the place of the old one.
    let beside = records(again.clone().select_related(["publisher"])?, &db).await;
    assert_eq!(beside[0].get("y"), Some(&Value::Int(300)));
    let values = book()?
        .values(["id".into()])?
        .annotate(named("n", DynExpr::f("pages")))?
        .annotate(named("n", count("authors")))?;
    let rows = values.fetch(&db).await?;
    let Row::Dict(row) = &rows[0] else { panic!("a dict") };
    let row: Vec<_> = row.iter().map(|(name, value)| (&**name, value.clone())).collect();
    assert_eq!((row.len(), &row[1]), (2, &("n", Value::Int(2))));
    // What has lost its name is found by none.
    assert!(again.annotate(named("z", DynExpr::f(""))).is_err());
    Ok(())
}
