//! `filter_params`: filters and an order out of the parameters of a URL, as far as they are allowed.

use super::QuerySet;
use crate::dynamic::{DynOrder, DynQ, Dynamic, Scope};
use crate::error::{Error, Result, nearest};
use crate::meta::ModelMeta;
use crate::model::Model;
use crate::query::{Condition, Expr, OperandKind, OrderTerm, Step, lookup};
use crate::row::Extras;
use crate::value::Value;

/// Which parameters a client may filter and order by. What is not said here is refused: a filter over
/// a relation can ask for what the service never shows (`user__password__startswith`), and one over
/// an unindexed column can keep the database busy.
///
/// ```
/// # use orm_core::queryset::Allowed;
/// let allowed = Allowed::new(["title__icontains", "genre__in", "price__gte", "publisher"])
///     .ordering(["title", "price"])
///     .ignoring(["page"]);
/// ```
#[derive(Debug, Clone)]
pub struct Allowed {
    filters: Vec<String>,
    ordering: Vec<String>,
    parameter: String,
    ignored: Vec<String>,
    values: usize,
}

/// So many parameters a URL may have.
const MOST_PARAMETERS: usize = 50;

/// So many characters a value may have.
const LONGEST: usize = 1_000;

impl Allowed {
    /// These filters, each with the path and the lookup as they are written (`price__gte`; a name alone
    /// is `exact`), and no order.
    pub fn new<S: Into<String>>(filters: impl IntoIterator<Item = S>) -> Self {
        Allowed {
            filters: filters.into_iter().map(Into::into).collect(),
            ordering: Vec::new(),
            parameter: "ordering".to_owned(),
            ignored: Vec::new(),
            values: 100,
        }
    }

    /// Lets clients order by these, up and down: `ordering=-price,title`.
    #[must_use]
    pub fn ordering<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.ordering.extend(names.into_iter().map(Into::into));
        self
    }

    /// The parameter that says the order, in place of `ordering`.
    #[must_use]
    pub fn ordering_parameter(mut self, name: impl Into<String>) -> Self {
        self.parameter = name.into();
        self
    }

    /// Parameters that are for somebody else, such as `page`.
    #[must_use]
    pub fn ignoring<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.ignored.extend(names.into_iter().map(Into::into));
        self
    }

    /// So many values a list (`genre__in=fic,sci`) may have, in place of 100.
    #[must_use]
    pub fn values(mut self, most: usize) -> Self {
        self.values = most;
        self
    }

    /// The condition and the order that parameters ask for.
    fn read(&self, model: &'static ModelMeta, params: &[(&str, &str)]) -> Result<(Condition, Option<Vec<OrderTerm>>)> {
        let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
        let mut filters: Vec<Filter<'_>> = Vec::new();
        let mut order = None;
        for (index, (name, text)) in params.iter().enumerate() {
            if index == MOST_PARAMETERS {
                return Err(refused(
                    name,
                    format!("there are more than {MOST_PARAMETERS} parameters"),
                ));
            }
            if has(&self.filters, name) {
                filter(&mut filters, model, name, text);
            } else if *name == self.parameter && !self.ordering.is_empty() {
                if order.is_some() {
                    return Err(refused(name, "it stands there twice"));
                }
                order = Some(self.order(model, name, text)?);
            } else if !has(&self.ignored, name) {
                return Err(self.unknown(name));
            }
        }
        let scope = Scope::of(model);
        let mut all = Condition::Constant(true);
        for filter in filters {
            all = all.and(filter.condition(&scope, self.values)?);
        }
        Ok((all, order))
    }

    fn order(&self, model: &'static ModelMeta, parameter: &str, text: &str) -> Result<Vec<OrderTerm>> {
        let mut terms = Vec::new();
        for (index, name) in text.split(',').map(str::trim).enumerate() {
            let plain = name.strip_prefix('-').unwrap_or(name);
            let known = self.ordering.iter().any(|known| known == plain);
            if !known || index >= self.ordering.len() {
                let choices = self.ordering.join(", ");
                return Err(refused(
                    parameter,
                    format!("{name:?} is no order; choices are: {choices}"),
                ));
            }
            terms.extend(DynOrder::from(name).terms(&Scope::of(model))?);
        }
        Ok(terms)
    }

    fn unknown(&self, name: &str) -> Error {
        let order = (!self.ordering.is_empty()).then_some(&self.parameter);
        let known: Vec<&str> = self
            .filters
            .iter()
            .chain(order)
            .chain(&self.ignored)
            .map(String::as_str)
            .collect();
        let near = nearest(name, known.iter().copied());
        let hint = near.map_or_else(|| ".".to_owned(), |near| format!("; is {near:?} meant?"));
        refused(name, format!("it is not known{hint} Choices are: {}", known.join(", ")))
    }
}

/// A filter with all values that the URL gives it.
struct Filter<'p> {
    name: &'p str,
    operand: OperandKind,
    texts: Vec<&'p str>,
}

