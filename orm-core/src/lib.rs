//! The core of `orm`: models, the query tree, its SQL, and its execution.
//!
//! Data flows one way. The typed front ([`fields`], [`queryset`]) builds the [`query`] tree, which
//! knows no SQL; the compiler resolves its paths into joins and writes SQL for one dialect;
//! [`exec`] runs it and hands out rows, which the models read by ordinal.

mod compiler;
mod dialect;
pub mod dynamic;
pub mod error;
pub mod exec;
pub mod fields;
pub mod functions;
pub mod meta;
pub mod model;
pub mod names;
#[doc(hidden)]
pub mod private;
pub mod query;
pub mod queryset;
pub mod registry;
pub mod related;
pub mod row;
pub mod types;
pub mod value;
pub mod write;

pub use error::{Error, IntegrityKind, Result, ValidationError};
pub use exec::{Db, DbOptions, Executor, Tx};
pub use fields::Q;
pub use model::{ForeignKey, ForeignKeyBy, ManyToMany, Model, OneToOne, OneToOneBy};
pub use queryset::QuerySet;
pub use related::RelatedSet;
pub use types::FieldType;
pub use value::{Kind, Value};
pub use write::Deleted;

pub use chrono;
pub use rust_decimal;
pub use serde_json;
pub use uuid;
