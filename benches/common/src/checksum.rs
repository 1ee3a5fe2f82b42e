//! What a workload read or wrote, as one number. It does not depend on the order of rows.

use std::hash::{DefaultHasher, Hash, Hasher};

pub trait Checksum {
    fn checksum(&self) -> u64;
}

/// The checksum of one row's fields.
pub fn fields(fields: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    fields.hash(&mut hasher);
    hasher.finish()
}

impl Checksum for () {
    fn checksum(&self) -> u64 {
        0
    }
}

/// A row and what belongs to it.
impl<A: Checksum, B: Checksum> Checksum for (A, B) {
    fn checksum(&self) -> u64 {
        fields((self.0.checksum(), self.1.checksum()))
    }
}

impl<T: Checksum> Checksum for Vec<T> {
    fn checksum(&self) -> u64 {
        self.iter().map(T::checksum).fold(0, u64::wrapping_add)
    }
}
