//! Values as JSON, in the form in which results recorded from Django are written.

use super::object::Obj;
use super::print;
use orm_core::chrono::TimeDelta;
use orm_core::serde_json::{self, Map, Value as Json, json};

/// The value as JSON: decimals as text, moments in UTC with `Z`, durations as seconds with six
/// digits behind the point, bytes as hexadecimal digits.
pub(super) fn canonical(value: &Obj) -> Json {
    match value {
        Obj::None => Json::Null,
        Obj::Bool(value) => Json::Bool(*value),
        Obj::Int(value) => match (i64::try_from(*value), u64::try_from(*value)) {
            (Ok(value), _) => value.into(),
            (_, Ok(value)) => value.into(),
            _ => Json::String(value.to_string()),
        },
        Obj::Float(value) => {
            serde_json::Number::from_f64(*value).map_or_else(|| Json::String(print::float(*value)), Json::Number)
        }
        Obj::Str(text) => Json::String(text.to_string()),
        Obj::Bytes(bytes) => Json::String(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        Obj::DateTime { at, aware } => {
            let zone = if *aware { "Z" } else { "" };
            Json::String(format!("{}T{}{zone}", at.date(), print::clock(at.time())))
        }
        Obj::Time(time) => Json::String(print::clock(*time)),
        Obj::Delta(delta) => Json::String(seconds(*delta)),
        Obj::List(items) | Obj::Tuple(items) => Json::Array(items.as_slice().iter().map(canonical).collect()),
        Obj::Dict(pairs) if pairs.bulk => {
            let pairs = pairs
                .as_slice()
                .iter()
                .map(|(key, value)| Json::Array(vec![canonical(key), canonical(value)]));
            json!({ "in_bulk": pairs.collect::<Vec<_>>() })
        }
        Obj::Dict(pairs) => {
            let entries = pairs
                .as_slice()
                .iter()
                .map(|(key, value)| (print::str(key), canonical(value)));
            Json::Object(entries.collect::<Map<_, _>>())
        }
        Obj::Record(row) => {
            let mut instance = json!({ "model": row.model().name, "pk": canonical(&row.pk()) });
            let annotations = row.annotations();
            if !annotations.is_empty()
                && let Json::Object(entries) = &mut instance
            {
                let annotations = annotations.iter().map(|(name, value)| (name.clone(), canonical(value)));
                entries.insert("annotations".to_owned(), Json::Object(annotations.collect()));
            }
            instance
        }
        other => Json::String(print::str(other)),
    }
}

/// `-3600.000000`
fn seconds(delta: TimeDelta) -> String {
    let micros = i128::from(delta.num_seconds()) * 1_000_000 + i128::from(delta.subsec_nanos() / 1_000);
    let sign = if micros < 0 { "-" } else { "" };
    let micros = micros.unsigned_abs();
    format!("{sign}{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}
