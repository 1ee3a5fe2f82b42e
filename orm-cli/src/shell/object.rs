//! `Obj`: what a name or an expression stands for.

use super::construct::Function;
use super::errors::{Result, ShellError};
use super::limits::{self, Extent};
use super::manager::Manager;
use super::methods::Bound;
use super::record::Instance;
use orm_core::chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use orm_core::dynamic::{Connector, DynExpr, DynOrder, DynQ, DynQuerySet};
use orm_core::meta::{ColumnType, ModelMeta};
use orm_core::query::{Frame, TimeZone};
use orm_core::rust_decimal::Decimal;
use orm_core::uuid::Uuid;
use std::sync::Arc;

/// A value of the shell.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Obj {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// an integer
    Int(i128),
    /// a float
    Float(f64),
    /// a string
    Str(Arc<str>),
    /// bytes
    Bytes(Arc<[u8]>),
    /// a `Decimal`
    Decimal(Decimal),
    /// a `Decimal` that is no number: `NaN`, `Infinity`
    NoNumber(&'static str),
    /// a `datetime.date`
    Date(NaiveDate),
    /// a `datetime.datetime`, which knows its time zone or does not
    DateTime {
        /// the moment, in UTC where `aware`
        at: NaiveDateTime,
        /// whether it has a time zone; it is UTC
        aware: bool,
    },
    /// a `datetime.time`
    Time(NaiveTime),
    /// a `datetime.timedelta`
    Delta(TimeDelta),
    /// a `UUID`
    Uuid(Uuid),
    /// `datetime.timezone.utc`
    Utc,
    /// another time zone
    Zone(TimeZone),
    /// `transaction.atomic()`
    Atomic {
        /// within a transaction it has a savepoint
        savepoint: bool,
    },
    /// a list
    List(Arc<Items>),
    /// a tuple
    Tuple(Arc<Items>),
    /// a dictionary, in the order of its keys' arrival
    Dict(Arc<Pairs>),
    /// a model: `Book`
    Model(&'static ModelMeta),
    /// `Book.objects`, or the rows that belong to a row
    Manager(Arc<Manager>),
    /// a query set
    QuerySet(Arc<RowSet>),
    /// a row of a model
    Record(Instance),
    /// a `Q`
    Q(Arc<Tree<DynQ>>),
    /// an expression: `F("pages") + 1`
    Expr(Arc<Tree<DynExpr>>),
    /// a term of an order: `F("pages").desc()`
    Order(Arc<Tree<DynOrder>>),
    /// a method of a value, not called yet
    Method(Arc<Bound>),
    /// a function or a class that makes values
    Function(&'static Function),
    /// what an expression gives: `IntegerField()`
    Field(ColumnType),
    /// the frame of a window: `RowRange(start=-2, end=0)`
    Frame(Frame),
    /// a module: `datetime`
    Module(&'static str),
}

/// Something that grows with what is put into it, and how large it is.
#[derive(Debug, Clone)]
pub struct Tree<T> {
    /// the thing
    pub value: T,
    pub(super) extent: Extent,
}

/// A query set, and its rows where they were loaded before.
#[derive(Debug)]
pub struct RowSet {
    /// the query set
    pub value: DynQuerySet,
    pub(super) extent: Extent,
    /// what `prefetch_related` loaded
    pub(super) known: Option<Vec<Obj>>,
}

/// The elements of a list or a tuple.
#[derive(Debug)]
pub struct Items {
    items: Vec<Obj>,
    extent: Extent,
}

impl Items {
    /// The elements.
    pub fn as_slice(&self) -> &[Obj] {
        &self.items
    }
}

/// The entries of a dictionary.
#[derive(Debug)]
pub struct Pairs {
    pairs: Vec<(Obj, Obj)>,
    extent: Extent,
    /// `in_bulk()` made it
    pub(super) bulk: bool,
}

impl Pairs {
    /// The entries.
    pub fn as_slice(&self) -> &[(Obj, Obj)] {
        &self.pairs
    }
}

impl Obj {
    pub(super) fn list(items: Vec<Obj>) -> Result<Obj> {
        Ok(Obj::List(Arc::new(Self::items(items)?)))
    }

    pub(super) fn tuple(items: Vec<Obj>) -> Result<Obj> {
        Ok(Obj::Tuple(Arc::new(Self::items(items)?)))
    }

    fn items(items: Vec<Obj>) -> Result<Items> {
        if items.len() > limits::ELEMENTS {
            return Err(ShellError::new("MemoryError", "the list has too many elements"));
        }
        let extent = Extent::around(items.iter().map(Obj::extent))?;
        Ok(Items { items, extent })
    }

    /// A dictionary; a later entry replaces the value of an earlier one with the same key.
    pub(super) fn dict(entries: Vec<(Obj, Obj)>) -> Result<Obj> {
        if entries.len() > limits::ELEMENTS {
            return Err(ShellError::new("MemoryError", "the dictionary has too many entries"));
        }
        let mut pairs: Vec<(Obj, Obj)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            if matches!(key, Obj::List(_) | Obj::Dict(_)) {
                return Err(ShellError::type_error(format!(
                    "unhashable type: '{}'",
                    key.type_name()
                )));
            }
            match pairs.iter_mut().find(|(other, _)| other.same_key(&key)) {
                Some((_, old)) => *old = value,
                None => pairs.push((key, value)),
            }
        }
        let extent = Extent::around(pairs.iter().flat_map(|(key, value)| [key.extent(), value.extent()]))?;
        let bulk = false;
        Ok(Obj::Dict(Arc::new(Pairs { pairs, extent, bulk })))
    }

    /// What a database gave: as many elements as there are.
    pub(super) fn rows(items: Vec<Obj>) -> Obj {
        let extent = Extent::of_rows(items.iter().map(Obj::extent));
        Obj::List(Arc::new(Items { items, extent }))
    }

    /// A tuple of what a database gave.
    pub(super) fn tuple_row(items: Vec<Obj>) -> Obj {
        let extent = Extent::of_rows(items.iter().map(Obj::extent));
        Obj::Tuple(Arc::new(Items { items, extent }))
    }

    /// A dictionary of what a database gave, whose keys differ.
    pub(super) fn dict_row(pairs: Vec<(Obj, Obj)>, bulk: bool) -> Obj {
        let extent = Extent::of_rows(pairs.iter().map(|(_, value)| value.extent()));
        Obj::Dict(Arc::new(Pairs { pairs, extent, bulk }))
    }

    pub(super) fn q(value: DynQ, parts: impl IntoIterator<Item = Extent>) -> Result<Obj> {
        let extent = Extent::around(parts)?;
        Ok(Obj::Q(Arc::new(Tree { value, extent })))
    }

    /// `a op b`: where `a` is such a chain already, it gets longer and not deeper.
    pub(super) fn combined(a: &Tree<DynQ>, b: &Tree<DynQ>, connector: Connector) -> Result<Obj> {
        let joins = |q: &DynQ| matches!(q, DynQ::Node { connector: own, negated: false, .. } if *own == connector);
        let extent = if joins(&a.value) {
            a.extent.with([b.extent], 1)?
        } else {
            Extent::around([a.extent, b.extent])?
        };
        let value = a.value.clone().combine(b.value.clone(), connector);
        Ok(Obj::Q(Arc::new(Tree { value, extent })))
    }

    pub(super) fn expr(value: DynExpr, parts: impl IntoIterator<Item = Extent>) -> Result<Obj> {
        let extent = Extent::around(parts)?;
        Ok(Obj::Expr(Arc::new(Tree { value, extent })))
    }

    pub(super) fn order(value: DynOrder, parts: impl IntoIterator<Item = Extent>) -> Result<Obj> {
        let extent = Extent::around(parts)?;
        Ok(Obj::Order(Arc::new(Tree { value, extent })))
    }

    pub(super) fn query_set(value: DynQuerySet, extent: Extent) -> Obj {
        let known = None;
        Obj::QuerySet(Arc::new(RowSet { value, extent, known }))
    }

    pub(super) fn string(text: impl Into<Arc<str>>) -> Result<Obj> {
        let text = text.into();
        if text.len() > limits::STRING {
            return Err(ShellError::new("MemoryError", "the string is too long"));
        }
        Ok(Obj::Str(text))
    }

    /// How deep and large it is.
    pub(super) fn extent(&self) -> Extent {
        match self {
            Obj::List(items) | Obj::Tuple(items) => items.extent,
            Obj::Dict(pairs) => pairs.extent,
            Obj::QuerySet(tree) => tree.extent,
            Obj::Q(tree) => tree.extent,
            Obj::Expr(tree) => tree.extent,
            Obj::Order(tree) => tree.extent,
            Obj::Method(bound) => bound.extent(),
            _ => Extent::ONE,
        }
    }

    /// Whether a dictionary takes both for the same key.
    pub(super) fn same_key(&self, other: &Obj) -> bool {
        match (self, other) {
            (Obj::None, Obj::None) => true,
            (Obj::Bool(a), Obj::Bool(b)) => a == b,
            (Obj::Int(a), Obj::Int(b)) => a == b,
            (Obj::Int(a), Obj::Bool(b)) | (Obj::Bool(b), Obj::Int(a)) => *a == i128::from(*b),
            (Obj::Float(a), Obj::Float(b)) => a == b,
            (Obj::Str(a), Obj::Str(b)) => a == b,
            (Obj::Bytes(a), Obj::Bytes(b)) => a == b,
            (Obj::Decimal(a), Obj::Decimal(b)) => a == b,
            (Obj::Date(a), Obj::Date(b)) => a == b,
            (Obj::DateTime { at: a, aware: x }, Obj::DateTime { at: b, aware: y }) => a == b && x == y,
            (Obj::Time(a), Obj::Time(b)) => a == b,
            (Obj::Delta(a), Obj::Delta(b)) => a == b,
            (Obj::Uuid(a), Obj::Uuid(b)) => a == b,
            (Obj::Tuple(a), Obj::Tuple(b)) => {
                a.items.len() == b.items.len() && a.items.iter().zip(&b.items).all(|(a, b)| a.same_key(b))
            }
            _ => false,
        }
    }

    /// Python's name of the class.
    pub fn type_name(&self) -> &'static str {
        match self {
            Obj::None => "NoneType",
            Obj::Bool(_) => "bool",
            Obj::Int(_) => "int",
            Obj::Float(_) => "float",
            Obj::Str(_) => "str",
            Obj::Bytes(_) => "bytes",
            Obj::Decimal(_) | Obj::NoNumber(_) => "decimal.Decimal",
            Obj::Date(_) => "datetime.date",
            Obj::DateTime { .. } => "datetime.datetime",
            Obj::Time(_) => "datetime.time",
            Obj::Delta(_) => "datetime.timedelta",
            Obj::Uuid(_) => "UUID",
            Obj::Zone(zone) if zone.name().is_some() => "zoneinfo.ZoneInfo",
            Obj::Utc | Obj::Zone(_) => "datetime.timezone",
            Obj::Atomic { .. } => "Atomic",
            Obj::List(_) => "list",
            Obj::Tuple(_) => "tuple",
            Obj::Dict(_) => "dict",
            Obj::Model(_) => "ModelBase",
            Obj::Manager(manager) => manager.type_name(),
            Obj::QuerySet(_) => "QuerySet",
            Obj::Record(row) => row.model().name,
            Obj::Q(_) => "Q",
            Obj::Expr(tree) => match &tree.value {
                DynExpr::F(_) => "F",
                DynExpr::Value(..) => "Value",
                DynExpr::Combined { .. } => "CombinedExpression",
                _ => "Func",
            },
            Obj::Order(_) => "OrderBy",
            Obj::Method(_) => "method",
            Obj::Function(_) => "type",
            Obj::Field(_) => "Field",
            Obj::Frame(_) => "WindowFrame",
            Obj::Module(_) => "module",
        }
    }

    /// The number, where it is a whole one.
    pub(super) fn as_int(&self) -> Option<i128> {
        match self {
            Obj::Bool(value) => Some(i128::from(*value)),
            Obj::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a float, where it is an integer or a float.
    pub(super) fn as_float(&self) -> Option<f64> {
        match self {
            Obj::Float(value) => Some(*value),
            // Python's rounds as well.
            other => other.as_int().map(|value| value as f64),
        }
    }

    /// Whether Python takes it for true.
    pub(super) fn truth(&self) -> bool {
        match self {
            Obj::None => false,
            Obj::Bool(value) => *value,
            Obj::Int(value) => *value != 0,
            Obj::Float(value) => *value != 0.0,
            Obj::Str(text) => !text.is_empty(),
            Obj::Bytes(bytes) => !bytes.is_empty(),
            Obj::Decimal(value) => !value.is_zero(),
            Obj::Delta(value) => !value.is_zero(),
            Obj::List(items) | Obj::Tuple(items) => !items.items.is_empty(),
            Obj::Dict(pairs) => !pairs.pairs.is_empty(),
            Obj::Q(tree) => !tree.value.is_empty(),
            _ => true,
        }
    }
}
