//! `orm::Error`: everything that can go wrong, said in terms of models, fields and constraints.

mod database;
mod suggest;

pub(crate) use database::{Aftermath, connecting, from_driver};
pub use suggest::nearest;

use std::fmt;

/// What every fallible call of this crate returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the ORM or of the database below it.
///
/// The same mistake gives the same variant on every database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// `get` found no row.
    #[error("{model} matching query does not exist.")]
    DoesNotExist {
        /// the model that was asked for
        model: &'static str,
    },

    /// `get` found more than one row.
    #[error("get() returned more than one {model} -- it returned {found}!")]
    MultipleObjectsReturned {
        /// the model that was asked for
        model: &'static str,
        /// how many, as far as they were counted: `2`, `more than 20`
        found: String,
    },

    /// The database refused a row because of a constraint. Nothing was written.
    #[error("{kind} constraint failed: {}", IntegrityPlace { table, columns, constraint, message })]
    Integrity {
        /// which sort of constraint
        kind: IntegrityKind,
        /// its name, where it has one
        constraint: Option<String>,
        /// the table that has it
        table: Option<String>,
        /// the columns that it concerns
        columns: Vec<String>,
        /// the database's own words
        message: String,
    },

    /// A value breaks a rule of its field. Nothing was sent to the database.
    #[error(transparent)]
    Validation(#[from] ValidationError),

    /// A name in a query that is known only at run time.
    #[error("Cannot resolve keyword {name:?} into field of {model}. Choices are: {}", choices.join(", "))]
    Field {
        /// where it was looked for
        model: String,
        /// what was not found
        name: String,
        /// what there is
        choices: Vec<String>,
    },

    /// A lookup or function does not fit the column that it was used on.
    #[error("Unsupported lookup {lookup:?} for {on}{}", suggestion(choices))]
    Lookup {
        /// the lookup's name
        lookup: String,
        /// the column and its type
        on: String,
        /// similar names that would fit
        choices: Vec<String>,
    },

    /// A value cannot stand beside the column that it was given for.
    #[error("Field {field:?} of {model} expected a value of type {expected}, but got {value}")]
    Type {
        /// the model
        model: String,
        /// the field
        field: String,
        /// what would fit
        expected: &'static str,
        /// what was given
        value: String,
    },

    /// A parameter of a URL cannot be taken as a filter or an order.
    #[error("parameter {name:?}: {message}")]
    Parameter {
        /// which
        name: String,
        /// why not
        message: String,
    },

    /// Rows that refer to the deleted one protect it (`on_delete = PROTECT`).
    #[error("Cannot delete some instances of model {model:?} because they are referenced through protected foreign keys: {}.", relations.join(", "))]
    Protected {
        /// the model whose rows stay
        model: &'static str,
        /// the foreign keys that protect them: `Patron.library`
        relations: Vec<String>,
    },

    /// Rows that refer to the deleted one restrict it (`on_delete = RESTRICT`).
    #[error("Cannot delete some instances of model {model:?} because they are referenced through restricted foreign keys: {}.", relations.join(", "))]
    Restricted {
        /// the model whose rows stay
        model: &'static str,
        /// the foreign keys that restrict them: `Song.album`
        relations: Vec<String>,
    },

    /// The row to be saved or refreshed is not in the database.
    #[error("{model} with primary key {pk} is not in the database")]
    NotSaved {
        /// the model
        model: &'static str,
        /// its key
        pk: String,
    },

    /// A cell could not be read as the type of its field.
    #[error("cannot read {place} from the database: {message}")]
    Decode {
        /// `Book.price`, or the position in the row where no field is known
        place: String,
        /// why not
        message: String,
    },

    /// No connection: a wrong URL, a server that is not there, a full pool.
    #[error("cannot connect to {url}: {message}")]
    Connection {
        /// where to, without the password
        url: String,
        /// why not, and what may help
        message: String,
    },

    /// A transaction was used after its end, or cannot go on.
    #[error("transaction: {0}")]
    Transaction(String),

    /// The database cannot do that; nothing was written.
    #[error("{feature} is not supported on {database}")]
    NotSupported {
        /// what was asked for
        feature: String,
        /// of whom
        database: &'static str,
    },

    /// The query does not make sense as it stands.
    #[error("{0}")]
    Query(String),

    /// A call or a name that makes no sense, in a query whose names are known at run time only.
    #[error("{message}")]
    Misuse {
        /// which mistake
        kind: Misuse,
        /// what is wrong
        message: String,
    },

    /// Anything else that the database said.
    #[error("{message}{}", code.as_ref().map(|c| format!(" (code {c})")).unwrap_or_default())]
    Database {
        /// the database's code: an SQLSTATE or a number
        code: Option<String>,
        /// its words
        message: String,
        /// the driver's error
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },

    /// An error of the user's own, on its way through `atomic`.
    #[error(transparent)]
    Other(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// Which mistake was made in a query whose names are known at run time only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Misuse {
    /// arguments of the wrong type or number
    Type,
    /// a value that cannot stand there
    Value,
    /// a row beyond the last one
    Index,
    /// an attribute that is not there
    Attribute,
    /// a number that is too large
    Overflow,
    /// a name or an expression that does not fit into the query
    Field,
    /// a field that the model does not have
    NoField,
    /// a call that is not supported there, whatever the database
    NotSupported,
    /// what a database would refuse
    Database,
    /// a row that is not among those it was looked for in
    NotThere,
}

/// Which sort of constraint refused a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IntegrityKind {
    /// a primary key, a unique field or a unique constraint
    Unique,
    /// a key that names no row, or a row that is still named by one
    ForeignKey,
    /// NULL where none is allowed
    NotNull,
    /// a check constraint
    Check,
}

