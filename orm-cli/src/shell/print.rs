//! How Python prints a value.

use super::convert;
use super::limits;
use super::object::Obj;
use orm_core::chrono::{Datelike, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use orm_core::dynamic::{DynExpr, DynQ, Dynamic};
use orm_core::rust_decimal::Decimal;
use std::fmt::Write as _;

/// `repr(value)`.
pub(super) fn repr(value: &Obj) -> String {
    let mut text = String::new();
    write_repr(value, &mut text);
    text
}

/// `str(value)`.
pub(super) fn str(value: &Obj) -> String {
    match value {
        Obj::Str(text) => text.to_string(),
        Obj::Decimal(value) => decimal(*value),
        Obj::NoNumber(name) => (*name).to_owned(),
        Obj::Date(date) => date.to_string(),
        Obj::DateTime { at, aware } => {
            let zone = if *aware { "+00:00" } else { "" };
            format!("{} {}{zone}", at.date(), clock(at.time()))
        }
        Obj::Time(time) => clock(*time),
        Obj::Delta(delta) => spoken_delta(*delta),
        Obj::Uuid(uuid) => uuid.to_string(),
        Obj::Utc => "UTC".to_owned(),
        Obj::Zone(zone) => zone.to_string(),
        Obj::Record(row) => row.str(),
        other => repr(other),
    }
}

/// `<QuerySet [<Book: Emma>, '...(remaining elements truncated)...']>`: what is printed of at most one
/// row more than are shown.
pub(super) fn query_set(rows: &[Obj]) -> String {
    let mut text = "<QuerySet [".to_owned();
    for (i, row) in rows.iter().enumerate() {
        text.push_str(if i == 0 { "" } else { ", " });
        if i == limits::ROWS {
            text.push_str("'...(remaining elements truncated)...'");
            break;
        }
        write_repr(row, &mut text);
    }
    text.push_str("]>");
    text
}

/// Writes `repr(value)`; what is too long ends in dots.
fn write_repr(value: &Obj, to: &mut String) {
    if to.len() > limits::PRINTED {
        if !to.ends_with("...") {
            to.push_str("...");
        }
        return;
    }
    match value {
        Obj::None => to.push_str("None"),
        Obj::Bool(true) => to.push_str("True"),
        Obj::Bool(false) => to.push_str("False"),
        Obj::Int(value) => push(to, format_args!("{value}")),
        Obj::Float(value) => to.push_str(&float(*value)),
        Obj::Str(text) => to.push_str(&quoted(text)),
        Obj::Bytes(bytes) => to.push_str(&quoted_bytes(bytes)),
        Obj::Decimal(value) => push(to, format_args!("Decimal('{}')", decimal(*value))),
        Obj::NoNumber(name) => push(to, format_args!("Decimal('{name}')")),
        Obj::Date(date) => push(
            to,
            format_args!("datetime.date({}, {}, {})", date.year(), date.month(), date.day()),
        ),
        Obj::DateTime { at, aware } => to.push_str(&datetime(*at, *aware)),
        Obj::Time(time) => push(to, format_args!("datetime.time({})", time_arguments(*time))),
        Obj::Delta(delta) => to.push_str(&timedelta(*delta)),
        Obj::Uuid(uuid) => push(to, format_args!("UUID('{uuid}')")),
        Obj::Utc => to.push_str("datetime.timezone.utc"),
        Obj::Zone(zone) => match zone.seconds_east() {
            Some(seconds) => {
                let offset = timedelta(TimeDelta::seconds(i64::from(seconds)));
                push(to, format_args!("datetime.timezone({offset})"));
            }
            None => push(to, format_args!("zoneinfo.ZoneInfo(key={})", quoted(&zone.to_string()))),
        },
        Obj::Atomic { .. } => to.push_str("<django.db.transaction.Atomic object>"),
        Obj::List(items) => sequence(("[", "]"), items.as_slice(), to),
        Obj::Tuple(items) if items.as_slice().len() == 1 => sequence(("(", ",)"), items.as_slice(), to),
        Obj::Tuple(items) => sequence(("(", ")"), items.as_slice(), to),
        Obj::Dict(pairs) => {
            to.push('{');
            for (i, (key, value)) in pairs.as_slice().iter().enumerate() {
                to.push_str(if i == 0 { "" } else { ", " });
                write_repr(key, to);
                to.push_str(": ");
                write_repr(value, to);
            }
            to.push('}');
        }
        Obj::Model(model) => push(to, format_args!("<class '{}.models.{}'>", model.app, model.name)),
        Obj::Manager(manager) => push(to, format_args!("<{} object>", manager.class_path())),
        Obj::QuerySet(rows) => push(to, format_args!("<QuerySet of {}>", rows.value.model().name)),
        Obj::Record(row) => to.push_str(&row.repr()),
        Obj::Q(tree) => push(to, format_args!("<Q: {}>", condition(&tree.value))),
        Obj::Expr(tree) => match &tree.value {
            whole @ DynExpr::Combined { .. } => {
                push(to, format_args!("<CombinedExpression: {}>", expression(whole)));
            }
            other => to.push_str(&expression(other)),
        },
        Obj::Order(_) => to.push_str("<OrderBy>"),
        Obj::Method(_) => to.push_str("<method>"),
        Obj::Function(function) => push(to, format_args!("<class '{}'>", function.name)),
        Obj::Field(ty) => {
            let class = orm_core::dynamic::FieldClass::of_column(*ty).name();
            push(to, format_args!("<django.db.models.fields.{class}>"))
        }
        Obj::Frame(frame) => push(to, format_args!("<WindowFrame: {frame:?}>")),
        Obj::Module(name) => push(to, format_args!("<module '{name}'>")),
    }
}

/// `(AND: ('pages__gt', 100), ('genre', 'fic'))`
fn condition(q: &DynQ) -> String {
    match q {
        DynQ::Leaf { name, value } => format!("({}, {})", quoted(name), operand(value)),
        DynQ::Node {
            connector,
            negated,
            children,
        } => {
            let parts: Vec<String> = children.iter().map(condition).collect();
            let name = format!("{connector:?}").to_uppercase();
            let whole = format!("({name}: {})", parts.join(", "));
            if *negated { format!("(NOT {whole})") } else { whole }
        }
        _ => "...".to_owned(),
    }
}

fn operand(value: &Dynamic) -> String {
    match value {
        Dynamic::Value(value) => repr(&convert::obj(value)),
        Dynamic::Big(digits) => digits.clone(),
        Dynamic::List(values) => {
            let values: Vec<String> = values.iter().map(operand).collect();
            format!("[{}]", values.join(", "))
        }
        Dynamic::Record(record) => record.repr(),
        Dynamic::Expr(expr) => expression(expr),
        Dynamic::Query(rows) => format!("<QuerySet of {}>", rows.model().name),
        _ => "...".to_owned(),
    }
}

fn expression(expr: &DynExpr) -> String {
    match expr {
        DynExpr::F(name) => format!("F({name})"),
        DynExpr::Value(value) => format!("Value({})", repr(&convert::obj(value))),
        DynExpr::Combined { op, left, right } => {
            format!("{} {} {}", expression(left), op.sql(), expression(right))
        }
        DynExpr::Call { function, args } => {
            let args: Vec<String> = args.iter().map(expression).collect();
            format!("{}({})", function.class, args.join(", "))
        }
        DynExpr::Aggregate { function, arg, .. } => {
            let arg = arg.as_ref().map_or_else(|| "'*'".to_owned(), |arg| expression(arg));
            format!("{}({arg})", function.class_name())
        }
        _ => "...".to_owned(),
    }
}

fn push(to: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = to.write_fmt(text);
}

fn sequence((open, close): (&str, &str), items: &[Obj], to: &mut String) {
    to.push_str(open);
    for (i, item) in items.iter().enumerate() {
        to.push_str(if i == 0 { "" } else { ", " });
        write_repr(item, to);
    }
    to.push_str(close);
}

/// `repr` of a float: the fewest digits that tell it, with an exponent as Python writes it.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let text = format!("{value:?}");
    match text.split_once('e') {
        None => text,
        Some((digits, exponent)) => {
            let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
            format!("{digits}e{sign}{exponent:0>2}")
        }
    }
}

