//! Plain values: what Python says of them.
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::{Answer, Shell};
use orm_core::Db;

async fn answers(cases: &[(&str, &str)]) {
    let db = Db::connect("sqlite::memory:").await.unwrap();
    let mut shell = Shell::new(db, &[]);
    for (text, expected) in cases {
        let answer = match shell.run(text).await {
            Ok(Answer::Value(value)) => shell.printed(&value).await.unwrap(),
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        assert_eq!(answer, *expected, "{text}");
    }
}

#[tokio::test]
async fn numbers() {
    answers(&[
        ("7 % -3", "-2"),
        ("-7 % 3", "2"),
        ("7 / 2", "3.5"),
        ("2 ** 10", "1024"),
        ("2 ** -1", "0.5"),
        ("-2 ** 2", "-4"),
        ("6 & 3 | 8 ^ 1", "11"),
        ("True + 1", "2"),
        ("True & False", "False"),
        ("~5", "-6"),
        ("1e16", "1e+16"),
        ("0.00001", "1e-05"),
        ("1.0", "1.0"),
        ("9", "9"),
        (
            "10 ** 39",
            "OverflowError: integers cannot be longer than 38 digits here",
        ),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("Decimal('1.10') * 2", "Decimal('2.20')"),
        ("Decimal('1') / 3", "Decimal('0.3333333333333333333333333333')"),
        ("Decimal('0.0000001')", "Decimal('1E-7')"),
        ("Decimal('NaN')", "Decimal('NaN')"),
        ("Decimal('x')", "InvalidOperation: [<class 'decimal.ConversionSyntax'>]"),
        (
            "Decimal('1') + 1.5",
            "TypeError: unsupported operand type(s) for +: 'decimal.Decimal' and 'float'",
        ),
    ])
    .await;
}

#[tokio::test]
async fn texts_and_lists() {
    answers(&[
        ("'it\\'s'", "\"it's\""),
        ("'\\n\\x00é\\u200b'", "'\\n\\x00é\\u200b'"),
        ("b'a\\x00'", "b'a\\x00'"),
        ("'ab' * 2 + 'c'", "'ababc'"),
        ("[1, 2] + [3]", "[1, 2, 3]"),
        ("(1,) * 3", "(1, 1, 1)"),
        ("[0, 1, 2, 3, 4][1:-1]", "[1, 2, 3]"),
        ("[0, 1, 2, 3, 4][::-2]", "[4, 2, 0]"),
        ("[1][5]", "IndexError: list index out of range"),
        ("{'a': 1, 'a': 2}['a']", "2"),
        ("{'a': 1}['b']", "KeyError: 'b'"),
        ("{[]: 1}", "TypeError: unhashable type: 'list'"),
        ("len('é')", "1"),
        ("list({'a': 1})", "['a']"),
        (
            "'%x' % 1",
            "TypeError: unsupported operand type(s) for %: 'str' and 'int'",
        ),
        ("None.x", "AttributeError: 'NoneType' object has no attribute 'x'"),
        ("1()", "TypeError: 'int' object is not callable"),
    ])
    .await;
}

#[tokio::test]
async fn dates_and_durations() {
    answers(&[
        (
            "datetime.date(2020, 1, 31) + datetime.timedelta(days=30)",
            "datetime.date(2020, 3, 1)",
        ),
        (
            "datetime.date(2020, 3, 1) - datetime.date(2020, 1, 31)",
            "datetime.timedelta(days=30)",
        ),
        (
            "datetime.timedelta(hours=-1)",
            "datetime.timedelta(days=-1, seconds=82800)",
        ),
        ("datetime.timedelta(days=1) / 2", "datetime.timedelta(seconds=43200)"),
        ("datetime.timedelta(0)", "datetime.timedelta(0)"),
        ("datetime.time(9)", "datetime.time(9, 0)"),
        ("datetime.time(9, 0, 0, 5)", "datetime.time(9, 0, 0, 5)"),
        (
            "datetime.datetime(2019, 4, 15, 21, 56, tzinfo=utc)",
            "datetime.datetime(2019, 4, 15, 21, 56, tzinfo=datetime.timezone.utc)",
        ),
        ("datetime.datetime(2020, 1, 1).date()", "datetime.date(2020, 1, 1)"),
        (
            "datetime.date(2020, 2, 30)",
            "ValueError: day is out of range for month",
        ),
        ("datetime.date(0, 1, 1)", "ValueError: year 0 is out of range"),
        (
            "datetime.date(2020)",
            "TypeError: date() missing 2 required positional arguments: 'month' and 'day'",
        ),
        ("datetime.date.fromisoformat('2020-02-29').year", "2020"),
        (
            "UUID('00000000000000000000000000000001')",
            "UUID('00000000-0000-0000-0000-000000000001')",
        ),
        ("UUID('x')", "ValueError: badly formed hexadecimal UUID string"),
        (
            "datetime.dat",
            "AttributeError: module 'datetime' has no attribute 'dat'. Did you mean: 'date'?",
        ),
    ])
    .await;
}

#[tokio::test]
async fn conditions_and_expressions() {
    answers(&[
        ("Q(b=1, a='x')", "<Q: (AND: ('a', 'x'), ('b', 1))>"),
        (
            "~Q(a=1, c=2) | Q(b=None)",
            "<Q: (OR: (NOT (AND: ('a', 1), ('c', 2))), ('b', None))>",
        ),
        ("Q() & Q(a=1)", "<Q: (AND: ('a', 1))>"),
        (
            "F('pages') * 2 + 1",
            "<CombinedExpression: F(pages) * Value(2) + Value(1)>",
        ),
        ("Count('books')", "Count(F(books))"),
        (
            "Count('*', filter=Q(a=1))",
            "ValueError: Star cannot be used with filter. Please specify a field.",
        ),
        ("Lower()", "TypeError: 'Lower' takes exactly 1 argument (0 given)"),
        (
            "Q(a=1) + 1",
            "TypeError: unsupported operand type(s) for +: 'Q' and 'int'",
        ),
    ])
    .await;
}
