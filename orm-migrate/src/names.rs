//! Django's names of tables, indexes and constraints.

/// The table of a model: `library_book`.
pub fn table(app: &str, model: &str) -> String {
    format!("{app}_{}", model.to_lowercase())
}

/// The table between the two sides of a many-to-many field: `library_book_libraries`.
pub fn join_table(table: &str, field: &str) -> String {
    format!("{table}_{field}")
}

pub use orm_core::names::{digest, truncate};

/// The name of an index or constraint that Django names itself.
///
/// `suffix` says what it is: nothing for an index, `_like`, `_uniq`, `_check`, `_pk`, or
/// `_fk_{table}_{column}`. `max` is the longest identifier of the database.
pub fn constraint(table: &str, columns: &[&str], suffix: &str, max: Option<usize>) -> String {
    let max = max.unwrap_or(200);
    let parts: Vec<&str> = std::iter::once(table).chain(columns.iter().copied()).collect();
    let mut ending = format!("{}{suffix}", digest(&parts, 8));
    let columns = columns.join("_");
    let name = format!("{table}_{columns}_{ending}");
    if name.chars().count() <= max {
        return name;
    }
    if ending.chars().count() * 3 > max {
        ending = head(&ending, max / 3);
    }
    let other = ((max - ending.chars().count()) / 2).saturating_sub(1);
    guard(
        format!("{}_{}_{ending}", head(table, other), head(&columns, other)),
        |name| head(&name, name.chars().count() - 1),
    )
}

/// The name of an index of the model that was declared without one: `library_boo_title_1a2b3c_idx`.
///
/// A column that is indexed from the greatest value to the least is written `-column`.
pub fn automatic_index(table: &str, columns: &[String]) -> String {
    let parts: Vec<&str> = std::iter::once(table)
        .chain(columns.iter().map(String::as_str))
        .chain(std::iter::once("idx"))
        .collect();
    let first = columns.first().map_or("", |c| c.strip_prefix('-').unwrap_or(c));
    let name = format!("{}_{}_{}_idx", head(table, 11), head(first, 7), digest(&parts, 6));
    guard(name, |name| name.chars().skip(1).collect())
}

/// Identifiers must not begin with an underscore or a digit: Django puts a D there and takes one
/// character away.
fn guard(name: String, shorten: impl FnOnce(String) -> String) -> String {
    if name.starts_with(|c: char| c == '_' || c.is_ascii_digit()) {
        format!("D{}", shorten(name))
    } else {
        name
    }
}

fn head(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_whole() {
        assert_eq!(
            constraint("library_album", &["artist_id"], "", Some(63)),
            "library_album_artist_id_710f232b"
        );
        assert_eq!(
            constraint("library_album", &["artist_id"], "_fk_library_artist_id", Some(63)),
            "library_album_artist_id_710f232b_fk_library_artist_id"
        );
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(
            constraint(
                "library_waiter",
                &["restaurant_id"],
                "_fk_library_restaurant_place_id",
                Some(63)
            ),
            "library_waiter_restaurant_id_f672f1ce_fk_library_r"
        );
        assert_eq!(
            constraint(
                "library_article_publications",
                &["article_id", "publication_id"],
                "_uniq",
                Some(63)
            ),
            "library_article_publicat_article_id_publication_i_51d009e4_uniq"
        );
        assert_eq!(truncate(&"x".repeat(70), Some(63)).len(), 63);
    }
}
