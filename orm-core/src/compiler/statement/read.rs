//! The statements that read: the rows of a query, how many there are, whether there is one, their keys.

use super::over_rows;
use crate::compiler::draft::Draft;
use crate::compiler::resolve::select::{check, is_grouped, only_rows, resolve};
use crate::compiler::resolve::{compound, window};
use crate::compiler::resolved::Subquery;
use crate::compiler::write::Writer;
use crate::error::Result;
use crate::exec::{Backend, Work};
use crate::meta::ColumnType;
use crate::query::{Expr, Order, Query, Select};
use crate::value::Value;

/// The SELECT of a query.
pub(super) fn select(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    let aggregates = matches!(query.select, Select::Aggregate(_));
    if !check(query)? && !aggregates {
        return Ok(None);
    }
    let found_first = query.distinct || query.is_sliced() || query.none || query.combined.is_some();
    if aggregates && (found_first || is_grouped(query) || window::is_windowed(query)) {
        return over_rows::aggregate(query, backend);
    }
    let Some(mut resolved) = resolve(query, true, 0, Vec::new())? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    writer.select(&resolved, false)?;
    if let Some(lock) = query.lock() {
        writer.lock(query, lock, &mut resolved)?;
    }
    Ok(Some(writer.draft(types(&resolved), Work::Read)))
}

fn types(resolved: &Subquery) -> Vec<ColumnType> {
    resolved.columns.iter().map(|(_, ty)| *ty).collect()
}

/// The number of a query's rows.
pub(super) fn count(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    if !check(query)? {
        return Ok(None);
    }
    let as_is = query.distinct || query.is_sliced() || query.combined.is_some() || is_grouped(query);
    let mut inner = query.clone();
    if !as_is {
        // What is only read does not change how many rows there are.
        inner.select = Select::Columns(Vec::new());
        only_rows(&mut inner);
    }
    // Which row comes first of those that are equal depends on the order.
    let keep_order = query.is_sliced() || !query.distinct_on().is_empty();
    let Some(resolved) = resolve(&inner, keep_order, 0, Vec::new())? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    if as_is {
        writer.push("SELECT COUNT(*) FROM (");
        writer.select(&resolved, true)?;
        writer.push(") ");
        writer.identifier("subquery");
    } else {
        if let Some(walk) = &resolved.resolver.walk {
            writer.with_walk(walk)?;
        }
        writer.push("SELECT COUNT(*)");
        writer.body(&resolved)?;
    }
    Ok(Some(writer.draft(vec![ColumnType::BigInteger], Work::Read)))
}

/// Whether a query has a row.
pub(super) fn exists(query: &Query, backend: Backend) -> Result<Option<Draft>> {
    if !check(query)? {
        return Ok(None);
    }
    let mut inner = query.clone();
    if let Some(combined) = &mut inner.combined {
        compound::for_exists(combined);
    } else if !is_grouped(query) {
        inner.select = Select::Columns(vec![Expr::Value(Value::Int(1))]);
        only_rows(&mut inner);
        inner.distinct = inner.distinct && inner.offset > 0;
        if inner.distinct {
            inner.select = query.select.clone();
        }
    }
    inner.limit = Some(1);
    let Some(resolved) = resolve(&inner, false, 0, Vec::new())? else {
        return Ok(None);
    };
    let mut writer = Writer::new(backend);
    writer.select(&resolved, false)?;
    Ok(Some(writer.draft(types(&resolved), Work::Read)))
}

/// The SELECT of some columns of a model's rows, for `delete`.
pub(super) fn select_keys(query: &Query, columns: &[Expr], backend: Backend) -> Result<Option<Draft>> {
    let mut keys = query.clone();
    keys.select = Select::Columns(columns.to_vec());
    keys.order = Order::By(Vec::new());
    only_rows(&mut keys);
    select(&keys, backend)
}
