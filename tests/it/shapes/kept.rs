//! What few queries ask for has one text for all values, too.

use super::*;
use crate::expressions::models::Sample;
use orm::dynamic::{DynExpr, DynQ, DynQuerySet};
use orm::functions::{exists, outer};
use orm::meta::ColumnType;
use orm::query::ArithmeticOp;
use orm::serde_json::{Value as Json, json};
use orm::tree::{depth, path};
use orm::window::*;

/// Whether two queries share one text, on every database that has what they ask for.
fn share(a: &Query, b: &Query) -> bool {
    let shared = BACKENDS.map(|backend| match (select(a, backend), select(b, backend)) {
        (Ok(Compiled::Statement(a)), Ok(Compiled::Statement(b))) => Some(Arc::ptr_eq(&a.sql, &b.sql)),
        (Err(_), Err(_)) => None,
        other => panic!("{other:?}"),
    });
    let shared: Vec<bool> = shared.into_iter().flatten().collect();
    assert!(
        !shared.is_empty() && shared.iter().all(|one| *one == shared[0]),
        "{shared:?}"
    );
    shared[0]
}

/// Each shares its text with itself for another value, and with none of the others.
fn are_shapes<const N: usize>(made: [&dyn Fn(i32) -> Query; N]) {
    for (at, one) in made.iter().enumerate() {
        assert!(share(&one(1), &one(2)), "{at}");
        for (beside, other) in made.iter().enumerate().take(at) {
            assert!(!share(&one(1), &other(1)), "{at} {beside}");
        }
    }
}

/// The query of a query set.
macro_rules! of {
    ($rows:expr) => {
        $rows.query().clone()
    };
}

#[test]
fn windows() {
    are_shapes([
        &|n| of!(books().values(|b| lag(b.pages()).or(n).over(|w| w.order_by(b.id())))),
        &|n| of!(books().values(|b| lead(b.pages()).or(n).over(|w| w.order_by(b.id())))),
        &|n| of!(books().values(|b| lag(b.pages()).by(2).or(n).over(|w| w.order_by(b.id())))),
    ]);
    are_shapes([
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w))),
        &|n| of!(books().values(|b| (b.pages() + n).max().over(|w| w))),
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w.order_by(b.id())))),
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w.order_by(b.id().desc())))),
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w.partition_by(b.id())))),
        &|n| of!(books().values(|b| b.pages().sum().over(|w| w.partition_by(b.id() + i64::from(n))))),
        &|n| of!(books().values(|b| b.pages().sum().filter(|b| b.id().gt(i64::from(n))).over(|w| w))),
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w.order_by(b.id()).rows(-1..=0)))),
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w.order_by(b.id()).rows(-2..=0)))),
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w.order_by(b.id()).rows(-1..)))),
        &|n| of!(books().values(|b| (b.pages() + n).sum().over(|w| w.order_by(b.id()).range(-1..=0)))),
        &|n| of!(books().annotate(|b| (b.pages() + n).sum().over(|w| w))),
        &|n| of!(books().filter(|b| rank().over(|w| w.order_by(b.pages())).lte(i64::from(n)))),
        &|n| of!(books().filter(|b| (b.pages() + n).sum().over(|w| w).gt(i64::from(n)))),
    ]);
}

#[test]
fn windows_whose_text_depends_on_which_values_are_equal() {
    let ordered = |a: i32, b: i32| {
        let by = books().values(|book| row_number().over(|w| w.order_by((book.pages() + a, book.pages() + b))));
        of!(by)
    };
    let computed = |a: i32, b: i32| {
        let rows = books().filter(|book| (book.pages() + a).sum().over(|w| w).gt(0));
        of!(rows.order_by(|book| (book.pages() + b).sum().over(|w| w)))
    };
    for rows in [&ordered as &dyn Fn(i32, i32) -> Query, &computed] {
        for backend in BACKENDS {
            let places = |a, b| match select(&rows(a, b), backend).unwrap() {
                Compiled::Statement(statement) => statement.args.len(),
                Compiled::Empty => 0,
            };
            let (other, equal) = (places(1, 2), places(1, 1));
            assert!(equal < other);
            assert_eq!((places(3, 4), places(5, 5)), (other, equal));
        }
    }
}

