//! SQL of the user's own, and its rows as models, tuples and values.

use crate::compiler;
use crate::error::{Error, Misuse, Result};
use crate::exec::{Backend, Executor, Mapped, RowReader, Source};
use crate::meta::ColumnType;
use crate::model::Model;
use crate::row::{Extras, Part, Shape};
use crate::types::FieldType;
use crate::value::Value;
use std::marker::PhantomData;

use super::read::ShapeReader;

/// An argument of SQL of one's own: a value of a column's type, `&str`, an `Option`, or a [`Value`].
pub trait RawArg {
    /// The value.
    fn into_arg(self) -> Value;
}

impl<T: FieldType> RawArg for T {
    fn into_arg(self) -> Value {
        self.take_value()
    }
}

impl RawArg for &String {
    fn into_arg(self) -> Value {
        Value::Text(self.clone())
    }
}

impl RawArg for &str {
    fn into_arg(self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl<T: FieldType> RawArg for Option<T> {
    fn into_arg(self) -> Value {
        self.map_or(Value::Null(T::COLUMN.kind()), T::take_value)
    }
}

impl RawArg for Value {
    fn into_arg(self) -> Value {
        self
    }
}

/// The arguments of SQL of one's own: `()`, a tuple, an array or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "the arguments of SQL are a tuple, an array or a `Vec` of values, not `{Self}`",
    label = "expected `()`, `(a,)`, `(a, b)`, `[a, b]` …"
)]
pub trait RawArgs {
    /// The values.
    fn into_args(self) -> Vec<Value>;
}

impl RawArgs for () {
    fn into_args(self) -> Vec<Value> {
        Vec::new()
    }
}

impl<A: RawArg, const N: usize> RawArgs for [A; N] {
    fn into_args(self) -> Vec<Value> {
        self.into_iter().map(RawArg::into_arg).collect()
    }
}

impl<A: RawArg> RawArgs for Vec<A> {
    fn into_args(self) -> Vec<Value> {
        self.into_iter().map(RawArg::into_arg).collect()
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt)+;)*) => { $(
        impl<$($name: RawArg),+> RawArgs for ($($name,)+) {
            fn into_args(self) -> Vec<Value> {
                vec![$(self.$index.into_arg()),+]
            }
        }
    )* };
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 E 4;
    A 0 B 1 C 2 D 3 E 4 F 5;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6;
    A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7;
}

/// SQL of one's own whose rows are tuples, values or nothing; [`raw`] makes it.
#[derive(Debug, Clone)]
pub struct Raw<T> {
    sql: String,
    args: Vec<Value>,
    marker: PhantomData<fn() -> T>,
}

/// SQL of one's own, whose rows are read by position as a tuple or as one value:
///
/// ```no_run
/// # async fn example(db: orm_core::Db) -> orm_core::Result<()> {
/// # use orm_core::queryset::raw;
/// let rows = raw::<(i64, Option<String>)>("SELECT id, nick FROM shop_book WHERE pages > {}", (300,)).all(&db).await?;
/// let changed = raw::<()>("UPDATE shop_book SET pages = {} WHERE id = {}", (301, 7)).execute(&db).await?;
/// # Ok(())
/// # }
/// ```
///
/// `{}` stands for an argument, which is always bound, on every database; within quotes and comments
/// it is just text. The rest of the SQL is the database's own, one statement, without placeholders of
/// its own.
pub fn raw<T>(sql: impl Into<String>, args: impl RawArgs) -> Raw<T> {
    Raw {
        sql: sql.into(),
        args: args.into_args(),
        marker: PhantomData,
    }
}

impl<T: Shape> Raw<T> {
    /// All rows. One query.
    ///
    /// # Errors
    /// [`Error::Query`] where the number of arguments is not that of the `{}`, [`Error::Decode`] where
    /// a cell does not fit, and what the database says.
    pub async fn all<E: Executor>(self, db: &E) -> Result<Vec<T>> {
        let db = db.handle();
        let statement = compiler::raw(&self.sql, &self.args, db.backend())?;
        db.fetch(&statement, ShapeReader::new()).await
    }
}

impl Raw<()> {
    /// Runs a statement that gives no rows; gives the number of rows that it changed. One query.
    ///
    /// # Errors
    /// As [`all`](Raw::all).
    pub async fn execute<E: Executor>(self, db: &E) -> Result<u64> {
        let db = db.handle();
        let statement = compiler::raw(&self.sql, &self.args, db.backend())?;
        db.execute(&statement).await
    }
}

/// SQL of one's own whose rows are those of a model; [`Model::raw`] makes it.
pub struct RawQuerySet<M, X = ()> {
    sql: String,
    args: Vec<Value>,
    /// the columns beside the model's, each with what it is
    beside: Vec<(String, ColumnType)>,
    invalid: bool,
    marker: PhantomData<fn() -> (M, X)>,
}

