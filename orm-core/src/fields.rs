//! The typed front: fields, expressions and conditions whose types rustc checks.
//!
//! Everything here is a thin shell: a generic method converts its arguments and calls plain code
//! of the [`query`](crate::query) tree.

mod aggregate;
mod arithmetic;
mod assign;
mod cardinality;
mod documents;
mod durations;
mod expr;
mod field;
mod field_set;
mod into_expr;
mod into_typed;
mod into_value;
mod key;
mod key_by;
mod moments;
mod numbers;
mod numeric;
mod order;
mod q;
mod select;
mod sql_expr;
mod text;
pub mod tree;
mod tuples;
pub mod window;
mod zoned;

pub use aggregate::NullOverNothing;
pub use assign::{Assign, FitsIn, IntoAssign, OwnColumn, OwnForeignKey};
pub use cardinality::{Cardinality, Many, One, Optional, Own, OwnKey, OwnKeyNull, OwnNull, ToMany, ToOne};
pub use documents::JsonKey;
pub use durations::{Minus, Plus};
pub use expr::{Aggregated, PerRow, TypedExpr};
pub use field::Field;
pub use field_set::{FieldList, FieldSet, Prefetch, PrefetchPath, RelationExt, root};
pub use into_expr::{IntoExpr, IntoList, No, NotNull, Yes};
pub use into_typed::IntoTyped;
pub use into_value::IntoValue;
pub use key::{IntoKey, IntoKeys};
pub use key_by::IntoKeyBy;
pub(crate) use key_by::value_of;
pub use moments::MomentExpr;
pub use numbers::NumberExpr;
pub use numeric::{Dated, Moment, Number, Numeric, Text, Timed, Whole};
pub use order::{IntoOrder, OrderBy};
pub use q::{IntoQ, Q};
pub use select::Selection;
pub use sql_expr::SqlExpr;
pub use text::TextExpr;
pub use zoned::InZone;
