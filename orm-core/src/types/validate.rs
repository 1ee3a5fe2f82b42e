//! The rules of a field, checked before a row is written.

use super::format::{is_email, is_slug, is_url};
use crate::meta::{ColumnType, FieldMeta, Validator};
use crate::value::{Kind, Value};

/// Whether it is certain at first sight that the value keeps the rules, as it is for most.
#[inline]
pub(crate) fn is_valid_for_certain(field: &FieldMeta, value: &Value) -> bool {
    let has_rules = !(field.choices.is_empty() && field.validators.is_empty() && field.type_validators.is_empty());
    match (field.column_type(), value) {
        _ if has_rules => false,
        // No more bytes, no more characters.
        (ColumnType::Char { max_length }, Value::Text(text)) => text.len() <= max_length as usize,
        (ColumnType::Integer, Value::Int(number)) => i32::try_from(*number).is_ok(),
        (ColumnType::BigInteger, Value::Int(_))
        | (ColumnType::Text, Value::Text(_))
        | (ColumnType::Boolean, Value::Bool(_))
        | (ColumnType::DateTime, Value::DateTime(_)) => true,
        _ => false,
    }
}

/// The messages of all rules that the value breaks, in Django's words.
pub(crate) fn validate(field: &FieldMeta, value: &Value) -> Vec<String> {
    let mut messages = Vec::new();
    if value.is_null() {
        if !field.null {
            messages.push("This field cannot be null.".to_owned());
        }
        return messages;
    }
    match (field.column_type(), value) {
        // No more bytes, no more characters.
        (ColumnType::Char { max_length }, Value::Text(text)) if text.len() > max_length as usize => {
            let length = text.chars().count();
            if length > max_length as usize {
                messages.push(format!(
                    "Ensure this value has at most {max_length} characters (it has {length})."
                ));
            }
        }
        (
            ColumnType::Decimal {
                max_digits,
                decimal_places,
            },
            Value::Decimal(number),
        ) if max_digits > 0 => {
            let number = number.normalize();
            let places = number.scale();
            let whole = number.trunc().abs().to_string().trim_start_matches('0').len();
            if places > decimal_places {
                messages.push(format!(
                    "Ensure that there are no more than {decimal_places} decimal places."
                ));
            } else if whole > (max_digits - decimal_places) as usize {
                let before = max_digits - decimal_places;
                messages.push(format!(
                    "Ensure that there are no more than {before} digits before the decimal point."
                ));
            }
        }
        (ty @ (ColumnType::SmallInteger | ColumnType::PositiveSmallInteger), Value::Int(number)) => {
            sign(field, ty, *number, &mut messages);
            bits::<i16>(*number, &mut messages);
        }
        (ty @ (ColumnType::Integer | ColumnType::PositiveInteger), Value::Int(number)) => {
            sign(field, ty, *number, &mut messages);
            bits::<i32>(*number, &mut messages);
        }
        (ty @ ColumnType::PositiveBigInteger, Value::Int(number)) => sign(field, ty, *number, &mut messages),
        (ColumnType::Float, Value::Float(number)) if !number.is_finite() => {
            messages.push("Enter a finite number.".to_owned());
        }
        _ => {}
    }
    // As in Django, the empty string stands for "nothing given": only its length has a rule.
    let given = !matches!(value, Value::Text(text) if text.is_empty());
    if given && !field.choices.is_empty() && !is_choice(field, value) {
        messages.push(format!("Value {} is not a valid choice.", display(value)));
    }
    if given {
        messages.extend(
            field
                .type_validators
                .iter()
                .chain(field.validators)
                .filter_map(|validator| check(validator, value)),
        );
    }
    messages
}

/// That a positive column gets nothing below zero; a key has the rules of its target, and a `min`
/// of the user's says it better.
fn sign(field: &FieldMeta, ty: ColumnType, number: i64, messages: &mut Vec<String>) {
    let said = |validator: &Validator| matches!(validator, Validator::Min(limit) if *limit >= 0.0);
    if number < 0 && ty.is_positive() && field.relation.is_none() && !field.validators.iter().any(said) {
        messages.push("Ensure this value is greater than or equal to 0.".to_owned());
    }
}

fn bits<T: TryFrom<i64>>(number: i64, messages: &mut Vec<String>) {
    if T::try_from(number).is_err() {
        messages.push(format!("Ensure this value fits into {} bits.", size_of::<T>() * 8));
    }
}

