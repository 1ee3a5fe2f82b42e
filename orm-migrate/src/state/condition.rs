//! `Condition`: what holds for a row, in the spelling of Django's keyword arguments.
//!
//! In a file it is a table of one entry: `{ stock__gte = 0 }`, `{ price__gt = { f = "cost" } }`,
//! `{ or = [{ vip = true }, { not = { holder__isnull = true } }] }`.

use crate::literal::Literal;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A condition on the columns of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// all hold
    And(Vec<Condition>),
    /// one holds
    Or(Vec<Condition>),
    /// it does not hold
    Not(Box<Condition>),
    /// `stock__gte = 0`
    Compare(Comparison),
}

/// One field against a value or another field.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// a field of the model
    pub field: String,
    /// how
    pub op: ConditionOp,
    /// with what
    pub value: Operand,
}

/// The comparisons that a condition knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the lookups")]
pub enum ConditionOp {
    Exact,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    IsNull,
}

/// The right-hand side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Operand {
    /// a constant
    Literal(Literal),
    /// several constants, for `in`
    List(Vec<Literal>),
    /// another field of the row
    Field {
        /// its name
        f: String,
    },
}

const OPS: [(&str, ConditionOp); 7] = [
    ("exact", ConditionOp::Exact),
    ("gt", ConditionOp::Gt),
    ("gte", ConditionOp::Gte),
    ("lt", ConditionOp::Lt),
    ("lte", ConditionOp::Lte),
    ("in", ConditionOp::In),
    ("isnull", ConditionOp::IsNull),
];

impl Condition {
    pub(crate) fn rename_field(&mut self, old: &str, new: &str) {
        match self {
            Condition::And(all) | Condition::Or(all) => all.iter_mut().for_each(|c| c.rename_field(old, new)),
            Condition::Not(inner) => inner.rename_field(old, new),
            Condition::Compare(Comparison { field, value, .. }) => {
                let other = if let Operand::Field { f } = value {
                    Some(f)
                } else {
                    None
                };
                std::iter::once(field)
                    .chain(other)
                    .filter(|f| *f == old)
                    .for_each(|f| *f = new.to_owned());
            }
        }
    }
}

impl Comparison {
    /// The field and the lookup: `stock__gte`; `exact` is left out where nothing else is meant.
    fn keyword(&self) -> String {
        let clear = !matches!(self.field.as_str(), "and" | "or" | "not");
        let op = OPS
            .iter()
            .find(|(_, op)| *op == self.op)
            .map_or("exact", |(name, _)| name);
        if self.op == ConditionOp::Exact && clear {
            self.field.clone()
        } else {
            format!("{}__{op}", self.field)
        }
    }

    fn parse(keyword: &str) -> (String, ConditionOp) {
        let split = keyword.rsplit_once("__").and_then(|(field, name)| {
            OPS.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, op)| (field.to_owned(), *op))
        });
        split.unwrap_or_else(|| (keyword.to_owned(), ConditionOp::Exact))
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Condition::And(all) => map.serialize_entry("and", all)?,
            Condition::Or(all) => map.serialize_entry("or", all)?,
            Condition::Not(inner) => map.serialize_entry("not", inner)?,
            Condition::Compare(comparison) => map.serialize_entry(&comparison.keyword(), &comparison.value)?,
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ConditionVisitor)
    }
}

struct ConditionVisitor;

impl<'de> Visitor<'de> for ConditionVisitor {
    type Value = Condition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a condition such as { stock__gte = 0 }")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
        let Some(key) = map.next_key::<String>()? else {
            return Err(de::Error::invalid_length(0, &self));
        };
        let condition = match key.as_str() {
            "and" => Condition::And(map.next_value()?),
            "or" => Condition::Or(map.next_value()?),
            "not" => Condition::Not(map.next_value()?),
            keyword => {
                let (field, op) = Comparison::parse(keyword);
                Condition::Compare(Comparison {
                    field,
                    op,
                    value: map.next_value()?,
                })
            }
        };
        match map.next_key::<String>()? {
            None => Ok(condition),
            Some(_) => Err(de::Error::custom(
                "a condition has one entry; join several with `and = [..]` or `or = [..]`",
            )),
        }
    }
}
