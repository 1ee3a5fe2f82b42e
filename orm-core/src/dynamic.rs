//! Queries and writes whose names and values are known at run time only: for tools, REST services, the
//! shell.
//!
//! They build the same [`Query`](crate::query::Query) as the typed front, over the models'
//! descriptions, so that both mean the same. A [`DynQuerySet`] gives [`Record`]s, plain data that
//! name their model:
//!
//! ```no_run
//! # use orm_core::dynamic::{DynQ, DynQuerySet};
//! # async fn example(db: orm_core::Db) -> orm_core::Result<()> {
//! let books = DynQuerySet::of("library.Book")?
//!     .filter(DynQ::leaf("publisher__name__startswith", "O"))?
//!     .order_by(["-pub_date".into()])?;
//! for row in books.fetch(&db).await? {
//!     println!("{row:?}");
//! }
//! # Ok(())
//! # }
//! ```

mod annotate;
mod class;
mod columns;
mod combine;
mod dates;
mod deferred;
mod expr;
mod fetch;
mod filtered;
mod fits;
mod lock;
mod names;
mod order;
mod prefetch;
mod prepare;
mod q;
mod record;
mod related;
mod set;
mod value;
mod window;
mod write;
mod zone;

pub use crate::query::Connector;
pub use class::FieldClass;
pub use columns::DynColumn;
pub(crate) use dates::unit_of;
pub use expr::DynExpr;
pub(crate) use names::Scope;
pub use order::DynOrder;
pub use q::DynQ;
pub use record::{Record, Related, Row};
pub use set::DynQuerySet;
pub use value::Dynamic;
pub use window::{DynWindow, DynWindowCall};
pub use write::{Conflicts, DynRelated, Named, Saving};

use std::sync::Arc;

/// A name in a result, shared by its rows.
pub type Name = Arc<str>;