fn is_choice(field: &FieldMeta, value: &Value) -> bool {
    match value {
        Value::Text(text) => field.choices.iter().any(|choice| choice.value == text),
        Value::Int(number) => field.choices.iter().any(|choice| choice.value == number.to_string()),
        _ => true,
    }
}

fn display(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("'{text}'"),
        Value::Int(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn check(validator: &Validator, value: &Value) -> Option<String> {
    let text = match value {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    };
    match validator {
        Validator::Email => text
            .filter(|t| !is_email(t))
            .map(|_| "Enter a valid email address.".to_owned()),
        Validator::Url => text.filter(|t| !is_url(t)).map(|_| "Enter a valid URL.".to_owned()),
        Validator::Slug => text
            .filter(|t| !is_slug(t))
            .map(|_| "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.".to_owned()),
        Validator::Regex(pattern) => match text.map(|text| matches(pattern, text)) {
            Some(Ok(false)) => Some("Enter a valid value.".to_owned()),
            Some(Err(error)) => Some(format!("The field's pattern is not a regular expression: {error}")),
            Some(Ok(true)) | None => None,
        },
        Validator::Min(limit) => number(value)
            .filter(|n| n < limit)
            .map(|_| format!("Ensure this value is greater than or equal to {limit}.")),
        Validator::Max(limit) => number(value)
            .filter(|n| n > limit)
            .map(|_| format!("Ensure this value is less than or equal to {limit}.")),
        Validator::Custom(function) => function(value).err(),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        #[allow(clippy::cast_precision_loss, reason = "limits are written as floats")]
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Decimal(number) => number.to_string().parse().ok(),
        other => {
            debug_assert!(other.kind() != Kind::Int);
            None
        }
    }
}

/// Whether a text is as the user's pattern says, which is compiled once.
#[cfg(feature = "regex")]
fn matches(pattern: &'static str, text: &str) -> Result<bool, regex::Error> {
    Ok(compiled(pattern)?.is_match(text))
}

#[cfg(feature = "regex")]
fn compiled(pattern: &'static str) -> Result<std::sync::Arc<regex::Regex>, regex::Error> {
    use std::collections::HashMap;
    use std::sync::{Arc, LazyLock, Mutex, PoisonError};
    // A regex that is cloned begins without the memory that it works in, so they are shared.
    static KNOWN: LazyLock<Mutex<HashMap<&'static str, Arc<regex::Regex>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.get(pattern) {
        return Ok(Arc::clone(regex));
    }
    let regex = Arc::new(regex::Regex::new(pattern)?);
    known.insert(pattern, Arc::clone(&regex));
    Ok(regex)
}

/// The derive refuses patterns in a program without the feature.
#[cfg(not(feature = "regex"))]
fn matches(_: &'static str, _: &str) -> Result<bool, &'static str> {
    Err(crate::meta::NEEDS_REGEX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_certain_at_first_sight_is_so() {
        let columns = [
            ColumnType::SmallInteger,
            ColumnType::Integer,
            ColumnType::BigInteger,
            ColumnType::PositiveSmallInteger,
            ColumnType::PositiveInteger,
            ColumnType::PositiveBigInteger,
            ColumnType::Float,
            ColumnType::Boolean,
            ColumnType::Char { max_length: 3 },
            ColumnType::Text,
            ColumnType::DateTime,
        ];
        let text = |text: &str| Value::Text(text.to_owned());
        let values = [
            Value::Null(Kind::Int),
            Value::Int(0),
            Value::Int(-1),
            Value::Int(i64::from(i32::MAX) + 1),
            Value::Float(f64::NAN),
            Value::Bool(true),
            Value::DateTime(chrono::DateTime::UNIX_EPOCH),
            text(""),
            text("abc"),
            text("äöü"),
            text("abcd"),
        ];
        let mut certain = 0;
        for field in columns.map(|ty| FieldMeta::new("field", "field", ty)) {
            for value in &values {
                if is_valid_for_certain(&field, value) {
                    certain += 1;
                    assert!(validate(&field, value).is_empty(), "{field:?} {value:?}");
                }
            }
            let choosy = FieldMeta {
                validators: &[Validator::Min(5.0)],
                ..field
            };
            assert!(!values.iter().any(|value| is_valid_for_certain(&choosy, value)));
        }
        assert!(certain > 10, "{certain}");
    }
}
