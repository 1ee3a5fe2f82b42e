//! `q!`: conditions in Django's spelling.

mod closure;
mod parse;

pub use closure::field_name;
pub use parse::{Condition, Leaf, parse};

use proc_macro2::TokenStream;
use syn::parse::Parser;

/// `name__startswith = "x", …` as a closure over the fields of a model.
pub fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    closure::write(&parse.parse2(input)?)
}

/// The lookups that may end a name, with the methods they are.
pub const LOOKUPS: &[(&str, &str)] = &[
    ("exact", "exact"),
    ("iexact", "iexact"),
    ("contains", "contains"),
    ("icontains", "icontains"),
    ("in", "in_"),
    ("gt", "gt"),
    ("gte", "gte"),
    ("lt", "lt"),
    ("lte", "lte"),
    ("startswith", "startswith"),
    ("istartswith", "istartswith"),
    ("endswith", "endswith"),
    ("iendswith", "iendswith"),
    ("range", "range"),
    ("regex", "regex"),
    ("iregex", "iregex"),
    ("has_key", "has_key"),
    ("has_keys", "has_keys"),
    ("has_any_keys", "has_any_keys"),
    ("contained_by", "contained_by"),
    ("isnull", "isnull"),
];
