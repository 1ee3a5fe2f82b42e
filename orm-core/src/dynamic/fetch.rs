//! The calls of a [`DynQuerySet`] that ask the database.

use super::set::Shape;
use super::{DynExpr, DynOrder, DynQ, DynQuerySet, Dynamic, Name, Record, Row, prefetch};
use crate::compiler::{self, Compiled};
use crate::error::{Error, Misuse, Result};
use crate::exec::{Backend, Executor, Handle};
use crate::query::{Condition, Expr, Operand, Order, Path, Query, lookup};
use crate::queryset::{self, Explain, MAX_GET_RESULTS, ValuesReader, exactly_one, order_for_first};
use crate::value::Value;

impl DynQuerySet {
    /// All rows. One query, and one more for each relation of `prefetch_related`.
    ///
    /// # Errors
    /// [`Error::Misuse`] for names of `select_related`, `prefetch_related`, `defer` and `only` that do
    /// not fit the models, and what the database says.
    pub async fn fetch<E: Executor>(&self, db: &E) -> Result<Vec<Row>> {
        let db = db.handle();
        if let Shape::Records = self.shape {
            let records = self.records(db).await?;
            return Ok(records.into_iter().map(Row::Record).collect());
        }
        let rows = rows(&self.query, db).await?;
        Ok(rows.into_iter().map(|row| self.row(row)).collect())
    }

    async fn records(&self, db: Handle<'_>) -> Result<Vec<Record>> {
        let (plan, query) = self.plan()?;
        let shown = self.annotations.iter().filter(|annotation| annotation.shown);
        let names: Vec<Name> = shown.map(|annotation| Name::clone(&annotation.name)).collect();
        let rows = rows(query.as_ref().unwrap_or(&self.query), db).await?;
        let mut records: Vec<Record> = rows
            .into_iter()
            .map(|row| plan.record(row, names.iter().cloned()))
            .collect();
        if !self.prefetch.is_empty() {
            let lookups = self.prefetch.iter().map(|name| &**name).collect();
            prefetch::fill(records.iter_mut().collect(), lookups, String::new(), db).await?;
        }
        Ok(records)
    }

    /// The SQL, with its arguments filled in for reading. No query.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch), as far as the database is not needed for them.
    pub fn to_sql(&self, backend: Backend) -> Result<String> {
        match self.gives_records() {
            true => {
                let (_, query) = self.plan()?;
                compiler::to_sql(query.as_ref().unwrap_or(&self.query), backend)
            }
            false => compiler::to_sql(&self.query, backend),
        }
    }

    /// How the database would run the query, in its own words. One query.
    ///
    /// # Errors
    /// [`Error::NotSupported`] for an option that the database does not have.
    pub async fn explain<E: Executor>(&self, db: &E, options: Explain) -> Result<String> {
        let plan = if self.gives_records() { self.plan()?.1 } else { None };
        queryset::explain(plan.as_ref().unwrap_or(&self.query), options, db.handle()).await
    }

    fn row(&self, values: Vec<Value>) -> Row {
        match &self.shape {
            Shape::Records => Row::Record(Record::new(self.query.model, values)),
            Shape::Dicts(names) => Row::Dict(names.iter().cloned().zip(values).collect()),
            Shape::Lists => Row::List(values),
            Shape::Flat => values.into_iter().next().map_or(Row::List(Vec::new()), Row::Flat),
        }
    }

    /// The one row for which the condition holds. One query.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`], [`Error::MultipleObjectsReturned`], and as [`filter`](Self::filter).
    pub async fn get<E: Executor>(&self, db: &E, condition: DynQ) -> Result<Row> {
        let mut rows = self.clone();
        if !condition.is_empty() {
            self.not_combined_for("get(...) with filters")?;
            rows = rows.filter(condition)?;
        }
        if !rows.query.is_sliced() {
            rows.query.order = Order::By(Vec::new());
            rows = rows.slice(0, Some(MAX_GET_RESULTS));
        }
        exactly_one(self.query.model.name, rows.fetch(db).await?)
    }

