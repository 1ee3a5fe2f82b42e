//! The words of what few queries ask for.

use super::{Key, Tag, TooMuch, Walked};
use crate::query::{Lock, More};

impl<'q> Key<'q> {
    pub(super) fn more(&mut self, more: &'q More) -> Walked {
        let More {
            distinct_on,
            lock,
            walk,
        } = more;
        if walk.is_some() {
            return Err(TooMuch);
        }
        self.tag(Tag::More, u64::from(lock.is_some()));
        self.all(distinct_on)?;
        if let Some(lock) = lock {
            self.lock(lock);
        }
        Ok(())
    }

    fn lock(&mut self, lock: &Lock) {
        let Lock {
            nowait,
            skip_locked,
            no_key,
            of,
        } = lock;
        let flags = u64::from(*nowait) | u64::from(*skip_locked) << 1 | u64::from(*no_key) << 2;
        self.words.push(flags | (of.len() as u64) << 3);
        for path in of {
            self.words.push(path.steps().len() as u64);
            self.path(path);
        }
    }
}
