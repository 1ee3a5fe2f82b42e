//! What few queries ask for has one text for all values, too.

use super::*;
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
