//! The words of what few queries ask for.

use super::{Key, Tag, Walked};
use crate::query::{Combined, FilteredRelation, Lock, More, Walk};

impl<'q> Key<'q> {
    #[cold]
    #[inline(never)]
    pub(super) fn more(&mut self, more: &'q More) -> Walked {
        let More {
            distinct_on,
            lock,
            walk,
        } = more;
        self.tag(Tag::More, u64::from(lock.is_some()) | u64::from(walk.is_some()) << 1);
        self.all(distinct_on)?;
        if let Some(lock) = lock {
            self.lock(lock);
        }
        match walk {
            Some(walk) => self.walk(walk),
            None => Ok(()),
        }
    }

    fn walk(&mut self, walk: &'q Walk) -> Walked {
        let Walk {
            start,
            step,
            down,
            with_start,
            max_depth,
        } = walk;
        let flags = u64::from(*down) | u64::from(*with_start) << 1 | u64::from(max_depth.is_some()) << 2;
        self.tag(Tag::Walk, flags);
        self.step(step);
        if let Some(most) = max_depth {
            self.number((*most).into());
        }
        self.outside_filters(|key| key.query(start))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn filtered(&mut self, relation: &'q FilteredRelation) -> Walked {
        let FilteredRelation { name, condition } = relation;
        self.tag(Tag::Filtered, 0);
        self.text(name)?;
        // It is written for each join.
        self.outside_filters(|key| key.condition(condition))
    }

    #[cold]
    #[inline(never)]
    pub(super) fn combined(&mut self, combined: &'q Combined) -> Walked {
        let Combined { op, all, parts } = combined;
        self.tag(Tag::Combined, *op as u64 | u64::from(*all) << 8);
        self.words.push(parts.len() as u64);
        parts.iter().try_for_each(|part| self.query(part))
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
