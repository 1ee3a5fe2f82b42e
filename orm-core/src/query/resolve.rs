//! Names that are known at run time only (`publications__title__startswith`), resolved over the
//! models' descriptions into the same tree that the typed front builds.

use super::{Expr, Function, Lookup, OrderTerm, Path, Step, function, lookup};
use crate::error::{Error, Result, nearest};
use crate::meta::{FieldMeta, ModelMeta};

/// What a name stands for.
#[derive(Debug)]
pub struct Resolved {
    /// the column or what transforms made of it
    pub expr: Expr,
    /// the column itself
    pub field: &'static FieldMeta,
    /// the model that has the column
    pub model: &'static ModelMeta,
    /// whether the name ends at a relation rather than at a column
    pub relation: bool,
    /// the lookup at its end, where there is one
    pub lookup: Option<&'static Lookup>,
}

/// Resolves a name: relations, a column, transforms, a lookup.
///
/// # Errors
/// [`Error::Field`] for an unknown name, [`Error::Lookup`] for a transform or lookup that does not fit.
pub fn resolve(root: &'static ModelMeta, name: &str) -> Result<Resolved> {
    let mut model = root;
    let mut path = Path::root();
    let mut segments = name.split("__").peekable();
    let mut column: Option<&'static FieldMeta> = None;
    while let Some(segment) = segments.peek() {
        if let Some(step) = step(model, segment) {
            path = path.then(step);
            model = step.to();
            segments.next();
        } else if let Some(field) = model.field(segment) {
            column = Some(field);
            segments.next();
            break;
        } else if !path.steps().is_empty() && (lookup::lookup(segment).is_some()) {
            break;
        } else {
            return Err(unknown(model, segment));
        }
    }
    let field = column.unwrap_or_else(|| model.pk());
    let mut resolved = Resolved {
        expr: Expr::Column { path, field },
        field,
        model,
        relation: column.is_none(),
        lookup: None,
    };
    for segment in segments {
        let kind = resolved.expr.column_type().kind();
        if resolved.lookup.is_some() {
            return Err(unsupported(&resolved, segment));
        }
        if let Some(function) = function::function(segment).filter(|f| f.fits(kind)) {
            resolved.expr = call(resolved.expr, function);
        } else if let Some(lookup) = lookup::lookup(segment).filter(|l| l.fits(kind)) {
            resolved.lookup = Some(lookup);
        } else {
            return Err(unsupported(&resolved, segment));
        }
    }
    Ok(resolved)
}

/// The terms of an order by a name; a relation is the order of the model it leads to.
///
/// # Errors
/// [`Error::Field`] for an unknown name.
pub fn order_term(root: &'static ModelMeta, name: &str, descending: bool) -> Result<Vec<OrderTerm>> {
    let resolved = resolve(root, name)?;
    if let Some(lookup) = resolved.lookup {
        return Err(unsupported(&resolved, lookup.name));
    }
    match resolved.expr {
        Expr::Column { path, .. } if resolved.relation => Ok(relation_order(root, path, descending)),
        expr => Ok(vec![OrderTerm {
            expr,
            descending,
            nulls_first: None,
        }]),
    }
}

/// The order of the rows at the end of a path: the model's own, or by the key that leads there.
pub fn relation_order(root: &'static ModelMeta, path: Path, descending: bool) -> Vec<OrderTerm> {
    // Two models may order by each other; nobody means a path as long as this.
    const DEEPEST: usize = 16;
    let model = path.steps().last().map_or(root, |step| step.to());
    let own = if path.steps().len() < DEEPEST {
        model.ordering
    } else {
        &[]
    };
    let terms: Vec<OrderTerm> = own
        .iter()
        .filter_map(|ordering| {
            let mut terms = order_within(root, &path, model, ordering.path, ordering.descending != descending);
            (!terms.is_empty()).then(|| std::mem::take(&mut terms))
        })
        .flatten()
        .collect();
    if terms.is_empty() {
        let field = path.steps().last().map_or_else(|| root.pk(), |step| step.far_key());
        vec![OrderTerm {
            expr: Expr::Column { path, field },
            descending,
            nulls_first: None,
        }]
    } else {
        terms
    }
}

/// The model's own order. A term that names nothing is the model's mistake, and an error.
pub(crate) fn default_order(model: &'static ModelMeta) -> Result<Vec<OrderTerm>> {
    let mut terms = Vec::new();
    for ordering in model.ordering {
        terms.extend(order_term(model, ordering.path, ordering.descending)?);
    }
    Ok(terms)
}

fn order_within(
    root: &'static ModelMeta,
    prefix: &Path,
    model: &'static ModelMeta,
    name: &str,
    descending: bool,
) -> Vec<OrderTerm> {
    let Ok(resolved) = resolve(model, name) else {
        return Vec::new();
    };
    let Expr::Column { path, field } = resolved.expr else {
        return Vec::new();
    };
    let path = path.steps().iter().fold(prefix.clone(), |path, step| path.then(*step));
    if resolved.relation {
        return relation_order(root, path, descending);
    }
    vec![OrderTerm {
        expr: Expr::Column { path, field },
        descending,
        nulls_first: None,
    }]
}

fn call(expr: Expr, function: &'static Function) -> Expr {
    Expr::Call {
        function,
        args: vec![expr],
    }
}

/// The relation of that name, in either direction.
fn step(model: &'static ModelMeta, name: &str) -> Option<Step> {
    if let Some(relation) = model.relation(name) {
        return Some(Step::forward(relation));
    }
    let mut reverse = model.reverse_relations().iter().filter(|r| !r.hidden());
    reverse
        .find(|r| r.query_name() == name)
        .map(|relation| Step::reverse(relation))
}

fn unknown(model: &'static ModelMeta, name: &str) -> Error {
    Error::Field {
        model: model.name.to_owned(),
        name: name.to_owned(),
        choices: crate::dynamic::choices(model),
    }
}

fn unsupported(resolved: &Resolved, name: &str) -> Error {
    let kind = resolved.expr.column_type().kind();
    let fitting = lookup::LOOKUPS.iter().filter(|l| l.fits(kind)).map(|l| l.name);
    let transforms = function::all().filter(|f| f.fits(kind)).map(|f| f.name);
    Error::Lookup {
        lookup: name.to_owned(),
        on: format!("{}.{} ({})", resolved.model.name, resolved.field.name, kind.name()),
        choices: nearest(name, fitting.chain(transforms))
            .map(str::to_owned)
            .into_iter()
            .collect(),
    }
}
