//! Python's own functions, and the classes of plain values.

use super::{Function, wrong};
use crate::shell::Shell;
use crate::shell::args::{Args, is_true};
use crate::shell::errors::{Result, ShellError};
use crate::shell::methods::rows_in;
use crate::shell::object::Obj;
use crate::shell::print;
use orm_core::rust_decimal::Decimal;
use orm_core::rust_decimal::prelude::FromPrimitive;
use orm_core::uuid::Uuid;

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::now("Decimal", decimal),
        Function::now("UUID", uuid),
        Function::now("uuid4", |args| args.none("uuid4").map(|()| Obj::Uuid(Uuid::new_v4()))),
        Function::ask("dict", |shell, args| Box::pin(dict(shell, args))),
        Function::ask("len", |shell, args| Box::pin(len(shell, args))),
        Function::ask("list", |shell, args| Box::pin(list(shell, args))),
        Function::ask("repr", |shell, args| Box::pin(repr(shell, args))),
        Function::ask("str", |shell, args| Box::pin(str(shell, args))),
        Function::ask("tuple", |shell, args| Box::pin(tuple(shell, args))),
        Function::now("int", int),
        Function::now("float", float),
        Function::ask("bool", |shell, args| Box::pin(bool(shell, args))),
    ]
}

fn decimal(args: Args) -> Result<Obj> {
    let [value] = args.bind("Decimal", ["value"], 0)?;
    let invalid = || ShellError::new("InvalidOperation", "[<class 'decimal.ConversionSyntax'>]");
    match value {
        None => Ok(Obj::Decimal(Decimal::ZERO)),
        Some(value @ (Obj::Decimal(_) | Obj::NoNumber(_))) => Ok(value),
        Some(Obj::Str(text)) => {
            let text = text.trim().replace('_', "");
            let unsigned = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
            match (unsigned.as_str(), text.starts_with('-')) {
                ("nan" | "snan", _) => return Ok(Obj::NoNumber("NaN")),
                ("inf" | "infinity", false) => return Ok(Obj::NoNumber("Infinity")),
                ("inf" | "infinity", true) => return Ok(Obj::NoNumber("-Infinity")),
                _ => {}
            }
            let plain = text.strip_prefix('+').unwrap_or(&text);
            let digits = plain.chars().filter(char::is_ascii_digit).count();
            let parsed = Decimal::from_str_exact(plain).or_else(|_| Decimal::from_scientific(plain));
            match parsed {
                Ok(value) => Ok(Obj::Decimal(value)),
                Err(_) if digits > 28 => Err(ShellError::new(
                    "InvalidOperation",
                    "decimals have at most 28 digits here",
                )),
                Err(_) => Err(invalid()),
            }
        }
        Some(Obj::Float(value)) => Decimal::from_f64_retain(value).map(Obj::Decimal).ok_or_else(invalid),
        Some(value) => {
            let number = value.as_int().ok_or_else(|| wrong("Decimal", &value))?;
            Decimal::from_i128(number).map(Obj::Decimal).ok_or_else(invalid)
        }
    }
}

fn uuid(args: Args) -> Result<Obj> {
    let [hex] = args.bind("UUID", ["hex"], 1)?;
    match hex {
        Some(Obj::Str(text)) => {
            let text = text.replace("urn:", "").replace("uuid:", "");
            let text = text.trim_matches(['{', '}']).replace('-', "");
            let parsed = Uuid::try_parse(&text).map(Obj::Uuid);
            parsed.map_err(|_| ShellError::value_error("badly formed hexadecimal UUID string"))
        }
        Some(other) => Err(wrong("UUID", &other)),
        None => Err(wrong("UUID", &Obj::None)),
    }
}

fn int(args: Args) -> Result<Obj> {
    let [value] = args.bind("int", ["x"], 0)?;
    let Some(value) = value else { return Ok(Obj::Int(0)) };
    let whole = match &value {
        Obj::Float(value) if value.is_finite() && value.abs() < 1e37 => Some(value.trunc() as i128),
        Obj::Decimal(value) => Some(value.trunc().mantissa()),
        Obj::Str(text) => text.trim().replace('_', "").parse().ok(),
        other => other.as_int(),
    };
    match (whole, &value) {
        (Some(whole), _) => Ok(Obj::Int(whole)),
        (None, Obj::Str(text)) => {
            let message = format!("invalid literal for int() with base 10: {}", print::quoted(text));
            Err(ShellError::value_error(message))
        }
        (None, value) => Err(wrong("int", value)),
    }
}

