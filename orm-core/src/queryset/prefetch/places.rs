//! Which parents have which key: the different keys of many rows, and the place of each.

use crate::error::Result;
use crate::exec::Source;
use crate::queryset::read::read_value;
use crate::value::{Kind, Value};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The place of each key among the different ones.
pub(super) enum Places {
    /// integers that are close to each other, by their distance from the first
    Near { first: i64, places: Vec<usize> },
    /// any integers
    Ints(HashMap<i64, usize, RandomState>),
    /// all others
    Values(HashMap<Value, usize, RandomState>),
}

/// No place.
const NONE: usize = usize::MAX;

/// The keys of parents, each once.
pub(super) struct Wanted {
    /// in the order of the parents, so that the statement is the same each time
    pub(super) keys: Vec<Value>,
    pub(super) places: Places,
    /// how many parents have the key
    pub(super) uses: Vec<usize>,
    /// the place of each parent's key
    pub(super) of_parents: Vec<Option<usize>>,
}

impl Wanted {
    /// The keys of some parents; one may have none.
    pub(super) fn of<'k>(parents: impl ExactSizeIterator<Item = Option<&'k Value>> + Clone) -> Self {
        let mut places = Places::suited(parents.clone().flatten(), parents.len());
        let (mut keys, mut uses) = (Vec::new(), Vec::new());
        let of_parents = parents
            .map(|key| {
                let key = key?;
                let place = places.put(key, keys.len())?;
                if place == keys.len() {
                    keys.push(key.clone());
                    uses.push(0);
                }
                *uses.get_mut(place)? += 1;
                Some(place)
            })
            .collect();
        Wanted {
            keys,
            places,
            uses,
            of_parents,
        }
    }
}

impl Places {
    /// What suits these keys, which are so many at most.
    fn suited<'k>(keys: impl Iterator<Item = &'k Value>, most: usize) -> Self {
        let mut range: Option<(i64, i64)> = None;
        for key in keys {
            let Value::Int(key) = key else {
                return Places::Values(HashMap::default());
            };
            let (least, greatest) = range.get_or_insert((*key, *key));
            *least = (*least).min(*key);
            *greatest = (*greatest).max(*key);
        }
        let (first, last) = range.unwrap_or_default();
        // A few words for each key are less than a place in a map.
        let span = last.checked_sub(first).and_then(|span| usize::try_from(span).ok());
        match span {
            Some(span) if span / 4 <= most => Places::Near {
                first,
                places: vec![NONE; span + 1],
            },
            _ => Places::Ints(HashMap::default()),
        }
    }

    /// The place of a key, which is this one if it is new.
    fn put(&mut self, key: &Value, new: usize) -> Option<usize> {
        Some(match (self, key) {
            (Places::Near { first, places }, Value::Int(key)) => {
                let place = places.get_mut(distance(*first, *key)?)?;
                if *place == NONE {
                    *place = new;
                }
                *place
            }
            (Places::Ints(places), Value::Int(key)) => *places.entry(*key).or_insert(new),
            (Places::Values(places), key) => match places.get(key) {
                Some(place) => *place,
                None => *places.entry(key.clone()).or_insert(new),
            },
            (Places::Near { .. } | Places::Ints(_), _) => return None,
        })
    }

    /// The place of the key in a cell of that kind, if it is one of them.
    pub(super) fn read<S: Source>(&self, source: &mut S, at: usize, kind: Kind) -> Result<Option<usize>> {
        Ok(match self {
            Places::Near { first, places } => {
                let place = distance(*first, source.int(at)?).and_then(|distance| places.get(distance));
                place.copied().filter(|place| *place != NONE)
            }
            Places::Ints(places) => places.get(&source.int(at)?).copied(),
            Places::Values(places) => places.get(&read_value(source, at, kind)?).copied(),
        })
    }
}

fn distance(first: i64, key: i64) -> Option<usize> {
    usize::try_from(key.checked_sub(first)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Places, Wanted};
    use crate::error::Result;
    use crate::exec::ValueRow;
    use crate::value::{Kind, Value};

    fn wanted(keys: &[Value]) -> Wanted {
        Wanted::of(keys.iter().map(|key| Some(key).filter(|key| !key.is_null())))
    }

    fn find(places: &Places, key: Value) -> Result<Option<usize>> {
        let kind = key.kind();
        places.read(&mut ValueRow(&[key]), 0, kind)
    }

    #[test]
    fn each_key_has_a_place() -> Result<()> {
        let near = [7, -3, 7, 12].map(Value::Int);
        let far = [i64::MAX, i64::MIN, i64::MAX, 0].map(Value::Int);
        let texts = ["a", "", "a", "b"].map(|text| Value::Text(text.to_owned()));
        for keys in [near, far, texts] {
            let wanted = wanted(&keys);
            assert_eq!(wanted.keys, [keys[0].clone(), keys[1].clone(), keys[3].clone()]);
            assert_eq!(wanted.uses, [2, 1, 1]);
            assert_eq!(wanted.of_parents, [Some(0), Some(1), Some(0), Some(2)]);
            for (key, place) in keys.iter().zip(&wanted.of_parents) {
                assert_eq!(find(&wanted.places, key.clone())?, *place);
            }
        }
        Ok(())
    }

    #[test]
    fn others_have_none() -> Result<()> {
        let near = wanted(&[Value::Int(1), Value::Null(Kind::Int), Value::Int(3)]);
        assert!(matches!(near.places, Places::Near { .. }));
        assert_eq!(near.of_parents, [Some(0), None, Some(1)]);
        let far = wanted(&[Value::Int(1), Value::Int(1 << 40)]);
        assert!(matches!(far.places, Places::Ints(_)));
        for other in [0, 2, 4, -1, i64::MIN, i64::MAX] {
            assert_eq!(find(&near.places, Value::Int(other))?, None);
            assert_eq!(find(&far.places, Value::Int(other))?, None);
        }
        assert!(wanted(&[]).keys.is_empty() && wanted(&[Value::Null(Kind::Int)]).keys.is_empty());
        Ok(())
    }
}
