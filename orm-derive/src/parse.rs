//! Reads a struct with its attributes into a small tree: a model and its fields.
//!
//! What cannot be understood is a mistake here; what is understood but does not fit together is
//! one in [`check`](crate::check).

mod attrs;
mod condition;
mod field;
mod field_attrs;
mod kind;
mod model;
mod model_attrs;
mod params;

pub use attrs::Items;
pub use condition::{Compare, Op, Operand, RowCondition};
pub use field::Field;
pub use field_attrs::DeleteRule;
pub use kind::{Class, Kind, Relation, RelationKind, classify};
pub use model::{Model, default_app};
pub use model_attrs::{IndexAttr, Term, UniqueAttr};
pub use params::Params;
