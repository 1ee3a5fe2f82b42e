//! The messages for models that are wrong, and that right ones have none.

use crate::errors::Errors;
use crate::expand::read;

/// The messages for a struct.
fn messages(text: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let input = errors.take(syn::parse_str(text));
    input.map(|input| read(&input, &mut errors));
    errors.finish(()).map_or_else(
        |error| error.into_iter().map(|error| error.to_string()).collect(),
        |_| Vec::new(),
    )
}

#[track_caller]
fn refused(text: &str, expected: &[&str]) {
    let messages = messages(text);
    assert_eq!(messages.len(), expected.len(), "{messages:#?}");
    for (message, part) in messages.iter().zip(expected) {
        assert!(message.contains(part), "`{part}` is not in `{message}`");
    }
}

#[track_caller]
fn accepted(text: &str) {
    assert_eq!(messages(text), Vec::<String>::new());
}

#[test]
fn the_design_is_accepted() {
    accepted(
        r#"
        #[model(ordering = ["title", "-library__name"], display = "{title} ({id})", hooks, lookups = false,
            unique_together = [("title", "library")], get_latest_by = "created_at",
            index(fields = ["title", "-price"], name = "book_title_idx"),
            check(name = "price_positive", condition = (price__gte = 0 || title = "free" && !pages__isnull = true)),
            unique(fields = ["library_id"], name = "one_each", condition = (title__in = ["a", "b"], price__gt = F(cost))))]
        pub struct Book {
            pub id: i64,
            #[field(max_length = 200)] pub title: String,
            #[field(max_digits = 6, decimal_places = 2, default = "0.00")] pub price: Decimal,
            #[field(max_digits = 6, decimal_places = 2)] pub cost: Decimal,
            #[field(min = 1, max = 10_000)] pub pages: Option<i32>,
            pub library: ForeignKey<Library>,
            #[field(on_delete = SET_NULL, related_name = "guests")] pub other: Option<ForeignKey<Library>>,
            #[field(auto_now_add)] pub created_at: DateTime<Utc>,
            #[field(slug, unique)] pub slug: String,
            #[field(choices = [("fic", "Fiction")], max_length = 3, default = "fic")] pub genre: String,
            pub authors: ManyToMany<Author>,
            #[field(related_name = "sequels")] pub prequel: Option<ForeignKey<Self>>,
        }"#,
    );
}

#[test]
fn primary_keys() {
    refused(
        "struct A { name: i64 }",
        &["this model has no primary key: add `pub id: i64`"],
    );
    refused(
        "struct A { id: i64, #[field(primary_key)] code: i64 }",
        &["`id` is the primary key by its name"],
    );
    refused(
        "struct A { #[field(primary_key)] a: i64, #[field(primary_key)] b: i64 }",
        &["two primary keys: `a` is marked as well"],
    );
    refused("struct A { id: Option<i64> }", &["a primary key cannot be `Option`"]);
    accepted("struct A { #[field(primary_key)] place: OneToOne<Place> }");
}

#[test]
fn every_error_is_reported() {
    refused(
        r#"#[model(ordering = ["nmae"])] struct A { id: i64, #[field(max_lenght = 3)] name: String, n: u32 }"#,
        &[
            "did you mean `max_length`?",
            "`u32` cannot be a column: use `i64`",
            "did you mean `name`?",
        ],
    );
}

