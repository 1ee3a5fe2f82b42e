//! `filter_params`: the parameters of a URL, as far as they are allowed.

use super::models::*;
use orm::prelude::*;
use orm::{Allowed, assert_num_queries};

fn allowed() -> Allowed {
    let filters = [
        "title__icontains",
        "title",
        "genre",
        "genre__in",
        "pages__in",
        "pages__range",
        "pages__gte",
        "price__lte",
        "rating__gt",
        "published",
        "published__year",
        "published__isnull",
        "in_print",
        "publisher",
        "publisher__name__startswith",
        "authors__name",
        "authors__age__gt",
        "created",
    ];
    Allowed::new(filters)
        .ordering(["title", "price", "publisher__name"])
        .ignoring(["page"])
        .values(3)
}

#[test]
fn what_does_not_fit_is_said_of_the_parameter() {
    for (name, value, message) in [
        ("rating__gt", "NaN", "\"NaN\" is no finite number"),
        ("rating__gt", "-inf", "\"-inf\" is no finite number"),
        (
            "published",
            "2021-02-29",
            "“2021-02-29” value has an invalid date format. It must be in YYYY-MM-DD format.",
        ),
        ("in_print", "yes", "“yes” value must be either True or False."),
    ] {
        let error = Book::objects().filter_params(&[(name, value)], &allowed()).unwrap_err();
        assert_eq!(error.to_string(), format!("parameter {name:?}: {message}"));
    }
}

#[orm::test(apps = ["shop"])]
async fn texts_are_read_as_the_columns_types(db: Db) -> orm::Result<()> {
    let d = data(&db).await?;
    let key = d.south.id.to_string();
    let cases: [(&[(&str, &str)], &str); 20] = [
        (&[], "Atlas, Blank, Logic, Poems"),
        (&[("title__icontains", "O")], "Logic, Poems"),
        (&[("genre", "sci")], "Logic"),
        (&[("genre__in", "sci,fic")], "Atlas, Blank, Logic, Poems"),
        (&[("pages__in", "90,600")], "Atlas, Poems"),
        (&[("pages__in", "90"), ("pages__in", "300")], "Logic, Poems"),
        (&[("pages__in", "")], ""),
        (&[("pages__range", "90,300")], "Logic, Poems"),
        (&[("pages__gte", "91"), ("price__lte", "12.50")], "Logic"),
        (&[("rating__gt", "3.5")], "Logic"),
        (&[("published", "2020-05-17")], "Logic"),
        (&[("published__year", "2021")], "Atlas"),
        (&[("published__isnull", "true")], "Blank, Poems"),
        (&[("published__isnull", "0"), ("page", "7")], "Atlas, Logic"),
        (&[("in_print", "false")], "Atlas"),
        (&[("publisher", &key)], "Atlas"),
        (&[("publisher__name__startswith", "N")], "Logic, Poems"),
        // One author who is both, as the conditions of one `filter`.
        (&[("authors__name", "Bob"), ("authors__age__gt", "40")], "Logic, Poems"),
        (&[("authors__name", "Ada"), ("authors__age__gt", "40")], ""),
        (&[("title", "'; DROP TABLE shop_book; --")], ""),
    ];
    for (params, titles) in cases {
        let rows = Book::objects()
            .order_by(|b| b.title())
            .filter_params(params, &allowed())?;
        assert_eq!(shown(&rows.all(&db).await?), titles, "{params:?}");
    }
    let owned = [("ordering".to_owned(), "-publisher__name,title".to_owned())];
    let rows = Book::objects()
        .filter(q!(publisher__isnull = false))
        .filter_params(&owned, &allowed())?;
    assert_eq!(shown(&rows.all(&db).await?), "Atlas, Logic, Poems");
    let sorted = Book::objects().filter_params(&[("sort", "-price")], &allowed().ordering_parameter("sort"))?;
    assert_eq!(shown(&sorted.all(&db).await?), "Atlas, Logic, Poems, Blank");
    Ok(())
}

#[orm::test(apps = ["shop"])]
async fn what_is_refused(db: Db) -> orm::Result<()> {
    data(&db).await?;
    let long = "x".repeat(1_001);
    let cases = [
        ("publisher__city__name", "Paris", "is not known"),
        ("title__contains", "x", "\"title__icontains\" meant"),
        ("pages", "3", "is not known"),
        ("pages__gte", "many", "type integer"),
        ("pages__in", "1,x", "type integer"),
        ("pages__in", "1,2,3,4", "more than 3"),
        ("pages__range", "1", "two values"),
        ("price__lte", "NaN", "decimal"),
        ("published", "2020-13-01", "date"),
        ("published__isnull", "maybe", "neither true nor false"),
        ("in_print", "perhaps", "True or False"),
        ("publisher", "North", "type integer"),
        ("title", &long, "longer"),
        ("title", "a\0b", "NUL"),
        (
            "ordering",
            "pages",
            "no order; choices are: title, price, publisher__name",
        ),
        ("ordering", "title,-title,title,title", "no order"),
        ("ordering", "", "no order"),
        ("ordering", "--title", "no order"),
    ];
    assert_num_queries!(db, 0, {
        for (name, value, words) in cases {
            let error = Book::objects().filter_params(&[(name, value)], &allowed()).unwrap_err();
            assert!(
                matches!(&error, Error::Parameter { name: of, .. } if of == name),
                "{error:?}"
            );
            assert!(error.to_string().contains(words), "{error}");
        }
        // Nothing is allowed that was not said, not even an order.
        let nothing = Allowed::new([""; 0]);
        assert!(Book::objects().filter_params(&[("id", "1")], &nothing).is_err());
        assert!(Book::objects().filter_params(&[("ordering", "id")], &nothing).is_err());
        let many = [("page", "1"); 51];
        assert!(Book::objects().filter_params(&many, &allowed()).is_err());
        // A mistake of who allowed it.
        let error = Book::objects()
            .filter_params(&[("created", "1")], &allowed())
            .unwrap_err();
        assert!(matches!(error, Error::Field { .. }), "{error:?}");
    });
    Ok(())
}
