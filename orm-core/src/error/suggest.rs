//! "Did you mean": the nearest of several names.

/// The one of `choices` that is nearest to `name`, where one is near enough to be meant.
pub fn nearest<'a>(name: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 2).max(1);
    choices
        .into_iter()
        .map(|choice| (distance(name, choice), choice))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
}

/// How many letters must be put in, taken out or changed to get from one to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_near_one() {
        assert_eq!(nearest("value", ["values", "filter"]), Some("values"));
        assert_eq!(nearest("nmae", ["name", "address"]), Some("name"));
        assert_eq!(nearest("zzz", ["name", "address"]), None);
    }
}
