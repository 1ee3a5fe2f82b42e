//! Names over a model: relations, a column, transforms, a lookup. By the rules of Django's
//! `names_to_path`, `solve_lookup_type` and `build_lookup`.

use super::{DynExpr, Dynamic, FieldClass, Name, prepare};
use crate::error::{Error, Misuse, Result, nearest};
use crate::meta::{FieldMeta, ModelMeta};
use crate::query::{
    Condition, Expr, Lookup, LookupKind, OrderTerm, Path, Step, function, lookup as lookups, relation_order,
};

use crate::value::Kind;
use std::cell::RefCell;

/// What names may stand for: the model's, and what was annotated.
pub(crate) struct Scope<'q> {
    pub(super) model: &'static ModelMeta,
    pub(super) annotations: &'q [Annotation],
    /// the relations with conditions of their own
    pub(super) relations: &'q [(Name, Path)],
    /// what is taken from the row outside, where this is a query within a query
    pub(super) outer: RefCell<Vec<DynExpr>>,
    /// aggregates are over the rows as they are, so that they may be of aggregates
    pub(super) summarizes: bool,
}

/// A computed value with a name.
#[derive(Debug, Clone)]
pub(super) struct Annotation {
    /// empty once a later one has taken it
    pub(super) name: Name,
    /// a reference to it
    pub(super) expr: Expr,
    /// it is read with each row
    pub(super) shown: bool,
}

impl Annotation {
    /// Whether it still has its name: a later one may have taken it.
    fn is_named(&self) -> bool {
        !self.name.is_empty()
    }
}

impl Scope<'static> {
    /// The names of a model alone.
    pub(crate) fn of(model: &'static ModelMeta) -> Self {
        Scope {
            model,
            annotations: &[],
            relations: &[],
            outer: RefCell::new(Vec::new()),
            summarizes: false,
        }
    }
}

impl Scope<'_> {
    /// The same names, for aggregates over all rows.
    pub(super) fn summarizing(&self) -> Scope<'_> {
        Scope {
            model: self.model,
            annotations: self.annotations,
            relations: self.relations,
            outer: RefCell::new(Vec::new()),
            summarizes: true,
        }
    }

    pub(super) fn annotation(&self, name: &str) -> Option<&Annotation> {
        let mut named = self.annotations.iter().filter(|annotation| annotation.is_named());
        named.find(|annotation| *annotation.name == *name)
    }

    /// Where a relation with a condition of its own leads.
    pub(super) fn relation(&self, name: &str) -> Option<&Path> {
        let found = self.relations.iter().rfind(|(known, _)| **known == *name);
        found.map(|(_, path)| path)
    }

    /// The annotation that a name begins with, and what follows.
    pub(super) fn annotated<'n, 's>(&self, segments: &'s [&'n str]) -> Option<(&Annotation, &'s [&'n str])> {
        (1..=segments.len()).find_map(|length| {
            let (name, rest) = segments.split_at(length);
            Some((self.annotation(&name.join("__"))?, rest))
        })
    }
}

/// What stands on the left of a lookup.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) expr: Expr,
    /// the column itself, where it is one
    pub(super) field: Option<&'static FieldMeta>,
    /// the model that the name led to
    pub(super) model: &'static ModelMeta,
    /// the name ends at a relation rather than at a column
    pub(super) relation: bool,
    /// transforms were applied
    pub(super) transformed: bool,
}

impl Place {
    fn of(annotation: &Annotation, model: &'static ModelMeta) -> Self {
        Place {
            expr: annotation.expr.clone(),
            field: None,
            model,
            relation: false,
            transformed: true,
        }
    }

    /// How Django calls what stands there.
    pub(super) fn class(&self) -> FieldClass {
        match self.field {
            _ if self.relation => FieldClass::ForeignKey,
            Some(field) if !self.transformed => FieldClass::of(field),
            _ => FieldClass::of_column(self.expr.column_type()),
        }
    }
}

/// Where a walk along a name ended.
pub(super) struct Walk<'s, 'n> {
    pub(super) path: Path,
    model: &'static ModelMeta,
    /// the column, unless the name ends at a relation
    pub(super) column: Option<&'static FieldMeta>,
    pub(super) rest: &'s [&'n str],
}