#[test]
fn locks_and_first_rows_of_groups() {
    let long = |n: i32| books().filter(q!(pages__gt = n));
    are_shapes([
        &|n| of!(long(n).select_for_update()),
        &|n| of!(long(n).select_for_update_with(|lock| lock.nowait())),
        &|n| of!(long(n).select_for_update_with(|lock| lock.skip_locked())),
        &|n| of!(long(n).select_related(|b| b.publisher()).select_for_update()),
    ]);
    are_shapes([
        &|n| of!(long(n).select_for_update_with(|lock| lock.no_key())),
        &|n| of!(long(n).select_for_update_with(|lock| lock.no_key().of(|b| b))),
        &|n| {
            of!(long(n)
                .select_related(|b| b.publisher())
                .select_for_update_with(|lock| lock.no_key().of(|b| b)))
        },
        &|n| {
            of!(long(n)
                .select_related(|b| b.publisher())
                .select_for_update_with(|lock| lock.no_key().of(|b| b.publisher())))
        },
    ]);
    are_shapes([
        &|n| of!(long(n).distinct_on(|b| b.genre())),
        &|n| of!(long(n).distinct_on(|b| (b.genre(), b.publisher()))),
        &|n| of!(books().distinct_on(|b| b.pages() + n)),
    ]);
    assert!(!share(&of!(long(1)), &of!(long(1).reverse())));
}

fn by_name(model: &str) -> DynQuerySet {
    DynQuerySet::of(model).unwrap()
}

fn named(name: &str, expr: DynExpr) -> [(String, DynExpr); 1] {
    [(name.to_owned(), expr)]
}

fn plus(name: &str, n: i32) -> DynExpr {
    DynExpr::f(name).combine(ArithmeticOp::Add, DynExpr::Value(Value::Int(n.into())))
}

#[test]
fn several_queries_in_one() {
    let long = |n: i32| by_name("shop.Book").filter(DynQ::leaf("pages__gt", n)).unwrap();
    let short = |n: i32| by_name("shop.Book").filter(DynQ::leaf("pages__lt", n)).unwrap();
    let pages = |rows: DynQuerySet| rows.values(["pages".into()]).unwrap();
    let sum = |rows: DynQuerySet, n| rows.annotate(named("x", plus("pages", n))).unwrap();
    are_shapes([
        &|n| of!(long(n).union(vec![short(n + 1)], false)),
        &|n| of!(long(n).union(vec![short(n + 1)], true)),
        &|n| of!(short(n).union(vec![long(n + 1)], false)),
        &|n| of!(long(n).union(vec![short(n + 1), short(n + 2)], false)),
        &|n| of!(long(n).union(vec![short(n + 1).union(vec![short(n + 2)], false)], false)),
        &|n| of!(long(n).intersection(vec![short(n + 1)])),
        &|n| of!(long(n).difference(vec![short(n + 1)])),
        &|n| of!(pages(long(n).union(vec![short(n + 1)], false))),
        &|n| of!(pages(long(n)).union(vec![pages(short(n + 1))], false)),
        &|n| {
            of!(long(n)
                .union(vec![short(n + 1)], false)
                .order_by(["-pages".into()])
                .unwrap())
        },
        &|n| {
            of!(sum(long(n), n)
                .union(vec![sum(short(n), n + 1)], false)
                .order_by(["x".into()])
                .unwrap())
        },
    ]);
}

#[test]
fn what_comes_from_outside() {
    let reviews = |n: i32, of: &str| {
        let outer = DynExpr::Outer(Box::new(DynExpr::f(of)));
        let own = DynQ::leaf("book", outer);
        by_name("shop.Review")
            .filter(DynQ::all([own, DynQ::leaf("stars__gt", n)]))
            .unwrap()
    };
    let reviewed = |rows| DynQ::Expr(Box::new(DynExpr::Exists(Box::new(rows))));
    let stars =
        |rows: DynQuerySet| DynExpr::Subquery(Box::new(rows.values(["stars".into()]).unwrap().slice(0, Some(1))));
    let books = || by_name("shop.Book");
    are_shapes([
        &|n| of!(books().filter(reviewed(reviews(n, "pk"))).unwrap()),
        &|n| of!(books().filter(reviewed(reviews(n, "pages"))).unwrap()),
        &|n| of!(books().exclude(reviewed(reviews(n, "pk"))).unwrap()),
        &|n| of!(books().annotate(named("s", stars(reviews(n, "pk")))).unwrap()),
        &|n| {
            of!(books()
                .annotate(named("s", stars(reviews(n, "publisher__id"))))
                .unwrap())
        },
    ]);
    let typed = |n: i16| {
        Book::objects()
            .filter(|b| exists(Review::objects().filter(|r| r.book().pk().eq(outer(b.pk())) & r.stars().gt(n))))
    };
    assert!(share(&of!(typed(1)), &of!(typed(2))));
}

#[test]
fn what_is_only_spoken_of() {
    let books = || by_name("shop.Book");
    let alias = |n| books().alias(named("x", plus("pages", n))).unwrap();
    let shown = |n| books().annotate(named("x", plus("pages", n))).unwrap();
    let typed = |n| {
        let of = Box::new(plus("pages", n));
        let ty = ColumnType::Decimal {
            max_digits: 9,
            decimal_places: 2,
        };
        books().annotate(named("x", DynExpr::Typed { of, ty })).unwrap()
    };
    let wider = |n| {
        let of = Box::new(plus("pages", n));
        let ty = ColumnType::Decimal {
            max_digits: 10,
            decimal_places: 2,
        };
        books().annotate(named("x", DynExpr::Typed { of, ty })).unwrap()
    };
    are_shapes([
        &|n| of!(alias(n).filter(DynQ::leaf("x__gt", n)).unwrap()),
        &|n| of!(shown(n).filter(DynQ::leaf("x__gt", n)).unwrap()),
        &|n| of!(typed(n).filter(DynQ::leaf("x__gt", n)).unwrap()),
        &|n| of!(wider(n).filter(DynQ::leaf("x__gt", n)).unwrap()),
    ]);
}

