//! The part of the description that is about rows as a whole: order, indexes, constraints.

use crate::parse::{Compare, IndexAttr, Model, Op, Operand, RowCondition, Term, UniqueAttr};
use crate::tokens;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Lit, LitStr};

/// The setters of `ModelMeta`, for what differs from the usual.
pub fn settings(model: &Model) -> Vec<TokenStream> {
    let attrs = &model.attrs;
    let mut settings = Vec::new();
    let mut list = |setting: TokenStream, items: Vec<TokenStream>| {
        if !items.is_empty() {
            settings.push(quote!(.#setting(&[#(#items),*])));
        }
    };
    list(quote!(ordering), terms(model, &attrs.ordering));
    list(quote!(get_latest_by), terms(model, &attrs.get_latest_by));
    let group = |group: &Vec<LitStr>| {
        let names = group.iter().map(|name| field_name(model, &name.value()));
        quote!(&[#(#names),*])
    };
    list(
        quote!(unique_together),
        attrs.unique_together.iter().map(group).collect(),
    );
    list(
        quote!(unique),
        attrs.unique.iter().map(|one| unique(model, one)).collect(),
    );
    list(
        quote!(indexes),
        attrs.indexes.iter().map(|one| index(model, one)).collect(),
    );
    let check = attrs.checks.iter().map(|check| {
        let (name, condition) = (&check.name, condition(model, &check.condition));
        quote!(__orm::meta::Check::new(#name, #condition))
    });
    list(quote!(checks), check.collect());
    if !attrs.managed {
        settings.push(quote!(.managed(false)));
    }
    settings.extend(attrs.comment.as_ref().map(|text| quote!(.comment(#text))));
    settings
}

/// A name as the field has it: `library` for `library_id`.
fn field_name(model: &Model, name: &str) -> String {
    model
        .field(name)
        .map_or_else(|| name.to_owned(), |field| field.name.clone())
}

fn terms(model: &Model, terms: &[Term]) -> Vec<TokenStream> {
    let term = |term: &Term| {
        // Paths across relations stay as they are.
        let path = if term.path.contains("__") {
            term.path.clone()
        } else {
            field_name(model, &term.path)
        };
        let descending = term.descending;
        quote!(__orm::meta::Ordering { path: #path, descending: #descending })
    };
    terms.iter().map(term).collect()
}

fn unique(model: &Model, unique: &UniqueAttr) -> TokenStream {
    let fields = unique.fields.iter().map(|name| field_name(model, &name.value()));
    let name = &unique.name;
    let condition = tokens::option(unique.condition.as_ref().map(|c| condition(model, c)));
    quote!(__orm::meta::Unique::new(#name, &[#(#fields),*], #condition))
}

fn index(model: &Model, index: &IndexAttr) -> TokenStream {
    let fields = terms(model, &index.fields);
    let name = tokens::option(index.name.as_ref());
    let condition = tokens::option(index.condition.as_ref().map(|c| condition(model, c)));
    quote!(__orm::meta::Index::new(#name, &[#(#fields),*], #condition))
}

/// A condition as a constant `CheckExpr`.
fn condition(model: &Model, condition_: &RowCondition) -> TokenStream {
    let each = |conditions: &[RowCondition]| conditions.iter().map(|c| condition(model, c)).collect::<Vec<_>>();
    let expr = match condition_ {
        RowCondition::And(all) => {
            let all = each(all);
            quote!(And(&[#(#all),*]))
        }
        RowCondition::Or(any) => {
            let any = each(any);
            quote!(Or(&[#(#any),*]))
        }
        RowCondition::Not(one) => {
            let one = condition(model, one);
            quote!(Not(&#one))
        }
        RowCondition::Compare(Compare { field, op, value, .. }) => {
            let (field, op, value) = (field_name(model, field), operator(*op), operand(model, value));
            quote!(Compare { field: #field, op: __orm::meta::CheckOp::#op, value: #value })
        }
    };
    quote!(__orm::meta::CheckExpr::#expr)
}

fn operator(op: Op) -> TokenStream {
    match op {
        Op::Exact => quote!(Exact),
        Op::Gt => quote!(Gt),
        Op::Gte => quote!(Gte),
        Op::Lt => quote!(Lt),
        Op::Lte => quote!(Lte),
        Op::In => quote!(In),
        Op::IsNull => quote!(IsNull),
    }
}

fn operand(model: &Model, value: &Operand) -> TokenStream {
    let value = match value {
        Operand::Field(name) => {
            let name = field_name(model, &name.to_string());
            quote!(Field(#name))
        }
        Operand::List(values) => {
            let values = values.iter().map(|value| operand(model, value));
            quote!(List(&[#(#values),*]))
        }
        Operand::Literal(expr) => literal(expr),
    };
    quote!(__orm::meta::CheckValue::#value)
}

fn literal(expr: &Expr) -> TokenStream {
    match tokens::literal(expr) {
        Some(Lit::Bool(_)) => quote!(Bool(#expr)),
        Some(Lit::Float(_)) => quote!(Float(#expr)),
        Some(Lit::Str(_)) => quote!(Text(#expr)),
        _ => quote!(Int(#expr)),
    }
}
