//! Rows of a query, read as models with their parts, as tuples, or as plain values.

use super::Prefetches;
use crate::compiler::{self, Compiled};
use crate::error::{Error, Result};
use crate::exec::{Handle, RowReader, Source};
use crate::meta::ColumnType;
use crate::model::Model;
use crate::query::Query;
use crate::row::{Extras, Shape};
use crate::value::{Kind, Value};
use smallvec::SmallVec;
use std::marker::PhantomData;

/// The keys by which the prefetches of one row find their rows; few, so in place.
pub(super) type Anchors = SmallVec<[Value; 1]>;

/// Reads models with their parts, and behind them the keys by which prefetches find their rows.
pub(super) struct RowsReader<M, X> {
    anchors: Vec<(usize, Kind)>,
    marker: PhantomData<fn() -> (M, X)>,
}

impl<M, X> RowsReader<M, X> {
    /// The keys for prefetches are the last columns of the row.
    pub(super) fn new(columns: &[ColumnType], anchors: usize) -> Self {
        let first = columns.len() - anchors;
        let anchors = columns
            .iter()
            .enumerate()
            .skip(first)
            .map(|(at, column)| (at, column.kind()));
        RowsReader {
            anchors: anchors.collect(),
            marker: PhantomData,
        }
    }
}

impl<M: Model, X: Extras> RowReader for RowsReader<M, X> {
    type Out = (X::Row<M>, Anchors);

    fn read<S: Source>(&mut self, source: &mut S) -> Result<Self::Out> {
        let row = X::read::<M, S>(source)?;
        let mut anchors = Anchors::new();
        for (at, kind) in &self.anchors {
            anchors.push(read_value(source, *at, *kind)?);
        }
        Ok((row, anchors))
    }
}

/// Reads models with their parts, where nothing is prefetched.
pub(super) struct PlainReader<M, X>(PhantomData<fn() -> (M, X)>);

impl<M, X> PlainReader<M, X> {
    pub(super) fn new() -> Self {
        PlainReader(PhantomData)
    }
}

impl<M: Model, X: Extras> RowReader for PlainReader<M, X> {
    type Out = X::Row<M>;

    fn read<S: Source>(&mut self, source: &mut S) -> Result<Self::Out> {
        X::read::<M, S>(source)
    }
}

/// Reads tuples and single values.
pub(super) struct ShapeReader<T>(PhantomData<fn() -> T>);

impl<T> ShapeReader<T> {
    pub(super) fn new() -> Self {
        ShapeReader(PhantomData)
    }
}

impl<T: Shape> RowReader for ShapeReader<T> {
    type Out = T;

    fn read<S: Source>(&mut self, source: &mut S) -> Result<T> {
        T::read(source, &mut 0)
    }
}

/// Reads rows whose types are known at run time only.
pub(crate) struct ValuesReader(pub(crate) Vec<Kind>);

impl ValuesReader {
    pub(crate) fn of(columns: &[ColumnType]) -> Self {
        ValuesReader(columns.iter().map(|column| column.kind()).collect())
    }
}

impl RowReader for ValuesReader {
    type Out = Vec<Value>;

    fn read<S: Source>(&mut self, source: &mut S) -> Result<Vec<Value>> {
        self.0
            .iter()
            .enumerate()
            .map(|(at, kind)| read_value(source, at, *kind))
            .collect()
    }
}

/// One cell as a value of that kind.
pub(crate) fn read_value<S: Source>(source: &mut S, at: usize, kind: Kind) -> Result<Value> {
    if source.is_null(at)? {
        return Ok(Value::Null(kind));
    }
    Ok(match kind {
        Kind::Bool => Value::Bool(source.bool(at)?),
        Kind::Int => Value::Int(source.int(at)?),
        Kind::Float => Value::Float(source.float(at)?),
        Kind::Text => Value::Text(source.string(at)?),
        Kind::Bytes => Value::Bytes(source.byte_buf(at)?),
        Kind::Decimal => Value::Decimal(source.decimal(at)?),
        Kind::Date => Value::Date(source.date(at)?),
        Kind::Time => Value::Time(source.time(at)?),
        Kind::DateTime => Value::DateTime(source.datetime(at)?),
        Kind::Duration => Value::Duration(source.duration(at)?),
        Kind::Uuid => Value::Uuid(source.uuid(at)?),
        Kind::Json => Value::Json(source.json(at)?),
    })
}

/// The SELECT of a query, which locks rows only in a transaction.
pub(crate) fn statement(query: &Query, db: Handle<'_>) -> Result<Compiled> {
    if query.lock().is_some() && !db.in_transaction() {
        return Err(Error::Transaction(
            "select_for_update cannot be used outside of a transaction.".to_owned(),
        ));
    }
    compiler::select(query, db.backend())
}

/// All rows of a query, their prefetched parts filled in.
pub(super) async fn fetch_rows<M: Model, X: Extras>(
    query: &Query,
    prefetches: &Prefetches,
    db: Handle<'_>,
) -> Result<Vec<X::Row<M>>> {
    let Compiled::Statement(statement) = statement(query, db)? else {
        return Ok(Vec::new());
    };
    if prefetches.is_empty() {
        return db.fetch(&statement, PlainReader::<M, X>::new()).await;
    }
    let reader = RowsReader::<M, X>::new(&statement.columns, prefetches.len());
    let rows = db.fetch(&statement, reader).await?;
    prefetches.fill::<M, X>(rows, db).await
}

/// All rows of a query for columns.
pub(super) async fn fetch_shapes<T: Shape>(query: &Query, db: Handle<'_>) -> Result<Vec<T>> {
    let Compiled::Statement(statement) = statement(query, db)? else {
        return Ok(Vec::new());
    };
    db.fetch(&statement, ShapeReader::new()).await
}
