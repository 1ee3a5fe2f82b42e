//! Typed expressions: functions, CASE, queries within a query, documents, durations.

mod case;
mod defined;
mod documents;
mod durations;
mod grouping;
mod guide;
pub mod models;
mod moments;
mod numbers;
mod several;
mod sql;
mod text;
mod within;