fn filter<'p>(filters: &mut Vec<Filter<'p>>, model: &'static ModelMeta, name: &'p str, text: &'p str) {
    let operand = operand(model, name);
    let lists = operand == OperandKind::Many;
    match filters.iter_mut().find(|filter| filter.name == name) {
        Some(filter) if lists => filter.texts.push(text),
        _ => filters.push(Filter {
            name,
            operand,
            texts: vec![text],
        }),
    }
}

/// What stands on the right of the lookup that a name ends with.
fn operand(mut model: &'static ModelMeta, name: &str) -> OperandKind {
    let mut last = None;
    for segment in name.split("__") {
        match Step::named(model, segment) {
            Some(step) => model = step.to(),
            // A field of that name is not the lookup.
            None if model.field(segment).is_some() => {}
            None => last = lookup::lookup(segment),
        }
    }
    last.map_or(OperandKind::Nullable, |lookup| lookup.operand)
}

impl Filter<'_> {
    fn condition(&self, scope: &Scope<'_>, most: usize) -> Result<Condition> {
        let refuse = |reason: String| refused(self.name, reason);
        for text in &self.texts {
            if text.chars().count() > LONGEST {
                return Err(refuse(format!("it is longer than {LONGEST} characters")));
            }
            if text.contains('\0') {
                return Err(refuse("it has a NUL character".to_owned()));
            }
        }
        let text = |text: &str| Dynamic::Value(Value::Text(text.to_owned()));
        let first = self.texts.first().copied().unwrap_or_default();
        let value = match self.operand {
            OperandKind::Flag => match first.to_ascii_lowercase().as_str() {
                "true" | "1" => Dynamic::Value(Value::Bool(true)),
                "false" | "0" => Dynamic::Value(Value::Bool(false)),
                _ => return Err(refuse(format!("{first:?} is neither true nor false"))),
            },
            OperandKind::Many | OperandKind::Pair => {
                let given = self.texts.iter().filter(|text| !text.is_empty());
                let values: Vec<Dynamic> = given.flat_map(|given| given.split(',')).map(text).collect();
                if values.len() > most {
                    return Err(refuse(format!("there are more than {most} values")));
                }
                if self.operand == OperandKind::Pair && values.len() != 2 {
                    return Err(refuse("it takes two values with a comma between them".to_owned()));
                }
                Dynamic::List(values)
            }
            OperandKind::Nullable | OperandKind::One => text(first),
        };
        let condition = DynQ::leaf(self.name, value)
            .condition_of(scope)
            .map_err(|error| match error {
                // That is a mistake of who allowed it.
                Error::Field { .. } | Error::Lookup { .. } => error,
                Error::Validation(error) => {
                    let messages = error.fields.iter().flat_map(|(_, messages)| messages);
                    refuse(messages.map(String::as_str).collect::<Vec<_>>().join(" "))
                }
                other => refuse(other.to_string()),
            })?;
        // Each database has an order of its own for these, or refuses them.
        let endless = |part: &Expr| matches!(part, Expr::Value(Value::Float(value)) if !value.is_finite());
        if condition.any_part(&mut |part| endless(part)) {
            return Err(refuse(format!("{first:?} is no finite number")));
        }
        Ok(condition)
    }
}

fn refused(name: &str, message: impl Into<String>) -> Error {
    Error::Parameter {
        name: name.to_owned(),
        message: message.into(),
    }
}

impl<M: Model, X: Extras> QuerySet<M, X> {
    /// Filters and orders by the parameters of a URL, in one `filter`. The texts are read as the
    /// columns' types: `price__gte=9.50`, `pub_date=2024-01-01`, `in_print=true`,
    /// `publisher__isnull=true`; `genre__in=fic,sci` and `pages__range=100,200` are lists. Without the
    /// parameter for the order the query's own stays.
    ///
    /// ```
    /// # use orm_core as orm;
    /// # use orm::queryset::{Allowed, QuerySet};
    /// # fn example<M: orm::Model>(books: QuerySet<M>) -> orm::Result<QuerySet<M>> {
    /// let allowed = Allowed::new(["title__icontains", "price__gte"]).ordering(["price"]);
    /// let params = [("price__gte", "9.50"), ("ordering", "-price")];
    /// books.filter_params(&params, &allowed)
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Parameter`] names the parameter that is not allowed, whose value does not fit, or whose
    /// list is too long; [`Error::Field`] where the list of the allowed ones names what is not there.
    pub fn filter_params<K: AsRef<str>, V: AsRef<str>>(mut self, params: &[(K, V)], allowed: &Allowed) -> Result<Self> {
        let params: Vec<(&str, &str)> = params.iter().map(|(k, v)| (k.as_ref(), v.as_ref())).collect();
        let (condition, order) = allowed.read(M::meta(), &params)?;
        if !matches!(condition, Condition::Constant(true)) {
            self.query.filter(condition);
        }
        if let Some(terms) = order {
            self.query.reorder(terms);
        }
        Ok(self)
    }
}
