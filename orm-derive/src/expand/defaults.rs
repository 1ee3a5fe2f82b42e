//! `default` and `db_default`.

use crate::check::is_parsed;
use crate::parse::{Class, Field};
use crate::tokens;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, Lit};

/// The settings of a column's `FieldMeta`.
pub fn write(field: &Field) -> Vec<TokenStream> {
    let attrs = &field.attrs;
    let default = attrs.default.as_deref().map(|expr| {
        let value = value(field, expr);
        quote!(.default(#value))
    });
    let db_default = attrs.db_default.as_deref().map(|expr| {
        let value = value(field, expr);
        quote!(.db_default(#value))
    });
    default.into_iter().chain(db_default).collect()
}

/// The `DefaultValue` of an expression.
pub fn value(field: &Field, expr: &Expr) -> TokenStream {
    let text = tokens::source(expr);
    let function = is_function(expr);
    let constant = !function && is_constant(expr);
    let given = if function {
        quote_spanned!(expr.span()=> #expr())
    } else {
        quote!(#expr)
    };
    let made = made(field, expr, &given);
    quote!(__orm::meta::DefaultValue::new(#text, #constant, || #made))
}

/// The code that makes the value.
fn made(field: &Field, expr: &Expr, given: &TokenStream) -> TokenStream {
    if let Some(relation) = field.relation().filter(|relation| relation.key.is_none()) {
        let target = &relation.target;
        return quote_spanned!(expr.span()=> __orm::default_key::<#target, _>(#given));
    }
    let ty = &field.ty;
    match (tokens::literal(expr), field.class()) {
        (Some(Lit::Str(text)), Some(class)) if is_parsed(class) => quote!(__orm::literal::<#ty>(#text)),
        // That it is no decimal has been said.
        (Some(Lit::Float(_)), Some(Class::Decimal)) => quote!(::std::unreachable!()),
        _ => {
            let ty = field.nullable_value_type();
            quote_spanned!(expr.span()=> __orm::default_value::<#ty, _>(#given))
        }
    }
}

/// Whether a path names a function, which is called: `Uuid::new_v4`; constants and variants begin
/// with a capital letter.
fn is_function(expr: &Expr) -> bool {
    let Expr::Path(path) = expr else { return false };
    let last = path.path.segments.last().map(|last| last.ident.unraw().to_string());
    last.is_some_and(|name| name.starts_with(|c: char| c.is_lowercase() || c == '_'))
}

/// Whether an expression is the same value each time, as far as its form tells: `Score(1.0)` is,
/// `now()` is not.
fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) => !is_function(&call.func) && call.args.iter().all(is_constant),
        Expr::MethodCall(_) | Expr::Macro(_) | Expr::Block(_) => false,
        _ => true,
    }
}
