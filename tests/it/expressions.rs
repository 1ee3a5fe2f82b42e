//! Typed expressions: functions, CASE, queries within a query, documents, durations.

mod case;
mod defined;
mod documents;
mod durations;
mod grouping;
mod models;
mod moments;
mod numbers;
mod several;
mod text;
mod within;
