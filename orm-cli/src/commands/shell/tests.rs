//! What comes out for what is piped in.
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::Session;
use crate::commands::Status;
use crate::shell::Shell;
use orm_core::Db;
use orm_core::meta::{ColumnType, FieldMeta, ModelMeta};

fn book() -> &'static ModelMeta {
    static FIELDS: [FieldMeta; 2] = [
        FieldMeta::new("id", "id", ColumnType::BigInteger).primary_key(),
        FieldMeta::new("title", "title", ColumnType::Text),
    ];
    static META: ModelMeta = ModelMeta::new("shop", "Book", "shop_book").fields(&FIELDS);
    &META
}

async fn session() -> Session {
    let db = Db::connect("sqlite::memory:").await.unwrap();
    Session {
        shell: Shell::new(db, &[book()]),
        json: false,
        sql: false,
    }
}

async fn piped(session: &mut Session, lines: &str) -> (String, bool) {
    let mut out = Vec::new();
    let status = session.piped(&mut lines.as_bytes(), &mut out).await.unwrap();
    (String::from_utf8(out).unwrap(), matches!(status, Status::Success))
}

#[tokio::test]
async fn statements_run_one_after_the_other() {
    let mut session = session().await;
    let lines = "from shop.models import *\na = 1 + 2; a\n\n# a comment\nNone\n[a,\n 'b']\n'x'\nexit()\nnever";
    assert_eq!(
        piped(&mut session, lines).await,
        ("3\n[3, 'b']\n'x'\n".to_owned(), true)
    );
}

#[tokio::test]
async fn an_error_is_a_line_and_the_next_statement_runs() {
    let mut session = session().await;
    let (text, good) = piped(&mut session, "Bok.objects\n1 +\nBook.objects.none()\n").await;
    assert_eq!(
        text,
        "NameError: name 'Bok' is not defined. Did you mean: 'Book'?\n\
         SyntaxError: invalid syntax: something is missing at the end\n<QuerySet []>\n"
    );
    assert!(!good);
    assert_eq!(
        piped(&mut session, "(1,\n").await,
        ("SyntaxError: '(' was never closed\n".to_owned(), false)
    );
}

#[tokio::test]
async fn a_transcript_can_be_pasted() {
    let mut session = session().await;
    let lines = "In [1]: b = (1,\n   ...: 2)\n\nIn [2]: b\nIn [3]: (3,\nIn [4]: 4\n>>> 5\n... \n";
    let (text, _) = piped(&mut session, lines).await;
    assert_eq!(text, "(1, 2)\nSyntaxError: '(' was never closed\n4\n5\n");
}

#[tokio::test]
async fn as_json_and_with_the_sql() {
    let mut session = session().await;
    session.json = true;
    let lines = "None\n{'a': [Decimal('1.10'), datetime.timedelta(hours=-1), b'\\xff']}\n\
                 datetime.datetime(2020, 1, 2, 3, 4, tzinfo=utc)\n";
    let (text, good) = piped(&mut session, lines).await;
    assert_eq!(
        text,
        "null\n{\"a\":[\"1.10\",\"-3600.000000\",\"ff\"]}\n\"2020-01-02T03:04:00Z\"\n"
    );
    assert!(good);
    session.json = false;
    session.sql = true;
    let (text, _) = piped(&mut session, "Book.objects.filter(title__startswith=\"A\").count()\n").await;
    let mut lines = text.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("-- SELECT COUNT(*) FROM \"shop_book\""),
        "{text}"
    );
    // There is no such table here.
    assert!(lines.next().unwrap().starts_with("OperationalError: "), "{text}");
}

#[tokio::test]
async fn writes_as_json_and_with_the_sql() {
    let db = Db::connect("sqlite::memory:").await.unwrap();
    let mut tables = db.session().await.unwrap();
    let table = "CREATE TABLE shop_book (id integer PRIMARY KEY AUTOINCREMENT, title text NOT NULL)";
    tables.execute_script(table).await.unwrap();
    tables.release().await;
    let mut session = Session {
        shell: Shell::new(db, &[book()]),
        json: true,
        sql: true,
    };
    let lines = "b = Book(title='a')\nb.save()\nb\nb.delete()\n";
    let (text, good) = piped(&mut session, lines).await;
    assert_eq!(
        text,
        "-- INSERT INTO \"shop_book\" (\"title\") VALUES (?)\nnull\n{\"model\":\"Book\",\"pk\":1}\n\
         -- DELETE FROM \"shop_book\" WHERE \"shop_book\".\"id\" IN (?)\n[1,{\"shop.Book\":1}]\n"
    );
    assert!(good);
}

#[tokio::test]
async fn what_is_given_ends_at_the_first_error() {
    let mut session = session().await;
    let mut out = Vec::new();
    let ended = session.given("1 + 1\nQwertyuiop\n2", &mut out).await;
    assert_eq!(
        ended.unwrap_err().to_string(),
        "NameError: name 'Qwertyuiop' is not defined"
    );
    assert_eq!(out, b"2\n");
}