/// `str` of a decimal: with an exponent where it has more than six zeros behind the point.
pub(super) fn decimal(value: Decimal) -> String {
    let digits = value.mantissa().unsigned_abs().to_string();
    let scale = i64::from(value.scale());
    let adjusted = i64::try_from(digits.len()).unwrap_or(0) - 1 - scale;
    if adjusted >= -6 {
        return value.to_string();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}E{adjusted}")
}

/// A string in Python's quotes.
pub(super) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut to = String::with_capacity(text.len() + 2);
    to.push(quote);
    for c in text.chars() {
        match c {
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            c if c == quote => {
                to.push('\\');
                to.push(c);
            }
            c if is_printable(c) => to.push(c),
            c => match u32::from(c) {
                code @ ..=0xff => push(&mut to, format_args!("\\x{code:02x}")),
                code @ ..=0xffff => push(&mut to, format_args!("\\u{code:04x}")),
                code => push(&mut to, format_args!("\\U{code:08x}")),
            },
        }
    }
    to.push(quote);
    to
}

/// About what `str.isprintable` says: no control, format or private characters, and no space but
/// the usual one.
fn is_printable(c: char) -> bool {
    let hidden = matches!(u32::from(c), 0xad | 0x600..=0x605 | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
        | 0xe000..=0xf8ff | 0xfeff | 0xfff0..=0xfffb | 0xe0000..=0x10_ffff);
    !(c.is_control() || hidden || (c.is_whitespace() && c != ' '))
}

