//! `value[index]` and `value[start:stop:step]`.

use super::Shell;
use super::errors::{Result, ShellError};
use super::methods::rows_of;
use super::object::Obj;

/// `value[index]`
pub(super) async fn index(shell: &Shell, value: &Obj, index: &Obj) -> Result<Obj> {
    match value {
        Obj::QuerySet(tree) => {
            let Some(position) = index.as_int() else {
                return Err(wrong_index("QuerySet", index));
            };
            let position = not_negative(position)?;
            if let Some(rows) = &tree.known {
                return at(rows, i128::from(position)).cloned().ok_or_else(out_of_range);
            }
            let rows = tree.value.clone().slice(position, position.checked_add(1));
            let found = rows_of(shell, &rows).await?.into_iter().next();
            found.ok_or_else(out_of_range)
        }
        Obj::List(items) | Obj::Tuple(items) => {
            let Some(position) = index.as_int() else {
                let who = if matches!(value, Obj::List(_)) { "list" } else { "tuple" };
                return Err(ShellError::type_error(format!(
                    "{who} indices must be integers or slices, not {}",
                    index.type_name()
                )));
            };
            at(items.as_slice(), position).cloned().ok_or_else(out_of_range)
        }
        Obj::Str(text) => {
            let letters: Vec<char> = text.chars().collect();
            let position = index.as_int().ok_or_else(|| wrong_index("string", index))?;
            let letter =
                at(&letters, position).ok_or_else(|| ShellError::new("IndexError", "string index out of range"))?;
            Obj::string(letter.to_string())
        }
        Obj::Dict(pairs) => {
            let wanted = |key: &Obj| key.same_key(index);
            let found = pairs.as_slice().iter().find(|(key, _)| wanted(key));
            found
                .map(|(_, value)| value.clone())
                .ok_or_else(|| ShellError::new("KeyError", super::print::repr(index)))
        }
        other => Err(not_subscriptable(other)),
    }
}

fn at<T>(items: &[T], position: i128) -> Option<&T> {
    let length = i128::try_from(items.len()).ok()?;
    let position = if position < 0 { position + length } else { position };
    items.get(usize::try_from(position).ok()?)
}

fn out_of_range() -> ShellError {
    ShellError::new("IndexError", "list index out of range")
}

fn wrong_index(who: &str, index: &Obj) -> ShellError {
    let message = format!("{who} indices must be integers or slices, not {}.", index.type_name());
    ShellError::type_error(message)
}

fn not_subscriptable(value: &Obj) -> ShellError {
    ShellError::type_error(format!("'{}' object is not subscriptable", value.type_name()))
}

fn not_negative(position: i128) -> Result<u64> {
    if position < 0 {
        return Err(ShellError::value_error("Negative indexing is not supported."));
    }
    // No table has more rows than that.
    Ok(u64::try_from(position).unwrap_or(u64::MAX).min(i64::MAX as u64))
}

/// `value[start:stop:step]`
pub(super) async fn slice(shell: &Shell, value: &Obj, bounds: [Option<Obj>; 3]) -> Result<Obj> {
    let bound = |bound: &Option<Obj>| match bound {
        None | Some(Obj::None) => Ok(None),
        Some(value) => value.as_int().map(Some).ok_or_else(|| {
            ShellError::type_error("slice indices must be integers or None or have an __index__ method")
        }),
    };
    let [start, stop, step] = [bound(&bounds[0])?, bound(&bounds[1])?, bound(&bounds[2])?];
    if step == Some(0) {
        return Err(ShellError::value_error("slice step cannot be zero"));
    }
    match value {
        Obj::QuerySet(tree) => {
            let start = start.map(not_negative).transpose()?.unwrap_or(0);
            let stop = stop.map(not_negative).transpose()?;
            if let Some(rows) = &tree.known {
                let (start, stop) = (Some(i128::from(start)), stop.map(i128::from));
                return Ok(Obj::rows(stepped(rows, start, stop, step.unwrap_or(1))));
            }
            let rows = tree.value.clone().slice(start, stop);
            match step {
                None => Ok(Obj::query_set(rows, tree.extent.with([], 0)?)),
                Some(step) => {
                    let rows = rows_of(shell, &rows).await?;
                    Ok(Obj::rows(stepped(&rows, None, None, step)))
                }
            }
        }
        Obj::List(items) => Ok(Obj::rows(stepped(items.as_slice(), start, stop, step.unwrap_or(1)))),
        Obj::Tuple(items) => Ok(Obj::tuple_row(stepped(
            items.as_slice(),
            start,
            stop,
            step.unwrap_or(1),
        ))),
        Obj::Str(text) => {
            let letters: Vec<char> = text.chars().collect();
            Obj::string(
                stepped(&letters, start, stop, step.unwrap_or(1))
                    .into_iter()
                    .collect::<String>(),
            )
        }
        other => Err(not_subscriptable(other)),
    }
}

/// Python's slice of a sequence.
fn stepped<T: Clone>(items: &[T], start: Option<i128>, stop: Option<i128>, step: i128) -> Vec<T> {
    let length = i128::try_from(items.len()).unwrap_or(i128::MAX);
    let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let place = |bound: i128| (if bound < 0 { bound + length } else { bound }).clamp(least, most);
    let mut at = start.map_or(if step > 0 { least } else { most }, place);
    let end = stop.map_or(if step > 0 { most } else { least }, place);
    let mut taken = Vec::new();
    while if step > 0 { at < end } else { at > end } {
        taken.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at = at.saturating_add(step);
    }
    taken
}