#[test]
fn attributes_fit_their_field() {
    refused(
        "struct A { id: i64, #[field(max_length = 3)] n: i64 }",
        &["`max_length` goes with text"],
    );
    refused(
        "struct A { id: i64, #[field(on_delete = CASCADE)] n: i64 }",
        &["`on_delete` goes with `ForeignKey`"],
    );
    refused(
        "struct A { id: i64, #[field(positive)] n: f64, #[field(positive, default = -1)] m: i32 }",
        &["`positive` goes with integers", "the default is below zero"],
    );
    refused(
        "#[model(repr = \"{nmae}\")] struct A { id: i64, name: String }",
        &["did you mean `name`?"],
    );
    refused(
        "struct A { id: i64, #[field(auto_now)] n: String }",
        &["`auto_now` goes with `DateTime<Utc>`"],
    );
    refused(
        "struct A { id: i64, #[field(unique)] n: ManyToMany<B> }",
        &["`unique` goes with fields that have a column"],
    );
    refused(
        "struct A { id: i64, #[field(on_delete = SET_NUL)] n: ForeignKey<B> }",
        &["did you mean `SET_NULL`?"],
    );
    refused(
        "struct A { id: i64, #[field(on_delete = SET)] n: ForeignKey<B> }",
        &["`SET` takes the key that is set: `SET(1)`"],
    );
    accepted("struct A { id: i64, #[field(on_delete = SET(1))] n: ForeignKey<B> }");
    refused(
        "struct A { id: i64, b: ForeignKeyBy<B>, c: ForeignKeyBy<C, String> }",
        &[
            "`ForeignKeyBy<Tag, String>`",
            "say which field of the other model it holds",
        ],
    );
    refused(
        r#"struct A { id: i64, #[field(to_field = "slug")] b: ForeignKey<B>, #[field(to_field = "slug")] c: i64 }"#,
        &["`to_field` goes with `ForeignKey`", "`ForeignKeyBy<B, String>`"],
    );
    accepted(r#"struct A { id: i64, #[field(to_field = "slug")] b: Option<ForeignKeyBy<B, String>> }"#);
    refused(
        "struct A { id: i64, #[field(on_delete = SET_NULL)] n: ForeignKey<B> }",
        &["make the field `Option<ForeignKey<B>>`"],
    );
    refused(
        "struct A { id: i64, #[field(on_delete = SET_DEFAULT)] n: ForeignKey<B> }",
        &["add `default = …`"],
    );
    refused(
        "struct A { id: i64, #[field(unique)] n: String }",
        &["mark `n` `#[field(max_length = …)]`"],
    );
    refused("struct A { id: i64, n: Decimal }", &["max_digits = 10"]);
    refused(
        "struct A { id: i64, #[field(unique, unique)] n: i64 }",
        &["`unique` is given twice"],
    );
    refused(
        "struct A { id: i64, #[model(flatten)] n: Audit }",
        &["`flatten` is not supported yet"],
    );
    refused(
        "#[model(tabel = \"x\")] struct A { id: i64 }",
        &["did you mean `table`?"],
    );
    refused(
        "struct A { id: i64, #[field(max_length = \"3\")] n: String }",
        &["`max_length` is written `max_length = 200`"],
    );
}

#[test]
fn names() {
    refused("struct A { id: i64, a__b: i64 }", &["must not contain `__`"]);
    refused("struct A { id: i64, a_: i64 }", &["must not end with an underscore"]);
    refused("struct A { id: i64, pk: i64 }", &["`pk` is a reserved word"]);
    refused("struct A { id: i64, save: i64 }", &["a field cannot be called `save`"]);
    refused(
        "struct A { id: i64, objects: ForeignKey<B> }",
        &["a relation cannot be called `objects`"],
    );
    refused(
        "struct A { id: i64, b: ForeignKey<B>, b_id: i64 }",
        &["the column `b_id` is that of the field `b` already"],
    );
    accepted("struct A { id: i64, count: i64, objects: i64, r#type: i64 }");
}

#[test]
fn reverse_names() {
    refused(
        "struct A { id: i64, b: ForeignKey<B>, c: Option<ForeignKey<B>> }",
        &["the reverse accessor `B::a_set` of `A.c` clashes with that of `A.b`: add a `related_name`"],
    );
    refused(
        "struct A { id: i64, b: ForeignKey<B>, c: OneToOne<B> }",
        &["the reverse name `a` in queries on `B`"],
    );
    refused(
        r#"struct A { id: i64, name: i64, #[field(related_name = "name")] b: Option<ForeignKey<Self>> }"#,
        &["clashes with the field `name`"],
    );
    refused(
        r#"struct A { id: i64, #[field(related_name = "a b")] b: ForeignKey<B> }"#,
        &["`a b` is not a name"],
    );
    refused(
        r#"struct A { id: i64, #[field(related_name = "x")] b: ManyToMany<A> }"#,
        &["add `symmetrical = false`"],
    );
    accepted(
        r#"struct A { id: i64, b: ForeignKey<B>, #[field(related_name = "+")] c: ForeignKey<B>, d: ManyToMany<A> }"#,
    );
}

#[test]
fn defaults() {
    refused(
        r#"struct A { id: i64, #[field(default = "yesterday")] d: NaiveDate }"#,
        &["this is no date"],
    );
    refused(
        r#"struct A { id: i64, #[field(max_digits = 3, decimal_places = 1, default = 0.5)] d: Decimal }"#,
        &["write its digits as text, `\"0.5\"`"],
    );
    refused(
        "struct A { id: i64, #[field(db_default = f())] d: i64 }",
        &["so it is a literal"],
    );
    refused(
        "struct A { id: i64, #[field(auto_now, auto_now_add)] d: NaiveDate }",
        &["exclude each other"],
    );
}

#[test]
fn conditions_and_display() {
    refused(
        r#"#[model(check(name = "c", condition = (b__c = 1)))] struct A { id: i64, b: ForeignKey<B> }"#,
        &["a constraint sees one row"],
    );
    refused(
        r#"#[model(check(name = "c", condition = (n__contains = "x")))] struct A { id: i64, n: String }"#,
        &["`contains` cannot stand"],
    );
    refused(
        r#"#[model(check(name = "c", condition = (m = 1)))] struct A { id: i64, n: i64 }"#,
        &["`A` has no field `m`"],
    );
    refused(
        r#"#[model(check(condition = (n = 1)))] struct A { id: i64, n: i64 }"#,
        &["`check` needs `name"],
    );
    refused(
        r#"#[model(display = "{nam}")] struct A { id: i64, name: i64 }"#,
        &["did you mean `name`?"],
    );
    refused(
        r#"#[model(unique(fields = ["n"], name = "u", when = 1))] struct A { id: i64, n: i64 }"#,
        &["no attribute `when`"],
    );
}

#[test]
fn shapes() {
    refused("enum A { X }", &["a model is a struct; an enum can be a column"]);
    refused("struct A(i64);", &["a model needs fields with names"]);
    refused("struct A<T> { id: i64, t: T }", &["no type parameters"]);
}
