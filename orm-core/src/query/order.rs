//! The orders that models have: of queries that name none, and of the rows at the end of a relation.

use super::{Expr, OrderTerm, Path, Step, function};
use crate::error::{Error, Result};
use crate::meta::ModelMeta;

/// The model's own order. A term that names nothing is the model's mistake, and an error.
pub(crate) fn default_order(model: &'static ModelMeta) -> Result<Vec<OrderTerm>> {
    let mut terms = Vec::new();
    for ordering in model.ordering {
        terms.extend(by_name(model, &Path::root(), ordering.path, ordering.descending)?);
    }
    Ok(terms)
}

/// The order of the rows at the end of a path: the model's own, or by the key that leads there.
pub fn relation_order(root: &'static ModelMeta, path: Path, descending: bool) -> Vec<OrderTerm> {
    // Two models may order by each other; nobody means a path as long as this.
    const DEEPEST: usize = 16;
    let own = match path.steps().len() {
        ..DEEPEST => path.end(root).ordering,
        _ => &[],
    };
    let terms: Vec<OrderTerm> = own
        .iter()
        .filter_map(|ordering| by_name(root, &path, ordering.path, ordering.descending != descending).ok())
        .flatten()
        .collect();
    if terms.is_empty() {
        let field = path.steps().last().map_or_else(|| root.pk(), |step| step.far_key());
        vec![term(Expr::Column { path, field }, descending)]
    } else {
        terms
    }
}

/// The order by a name of the model at the end of a path: relations, a column, transforms. A relation
/// is the order of the model it leads to.
fn by_name(root: &'static ModelMeta, from: &Path, name: &str, descending: bool) -> Result<Vec<OrderTerm>> {
    let mut path = from.clone();
    let mut segments = name.split("__");
    let mut column = None;
    for segment in segments.by_ref() {
        let model = path.end(root);
        if let Some(step) = Step::named(model, segment) {
            path = path.then(step);
        } else if let Some(field) = model.field(segment) {
            column = Some(field);
            break;
        } else {
            return Err(unknown(model, segment));
        }
    }
    let Some(field) = column else {
        return Ok(relation_order(root, path, descending));
    };
    let model = path.end(root);
    let mut expr = Expr::Column { path, field };
    for segment in segments {
        let kind = expr.column_type().kind();
        let transform = function::function(segment).filter(|f| f.transform && f.fits(kind));
        expr = Expr::Call {
            function: transform.ok_or_else(|| unknown(model, segment))?,
            args: vec![expr],
        };
    }
    Ok(vec![term(expr, descending)])
}

fn term(expr: Expr, descending: bool) -> OrderTerm {
    OrderTerm {
        expr,
        descending,
        nulls_first: None,
    }
}

fn unknown(model: &'static ModelMeta, name: &str) -> Error {
    Error::Field {
        model: model.name.to_owned(),
        name: name.to_owned(),
        choices: model.query_names(),
    }
}
