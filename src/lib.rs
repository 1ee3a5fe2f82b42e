#![doc = include_str!("../README.md")]

// The derives name this crate `::orm`, also within its own examples and tests.
extern crate self as orm;

#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod num_queries;

pub use orm_core::error::{Error, IntegrityKind, Result, ValidationError};
pub use orm_core::exec::{Backend, Db, DbOptions, Executor, Tx, atomic};
pub use orm_core::fields::{
    Cardinality, Field, FieldSet, InZone, Many, MomentExpr, NumberExpr, One, Optional, Own, OwnNull, Q, RelationExt,
    SqlExpr, TextExpr, TypedExpr,
};
pub use orm_core::fields::{tree, window};
pub use orm_core::model::{ForeignKey, ForeignKeyBy, Hooks, ManyToMany, Model, OneToOne, OneToOneBy};
pub use orm_core::query::TimeZone;
pub use orm_core::queryset::{
    Allowed, CombinedSet, Cursor, DateKind, DateTimeKind, Explain, ExplainFormat, KeysetPage, Page, QuerySet, Raw,
    RawArg, RawArgs, RawQuerySet, RowLock, RowStream, Rows, TreeStart, Values, raw,
};
pub use orm_core::related::RelatedSet;
pub use orm_core::row::{Extras, Opaque, Projection};
pub use orm_core::types::{Dynamic, FieldType, Json, us};
pub use orm_core::value::{Kind, Value};
pub use orm_core::write::Deleted;
pub use orm_core::{chrono, rust_decimal, serde_json, uuid};
pub use orm_core::{define_function, dynamic, error, exec, fields, functions, meta, query, registry, types};

/// Migrations: the state of the models, their changes as files, and the schema editor.
#[cfg(feature = "migrate")]
pub mod migrate {
    pub use orm_migrate::*;
}

/// The query shell: Django's own spelling of a query, evaluated over the registered models.
#[cfg(feature = "cli")]
pub mod shell {
    pub use orm_cli::shell::*;
}

#[cfg(feature = "migrate")]
pub use orm_derive::embed_migrations;
#[cfg(feature = "cli")]
pub use orm_derive::manage;
#[cfg(feature = "testing")]
pub use orm_derive::test;
pub use orm_derive::{Choices, FieldType, Model, Projection, q};

#[cfg(doctest)]
#[doc = include_str!("../docs/tutorial.md")]
struct Tutorial;

/// Everything that a file with models and queries needs: `use orm::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Cardinality, Choices, Db, Deleted, Error, Executor, FieldSet, FieldType, ForeignKey, ForeignKeyBy, Json, Many,
        ManyToMany, Model, MomentExpr, NumberExpr, One, OneToOne, OneToOneBy, Optional, Own, Projection, Q, QuerySet,
        RelatedSet, RelationExt, SqlExpr, TextExpr, Tx, q, us,
    };
    pub use orm_core::chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
    pub use orm_core::rust_decimal::Decimal;
    pub use orm_core::uuid::Uuid;
}
