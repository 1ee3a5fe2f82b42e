//! The procedural macros of `orm`. The facade re-exports them; nobody needs this crate by itself.
//!
//! Each macro parses its input into a small tree of its own (`parse`), checks it and collects every
//! mistake (`check`), and only then writes code (`expand`): short code, which calls named functions
//! of `orm::__private`.

mod check;
mod choices;
mod embed;
mod errors;
mod expand;
mod field_type;
mod manage;
mod names;
mod parse;
mod projection;
mod q;
mod test_attr;
mod tokens;

use proc_macro::TokenStream;
use quote::ToTokens;
use syn::{DeriveInput, ItemFn, parse_macro_input};

/// Makes a struct a model: a table, its columns and its relations.
///
/// The field called `id` is the primary key, or the one marked `#[field(primary_key)]`.
///
/// ```text
/// #[derive(Model, Debug, Clone, PartialEq)]
/// #[model(ordering = ["name"], display = "{name}")]
/// pub struct Library {
///     pub id: i64,
///     #[field(max_length = 200)]
///     pub name: String,
/// }
/// ```
///
/// # On the struct: `#[model(…)]`
///
/// | | |
/// |---|---|
/// | `app = "library"` | the app label; else the package's name |
/// | `table = "library_library"` | the table; else `{app}_{struct}` in lower case |
/// | `ordering = ["name", "-id"]` | the order of rows where a query names none |
/// | `get_latest_by = "created"` | what `latest` and `earliest` go by |
/// | `unique_together = [["a", "b"]]` | groups of fields that no two rows share |
/// | `unique(fields = ["a"], name = "…", condition = (vip = true))` | a unique constraint |
/// | `index(fields = ["a", "-b"], name = "…", condition = (…))` | an index |
/// | `check(name = "…", condition = (stock__gte = 0))` | a check constraint |
/// | `managed = false` | migrations leave the table alone |
/// | `display = "{name} ({id})"` | writes `impl Display`, which is also how the row shows where its type is not known |
/// | `repr = "Book: {title}"` | how the row shows in lists of a shell; else `<Book: …>` around its `display` |
/// | `hooks` | the model implements `orm::Hooks` |
/// | `lookups = false` | no `name__startswith(..)` methods for this model |
/// | `comment = "…"` | the table's comment |
///
/// # On a field: `#[field(…)]`
///
/// On any column: `primary_key, column = "…", default = …, db_default = …, unique, index,
/// choices = [("a", "Label")], validate = path, comment = "…"`.
/// On text: `max_length = 200, email, url, slug, regex = "…", db_collation = "…"`.
/// On numbers: `min = 0, max = 10`; on integers: `positive`, which the database keeps to as well; on
/// decimals: `max_digits = 6, decimal_places = 2`.
/// On dates and times: `auto_now, auto_now_add`.
/// On relations: `on_delete = CASCADE | PROTECT | RESTRICT | SET_NULL | SET_DEFAULT | SET(1) |
/// DO_NOTHING, related_name = "…", related_query_name = "…", db_constraint = false, foreign`, and on
/// many-to-many ones `through = Model, through_fields = ["a", "b"], symmetrical = false`.
///
/// A foreign key holds the other row's primary key. One that holds another unique field is a
/// `ForeignKeyBy` (or `OneToOneBy`), which names that field's type:
/// `#[field(to_field = "slug")] pub tag: ForeignKeyBy<Tag, String>`.
///
/// # What it makes
///
/// `impl Model`, with the static description of the table; `LibraryFields<R, C>`, with a method for
/// each field and relation; `LibraryCreate`, which `Library::create()` gives; an accessor for each
/// relation, here and on the model at its other end. `foreign` says that the other model is of
/// another crate: its accessors become the traits `PatronLibraryExt` and `PatronLibraryFieldsExt`.
#[proc_macro_derive(Model, attributes(model, field))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::derive(&input).into()
}

/// Makes a newtype a type for columns: it is stored as what it wraps.
///
/// Over a `String` it can be compared with `&str` and has `FromStr`, `From<String>`, `AsRef<str>`
/// and `Display`; over a number `From` and `Display`. `#[field(max_length = 10)]` on the struct is
/// the length of its columns, `#[field(validate = path)]` a rule that every value keeps to, which
/// `FromStr` checks as well (and which takes the place of `From<String>`).
///
/// ```text
/// #[derive(FieldType, Debug, Clone, PartialEq)]
/// #[field(max_length = 13, validate = check_isbn)]
/// pub struct Isbn(String);
/// ```
#[proc_macro_derive(FieldType, attributes(field))]
pub fn derive_field_type(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(field_type::derive(&input))
}

