//! The output of `q!`: a closure that calls the methods of the model's fields.

use super::{Condition, LOOKUPS, Leaf};
use crate::tokens;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, Ident, Result};

/// `|m| m.library().name().startswith("x")`, with the traits that the methods are of.
pub fn write(condition: &Condition) -> Result<TokenStream> {
    let root = Ident::new("fields", Span::mixed_site());
    let condition = combined(condition, &root)?;
    Ok(quote! {
        |#root| {
            #[allow(unused_imports)]
            use ::orm::__private::{MomentExpr as _, NumberExpr as _, RelationExt as _, SqlExpr as _, TextExpr as _};
            #condition
        }
    })
}

fn combined(condition: &Condition, root: &Ident) -> Result<TokenStream> {
    let each = |conditions: &[Condition]| conditions.iter().map(|c| combined(c, root)).collect::<Result<Vec<_>>>();
    Ok(match condition {
        Condition::Leaf(leaf) => lookup(leaf, root)?,
        Condition::And(all) => {
            let all = each(all)?;
            quote!((#(#all)&*))
        }
        Condition::Or(any) => {
            let any = each(any)?;
            quote!((#(#any)|*))
        }
        Condition::Not(one) => {
            let one = combined(one, root)?;
            quote!((!#one))
        }
    })
}

fn lookup(leaf: &Leaf, root: &Ident) -> Result<TokenStream> {
    let field = chain(&leaf.path, leaf.span, root)?;
    let method = LOOKUPS
        .iter()
        .find(|(lookup, _)| *lookup == leaf.lookup)
        .map_or(leaf.lookup, |(_, method)| method);
    let method = Ident::new(method, leaf.span);
    let mut names = FieldNames { root, error: None };
    let mut value = leaf.value.clone();
    names.visit_expr_mut(&mut value);
    match names.error {
        Some(error) => Err(error),
        None => Ok(quote_spanned!(leaf.span=> #field.#method(#value))),
    }
}

/// `fields.library().name()`
fn chain(path: &[String], span: Span, root: &Ident) -> Result<TokenStream> {
    // Messages about the chain point at the name, and not at the whole of `q!`.
    let mut root = root.clone();
    root.set_span(root.span().located_at(span));
    path.iter().try_fold(root.to_token_stream(), |chain, name| {
        let name = tokens::ident(name, span)?;
        Ok(quote_spanned!(span=> #chain.#name()))
    })
}

/// Turns `F(library__name)` in a value into the field.
struct FieldNames<'a> {
    root: &'a Ident,
    error: Option<syn::Error>,
}

impl VisitMut for FieldNames<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let Some(name) = field_name(expr) else {
            return visit_mut::visit_expr_mut(self, expr);
        };
        match super::parse::path(&name).and_then(|path| chain(&path, name.span(), self.root)) {
            Ok(field) => *expr = Expr::Verbatim(field),
            Err(error) => self.error = Some(error),
        }
    }
}

/// `votes` of `F(votes)`.
pub fn field_name(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Call(ExprCall { func, args, .. }) if matches!(&**func, Expr::Path(path) if path.path.is_ident("F")) => {
            match (args.first(), args.len()) {
                (Some(Expr::Path(path)), 1) => path.path.get_ident().cloned(),
                _ => None,
            }
        }
        Expr::Group(group) => field_name(&group.expr),
        _ => None,
    }
}
