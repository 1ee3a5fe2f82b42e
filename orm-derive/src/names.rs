//! How names are made from names, and which known name was probably meant.

/// `created_at` as `CreatedAt`.
pub fn camel(snake: &str) -> String {
    let parts = snake.split('_').filter(|part| !part.is_empty());
    parts.map(capitalized).collect()
}

/// `InProgress` as `in_progress`.
pub fn snake(camel: &str) -> String {
    parts(camel)
        .iter()
        .map(|part| part.to_lowercase())
        .collect::<Vec<_>>()
        .join("_")
}

/// `InProgress` as `In Progress`.
pub fn words(camel: &str) -> String {
    parts(camel)
        .iter()
        .map(|part| capitalized(part))
        .collect::<Vec<_>>()
        .join(" ")
}

fn capitalized(part: &str) -> String {
    let mut chars = part.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The words of a name: `InProgress` and `IN_PROGRESS` have two, `HTTPError` has `HTTP` and `Error`.
fn parts(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut parts = vec![String::new()];
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let starts = c.is_uppercase()
            && before.is_some_and(|b| !b.is_uppercase() || chars.get(i + 1).is_some_and(|next| next.is_lowercase()));
        if starts || c == '_' {
            parts.push(String::new());
        }
        if let (true, Some(part)) = (c != '_', parts.last_mut()) {
            part.push(c);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The one of `choices` that is nearest to `name`, where one is near enough to be meant.
pub fn nearest<'a>(name: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    let distances = choices.into_iter().map(|choice| (distance(name, choice), choice));
    distances
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
}

/// How many letters must be put in, taken out, changed or swapped to get from one to the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, n) | (n, 0) => n,
                _ => {
                    let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped {
                        best.min(rows[i - 2][j - 2] + 1)
                    } else {
                        best
                    }
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

/// What Django's attributes are here, where their names differ.
fn instead_of_djangos(name: &str) -> Option<&'static str> {
    Some(match name {
        "null" => "a field that may be NULL is an `Option`",
        "blank" => "a text that must not be empty takes `validate = …`",
        "to" => "the field's type says where a relation leads: `ForeignKey<Library>`",
        "db_column" => "it is called `column`",
        "db_table" => "it is called `table`",
        "db_index" => "it is called `index`",
        "app_label" => "it is called `app`",
        "indexes" => "it is called `index`, one for each",
        "constraints" => "they are called `unique(…)` and `check(…)`, one for each",
        "validators" => "it is called `validate`, one for each",
        "abstract" => "write the shared fields in each model",
        _ => return None,
    })
}

/// `did you mean …? known are …`, for a name that is none of the known ones.
pub fn suggestion(name: &str, known: &[&str]) -> String {
    let list = known.join(", ");
    if let Some(instead) = instead_of_djangos(name) {
        return format!("{instead}. Known here: {list}");
    }
    match nearest(name, known.iter().copied()) {
        Some(nearest) => format!("did you mean `{nearest}`? Known here: {list}"),
        None => format!("known here: {list}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        assert_eq!(camel("created_at"), "CreatedAt");
        assert_eq!(snake("InProgress"), "in_progress");
        assert_eq!(snake("HTTPError"), "http_error");
        assert_eq!(words("InProgress"), "In Progress");
        assert_eq!(words("IN_PROGRESS"), "IN PROGRESS");
    }

    #[test]
    fn finds_the_near_one() {
        assert_eq!(nearest("max_lenght", ["max_length", "max_digits"]), Some("max_length"));
        assert_eq!(nearest("nmae", ["name", "address"]), Some("name"));
        assert_eq!(nearest("zzz", ["name", "address"]), None);
    }
}
