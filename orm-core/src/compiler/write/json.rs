//! Lookups of documents, and of what they have under a key.

use super::Writer;
use crate::compiler::argument::Argument;
use crate::compiler::resolved::{Right, Term};
use crate::dialect::{KeyForm, Pattern, PatternOf};
use crate::error::Result;
use crate::meta::ColumnType;
use crate::query::DocumentSort;
use crate::query::lookup::LookupKind;
use crate::value::{Kind, Value};

/// A document, or what it has under a key: the column and the path.
fn parts(term: &Term) -> (&Term, &[String]) {
    match term {
        Term::Key(of, path) => (of, path),
        whole => (whole, &[]),
    }
}

impl Writer {
    /// Writes a lookup that documents have otherwise than other values. `None`: it is like others.
    pub(super) fn json_lookup(&mut self, left: &Term, kind: LookupKind, right: &Right) -> Option<Result<()>> {
        let dialect = self.dialect();
        let (of, path) = parts(left);
        let is_key = !path.is_empty();
        if let (true, Some(sign), Right::One(Term::Value(document))) = (is_key, kind.sign(), right) {
            let sort = match document {
                Argument::Value(Value::Json(document)) => Some(DocumentSort::of(document)),
                Argument::Slot(slot) => slot.document,
                _ => None,
            };
            if let Some(sort) = sort {
                return Some(dialect.json_key_compare(self, &mut |w| w.term(of), path, sign, sort, document));
            }
            // The key is that of an annotation.
            self.undecided |= matches!(document, Argument::Slot(slot) if slot.kind == Kind::Json);
        }
        Some(match (kind, right) {
            (LookupKind::HasKey, Right::One(Term::Value(Argument::Value(Value::Text(key))))) => {
                let mut path = path.to_vec();
                path.push(key.clone());
                dialect.json_has_key(self, &mut |w| w.term(of), &path)
            }
            (LookupKind::JsonContains { contained }, Right::One(right)) => {
                dialect.json_contains(self, &mut |w| w.term(left), &mut |w| w.term(right), contained)
            }
            (LookupKind::IsNull, Right::Flag(yes)) if is_key => self.json_key_is_null(of, path, *yes),
            (LookupKind::IExact, Right::One(right)) => {
                dialect.iexact(self, &mut |w| w.json_text(of, path), &mut |w| w.term(right))
            }
            (LookupKind::Regex { ignore_case }, Right::One(right)) => dialect.regex(
                self,
                ColumnType::Text,
                &mut |w| w.json_text(of, path),
                &mut |w| w.term(right),
                ignore_case,
            ),
            (LookupKind::Match { part, ignore_case }, Right::One(Term::Value(text))) => {
                let pattern = Pattern {
                    part,
                    ignore_case,
                    column: ColumnType::Text,
                    of: PatternOf::Text(text),
                };
                dialect.matches(self, &mut |w| w.json_text(of, path), pattern)
            }
            _ => return None,
        })
    }

    fn json_text(&mut self, of: &Term, path: &[String]) -> Result<()> {
        if path.is_empty() {
            return self.term(of);
        }
        self.dialect().json_key(self, &mut |w| w.term(of), path, KeyForm::Text)
    }

    fn json_key_is_null(&mut self, of: &Term, path: &[String], yes: bool) -> Result<()> {
        self.dialect()
            .json_key(self, &mut |w| w.term(of), path, KeyForm::Presence)?;
        self.push(if yes { " IS NULL" } else { " IS NOT NULL" });
        Ok(())
    }
}