#[test]
fn relations_with_conditions() {
    let with = |name: &str, condition: DynQ| {
        let (relation, condition) = ("books".to_owned(), Box::new(condition));
        let filtered = DynExpr::FilteredRelation { relation, condition };
        by_name("shop.Publisher").annotate(named(name, filtered)).unwrap()
    };
    let long = |name, n: i32| with(name, DynQ::leaf("books__pages__gt", n));
    let titled = |rows: DynQuerySet, by: &str| rows.filter(DynQ::leaf(by, "x")).unwrap();
    are_shapes([
        &|n| of!(titled(long("f", n), "f__title")),
        &|n| of!(titled(long("g", n), "g__title")),
        &|n| of!(titled(long("f", n), "books__title")),
        &|n| of!(titled(with("f", DynQ::leaf("books__pages__lt", n)), "f__title")),
        &|n| of!(long("f", n).exclude(DynQ::leaf("f__title", "x")).unwrap()),
    ]);
}

#[test]
fn trees() {
    let people = || Person::objects().order_by(|p| p.id());
    let of_key = |n: i32| Person::objects().filter(|p| p.id().eq(i64::from(n)));
    are_shapes([
        &|n| of!(people().descendants(of_key(n), |p| p.manager())),
        &|n| of!(people().ancestors(of_key(n), |p| p.manager())),
        &|n| of!(people().descendants(of_key(n), |p| p.manager()).with_start()),
        &|n| of!(people().descendants(of_key(n), |p| p.manager()).max_depth(1)),
        &|n| of!(people().descendants(of_key(n), |p| p.manager()).max_depth(2)),
        &|n| of!(people().descendants(of_key(n), |p| p.manager()).annotate(|_| depth())),
        &|n| of!(people().descendants(of_key(n), |p| p.manager()).annotate(|_| path())),
        &|n| {
            of!(people()
                .descendants(of_key(n), |p| p.manager())
                .filter(|_| depth().gt(i64::from(n))))
        },
    ]);
}

#[test]
fn conditions_of_two_query_sets() {
    let by = |name: &'static str, n: i32| books().filter(q!(authors__name = name)).filter(q!(pages__gt = n));
    are_shapes([
        &|n| of!(by("a", n) | by("b", n + 1)),
        &|n| of!(by("a", n) ^ by("b", n + 1)),
        &|n| of!(by("a", n) & by("b", n + 1)),
        &|n| of!(by("a", n) | books().filter(q!(pages__gt = n))),
        &|n| of!(books().filter(q!(pages__gt = n)) | by("b", n)),
    ]);
}

#[test]
fn documents() {
    let samples = || Sample::objects();
    are_shapes([
        &|n| of!(samples().filter(|s| s.data().key("a").eq(n))),
        &|n| of!(samples().filter(|s| s.data().key("b").eq(n))),
        &|n| of!(samples().filter(|s| s.data().key("a").key("b").eq(n))),
        &|n| of!(samples().filter(|s| s.data().key("a").gt(n))),
        &|n| of!(samples().filter(|s| s.data().key("a").eq(n.to_string()))),
        &|n| of!(samples().filter(|s| s.data().key("a").eq(n == 1))),
        &|n| of!(samples().filter(|s| s.data().key("a").icontains(n.to_string()))),
        &|n| of!(samples().filter(|s| s.data().key("a").isnull(true) & s.name().eq(n.to_string()))),
        &|n| of!(samples().filter(|s| s.data().has_key("a") & s.name().eq(n.to_string()))),
        &|n| of!(samples().filter(|s| s.data().has_key("b") & s.name().eq(n.to_string()))),
    ]);
    // Texts, lists and objects have one text.
    let equal = |to: Json| of!(samples().filter(|s| s.data().key("a").eq(to)));
    assert!(share(&equal(json!("x")), &equal(json!([1]))));
    assert!(!share(&equal(json!(1)), &equal(json!(null))));
    // Keys of any length are not kept, and what two of them make is told apart from one.
    let long = "a".repeat(300);
    let found = of!(samples().filter(|s| s.data().key(&long).eq(1)));
    assert!(!share(&found, &found));
    let keys = |a: &str, b: &str| of!(samples().filter(|s| s.data().key(a).key(b).eq(1)));
    assert!(!share(&keys("ab", "c"), &keys("a", "bc")));
    assert!(!share(&keys("12345678", ""), &keys("", "12345678")));
}
