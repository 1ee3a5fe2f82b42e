//! Types for the United States: `us::State`, `us::PhoneNumber`.

use super::FieldType;
use crate::error::{Error, Result, ValidationError};
use crate::exec::Source;
use crate::fields::{Cardinality, IntoKey, No, Text, TypedExpr};
use crate::meta::{Choice, ColumnType, Validator};
use crate::model::Model;
use crate::row::Part;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

/// A text type with a rule of its own: a varchar whose values are checked when they are parsed and
/// before they are written.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $max_length:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                match $check(&Value::Text(text.to_owned())) {
                    Ok(()) => Ok($name(text.to_owned())),
                    Err(message) => Err(ValidationError::new(stringify!($name), "value", message).into()),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }

        #[diagnostic::do_not_recommend]
        impl FieldType for $name {
            const COLUMN: ColumnType = ColumnType::Char { max_length: $max_length };
            const VALIDATORS: &'static [Validator] = &[Validator::Custom($check)];

            fn to_value(&self) -> Value {
                Value::Text(self.0.clone())
            }

            // What is stored is taken as it is: another program may have written it.
            fn decode<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                source.string(at).map($name)
            }
        }

        impl Part for $name {
            type Handle<R: Model, C: Cardinality> = TypedExpr<R, Self, C>;

            fn width() -> usize {
                1
            }

            fn read<S: Source>(source: &mut S, at: usize) -> Result<Self> {
                <Self as FieldType>::decode(source, at)
            }
        }

        #[diagnostic::do_not_recommend]
        impl Text for $name {}

        #[diagnostic::do_not_recommend]
        impl<M: Model<Pk = $name>> IntoKey<M> for $name {
            type Null = No;

            fn into_value(self) -> Value {
                self.to_value()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

text_type!(
    /// A state, district or territory of the United States, by its two letters: `NY`.
    ///
    /// ```
    /// use orm_core::types::us::State;
    ///
    /// let state: State = "NY".parse()?;
    /// assert_eq!(state.name(), Some("New York"));
    /// assert!("ZZ".parse::<State>().is_err());
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    State, 2, check_state
);

text_type!(
    /// A telephone number of the United States: `212-222-6559`, and with letters `800-nyc-books`.
    ///
    /// Three groups of digits or of the letters on the keys, separated by `-`, `.` or nothing, with
    /// an optional country code `1`.
    PhoneNumber, 20, check_phone_number
);

impl State {
    /// The state's name.
    pub fn name(&self) -> Option<&'static str> {
        STATES
            .iter()
            .find(|state| state.value == self.0)
            .map(|state| state.label)
    }
}

fn check_state(value: &Value) -> Result<(), String> {
    match value {
        Value::Text(text) if STATES.iter().any(|state| state.value == text) => Ok(()),
        Value::Text(text) => Err(format!("Value '{text}' is not a valid choice.")),
        _ => Err("Enter a state.".to_owned()),
    }
}

fn check_phone_number(value: &Value) -> Result<(), String> {
    let Value::Text(text) = value else {
        return Err("Enter a phone number.".to_owned());
    };
    let keys: String = text.chars().filter(|c| !matches!(c, '-' | '.')).collect();
    let keys = if keys.len() == 11 {
        keys.strip_prefix('1').unwrap_or(&keys)
    } else {
        &keys
    };
    let separated = text.split(['-', '.']).all(|group| !group.is_empty());
    // Words on the keys may be longer than the number: the rest is not dialled.
    let lettered = keys.chars().any(|c| c.is_ascii_alphabetic());
    let long_enough = if lettered {
        (10..=17).contains(&keys.len())
    } else {
        keys.len() == 10
    };
    if separated && long_enough && keys.chars().all(|c| c.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err("Phone numbers must be in XXX-XXX-XXXX format.".to_owned())
    }
}

macro_rules! states {
    ($($code:literal $name:literal),* $(,)?) => {
        /// The states, districts and territories, with the armed forces' addresses.
        pub const STATES: &[Choice] = &[$(Choice { value: $code, label: $name }),*];
    };
}

states! {
    "AL" "Alabama", "AK" "Alaska", "AS" "American Samoa", "AZ" "Arizona", "AR" "Arkansas",
    "AA" "Armed Forces Americas", "AE" "Armed Forces Europe", "AP" "Armed Forces Pacific",
    "CA" "California", "CO" "Colorado", "CT" "Connecticut", "DE" "Delaware", "DC" "District of Columbia",
    "FL" "Florida", "GA" "Georgia", "GU" "Guam", "HI" "Hawaii", "ID" "Idaho", "IL" "Illinois", "IN" "Indiana",
    "IA" "Iowa", "KS" "Kansas", "KY" "Kentucky", "LA" "Louisiana", "ME" "Maine", "MD" "Maryland",
    "MA" "Massachusetts", "MI" "Michigan", "MN" "Minnesota", "MS" "Mississippi", "MO" "Missouri", "MT" "Montana",
    "NE" "Nebraska", "NV" "Nevada", "NH" "New Hampshire", "NJ" "New Jersey", "NM" "New Mexico", "NY" "New York",
    "NC" "North Carolina", "ND" "North Dakota", "MP" "Northern Mariana Islands", "OH" "Ohio", "OK" "Oklahoma",
    "OR" "Oregon", "PA" "Pennsylvania", "PR" "Puerto Rico", "RI" "Rhode Island", "SC" "South Carolina",
    "SD" "South Dakota", "TN" "Tennessee", "TX" "Texas", "UT" "Utah", "VT" "Vermont", "VI" "Virgin Islands",
    "VA" "Virginia", "WA" "Washington", "WV" "West Virginia", "WI" "Wisconsin", "WY" "Wyoming",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers() {
        for good in [
            "212-222-6559",
            "800-nyc-books",
            "800-NYS-BOOKS",
            "1-212-222-6559",
            "2122226559",
            "212.222.6559",
        ] {
            assert!(good.parse::<PhoneNumber>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "212",
            "212-222-655",
            "212--222-6559",
            "abc",
            "212-222-6559-1",
            "212 222 6559",
            "١٢٣-١٢٣-١٢٣٤",
        ] {
            assert!(bad.parse::<PhoneNumber>().is_err(), "{bad}");
        }
    }
}
