//! The functions and transforms: one table that the typed methods, `q!`, `filter_dyn` and tools share.

use super::Expr;
use crate::meta::ColumnType;
use crate::value::Kind;

/// One function of a row's values.
#[derive(Debug)]
pub struct Function {
    /// `year`
    pub name: &'static str,
    /// how it is written in SQL
    pub kind: FunctionKind,
    /// what it gives
    pub output: fn(&[Expr]) -> ColumnType,
    /// whether it stands in names: `pub_date__year`
    pub transform: bool,
    /// the kinds of columns that it fits
    fits: fn(Kind) -> bool,
}

impl Function {
    /// Whether it can be used on such a column.
    pub fn fits(&self, kind: Kind) -> bool {
        (self.fits)(kind)
    }
}

/// How a function is written in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// the year of a date
    Year,
    /// the month of a date
    Month,
    /// the day of the month
    Day,
    /// lower case, of every script
    Lower,
    /// upper case, of every script
    Upper,
    /// how many characters
    Length,
}

fn dated(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::DateTime)
}

fn text(kind: Kind) -> bool {
    kind == Kind::Text
}

macro_rules! functions {
    ($($const:ident = $name:literal, $kind:ident, $output:ident, $fits:ident, $transform:literal;)*) => {
        $(#[doc = concat!("`", $name, "`")]
        pub static $const: Function =
            Function { name: $name, kind: FunctionKind::$kind, output: |_| ColumnType::$output, transform: $transform, fits: $fits };)*
        /// All functions.
        pub static FUNCTIONS: &[&Function] = &[$(&$const),*];
    };
}

functions! {
    YEAR = "year", Year, Integer, dated, true;
    MONTH = "month", Month, Integer, dated, true;
    DAY = "day", Day, Integer, dated, true;
    LOWER = "lower", Lower, Text, text, false;
    UPPER = "upper", Upper, Text, text, false;
    LENGTH = "length", Length, Integer, text, false;
}

/// The function of that name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().copied().find(|function| function.name == name)
}