impl fmt::Display for IntegrityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IntegrityKind::Unique => "UNIQUE",
            IntegrityKind::ForeignKey => "FOREIGN KEY",
            IntegrityKind::NotNull => "NOT NULL",
            IntegrityKind::Check => "CHECK",
        })
    }
}

struct IntegrityPlace<'a> {
    table: &'a Option<String>,
    columns: &'a [String],
    constraint: &'a Option<String>,
    message: &'a str,
}

impl fmt::Display for IntegrityPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.table, self.columns) {
            (Some(table), [_, ..]) => {
                let columns: Vec<String> = self.columns.iter().map(|c| format!("{table}.{c}")).collect();
                f.write_str(&columns.join(", "))
            }
            (Some(table), []) => write!(
                f,
                "{table}{}",
                self.constraint.as_ref().map(|c| format!(" ({c})")).unwrap_or_default()
            ),
            (None, _) => f.write_str(self.constraint.as_deref().unwrap_or(self.message)),
        }
    }
}

/// The fields of a model that break their rules, with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{model} is not valid: {}", join(fields))]
#[non_exhaustive]
pub struct ValidationError {
    /// the model
    pub model: String,
    /// the fields, each with its messages
    pub fields: Vec<(String, Vec<String>)>,
}

impl ValidationError {
    /// One message about one field.
    pub fn new(model: impl Into<String>, field: impl Into<String>, message: impl Into<String>) -> Self {
        ValidationError {
            model: model.into(),
            fields: vec![(field.into(), vec![message.into()])],
        }
    }

    /// The messages about that field.
    pub fn field(&self, name: &str) -> &[String] {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map_or(&[], |(_, messages)| messages)
    }
}

fn join(fields: &[(String, Vec<String>)]) -> String {
    fields
        .iter()
        .map(|(field, messages)| format!("{field}: {}", messages.join(" ")))
        .collect::<Vec<_>>()
        .join("; ")
}

fn suggestion(choices: &[String]) -> String {
    if choices.is_empty() {
        String::new()
    } else {
        format!(", perhaps you meant {}?", choices.join(" or "))
    }
}

impl Error {
    pub(crate) fn misuse(kind: Misuse, message: impl Into<String>) -> Self {
        Error::Misuse {
            kind,
            message: message.into(),
        }
    }

    /// Django's name for an error like this: `FieldError`.
    pub fn django_class(&self) -> &'static str {
        match self {
            Error::DoesNotExist { .. } => "DoesNotExist",
            Error::MultipleObjectsReturned { .. } => "MultipleObjectsReturned",
            Error::Integrity { .. } => "IntegrityError",
            Error::Validation(_) | Error::Parameter { .. } => "ValidationError",
            Error::Field { .. } | Error::Lookup { .. } => "FieldError",
            Error::Type { .. } => "ValueError",
            Error::Protected { .. } => "ProtectedError",
            Error::Restricted { .. } => "RestrictedError",
            Error::NotSupported { .. } => "NotSupportedError",
            Error::Transaction(_) => "TransactionManagementError",
            Error::Query(_) => "TypeError",
            Error::Misuse { kind, .. } => match kind {
                Misuse::Type => "TypeError",
                Misuse::Value => "ValueError",
                Misuse::Index => "IndexError",
                Misuse::Attribute => "AttributeError",
                Misuse::Overflow => "OverflowError",
                Misuse::Field => "FieldError",
                Misuse::NoField => "FieldDoesNotExist",
                Misuse::NotSupported => "NotSupportedError",
                Misuse::Database => "DatabaseError",
                Misuse::NotThere => "DoesNotExist",
            },
            Error::NotSaved { .. } => "DatabaseError",
            Error::Database { code, .. } => match code.as_deref().and_then(|code| code.get(..2)) {
                Some("22") => "DataError",
                // MySQL: a table that is not there, or SQL that cannot be read.
                _ if matches!(code.as_deref(), Some("1146" | "1064")) => "ProgrammingError",
                Some("42") => "ProgrammingError",
                _ => "OperationalError",
            },
            Error::Decode { .. } | Error::Connection { .. } | Error::Other(_) => "OperationalError",
        }
    }

    pub(crate) fn decode(place: impl Into<String>, message: impl fmt::Display) -> Self {
        Error::Decode {
            place: place.into(),
            message: message.to_string(),
        }
    }

    /// Names the field in an error that knew only a position.
    #[doc(hidden)]
    pub fn at(self, model: &str, field: &str) -> Self {
        match self {
            Error::Decode { message, .. } => Error::Decode {
                place: format!("{model}.{field}"),
                message,
            },
            other => other,
        }
    }

    /// Whether a unique constraint refused the row.
    pub fn is_unique_violation(&self) -> bool {
        matches!(
            self,
            Error::Integrity {
                kind: IntegrityKind::Unique,
                ..
            }
        )
    }
}