/// Makes an enum without fields a type for columns that hold one of a few values.
///
/// `#[choice("fic", label = "Fiction")]` gives a variant's stored value and its label, which are
/// else the variant's name as `snake_case` and as words. Integers (`#[choice(1)]` or a
/// discriminant) are stored as integers.
///
/// ```text
/// #[derive(Choices, Debug, Clone, Copy, PartialEq)]
/// pub enum Genre {
///     #[choice("fic", label = "Fiction")]
///     Fiction,
///     #[choice("sci")]
///     Science,
/// }
/// ```
///
/// It has `value()`, `label()`, `ALL`, `Display` (the label) and `FromStr` (by the stored value).
#[proc_macro_derive(Choices, attributes(choice))]
pub fn derive_choices(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(choices::derive(&input))
}

/// Makes a struct a projection: `Book::objects().project::<BookCard>()` reads its fields, and nothing
/// else, from the rows of a model.
///
/// A field is read from the model's field of its name, or from where its attribute says:
///
/// | `#[projection(…)]` | |
/// |---|---|
/// | `model = Book` | on the struct: the model |
/// | `path = "publisher__name"` | another field, along to-one relations; `Option` where there may be none |
/// | `expr = \|b\| b.reviews().count()` | an expression or an aggregate over related rows |
/// | `nested` | a projection of the related row: the relation of that name, or of `path` |
///
/// ```text
/// #[derive(Projection, Debug, Clone)]
/// #[projection(model = Book)]
/// pub struct BookCard {
///     pub title: String,
///     #[projection(path = "publisher__name")]
///     pub publisher: Option<String>,
///     #[projection(expr = |b| b.reviews().count())]
///     pub reviews: i64,
/// }
/// ```
#[proc_macro_derive(Projection, attributes(projection))]
pub fn derive_projection(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    finish(projection::derive(&input))
}

/// A condition in Django's spelling: `filter(q!(name__startswith = "N", library__state = "NY"))`.
///
/// It is a closure over the model's fields. A name is split at `__` into fields and relations; the
/// last part may be a lookup, else the value must be equal. `,` and `&&` are AND, `||` is OR, `!`
/// is NOT; `F(votes)` on the right is a field.
#[proc_macro]
pub fn q(input: TokenStream) -> TokenStream {
    finish(q::expand(input.into()))
}

/// A test that runs on a fresh, migrated database of each enabled kind.
///
/// ```text
/// #[orm::test]
/// async fn adds_a_book(db: Db) -> orm::Result<()> { … }
/// ```
///
/// It becomes `adds_a_book::sqlite`, `adds_a_book::postgres` and `adds_a_book::mysql`. The function
/// takes a `Db` or a `&Db` and returns nothing or a `Result`. `#[orm::test(apps = ["library"])]`
/// makes only the tables of those apps; `only = "sqlite"` or `only = ["sqlite", "postgres"]` runs
/// it on those alone.
#[proc_macro_attribute]
pub fn test(options: TokenStream, function: TokenStream) -> TokenStream {
    let function = parse_macro_input!(function as ItemFn);
    finish(test_attr::expand(options.into(), function))
}

/// The `main` of the management commands: `src/bin/manage.rs` is `orm::manage!();`.
///
/// The package's own library is linked, so that its models are known; `orm::manage!(shop, billing)`
/// links further crates with models.
#[proc_macro]
pub fn manage(input: TokenStream) -> TokenStream {
    finish(manage::expand(input.into()))
}

/// The package's migrations, put into the program at compile time: every `.toml` file under
/// `migrations/`, or under the folder given, as `embed_migrations!("db/migrations")`.
#[proc_macro]
pub fn embed_migrations(input: TokenStream) -> TokenStream {
    finish(embed::expand(input.into()))
}

fn finish(result: syn::Result<impl ToTokens>) -> TokenStream {
    result
        .map_or_else(|error| error.to_compile_error(), ToTokens::into_token_stream)
        .into()
}
