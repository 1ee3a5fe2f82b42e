//! Names in the database that Django cuts or marks with a digest.

use md5::{Digest, Md5};

/// The first `length` hexadecimal digits of the MD5 sum of all parts.
pub fn digest(parts: &[&str], length: usize) -> String {
    let mut hash = Md5::new();
    for part in parts {
        hash.update(part.as_bytes());
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    head(&hex, length)
}

/// A name that fits into `max` characters: a longer one ends in four digits of its digest.
pub fn truncate(name: &str, max: Option<usize>) -> String {
    match max {
        Some(max) if name.chars().count() > max => {
            format!("{}{}", head(name, max.saturating_sub(4)), digest(&[name], 4))
        }
        _ => name.to_owned(),
    }
}

fn head(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}
