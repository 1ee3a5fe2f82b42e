//! The statements that were written so far, by the shape of what was asked.

use super::key::{Key, Words};
use crate::compiler::draft::{Compiled, Template};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{PoisonError, RwLock};

/// So many shapes are kept: more than a program has, unless it makes them out of its input.
const MOST: usize = 2_000;

/// A key longer than this is not kept.
const LONGEST: usize = 4_096;

/// So many of the shapes are kept that have names or numbers in them which may come from a request.
const MOST_LOOSE: usize = 500;

/// Those of this process. They do not depend on a connection, so all databases share them.
static SHAPES: Shapes = Shapes::new(MOST);

/// Those that input may make more and more of: they do not push the others out.
static LOOSE: Shapes = Shapes::new(MOST_LOOSE);

/// Where the shape of a key is kept.
pub(super) fn shapes(key: &Key<'_>) -> &'static Shapes {
    if key.loose { &LOOSE } else { &SHAPES }
}

/// What is kept of a shape.
#[derive(Debug)]
pub(super) enum Kept {
    /// its text
    Text(Template),
    /// there are no rows for certain
    Nothing,
    /// nothing: the text depends on the values, too
    Anew,
}

/// What became of a query of a shape that is known.
pub(super) enum Found {
    /// this
    Compiled(Compiled),
    /// it is to be written anew each time
    Anew,
}

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

    /// The statement of a shape that is known.
    pub(super) fn fill(&self, key: &Key<'_>) -> Option<Found> {
        // A panic elsewhere leaves the map whole.
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        Some(match known.get(key.words.as_slice())? {
            Kept::Text(template) => Found::Compiled(Compiled::Statement(template.fill(&key.given))),
            Kept::Nothing => Found::Compiled(Compiled::Empty),
            Kept::Anew => Found::Anew,
        })
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
    /// Pairs are multiplied independently of each other, so that they need not wait for each other.
    fn add(&mut self, a: u64, b: u64) {
        let product = u128::from(a ^ 0x9e37_79b9_7f4a_7c15) * u128::from(b ^ 0xc2b2_ae3d_27d4_eb4f);
        self.0 = self.0.rotate_left(23) ^ (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, _) = bytes.as_chunks::<8>();
        let mut words = words.iter().map(|word| u64::from_ne_bytes(*word));
        while let Some(word) = words.next() {
            self.add(word, words.next().unwrap_or_default());
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.0 ^= number as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Key, Shapes, shapes};
    use crate::compiler::shape::key::Tag;
    use crate::exec::Backend;
    use crate::value::{Kind, Value};

    /// The key of a statement that nobody asks for.
    fn key(value: &Value) -> Key<'_> {
        let mut key = Key::new(Backend::Sqlite);
        key.statement(Tag::Select, Backend::Sqlite);
        assert!(key.value(value).is_ok());
        key
    }

    #[test]
    fn another_key_is_not_known() {
        let shapes = Shapes::new(10);
        let (number, text, null) = (Value::Int(1), Value::Text(String::new()), Value::Null(Kind::Int));
        shapes.keep(&key(&number).words, Kept::Nothing);
        assert!(shapes.fill(&key(&Value::Int(2))).is_some());
        assert!(shapes.fill(&key(&text)).is_none());
        assert!(shapes.fill(&key(&null)).is_none());
    }

    #[test]
    fn what_input_makes_does_not_push_the_others_out() {
        let number = Value::Int(1);
        let mut key = key(&number);
        let fixed = std::ptr::from_ref(shapes(&key));
        key.loose = true;
        assert!(!std::ptr::eq(shapes(&key), fixed));
    }

    #[test]
    fn there_is_an_end_to_them() {
        let shapes = Shapes::new(10);
        let number = Value::Int(1);
        for length in 0..1_000 {
            let mut key = key(&number);
            key.mask((0..length).map(|at| at % 3 == 0));
            shapes.keep(&key.words, Kept::Nothing);
            assert!(shapes.fill(&key).is_some());
            assert!(shapes.len() <= 10);
        }
    }
}