fn quoted_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut to = format!("b{quote}");
    for byte in bytes {
        match char::from(*byte) {
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            c if c == quote => {
                to.push('\\');
                to.push(c);
            }
            c if c.is_ascii() && !c.is_ascii_control() => to.push(c),
            _ => push(&mut to, format_args!("\\x{byte:02x}")),
        }
    }
    to.push(quote);
    to
}

fn datetime(at: NaiveDateTime, aware: bool) -> String {
    let zone = if aware { ", tzinfo=datetime.timezone.utc" } else { "" };
    let (year, month, day) = (at.year(), at.month(), at.day());
    format!(
        "datetime.datetime({year}, {month}, {day}, {}{zone})",
        time_arguments(at.time())
    )
}

/// Hour and minute, then as much as is not zero.
fn time_arguments(time: NaiveTime) -> String {
    let micros = time.nanosecond() % 1_000_000_000 / 1_000;
    let mut text = format!("{}, {}", time.hour(), time.minute());
    if time.second() != 0 || micros != 0 {
        push(&mut text, format_args!(", {}", time.second()));
    }
    if micros != 0 {
        push(&mut text, format_args!(", {micros}"));
    }
    text
}

/// `HH:MM:SS[.ffffff]`
pub(super) fn clock(time: NaiveTime) -> String {
    match time.nanosecond() % 1_000_000_000 / 1_000 {
        0 => time.format("%H:%M:%S").to_string(),
        _ => time.format("%H:%M:%S%.6f").to_string(),
    }
}

/// Days, seconds and microseconds, of which only the days may be negative.
pub(super) fn delta_parts(delta: TimeDelta) -> (i64, i64, i64) {
    let seconds = delta.num_seconds();
    let micros = i64::from(delta.subsec_nanos()) / 1_000;
    let (seconds, micros) = if micros < 0 {
        (seconds - 1, micros + 1_000_000)
    } else {
        (seconds, micros)
    };
    (seconds.div_euclid(86_400), seconds.rem_euclid(86_400), micros)
}

fn timedelta(delta: TimeDelta) -> String {
    let (days, seconds, micros) = delta_parts(delta);
    let parts = [("days", days), ("seconds", seconds), ("microseconds", micros)];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, value)| *value != 0)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    if parts.is_empty() {
        "datetime.timedelta(0)".to_owned()
    } else {
        format!("datetime.timedelta({})", parts.join(", "))
    }
}

/// `-1 day, 23:00:00`
fn spoken_delta(delta: TimeDelta) -> String {
    let (days, seconds, micros) = delta_parts(delta);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    push(
        &mut text,
        format_args!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60),
    );
    if micros != 0 {
        push(&mut text, format_args!(".{micros:06}"));
    }
    text
}