    /// The first row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// What the database says.
    pub async fn first<E: Executor>(&self, db: &E) -> Result<Option<Row>> {
        let mut rows = self.clone();
        rows.may_be_first("first")?;
        order_for_first(&mut rows.query);
        rows.one(db).await
    }

    /// The last row, by primary key where nothing else orders them. One query.
    ///
    /// # Errors
    /// [`Error::Misuse`] after a slice.
    pub async fn last<E: Executor>(&self, db: &E) -> Result<Option<Row>> {
        let mut rows = self.clone();
        rows.may_be_first("last")?;
        order_for_first(&mut rows.query);
        rows.reverse()?.one(db).await
    }

    /// Groups have no key to be ordered by.
    fn may_be_first(&self, call: &str) -> Result<()> {
        if self.is_unordered_group() {
            let message = format!(
                "Cannot use QuerySet.{call}() on an unordered queryset performing aggregation. Add an ordering with \
                 order_by()."
            );
            return Err(Error::misuse(Misuse::Type, message));
        }
        Ok(())
    }

    async fn one<E: Executor>(self, db: &E) -> Result<Option<Row>> {
        Ok(self.slice(0, Some(1)).fetch(db).await?.into_iter().next())
    }

    /// The row that comes last in that order, or in the model's `get_latest_by`. One query.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] where there is none, [`Error::Misuse`] where no order is known.
    pub async fn latest<E: Executor>(&self, db: &E, by: Vec<DynOrder>) -> Result<Row> {
        self.in_order(by)?.reverse()?.one_or_error(db).await
    }

    /// The row that comes first in that order, or in the model's `get_latest_by`. One query.
    ///
    /// # Errors
    /// As [`latest`](Self::latest).
    pub async fn earliest<E: Executor>(&self, db: &E, by: Vec<DynOrder>) -> Result<Row> {
        self.in_order(by)?.one_or_error(db).await
    }

    fn in_order(&self, by: Vec<DynOrder>) -> Result<Self> {
        if self.is_sliced() {
            let message = "Cannot change a query once a slice has been taken.";
            return Err(Error::misuse(Misuse::Type, message));
        }
        if !by.is_empty() {
            return self.clone().order_by(by);
        }
        let own = self.query.model.get_latest_by;
        if own.is_empty() {
            return Err(Error::misuse(
                Misuse::Value,
                "earliest() and latest() require either fields as positional arguments or 'get_latest_by' in the \
                 model's Meta.",
            ));
        }
        let names = own.iter().map(|ordering| {
            let sign = if ordering.descending { "-" } else { "" };
            DynOrder::from(format!("{sign}{}", ordering.path).as_str())
        });
        self.clone().order_by(names)
    }

    async fn one_or_error<E: Executor>(self, db: &E) -> Result<Row> {
        let model = self.query.model.name;
        self.one(db).await?.ok_or(Error::DoesNotExist { model })
    }

    /// How many rows there are. One query.
    ///
    /// # Errors
    /// What the database says.
    pub async fn count<E: Executor>(&self, db: &E) -> Result<i64> {
        queryset::count(&self.query, db.handle()).await
    }

    /// Whether there is a row. One query.
    ///
    /// # Errors
    /// What the database says.
    pub async fn exists<E: Executor>(&self, db: &E) -> Result<bool> {
        queryset::exists(&self.query, db.handle()).await
    }

