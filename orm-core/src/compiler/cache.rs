//! The statements that were written so far, by the shape of what was asked.

use super::draft::Template;
use super::key::Words;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

/// So many shapes are kept: more than a program has, unless it makes them out of its input.
const MOST: usize = 2_000;

/// A key longer than this is not kept.
const LONGEST: usize = 4_096;

/// Those of this process. They do not depend on a connection, so all databases share them.
pub(super) static SHAPES: Shapes = Shapes::new(MOST);

/// What a shape became; `None`: there are no rows for certain.
pub(super) type Kept = Option<Arc<Template>>;

/// Statements by shape.
pub(super) struct Shapes {
    known: RwLock<HashMap<Box<[u64]>, Kept, BuildHasherDefault<WordHasher>>>,
    most: usize,
}

impl Shapes {
    pub(super) const fn new(most: usize) -> Self {
        Shapes {
            known: RwLock::new(HashMap::with_hasher(BuildHasherDefault::new())),
            most,
        }
    }

    pub(super) fn get(&self, key: &[u64]) -> Option<Kept> {
        // A panic elsewhere leaves the map whole.
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned()
    }

    pub(super) fn keep(&self, key: &Words, kept: Kept) {
        if key.len() > LONGEST {
            return;
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        // What is in use comes back at once.
        if known.len() >= self.most {
            known.clear();
        }
        known.insert(key.as_slice().into(), kept);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// A quick hash of words, for keys that no stranger chooses.
#[derive(Default)]
pub(super) struct WordHasher(u64);

impl WordHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_ne_bytes(*word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            self.add(u64::from_ne_bytes(last));
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
