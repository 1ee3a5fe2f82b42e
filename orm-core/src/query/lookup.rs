//! The lookups: one table that the typed methods, `q!`, `filter_dyn` and tools share.

use super::{Expr, Operand};
use crate::value::{Kind, Value};

/// One lookup: its name, what it fits, what stands on its right.
#[derive(Debug)]
pub struct Lookup {
    /// `startswith`
    pub name: &'static str,
    /// how it is written in SQL
    pub kind: LookupKind,
    /// what stands on the right
    pub operand: OperandKind,
    /// the kinds of columns that it fits
    fits: fn(Kind) -> bool,
}

impl Lookup {
    /// The key that it asks a document for, which becomes part of a path.
    pub(crate) fn text_key<'o>(&self, right: &'o Operand) -> Option<&'o str> {
        match right {
            Operand::One(Expr::Value(Value::Text(key))) if self.kind == LookupKind::HasKey => Some(key),
            _ => None,
        }
    }

    /// Whether it can be used on such a column.
    pub fn fits(&self, kind: Kind) -> bool {
        (self.fits)(kind)
    }
}

/// What stands on the right of a lookup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperandKind {
    /// one value of the column's type, or NULL
    Nullable,
    /// one value of the column's type
    One,
    /// a list or a query
    Many,
    /// two values
    Pair,
    /// true or false
    Flag,
}

/// How a lookup is written in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookupKind {
    /// `=`, and `IS NULL` for NULL
    Exact,
    /// equal but for case
    IExact,
    /// `>`
    Gt,
    /// `>=`
    Gte,
    /// `<`
    Lt,
    /// `<=`
    Lte,
    /// `IN (…)`
    In,
    /// `BETWEEN a AND b`
    Range,
    /// `IS NULL`, `IS NOT NULL`
    IsNull,
    /// a document has a key
    HasKey,
    /// a document has all that another has
    JsonContains {
        /// the other way round
        contained: bool,
    },
    /// a regular expression is found in a text
    Regex {
        /// whether case is ignored
        ignore_case: bool,
    },
    /// part of a text
    Match {
        /// which part
        part: Part,
        /// whether case is ignored
        ignore_case: bool,
    },
}

impl LookupKind {
    /// The sign of a plain comparison.
    pub(crate) fn sign(self) -> Option<&'static str> {
        match self {
            LookupKind::Exact => Some(" = "),
            LookupKind::Gt => Some(" > "),
            LookupKind::Gte => Some(" >= "),
            LookupKind::Lt => Some(" < "),
            LookupKind::Lte => Some(" <= "),
            _ => None,
        }
    }
}

/// Which part of a text must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// any
    Anywhere,
    /// the beginning
    Start,
    /// the end
    End,
}

/// What has a text to look into; documents have lookups of their own.
const fn shown(kind: Kind) -> bool {
    !matches!(kind, Kind::Bytes)
}

const fn any(_: Kind) -> bool {
    true
}

const fn ordered(kind: Kind) -> bool {
    !matches!(kind, Kind::Json)
}

const fn document(kind: Kind) -> bool {
    matches!(kind, Kind::Json)
}

macro_rules! lookups {
    ($($const:ident = $name:literal, $kind:expr, $operand:ident, $fits:ident;)*) => {
        $(#[doc = concat!("`", $name, "`")]
        pub static $const: Lookup =
            Lookup { name: $name, kind: $kind, operand: OperandKind::$operand, fits: $fits };)*
        /// All lookups.
        pub static LOOKUPS: &[&Lookup] = &[$(&$const),*];
    };
}

lookups! {
    EXACT = "exact", LookupKind::Exact, Nullable, any;
    IEXACT = "iexact", LookupKind::IExact, Nullable, shown;
    CONTAINS = "contains", LookupKind::Match { part: Part::Anywhere, ignore_case: false }, One, shown;
    ICONTAINS = "icontains", LookupKind::Match { part: Part::Anywhere, ignore_case: true }, One, shown;
    IN = "in", LookupKind::In, Many, any;
    GT = "gt", LookupKind::Gt, One, ordered;
    GTE = "gte", LookupKind::Gte, One, ordered;
    LT = "lt", LookupKind::Lt, One, ordered;
    LTE = "lte", LookupKind::Lte, One, ordered;
    STARTSWITH = "startswith", LookupKind::Match { part: Part::Start, ignore_case: false }, One, shown;
    ISTARTSWITH = "istartswith", LookupKind::Match { part: Part::Start, ignore_case: true }, One, shown;
    ENDSWITH = "endswith", LookupKind::Match { part: Part::End, ignore_case: false }, One, shown;
    IENDSWITH = "iendswith", LookupKind::Match { part: Part::End, ignore_case: true }, One, shown;
    RANGE = "range", LookupKind::Range, Pair, ordered;
    REGEX = "regex", LookupKind::Regex { ignore_case: false }, One, shown;
    IREGEX = "iregex", LookupKind::Regex { ignore_case: true }, One, shown;
    HAS_KEY = "has_key", LookupKind::HasKey, One, document;
    HAS_KEYS = "has_keys", LookupKind::HasKey, Many, document;
    HAS_ANY_KEYS = "has_any_keys", LookupKind::HasKey, Many, document;
    CONTAINED_BY = "contained_by", LookupKind::JsonContains { contained: true }, One, document;
    ISNULL = "isnull", LookupKind::IsNull, Flag, any;
}

/// `contains` of a document: it has all that another has.
pub static JSON_CONTAINS: Lookup = Lookup {
    name: "contains",
    kind: LookupKind::JsonContains { contained: false },
    operand: OperandKind::One,
    fits: document,
};

/// The lookup of that name.
pub fn lookup(name: &str) -> Option<&'static Lookup> {
    LOOKUPS.iter().copied().find(|lookup| lookup.name == name)
}
