//! `#[model(…)]`: what is said about the whole model.

use super::attrs::{Item, Items};
use super::condition::{self, RowCondition};
use crate::errors::Errors;
use proc_macro2::Span;
use syn::{Ident, LitStr};

/// What is said about the whole model.
pub struct ModelAttrs {
    /// `app = "…"`
    pub app: Option<LitStr>,
    /// `table = "…"`
    pub table: Option<LitStr>,
    /// `ordering = ["name", "-id"]`
    pub ordering: Vec<Term>,
    /// `get_latest_by = "created"`
    pub get_latest_by: Vec<Term>,
    /// `unique_together = [["a", "b"]]`
    pub unique_together: Vec<Vec<LitStr>>,
    /// `unique(…)`
    pub unique: Vec<UniqueAttr>,
    /// `index(…)`
    pub indexes: Vec<IndexAttr>,
    /// `check(…)`
    pub checks: Vec<CheckAttr>,
    /// `managed = false`
    pub managed: bool,
    /// `display = "{name}"`
    pub display: Option<LitStr>,
    /// `repr = "Book: {title}"`
    pub repr: Option<LitStr>,
    /// `hooks`
    pub hooks: bool,
    /// `lookups = false`
    pub lookups: bool,
    /// `comment = "…"`
    pub comment: Option<LitStr>,
}

/// One term of an order: `"-library__name"`.
pub struct Term {
    /// `library__name`
    pub path: String,
    /// it began with `-`
    pub descending: bool,
    /// where it stands
    pub span: Span,
}

/// `unique(fields = ["a", "b"], name = "…", condition = (…))`
pub struct UniqueAttr {
    /// the fields
    pub fields: Vec<LitStr>,
    /// its name
    pub name: LitStr,
    /// which rows it is about
    pub condition: Option<RowCondition>,
}

/// `index(fields = ["a", "-b"], name = "…", condition = (…))`
pub struct IndexAttr {
    /// the fields
    pub fields: Vec<Term>,
    /// its name; nothing for the automatic one
    pub name: Option<LitStr>,
    /// which rows are in it
    pub condition: Option<RowCondition>,
    /// where it stands
    pub span: Span,
}

/// `check(name = "…", condition = (…))`
pub struct CheckAttr {
    /// its name
    pub name: LitStr,
    /// what must hold
    pub condition: RowCondition,
}

impl Default for ModelAttrs {
    fn default() -> Self {
        ModelAttrs {
            app: None,
            table: None,
            ordering: Vec::new(),
            get_latest_by: Vec::new(),
            unique_together: Vec::new(),
            unique: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            managed: true,
            display: None,
            repr: None,
            hooks: false,
            lookups: true,
            comment: None,
        }
    }
}

const ATTRIBUTES: &[&str] = &[
    "app",
    "table",
    "ordering",
    "get_latest_by",
    "unique_together",
    "unique",
    "index",
    "check",
    "managed",
    "display",
    "repr",
    "hooks",
    "lookups",
    "comment",
];

impl ModelAttrs {
    /// Reads them.
    pub fn parse(items: Items, errors: &mut Errors) -> Self {
        let mut attrs = ModelAttrs::default();
        items.each(ATTRIBUTES, &["unique", "index", "check"], errors, |item, errors| {
            attrs.read(&item, errors)
        });
        attrs
    }

    fn read(&mut self, item: &Item, errors: &mut Errors) {
        match item.name.to_string().as_str() {
            "app" => self.app = errors.take(item.text()),
            "table" => self.table = errors.take(item.text()),
            "ordering" => self.ordering = terms(item, errors),
            "get_latest_by" => self.get_latest_by = terms(item, errors),
            "unique_together" => self.unique_together = errors.take(item.groups()).unwrap_or_default(),
            "unique" => self
                .unique
                .extend(constraint(item, errors).and_then(|parts| parts.unique(errors))),
            "index" => self
                .indexes
                .extend(constraint(item, errors).and_then(|parts| parts.index(errors))),
            "check" => self
                .checks
                .extend(constraint(item, errors).and_then(|parts| parts.check(errors))),
            "managed" => self.managed = errors.take(item.boolean()).unwrap_or(true),
            "display" => self.display = errors.take(item.text()),
            "repr" => self.repr = errors.take(item.text()),
            "hooks" => self.hooks = errors.take(item.flag()).unwrap_or(true),
            "lookups" => self.lookups = errors.take(item.boolean()).unwrap_or(true),
            "comment" => self.comment = errors.take(item.text()),
            _ => {}
        }
    }
}