impl<M, X> Clone for RawQuerySet<M, X> {
    fn clone(&self) -> Self {
        RawQuerySet {
            sql: self.sql.clone(),
            args: self.args.clone(),
            beside: self.beside.clone(),
            invalid: self.invalid,
            marker: PhantomData,
        }
    }
}

impl<M, X> std::fmt::Debug for RawQuerySet<M, X> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawQuerySet")
            .field("sql", &self.sql)
            .field("args", &self.args)
            .finish_non_exhaustive()
    }
}

impl<M: Model> RawQuerySet<M> {
    pub(crate) fn new(sql: String, args: Vec<Value>) -> Self {
        RawQuerySet {
            sql,
            args,
            beside: Vec::new(),
            invalid: false,
            marker: PhantomData,
        }
    }
}

impl<M: Model, X: Extras> RawQuerySet<M, X> {
    /// Also reads a column that is none of the model's, by its name: the rows become `(M, P)`.
    ///
    /// ```text
    /// Book::raw("SELECT b.*, pages * 2 AS twice FROM shop_book b", ()).column::<i64>("twice")
    /// ```
    #[must_use]
    pub fn column<P: Part>(self, name: &str) -> RawQuerySet<M, X::Push<P>> {
        let RawQuerySet {
            sql,
            args,
            mut beside,
            invalid,
            ..
        } = self;
        // What a text is has no digits, and nothing else is told here.
        beside.push((name.to_owned(), ColumnType::Text));
        RawQuerySet {
            sql,
            args,
            beside,
            invalid: invalid || P::width() != 1,
            marker: PhantomData,
        }
    }

    /// All rows. One query.
    ///
    /// # Errors
    /// [`Error::Misuse`] where a row lacks columns of the model, with their names; [`Error::Query`]
    /// where the number of arguments is not that of the `{}`, and what the database says.
    pub async fn all<E: Executor>(self, db: &E) -> Result<Vec<X::Row<M>>> {
        if self.invalid {
            return Err(Error::Query(
                "column() reads one column, a value or an Option of one".to_owned(),
            ));
        }
        let db = db.handle();
        let statement = compiler::raw(&self.sql, &self.args, db.backend())?;
        let fields = M::meta().fields.iter();
        let own = fields.map(|field| (field.column.to_owned(), field.column_type()));
        let (names, columns) = own.chain(self.beside).unzip();
        let reader = NamedReader::<M, X> {
            names,
            columns,
            places: None,
            marker: PhantomData,
        };
        db.fetch(&statement, reader).await
    }

    /// The SQL for a database, with its placeholders.
    ///
    /// # Errors
    /// [`Error::Query`] where the number of arguments is not that of the `{}`.
    pub fn to_sql(&self, backend: Backend) -> Result<String> {
        Ok(compiler::raw(&self.sql, &self.args, backend)?.sql.to_string())
    }
}

/// Reads models with what is beside them, by the names of the columns.
struct NamedReader<M, X> {
    names: Vec<String>,
    columns: Vec<ColumnType>,
    /// where each of them stands, once the first row told
    places: Option<Vec<usize>>,
    marker: PhantomData<fn() -> (M, X)>,
}

impl<M: Model, X> NamedReader<M, X> {
    fn places(&self, given: &[String]) -> Result<Vec<usize>> {
        let place = |name: &String| {
            let exact = given.iter().position(|given| given == name);
            // PostgreSQL writes names small that are not quoted.
            exact.or_else(|| given.iter().position(|given| given.eq_ignore_ascii_case(name)))
        };
        let found: Vec<Option<usize>> = self.names.iter().map(place).collect();
        let missing = self.names.iter().zip(&found).filter(|(_, place)| place.is_none());
        let missing: Vec<String> = missing.map(|(name, _)| format!("{name:?}")).collect();
        if missing.is_empty() {
            return Ok(found.into_iter().flatten().collect());
        }
        Err(Error::misuse(
            Misuse::NoField,
            format!(
                "the rows of a raw query for {} have no column {}",
                M::meta().name,
                missing.join(", ")
            ),
        ))
    }
}

impl<M: Model, X: Extras> RowReader for NamedReader<M, X> {
    type Out = X::Row<M>;

    fn read<S: Source>(&mut self, row: &mut S) -> Result<Self::Out> {
        let places = match self.places.take() {
            Some(places) => places,
            None => self.places(&row.names()?)?,
        };
        let mut mapped = Mapped {
            row,
            places: &places,
            columns: &self.columns,
        };
        let read = X::read::<M, _>(&mut mapped);
        self.places = Some(places);
        read
    }
}
