//! `Source`: one row, whatever the driver, with typed cells by position.

use crate::error::{Error, Result};
use crate::value::Kind;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

/// A row whose cells are read by position: each database has its own, and decoding is compiled for
/// each, so that no cell is boxed on the way into a struct.
///
/// Every method fails with [`Error::Decode`](crate::Error::Decode) where the cell is missing, NULL
/// (but for [`is_null`](Self::is_null)) or of another type.
#[allow(clippy::missing_errors_doc, reason = "said once, above")]
pub trait Source {
    /// Whether the cell is NULL.
    fn is_null(&mut self, at: usize) -> Result<bool>;
    /// A boolean.
    fn bool(&mut self, at: usize) -> Result<bool>;
    /// An integer of any size.
    fn int(&mut self, at: usize) -> Result<i64>;
    /// A float.
    fn float(&mut self, at: usize) -> Result<f64>;
    /// Text.
    fn text(&mut self, at: usize) -> Result<&str>;
    /// Text to keep. A row that is read once may give its own away.
    fn string(&mut self, at: usize) -> Result<String> {
        self.text(at).map(str::to_owned)
    }
    /// Bytes.
    fn bytes(&mut self, at: usize) -> Result<&[u8]>;
    /// Bytes to keep, as [`string`](Self::string).
    fn byte_buf(&mut self, at: usize) -> Result<Vec<u8>> {
        self.bytes(at).map(<[u8]>::to_vec)
    }
    /// A decimal number, with the digits that its column has.
    fn decimal(&mut self, at: usize) -> Result<Decimal>;
    /// A date.
    fn date(&mut self, at: usize) -> Result<NaiveDate>;
    /// A time of day.
    fn time(&mut self, at: usize) -> Result<NaiveTime>;
    /// A moment.
    fn datetime(&mut self, at: usize) -> Result<DateTime<Utc>>;
    /// A length of time.
    fn duration(&mut self, at: usize) -> Result<TimeDelta>;
    /// A UUID.
    fn uuid(&mut self, at: usize) -> Result<Uuid>;
    /// A JSON document.
    fn json(&mut self, at: usize) -> Result<serde_json::Value>;
    /// The names of the columns, as the database gives them.
    fn names(&mut self) -> Result<Vec<String>> {
        Err(Error::decode("the columns", "they have no names"))
    }
    /// What the cell is to the database, which knows fewer kinds than models do; it must not be NULL.
    fn kind(&mut self, at: usize) -> Result<Kind> {
        Err(Error::decode(format!("column {at}"), "its kind is not known"))
    }
}
