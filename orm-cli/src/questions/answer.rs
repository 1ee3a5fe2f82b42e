//! From what somebody types to a value for a column.

use chrono::{SubsecRound, Utc};
use orm_core::{Kind, Value};
use orm_migrate::literal::Literal;
use orm_migrate::state::DataType;

/// The moment of the answer, in columns of dates and times.
pub(super) const NOW: &str = "now";

/// The value that the text means, or what is wrong with it.
pub(super) fn parse(text: &str, ty: DataType) -> Result<Literal, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(match ty.kind() {
            Kind::Text => "Please enter a value; '' is the empty text.".to_owned(),
            _ => format!("Please enter a value: {}.", ty.description()),
        });
    }
    let literal = match ty.kind() {
        Kind::Date | Kind::Time | Kind::DateTime if text == NOW => now(ty),
        Kind::Bool => text.to_lowercase().parse().ok().map(Literal::Bool),
        Kind::Int => text.parse().ok().map(Literal::Int),
        Kind::Float => text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Literal::Float),
        Kind::Text => Some(Literal::Text(unquoted(text).to_owned())),
        _ => Some(Literal::Text(text.to_owned())),
    };
    let literal = literal.ok_or_else(|| format!("Expected {}.", ty.description()))?;
    literal.value(ty).map_err(|message| format!("{message}."))?;
    fits(&literal, ty).map(|()| literal)
}

/// A value of that type, whichever.
pub(super) fn anything(ty: DataType) -> Literal {
    match ty.kind() {
        Kind::Bool => Literal::Bool(false),
        Kind::Int => Literal::Int(0),
        Kind::Float => Literal::Float(0.0),
        Kind::Decimal | Kind::Duration => Literal::Text("0".to_owned()),
        Kind::Json => Literal::Text("{}".to_owned()),
        Kind::Uuid => Literal::Text("00000000-0000-0000-0000-000000000000".to_owned()),
        Kind::Date | Kind::Time | Kind::DateTime => now(ty).unwrap_or(Literal::Text(String::new())),
        Kind::Text | Kind::Bytes => Literal::Text(String::new()),
    }
}

fn now(ty: DataType) -> Option<Literal> {
    let now = Utc::now().trunc_subsecs(6);
    Literal::from_value(&match ty.kind() {
        Kind::Date => Value::Date(now.date_naive()),
        Kind::Time => Value::Time(now.time()),
        _ => Value::DateTime(now),
    })
}

/// Text may stand in quotes, and must where it begins with a blank or is empty.
fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inner('\'').or_else(|| inner('"')).unwrap_or(text)
}

/// That the database will not refuse it.
fn fits(literal: &Literal, ty: DataType) -> Result<(), String> {
    let range = match ty {
        DataType::SmallAuto | DataType::SmallInteger => i64::from(i16::MIN)..=i64::from(i16::MAX),
        DataType::Auto | DataType::Integer => i64::from(i32::MIN)..=i64::from(i32::MAX),
        DataType::PositiveSmallInteger => 0..=i64::from(i16::MAX),
        DataType::PositiveInteger => 0..=i64::from(i32::MAX),
        DataType::PositiveBigInteger => 0..=i64::MAX,
        _ => i64::MIN..=i64::MAX,
    };
    match (literal, ty) {
        (Literal::Int(number), _) if !range.contains(number) => Err(format!(
            "The column holds numbers from {} to {}.",
            range.start(),
            range.end()
        )),
        (Literal::Text(text), DataType::Char { max_length }) if text.chars().count() > max_length as usize => {
            Err(format!("The column holds at most {max_length} characters."))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: DataType = DataType::Char { max_length: 5 };

    #[test]
    fn text_with_and_without_quotes() {
        for text in ["Ann", "'Ann'", "\"Ann\"", " Ann "] {
            assert_eq!(parse(text, NAME), Ok(Literal::Text("Ann".into())));
        }
        assert_eq!(parse("''", NAME), Ok(Literal::Text(String::new())));
        assert_eq!(parse("'", NAME), Ok(Literal::Text("'".into())));
        assert!(parse("", NAME).is_err());
        assert!(parse("Albert", NAME).is_err());
    }

    #[test]
    fn what_does_not_suit_is_refused() {
        assert_eq!(parse("7", DataType::SmallInteger), Ok(Literal::Int(7)));
        assert!(parse("70000", DataType::SmallInteger).is_err());
        assert!(parse("-1", DataType::PositiveInteger).is_err());
        assert!(parse("seven", DataType::Integer).is_err());
        assert!(parse("yesterday", DataType::Date).is_err());
        assert_eq!(parse("True", DataType::Boolean), Ok(Literal::Bool(true)));
        let price = DataType::Decimal {
            max_digits: 6,
            decimal_places: 2,
        };
        assert_eq!(parse("9.50", price), Ok(Literal::Text("9.50".into())));
    }

    #[test]
    fn now_and_anything_are_values_of_the_type() {
        for ty in [DataType::DateTime, DataType::Date, DataType::Time] {
            assert!(parse(NOW, ty).is_ok(), "{ty:?}");
        }
        for ty in [
            DataType::Uuid,
            DataType::Json,
            DataType::Duration,
            DataType::Binary,
            DataType::Time,
            NAME,
        ] {
            assert!(anything(ty).value(ty).is_ok(), "{ty:?}");
        }
    }
}