/// Goes along relations up to a column. What follows is left over, unless all must be found.
pub(super) fn walk<'s, 'n>(scope: &Scope<'_>, segments: &'s [&'n str], all: bool) -> Result<Walk<'s, 'n>> {
    let mut walk = Walk {
        path: Path::root(),
        model: scope.model,
        column: None,
        rest: segments,
    };
    while let [segment, rest @ ..] = walk.rest {
        if let Some(step) = step(walk.model, segment) {
            walk.path = walk.path.then(step);
            walk.model = step.to();
        } else if let Some(field) = walk.model.field(segment) {
            if let (true, [next, ..]) = (all, rest) {
                return Err(Error::Field {
                    model: walk.model.name.to_owned(),
                    name: (*next).to_owned(),
                    choices: Vec::new(),
                });
            }
            walk.column = Some(field);
            walk.rest = rest;
            return Ok(walk);
        } else if walk.path.steps().is_empty()
            && let Some(path) = scope.relation(segment)
        {
            walk.path = path.clone();
            walk.model = path.end(scope.model);
        } else if walk.path.steps().is_empty() || all {
            return Err(unknown(scope, walk.model, segment));
        } else {
            return Ok(walk);
        }
        walk.rest = rest;
    }
    Ok(walk)
}

/// The relation of that name, in either direction; `pk` and `publisher_id` are relations where
/// their columns are.
fn step(model: &'static ModelMeta, name: &str) -> Option<Step> {
    Step::named(model, name).or_else(|| {
        let relation = model.field(name)?.relation.as_ref()?;
        Some(Step::forward(relation))
    })
}

impl Walk<'_, '_> {
    fn place(self) -> Place {
        let relation = self.column.is_none();
        let key = || self.path.steps().last().map_or(self.model.pk(), |step| step.far_key());
        let field = self.column.unwrap_or_else(key);
        Place {
            expr: Expr::Column { path: self.path, field },
            field: Some(field),
            model: self.model,
            relation,
            transformed: false,
        }
    }
}

/// `name = value` as a condition.
pub(super) fn lookup(scope: &Scope<'_>, name: &str, value: &Dynamic) -> Result<Condition> {
    if name.is_empty() {
        return Err(unknown(scope, scope.model, name));
    }
    let segments: Vec<&str> = name.split("__").collect();
    let (mut place, rest) = match scope.annotated(&segments) {
        Some((annotation, rest)) => (Place::of(annotation, scope.model), rest),
        None => {
            let walk = walk(scope, &segments, false)?;
            let rest = walk.rest;
            (walk.place(), rest)
        }
    };
    let document = place.expr.column_type().kind() == Kind::Json;
    let (found, transforms) = match rest.split_last() {
        None => (&lookups::EXACT, rest),
        Some((&"contains", before)) if document => (&lookups::JSON_CONTAINS, before),
        Some((last, before)) => match lookups::lookup(last) {
            Some(found) => (found, before),
            None => (&lookups::EXACT, rest),
        },
    };
    for transform in transforms {
        apply(&mut place, transform, rest)?;
    }
    if !fits(&place, found) {
        return Err(unsupported(&place, rest));
    }
    prepare::condition(scope, place, found, name, value)
}

/// Applies a transform to a column.
fn apply(place: &mut Place, name: &str, rest: &[&str]) -> Result<()> {
    let kind = place.expr.column_type().kind();
    if kind == Kind::Json && !place.relation {
        let of = std::mem::replace(&mut place.expr, Expr::Value(crate::value::Value::Int(0)));
        place.expr = match of {
            Expr::Key(of, mut path) => {
                path.push(name.to_owned());
                Expr::Key(of, path)
            }
            of => Expr::Key(Box::new(of), vec![name.to_owned()]),
        };
        place.transformed = true;
        return Ok(());
    }
    let function = function::function(name).filter(|f| !place.relation && f.transform && f.fits(kind));
    let Some(function) = function else {
        return Err(unsupported(place, rest));
    };
    let of = std::mem::replace(&mut place.expr, Expr::Value(crate::value::Value::Int(0)));
    place.expr = Expr::Call {
        function,
        args: vec![of],
    };
    place.transformed = true;
    Ok(())
}

fn fits(place: &Place, lookup: &Lookup) -> bool {
    if place.relation || place.field.is_some_and(|f| f.relation.is_some() && !place.transformed) {
        return matches!(
            lookup.kind,
            LookupKind::Exact
                | LookupKind::In
                | LookupKind::Gt
                | LookupKind::Gte
                | LookupKind::Lt
                | LookupKind::Lte
                | LookupKind::IsNull
        );
    }
    // What a document has under a key may be a number or a text, which have an order.
    let keyed = matches!(place.expr, Expr::Key(..));
    let ordered = matches!(
        lookup.kind,
        LookupKind::Gt | LookupKind::Gte | LookupKind::Lt | LookupKind::Lte | LookupKind::Range
    );
    (keyed && ordered) || lookup.fits(place.expr.column_type().kind())
}

/// The value of a name: all of it is found, nothing but transforms follows.
pub(super) fn value(scope: &Scope<'_>, name: &str) -> Result<Expr> {
    let segments: Vec<&str> = name.split("__").collect();
    if let Some(annotation) = scope.annotation(name) {
        return Ok(annotation.expr.clone());
    }
    if let Some((annotation, rest)) = scope.annotated(&segments) {
        let mut place = Place::of(annotation, scope.model);
        for transform in rest {
            apply(&mut place, transform, rest)?;
        }
        return Ok(place.expr);
    }
    let walk = walk(scope, &segments, false)?;
    let rest = walk.rest;
    if let (None, [next, ..]) = (walk.column, rest) {
        return Err(unknown(scope, walk.model, next));
    }
    let mut place = walk.place();
    for transform in rest {
        apply(&mut place, transform, rest).map_err(|_| Error::Field {
            model: place.model.name.to_owned(),
            name: (*transform).to_owned(),
            choices: Vec::new(),
        })?;
    }
    Ok(place.expr)
}

/// The terms of an order by a name; a relation is the order of the model it leads to.
pub(super) fn order(scope: &Scope<'_>, name: &str, descending: bool) -> Result<Vec<OrderTerm>> {
    let plain = |expr| OrderTerm {
        expr,
        descending,
        nulls_first: None,
    };
    if let Some(annotation) = scope.annotation(name) {
        return Ok(vec![plain(annotation.expr.clone())]);
    }
    let segments: Vec<&str> = name.split("__").collect();
    let Ok(walk) = walk(scope, &segments, true) else {
        return Ok(vec![plain(value(scope, name)?)]);
    };
    // `publisher_id` is the column, `publisher` the order of the publishers.
    let by_column = |step: &Step| {
        let last = segments.last().copied().unwrap_or_default();
        step.relation.name != last && step.from().field(last).is_some()
    };
    match walk.path.steps().last() {
        Some(step) if walk.column.is_none() && !by_column(step) => {
            Ok(relation_order(scope.model, walk.path, descending))
        }
        _ => Ok(vec![plain(walk.place().expr)]),
    }
}

/// The error about a name that stands for nothing.
pub(super) fn unknown(scope: &Scope<'_>, model: &'static ModelMeta, name: &str) -> Error {
    let mut choices = model.query_names();
    if std::ptr::eq(model, scope.model) {
        let named = scope.annotations.iter().filter(|annotation| annotation.is_named());
        choices.extend(named.map(|annotation| annotation.name.to_string()));
        choices.extend(scope.relations.iter().map(|(name, _)| name.to_string()));
        choices.sort();
    }
    Error::Field {
        model: model.name.to_owned(),
        name: name.to_owned(),
        choices,
    }
}

/// The error about a name that has to be one of a field, where it is not a query's.
pub(super) fn no_field(model: &ModelMeta, name: &str) -> Error {
    Error::misuse(Misuse::NoField, format!("{} has no field named '{name}'", model.name))
}

fn unsupported(place: &Place, rest: &[&str]) -> Error {
    let kind = place.expr.column_type().kind();
    let transforms = function::all().filter(|f| f.transform && f.fits(kind)).map(|f| f.name);
    let fitting = lookups::LOOKUPS.iter().filter(|l| fits(place, l)).map(|l| l.name);
    let (first, last) = (rest.first().copied(), rest.last().copied());
    let lookup = |fields: &[String]| {
        // What follows a relation is mostly meant to be a field of the model at its other end.
        let field = nearest(first.unwrap_or_default(), fields.iter().map(String::as_str));
        let near = field.or_else(|| nearest(last.unwrap_or_default(), fitting.chain(transforms)));
        near.map(str::to_owned).into_iter().collect()
    };
    let (on, choices) = match (&place.expr, place.field) {
        (Expr::Column { path, .. }, _) if place.relation => {
            let on = format!("the relation {:?} to {}", path.name(), place.model.name);
            (on, lookup(&place.model.query_names()))
        }
        (_, Some(field)) => {
            let on = format!("{}.{} ({})", place.model.name, field.name, place.class().name());
            (on, lookup(&[]))
        }
        _ => (place.class().name().to_owned(), lookup(&[])),
    };
    Error::Lookup {
        lookup: rest.join("__"),
        on,
        choices,
    }
}
