//! Completion: what may stand at the end of a line that is being written.

mod fields;
#[cfg(test)]
mod tests;

use super::object::Obj;
use super::{Shell, construct, methods};
use orm_core::meta::{ModelMeta, RelationKind};
use std::collections::HashMap;

/// The names that a shell knows, and what they stand for.
pub(super) struct Names {
    known: HashMap<String, Sort>,
}

/// What is known of a value without evaluating it.
#[derive(Clone)]
enum Sort {
    Model(&'static ModelMeta),
    Manager(&'static ModelMeta),
    /// the rows that belong to a row
    Related(&'static ModelMeta),
    Rows(&'static ModelMeta),
    Record(&'static ModelMeta),
    Module(&'static str),
    /// a value, as it is
    Known(Obj),
    /// a call of this method gives what it gives
    Method(Box<Sort>, String),
    Other,
}

impl Shell {
    /// What is completed: variables, models, functions.
    pub(super) fn names(&self) -> Names {
        let mut known: HashMap<String, Sort> = HashMap::new();
        for name in construct::names() {
            if let Some(value) = construct::named(name) {
                known.insert(name.to_owned(), Sort::of(&value));
            }
        }
        for model in &self.models {
            known.insert(model.name.to_owned(), Sort::Model(model));
        }
        for (name, value) in &self.variables {
            known.insert(name.clone(), Sort::of(value));
        }
        Names { known }
    }
}

impl Sort {
    fn of(value: &Obj) -> Sort {
        match value {
            Obj::Model(model) => Sort::Model(model),
            Obj::Manager(manager) if manager.is_related() => Sort::Related(manager.model()),
            Obj::Manager(manager) => Sort::Manager(manager.model()),
            Obj::QuerySet(rows) => Sort::Rows(rows.value.model()),
            Obj::Record(row) => Sort::Record(row.model()),
            Obj::Module(name) => Sort::Module(name),
            other => Sort::Known(other.clone()),
        }
    }

    /// The names after a point.
    fn members(&self) -> Vec<String> {
        match self {
            Sort::Model(_) => vec!["objects".to_owned()],
            Sort::Manager(model) | Sort::Rows(model) | Sort::Related(model) => {
                let rows = orm_core::dynamic::DynQuerySet::new(model);
                let mut names = methods::names(&Obj::query_set(rows, super::limits::Extent::ONE));
                if let Sort::Related(_) = self {
                    names.extend(methods::names_of_related().map(str::to_owned));
                    names.sort();
                    names.dedup();
                }
                names
            }
            Sort::Record(model) => {
                let mut names = fields::attributes(model);
                names.extend(methods::names_of_rows().map(str::to_owned));
                names
            }
            Sort::Module(name) => methods::names(&Obj::Module(name)),
            Sort::Known(value) => methods::names(value),
            Sort::Method(..) | Sort::Other => Vec::new(),
        }
    }

    fn member(self, name: &str) -> Sort {
        match (&self, name) {
            (Sort::Model(model), "objects") => Sort::Manager(model),
            (Sort::Record(model), name) => {
                record_member(model, name).unwrap_or(Sort::Method(Box::new(self), name.to_owned()))
            }
            _ => Sort::Method(Box::new(self), name.to_owned()),
        }
    }

    fn called(self) -> Sort {
        match self {
            Sort::Method(of, name) => match *of {
                Sort::Manager(model) | Sort::Rows(model) | Sort::Related(model) => match name.as_str() {
                    "get" | "first" | "last" | "latest" | "earliest" | "create" => Sort::Record(model),
                    "count" | "exists" | "contains" | "aggregate" | "in_bulk" | "update" | "delete" => Sort::Other,
                    "get_or_create" | "update_or_create" | "bulk_create" | "bulk_update" => Sort::Other,
                    "add" | "remove" | "set" | "clear" => Sort::Other,
                    _ => Sort::Rows(model),
                },
                _ => Sort::Other,
            },
            Sort::Model(model) => Sort::Record(model),
            _ => Sort::Other,
        }
    }

    /// The model whose names the arguments of a call of this are.
    fn names_of_call(&self) -> Option<&'static ModelMeta> {
        match self {
            Sort::Method(of, _) => match &**of {
                Sort::Manager(model) | Sort::Rows(model) | Sort::Related(model) => Some(model),
                _ => None,
            },
            Sort::Model(model) => Some(model),
            _ => None,
        }
    }
}

fn record_member(model: &'static ModelMeta, name: &str) -> Option<Sort> {
    if let Some(relation) = model.relation(name) {
        let target = (relation.target)();
        return Some(match relation.kind {
            RelationKind::ManyToMany => Sort::Related(target),
            _ => Sort::Record(target),
        });
    }
    let mut reverse = model.reverse_relations().iter();
    let relation = reverse.find(|relation| !relation.hidden() && relation.accessor_name() == name)?;
    let source = (relation.source)();
    Some(match relation.kind {
        RelationKind::OneToOne => Sort::Record(source),
        _ => Sort::Related(source),
    })
}

/// A bracket that is open.
struct Open {
    bracket: char,
    /// what stands before it
    before: Option<Sort>,
    /// a colon stands in it: a slice
    colon: bool,
}

impl Names {
    /// Where the word begins that the line ends in, and what it may become.
    pub(super) fn complete(&self, line: &str) -> (usize, Vec<String>) {
        let mut scan = Scan {
            names: self,
            open: Vec::new(),
            value: None,
            dot: false,
        };
        let Some((start, word, quoted)) = scan.run(line) else {
            return (line.len(), Vec::new());
        };
        let call = scan
            .open
            .iter()
            .rev()
            .find(|open| open.bracket == '(')
            .and_then(|open| open.before.as_ref());
        let names_of_call = call.and_then(Sort::names_of_call);
        let mut found = if quoted {
            // `order_by("-pub`
            let name = word.trim_start_matches('-');
            let start = start + word.len() - name.len();
            let found = names_of_call.map_or(Vec::new(), |model| fields::paths(model, name, false));
            return fields::from_last_word(start, name, found);
        } else if scan.dot {
            let members = scan.value.as_ref().map_or(Vec::new(), Sort::members);
            members.into_iter().filter(|name| name.starts_with(word)).collect()
        } else {
            let mut found = Vec::new();
            if let Some(model) = names_of_call {
                let paths = fields::paths(model, word, true);
                if word.contains("__") {
                    return fields::from_last_word(start, word, paths);
                }
                found.extend(paths);
            }
            found.extend(self.known.keys().filter(|name| name.starts_with(word)).cloned());
            found
        };
        found.sort();
        found.dedup();
        // Nothing private where nothing private is asked for.
        found.retain(|name| !name.starts_with('_') || word.starts_with('_'));
        (start, found)
    }
}

/// Goes through a line that need not be complete.
struct Scan<'a> {
    names: &'a Names,
    open: Vec<Open>,
    /// the value before the place where the scan stands
    value: Option<Sort>,
    /// a point follows it
    dot: bool,
}

impl Scan<'_> {
    /// The word at the end, where it begins, and whether it stands in a string.
    fn run<'l>(&mut self, line: &'l str) -> Option<(usize, &'l str, bool)> {
        let mut at = 0;
        while let Some(c) = line.get(at..)?.chars().next() {
            let rest = line.get(at..)?;
            match c {
                c if c.is_alphabetic() || c == '_' => {
                    let end = rest
                        .find(|c: char| !c.is_alphanumeric() && c != '_')
                        .unwrap_or(rest.len());
                    let word = rest.get(..end)?;
                    if end == rest.len() {
                        return Some((at, word, false));
                    }
                    self.word(word);
                    at += end;
                    continue;
                }
                '"' | '\'' => {
                    let inside = rest.get(1..)?;
                    match inside.find(c) {
                        None => return Some((at + 1, inside, true)),
                        Some(end) => at += end + 2,
                    }
                    self.value = None;
                    self.dot = false;
                    continue;
                }
                '.' => self.dot = self.value.is_some(),
                '(' | '[' | '{' => {
                    let before = self.value.take();
                    self.dot = false;
                    let colon = false;
                    self.open.push(Open {
                        bracket: c,
                        before,
                        colon,
                    });
                }
                ')' | ']' | '}' => self.close(),
                ':' => {
                    if let Some(open) = self.open.last_mut() {
                        open.colon = true;
                    }
                    self.value = None;
                }
                c if c.is_whitespace() => {}
                _ => {
                    self.value = None;
                    self.dot = false;
                }
            }
            at += c.len_utf8();
        }
        Some((line.len(), "", false))
    }

    fn word(&mut self, word: &str) {
        self.value = Some(match self.value.take() {
            Some(value) if self.dot => value.member(word),
            _ => self.names.known.get(word).cloned().unwrap_or(Sort::Other),
        });
        self.dot = false;
    }

    fn close(&mut self) {
        self.dot = false;
        self.value = self.open.pop().and_then(|open| match (open.bracket, open.before) {
            ('(', Some(callee)) => Some(callee.called()),
            ('[', Some(Sort::Rows(model))) if open.colon => Some(Sort::Rows(model)),
            ('[', Some(Sort::Rows(model))) => Some(Sort::Record(model)),
            _ => None,
        });
    }
}
