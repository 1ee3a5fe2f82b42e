//! The functions and transforms: one table that the typed methods, `q!`, `filter_dyn` and tools
//! share, and what the program adds to it by [`define_function!`](crate::define_function).
//!
//! How a function is written is a text for each database. In it `$1` is the first argument, `$*`
//! all of them with commas between, `[…]` a part that is left out where its argument is not given,
//! `[…|…]` one that is another then. `$z1` is a moment in UTC, for a PostgreSQL column with a time
//! zone. `$$`, `$[`, `$]` and `$|` are the characters themselves.

mod define;
mod table;
mod zone;

pub use define::Defined;
pub use table::*;
pub use zone::*;

use crate::meta::ColumnType;
use crate::value::Kind;

/// One function of a row's values.
#[derive(Debug)]
pub struct Function {
    /// `year`
    pub name: &'static str,
    /// Django's name: `ExtractYear`
    pub class: &'static str,
    /// how many arguments it takes, at least and at most
    pub arity: (usize, usize),
    /// how it is written in SQL
    pub sql: Sql,
    /// what it gives
    pub output: Output,
    /// whether it stands in names: `pub_date__year`
    pub transform: bool,
    /// whether its arguments must be of one type
    pub alike: bool,
    /// what it is of
    pub input: Input,
}

/// How a function is written in SQL, for each database. An empty text: that one cannot do it.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// for SQLite
    pub sqlite: &'static str,
    /// for PostgreSQL
    pub postgres: &'static str,
    /// for MySQL and MariaDB
    pub mysql: &'static str,
}

impl Sql {
    /// None for any.
    pub const fn none() -> Self {
        Sql::each("", "", "")
    }

    /// With this one for SQLite.
    #[must_use]
    pub const fn sqlite(mut self, text: &'static str) -> Self {
        self.sqlite = text;
        self
    }

    /// With this one for PostgreSQL.
    #[must_use]
    pub const fn postgres(mut self, text: &'static str) -> Self {
        self.postgres = text;
        self
    }

    /// With this one for MySQL and MariaDB.
    #[must_use]
    pub const fn mysql(mut self, text: &'static str) -> Self {
        self.mysql = text;
        self
    }

    /// A text for each: SQLite, PostgreSQL, MySQL.
    pub const fn each(sqlite: &'static str, postgres: &'static str, mysql: &'static str) -> Self {
        Sql {
            sqlite,
            postgres,
            mysql,
        }
    }
}

/// What a function gives, by what its arguments are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// the type of the first argument
    First,
    /// text, and where the first argument is text, the type of that
    FirstAsText,
    /// the type of the first argument, of whatever decimal places
    Rounded,
    /// a float, unless a decimal is among the arguments
    Numeric,
    /// always this
    Is(ColumnType),
}

impl Output {
    /// The type, for arguments of these types.
    pub fn of(self, args: impl IntoIterator<Item = ColumnType>) -> ColumnType {
        let mut args = args.into_iter();
        match self {
            Output::Is(ty) => ty,
            Output::Numeric if args.any(|ty| ty.kind() == Kind::Decimal) => ColumnType::DECIMAL,
            Output::Numeric => ColumnType::Float,
            Output::First => args.next().unwrap_or(ColumnType::Text),
            Output::FirstAsText => args
                .next()
                .filter(|ty| ty.kind() == Kind::Text)
                .unwrap_or(ColumnType::Text),
            Output::Rounded => match args.next() {
                Some(ColumnType::Decimal { .. }) => ColumnType::DECIMAL,
                Some(other) => other,
                None => ColumnType::Text,
            },
        }
    }

    /// Whether it is of the same sort as the first argument, and not merely of the same type.
    pub fn is_first(self) -> bool {
        matches!(self, Output::First | Output::FirstAsText)
    }
}

/// What a function is of: the kinds of its first argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// anything
    Any,
    /// one kind
    Only(Kind),
    /// texts; other values are taken for texts
    Text,
    /// a date, or the date of a moment
    Dated,
    /// a time of day, or that of a moment
    Timed,
    /// a moment
    Moment,
    /// a date
    Date,
    /// a time of day
    Clock,
}

impl Input {
    /// Whether the function is of such values.
    pub const fn fits(self, kind: Kind) -> bool {
        match self {
            Input::Any => true,
            Input::Only(only) => only as u8 == kind as u8,
            Input::Text => matches!(kind, Kind::Text),
            Input::Dated => matches!(kind, Kind::Date | Kind::DateTime),
            Input::Timed => matches!(kind, Kind::Time | Kind::DateTime),
            Input::Moment => matches!(kind, Kind::DateTime),
            Input::Date => matches!(kind, Kind::Date),
            Input::Clock => matches!(kind, Kind::Time),
        }
    }

    /// Whether it is a part of a date or a time: of other values there is none.
    pub const fn is_of_time(self) -> bool {
        matches!(
            self,
            Input::Dated | Input::Timed | Input::Moment | Input::Date | Input::Clock
        )
    }
}

impl Function {
    /// Whether it can be used on such a column.
    pub fn fits(&self, kind: Kind) -> bool {
        self.input.fits(kind)
    }
}

/// All functions: those of the table, and those that the program defines.
pub fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().copied().chain(define::defined())
}

/// The function of that name.
pub fn function(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

/// The form of a function for a first argument of that kind: moments are truncated otherwise than dates.
pub fn for_kind(function: &'static Function, kind: Kind) -> Option<&'static Function> {
    if function.fits(kind) {
        return Some(function);
    }
    let mut forms = FUNCTIONS.iter().copied().filter(|form| form.class == function.class);
    forms.find(|form| form.fits(kind))
}