    /// Whether that row is among them. One query.
    ///
    /// # Errors
    /// [`Error::Misuse`] for a row of another model, or of values.
    pub async fn contains<E: Executor>(&self, db: &E, row: &Record) -> Result<bool> {
        self.not_combined("contains")?;
        if !self.gives_records() {
            let message = "Cannot call QuerySet.contains() after .values() or .values_list().";
            return Err(Error::misuse(Misuse::Type, message));
        }
        if !std::ptr::eq(row.model, self.query.model) {
            return Ok(false);
        }
        if row.pk().is_null() {
            let message = "QuerySet.contains() cannot be used on unsaved objects.";
            return Err(Error::misuse(Misuse::Value, message));
        }
        let mut rows = self.clone();
        let key = Expr::key(Path::root(), rows.query.model);
        let operand = Operand::One(Expr::Value(row.pk().clone()));
        rows.query.filter(Condition::lookup(key, &lookup::EXACT, operand));
        rows.exists(db).await
    }

    /// The rows that have these values in a unique field, with the values; all rows where none are
    /// given. One query.
    ///
    /// # Errors
    /// [`Error::Misuse`] where the field is not unique, or after a slice or `values`.
    pub async fn in_bulk<E: Executor>(
        &self,
        db: &E,
        keys: Option<Vec<Dynamic>>,
        field: &str,
    ) -> Result<Vec<(Value, Record)>> {
        if self.is_sliced() {
            let message = "Cannot use 'limit' or 'offset' with in_bulk().";
            return Err(Error::misuse(Misuse::Type, message));
        }
        if !self.gives_records() {
            let message = "in_bulk() cannot be used with values() or values_list().";
            return Err(Error::misuse(Misuse::Type, message));
        }
        let model = self.query.model;
        let known = model.field(field).filter(|known| model.has_unique(known.name));
        let Some(known) = known else {
            let message = format!("in_bulk()'s field_name must be a unique field but '{field}' isn't.");
            return Err(Error::misuse(Misuse::Value, message));
        };
        let mut rows = self.clone();
        if let Some(keys) = keys {
            if keys.is_empty() {
                return Ok(Vec::new());
            }
            rows = rows.filter(DynQ::leaf(format!("{field}__in"), Dynamic::List(keys)))?;
        }
        rows.query.order = Order::By(Vec::new());
        rows.deferred.keep(known.name);
        let mut found = Vec::new();
        for row in rows.fetch(db).await? {
            if let Row::Record(record) = row
                && let Some(key) = record.get(known.name).cloned()
            {
                found.push((key, record));
            }
        }
        Ok(found)
    }

    /// Aggregates over all rows, by name. One query.
    ///
    /// # Errors
    /// [`Error::Misuse`] for what is no aggregate, and as [`filter`](Self::filter).
    pub async fn aggregate<E: Executor>(&self, db: &E, named: Vec<(String, DynExpr)>) -> Result<Vec<(Name, Value)>> {
        let mut names: Vec<Name> = Vec::new();
        let mut expressions = Vec::new();
        let mut rows = self.clone();
        for (name, expr) in named {
            let resolved = rows.resolved(|scope| expr.resolve(&scope.summarizing()))?;
            if !resolved.contains_aggregate() {
                let message = format!("{name} is not an aggregate expression");
                return Err(Error::misuse(Misuse::Type, message));
            }
            names.push(name.into());
            expressions.push(resolved);
        }
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = rows.query;
        query.aggregate(expressions);
        let db = db.handle();
        let Compiled::Statement(statement) = compiler::select(&query, db.backend())? else {
            return Err(Error::Query("the query for the aggregates is empty".to_owned()));
        };
        let rows = db.fetch(&statement, ValuesReader::of(&statement.columns)).await?;
        let values = rows.into_iter().next().unwrap_or_default();
        Ok(names.into_iter().zip(values).collect())
    }
}

/// All rows of a query, as plain values.
async fn rows(query: &Query, db: Handle<'_>) -> Result<Vec<Vec<Value>>> {
    match queryset::statement(query, db)? {
        Compiled::Statement(statement) => db.fetch(&statement, ValuesReader::of(&statement.columns)).await,
        Compiled::Empty => Ok(Vec::new()),
    }
}