fn terms(item: &Item, errors: &mut Errors) -> Vec<Term> {
    errors
        .take(item.texts())
        .unwrap_or_default()
        .iter()
        .map(Term::of)
        .collect()
}

impl Term {
    fn of(literal: &LitStr) -> Self {
        let text = literal.value();
        let path = text.strip_prefix('-');
        Term {
            descending: path.is_some(),
            path: path.unwrap_or(&text).to_owned(),
            span: literal.span(),
        }
    }
}

/// What stands between the parentheses of `unique(…)`, `index(…)` and `check(…)`.
struct Parts {
    keyword: Ident,
    fields: Option<Vec<LitStr>>,
    name: Option<LitStr>,
    condition: Option<RowCondition>,
}

fn constraint(item: &Item, errors: &mut Errors) -> Option<Parts> {
    let (known, example): (&[&str], _) = match item.name.to_string().as_str() {
        "check" => (&["name", "condition"], "(name = \"…\", condition = (…))"),
        "unique" => (&["fields", "name", "condition"], "(fields = [\"…\"], name = \"…\")"),
        _ => (&["fields", "name", "condition"], "(fields = [\"…\"])"),
    };
    let tokens = errors.take(item.group(example))?;
    let mut parts = Parts {
        keyword: item.name.clone(),
        fields: None,
        name: None,
        condition: None,
    };
    let mut complete = true;
    Items::parse(tokens, errors).each(known, &[], errors, |item, errors| {
        let read = match item.name.to_string().as_str() {
            "fields" => errors.take(item.texts()).map(|fields| parts.fields = Some(fields)),
            "name" => errors.take(item.text()).map(|name| parts.name = Some(name)),
            _ => errors
                .take(item.group(" = (…)"))
                .and_then(|tokens| condition::parse(tokens, errors))
                .map(|condition| parts.condition = Some(condition)),
        };
        complete &= read.is_some();
    });
    complete.then_some(parts)
}

impl Parts {
    fn need<T>(&self, part: Option<T>, what: &str, errors: &mut Errors) -> Option<T> {
        if part.is_none() {
            errors.at(self.keyword.span(), format!("`{}` needs {what}", self.keyword));
        }
        part
    }

    fn unique(mut self, errors: &mut Errors) -> Option<UniqueAttr> {
        let (fields, name) = (self.fields.take(), self.name.take());
        let fields = self.need(fields, "`fields = [\"…\"]`", errors);
        let name = self.need(name, "`name = \"…\"`", errors);
        Some(UniqueAttr {
            fields: fields?,
            name: name?,
            condition: self.condition,
        })
    }

    fn index(mut self, errors: &mut Errors) -> Option<IndexAttr> {
        let fields = self.fields.take();
        let fields = self.need(fields, "`fields = [\"…\"]`", errors)?;
        let fields = fields.iter().map(Term::of).collect();
        Some(IndexAttr {
            fields,
            name: self.name,
            condition: self.condition,
            span: self.keyword.span(),
        })
    }

    fn check(mut self, errors: &mut Errors) -> Option<CheckAttr> {
        let (name, condition) = (self.name.take(), self.condition.take());
        let name = self.need(name, "`name = \"…\"`", errors);
        let condition = self.need(condition, "`condition = (…)`", errors);
        Some(CheckAttr {
            name: name?,
            condition: condition?,
        })
    }
}
