//! Typed results in the form in which those of Django are written.

use orm::FieldType;
use orm::Value;
use orm::prelude::*;
use orm::serde_json::{Map, Value as Answer, json};
use std::collections::HashMap;

/// A value of a column.
pub trait Cell {
    fn cell(&self) -> Answer;
}

macro_rules! cells {
    ($($type:ty)*) => { $(
        impl Cell for $type {
            fn cell(&self) -> Answer {
                plain(&self.to_value())
            }
        }
    )* };
}

cells!(bool i16 i32 i64 f64 String Decimal NaiveDate NaiveTime DateTime<Utc> TimeDelta Uuid Json Vec<u8>);

impl<T: Cell> Cell for Option<T> {
    fn cell(&self) -> Answer {
        self.as_ref().map_or(Answer::Null, Cell::cell)
    }
}

fn plain(value: &Value) -> Answer {
    match value {
        Value::Null(_) => Answer::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Json(document) => document.clone(),
        Value::Text(text) => text.clone().into(),
        Value::Decimal(number) => number.to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::Time(time) => clock(*time).into(),
        Value::DateTime(at) => format!("{}T{}Z", at.date_naive(), clock(at.time())).into(),
        Value::Uuid(id) => id.to_string().into(),
        Value::Duration(length) => format!("{:.6}", length.num_microseconds().unwrap() as f64 / 1e6).into(),
        Value::Bytes(bytes) => bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into(),
        Value::List(..) => panic!("no column holds a list"),
    }
}

/// Microseconds only where there are any.
fn clock(time: NaiveTime) -> String {
    let fraction = time.format("%.6f").to_string();
    let fraction = if fraction == ".000000" { "" } else { &fraction };
    format!("{}{fraction}", time.format("%H:%M:%S"))
}

/// A row of several columns.
pub trait Row {
    fn row(&self) -> Vec<Answer>;
}

macro_rules! tuples {
    ($($($name:ident $index:tt)+;)*) => { $(
        impl<$($name: Cell),+> Row for ($($name,)+) {
            fn row(&self) -> Vec<Answer> {
                vec![$(self.$index.cell()),+]
            }
        }

        impl<M: Model, $($name: Cell),+> Annotated for (M, $($name),+) {
            type Model = M;

            #[allow(non_snake_case)]
            fn parts(&self) -> (&M, Vec<Answer>) {
                let (model, $($name),+) = self;
                (model, vec![$($name.cell()),+])
            }
        }
    )* };
}

/// A model's row, and what was annotated to it.
pub trait Annotated {
    type Model: Model;
    fn parts(&self) -> (&Self::Model, Vec<Answer>);
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
}

/// One instance.
pub fn instance<M: Model>(row: &M) -> Answer {
    json!({ "model": M::meta().name, "pk": plain(&row.pk().to_value()) })
}

/// Instances.
pub fn rows<M: Model>(rows: Vec<M>) -> Answer {
    rows.iter().map(instance).collect()
}

/// `in_bulk()`
pub fn in_bulk<M: Model>(rows: HashMap<M::Pk, M>) -> Answer {
    let pairs = rows
        .iter()
        .map(|(key, row)| json!([plain(&key.to_value()), instance(row)]));
    json!({ "in_bulk": pairs.collect::<Vec<_>>() })
}

/// Instances with annotations of these names.
pub fn annotated<T: Annotated>(names: &[&str], rows: Vec<T>) -> Answer {
    let one = |row: &T| {
        let (model, values) = row.parts();
        let mut answer = instance(model);
        answer["annotations"] = named(names, values);
        answer
    };
    rows.iter().map(one).collect()
}

/// `values_list(flat=True)`
pub fn flat<T: Cell>(values: Vec<T>) -> Answer {
    values.iter().map(Cell::cell).collect()
}

/// `values_list()`
pub fn lists<T: Row>(rows: Vec<T>) -> Answer {
    rows.iter().map(|row| Answer::Array(row.row())).collect()
}

/// `values_list()` of one column
pub fn singles<T: Cell>(rows: Vec<T>) -> Answer {
    rows.iter().map(|cell| json!([cell.cell()])).collect()
}

/// `values()`
pub fn dicts<T: Row>(names: &[&str], rows: Vec<T>) -> Answer {
    rows.iter().map(|row| named(names, row.row())).collect()
}

/// `values()` of one column
pub fn dict_of_one<T: Cell>(name: &str, rows: Vec<T>) -> Answer {
    rows.iter().map(|cell| named(&[name], vec![cell.cell()])).collect()
}

/// `aggregate()`
pub fn dict<T: Row>(names: &[&str], row: T) -> Answer {
    named(names, row.row())
}

/// One value.
pub fn scalar<T: Cell>(value: T) -> Answer {
    value.cell()
}

fn named(names: &[&str], values: Vec<Answer>) -> Answer {
    assert_eq!(names.len(), values.len());
    let entries = names.iter().map(|name| (*name).to_owned()).zip(values);
    Answer::Object(entries.collect::<Map<_, _>>())
}

pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub fn time(hour: u32, minute: u32, second: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, second).unwrap()
}

pub fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}