fn float(args: Args) -> Result<Obj> {
    let [value] = args.bind("float", ["x"], 0)?;
    let Some(value) = value else { return Ok(Obj::Float(0.0)) };
    let number = match &value {
        Obj::Decimal(value) => print::decimal(*value).parse().ok(),
        Obj::Str(text) => text.trim().replace('_', "").parse().ok(),
        other => other.as_float(),
    };
    match (number, &value) {
        (Some(number), _) => Ok(Obj::Float(number)),
        (None, Obj::Str(text)) => {
            let message = format!("could not convert string to float: {}", print::quoted(text));
            Err(ShellError::value_error(message))
        }
        (None, value) => Err(wrong("float", value)),
    }
}

/// What `for` would go through.
pub(in crate::shell) async fn iterate(shell: &Shell, value: &Obj) -> Result<Vec<Obj>> {
    match value {
        Obj::List(items) | Obj::Tuple(items) => Ok(items.as_slice().to_vec()),
        Obj::Dict(pairs) => Ok(pairs.as_slice().iter().map(|(key, _)| key.clone()).collect()),
        Obj::Str(text) => Ok(text.chars().map(|c| Obj::Str(c.to_string().into())).collect()),
        Obj::QuerySet(set) => rows_in(shell, set).await,
        other => Err(ShellError::type_error(format!(
            "'{}' object is not iterable",
            other.type_name()
        ))),
    }
}

async fn len(shell: &Shell, args: Args) -> Result<Obj> {
    let [value] = args.bind("len", ["obj"], 1)?;
    let value = value.unwrap_or(Obj::None);
    let length = match &value {
        Obj::Bytes(bytes) => bytes.len(),
        Obj::Str(text) => text.chars().count(),
        Obj::List(_) | Obj::Tuple(_) | Obj::Dict(_) | Obj::QuerySet(_) => iterate(shell, &value).await?.len(),
        other => {
            let message = format!("object of type '{}' has no len()", other.type_name());
            return Err(ShellError::type_error(message));
        }
    };
    Ok(Obj::Int(i128::try_from(length).unwrap_or(i128::MAX)))
}

/// A query set is true where it has rows.
async fn bool(shell: &Shell, args: Args) -> Result<Obj> {
    let [value] = args.bind("bool", ["object"], 0)?;
    Ok(Obj::Bool(match &value {
        Some(Obj::QuerySet(set)) => !rows_in(shell, set).await?.is_empty(),
        _ => is_true(value),
    }))
}

async fn list(shell: &Shell, args: Args) -> Result<Obj> {
    let [value] = args.bind("list", ["iterable"], 0)?;
    match value {
        None => Obj::list(Vec::new()),
        Some(value) => Ok(Obj::rows(iterate(shell, &value).await?)),
    }
}

async fn tuple(shell: &Shell, args: Args) -> Result<Obj> {
    let [value] = args.bind("tuple", ["iterable"], 0)?;
    match value {
        None => Obj::tuple(Vec::new()),
        Some(value) => Ok(Obj::tuple_row(iterate(shell, &value).await?)),
    }
}

async fn dict(shell: &Shell, args: Args) -> Result<Obj> {
    let mut entries = Vec::new();
    for given in &args.positional {
        if let Obj::Dict(pairs) = given {
            entries.extend(pairs.as_slice().iter().cloned());
            continue;
        }
        for pair in iterate(shell, given).await? {
            match &pair {
                Obj::List(items) | Obj::Tuple(items) => match items.as_slice() {
                    [key, value] => entries.push((key.clone(), value.clone())),
                    _ => return Err(ShellError::value_error("dict() takes pairs of a key and a value")),
                },
                other => return Err(wrong("dict", other)),
            }
        }
    }
    entries.extend(
        args.named
            .into_iter()
            .map(|(name, value)| (Obj::Str(name.into()), value)),
    );
    Obj::dict(entries)
}

async fn repr(shell: &Shell, args: Args) -> Result<Obj> {
    let [value] = args.bind("repr", ["obj"], 1)?;
    Obj::string(shell.printed(&value.unwrap_or(Obj::None)).await?)
}

async fn str(shell: &Shell, args: Args) -> Result<Obj> {
    let [value] = args.bind("str", ["object"], 0)?;
    match value {
        None => Obj::string(""),
        Some(value) => Obj::string(text_of(shell, &value).await?),
    }
}

/// What `str` makes of a value, and `print` prints.
pub(in crate::shell) async fn text_of(shell: &Shell, value: &Obj) -> Result<String> {
    match value {
        Obj::QuerySet(_) => return shell.printed(value).await,
        Obj::Record(row) => row.load_all(shell).await?,
        _ => {}
    }
    Ok(print::str(value))
}
