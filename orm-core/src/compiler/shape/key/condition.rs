//! The words of conditions.

use super::{Key, Tag, TooMuch, Walked};
use crate::compiler::draft::Given;
use crate::compiler::list::Listed;
use crate::compiler::resolve::years;
use crate::query::{Condition, DocumentSort, LookupKind, Merged, Operand};
use crate::value::{Kind, Value};

impl<'q> Key<'q> {
    pub(super) fn condition(&mut self, condition: &'q Condition) -> Walked {
        match condition {
            Condition::Constant(value) => self.tag(Tag::Constant, u64::from(*value)),
            Condition::Exists(query) => {
                self.tag(Tag::Subquery, 1);
                self.outside_filters(|key| key.query(query))?;
            }
            Condition::Lookup { left, right, .. } if years::is_far(left, right) => return Err(TooMuch),
            Condition::Lookup { left, lookup, right } => {
                self.address(Tag::Lookup, *lookup);
                self.expr(left)?;
                if let Some(key) = lookup.text_key(right) {
                    return self.text(key);
                }
                self.operand(right, lookup.kind)?;
                if let Some(document) = right.compared_document(left) {
                    self.words.push(DocumentSort::of(document) as u64);
                }
            }
            Condition::And(all) => {
                self.tag(Tag::And, all.len() as u64);
                all.iter().try_for_each(|one| self.condition(one))?;
            }
            Condition::Or(all) => {
                self.tag(Tag::Or, all.len() as u64);
                all.iter().try_for_each(|one| self.condition(one))?;
            }
            Condition::Not(one) => {
                self.tag(Tag::Not, 0);
                self.condition(one)?;
            }
            Condition::Xor(all) => {
                self.tag(Tag::Xor, all.len() as u64);
                // Each is written twice.
                self.outside_filters(|key| all.iter().try_for_each(|one| key.condition(one)))?;
            }
            Condition::Merged(merged) => {
                let Merged { exclusive, left, right } = &**merged;
                self.tag(Tag::Merged, u64::from(*exclusive));
                self.words.extend([left.len() as u64, right.len() as u64]);
                // Each may be written twice.
                self.outside_filters(|key| left.iter().chain(right).try_for_each(|one| key.condition(one)))?;
            }
        }
        Ok(())
    }

    fn operand(&mut self, operand: &'q Operand, lookup: LookupKind) -> Walked {
        match operand {
            Operand::One(expr) => self.expr(expr),
            Operand::Many(all) if lookup == LookupKind::In => match self.lists.of(all).ok_or(TooMuch)? {
                Listed::Nothing => {
                    self.tag(Tag::Nothing, 0);
                    Ok(())
                }
                Listed::Each(places) => {
                    self.tag(Tag::Each, places.len() as u64);
                    places.iter().try_for_each(|at| self.expr(&all[*at]))
                }
                Listed::All(kind) => {
                    self.list(kind, Given::Distinct(all));
                    Ok(())
                }
            },
            Operand::Many(_) => Err(TooMuch),
            Operand::Pair(low, high) => {
                self.tag(Tag::Pair, 0);
                self.expr(low)?;
                self.expr(high)
            }
            Operand::Query(query) => self.query(query),
            Operand::Flag(yes) => {
                self.tag(Tag::Flag, u64::from(*yes));
                Ok(())
            }
        }
    }

    fn list(&mut self, kind: Kind, values: Given<'q>) {
        self.tag(Tag::All, kind as u64);
        self.given.push(values);
    }

    /// A list of keys.
    pub(in crate::compiler) fn keys(&mut self, keys: &'q [Value]) -> Result<Listed, TooMuch> {
        let listed = self.lists.of_keys(keys).ok_or(TooMuch)?;
        match listed {
            Listed::Nothing => return Err(TooMuch),
            Listed::Each(_) => {
                self.tag(Tag::Each, keys.len() as u64);
                keys.iter().try_for_each(|key| self.value(key))?;
            }
            Listed::All(kind) => self.list(kind, Given::Keys(keys)),
        }
        Ok(listed)
    }
}
