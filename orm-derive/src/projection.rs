//! `#[derive(Projection)]`: a struct whose fields are read from the rows of a model.

use crate::errors::Errors;
use crate::parse::{Items, Params};
use crate::tokens;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Expr, Fields, Ident, LitStr, Path, Result, Type};

/// The struct.
struct Projection {
    ident: Ident,
    model: Path,
    fields: Vec<Field>,
    /// names for type parameters
    params: Params,
}

/// One field, and where it is read from.
struct Field {
    ident: Ident,
    ty: Type,
    from: From,
}

enum From {
    /// the names on the way, and where they are written
    Path(Vec<Ident>, Span),
    Expr(Box<Expr>),
    /// a projection at the end of a path
    Nested(Vec<Ident>, Span),
}

/// Reads, checks, writes.
pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let projection = parse(input, &mut errors);
    errors.finish(())?;
    Ok(projection.map(|projection| write(&projection)).unwrap_or_default())
}

fn parse(input: &DeriveInput, errors: &mut Errors) -> Option<Projection> {
    let named = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !fields.named.is_empty() => Some(&fields.named),
            _ => None,
        },
        _ => None,
    };
    if !input.generics.params.is_empty() {
        errors.on(&input.generics, "a projection has no type parameters or lifetimes");
    }
    let mut model = None;
    Items::of(&input.attrs, "projection", errors).each(&["model"], &[], errors, |item, errors| {
        model = errors.take(item.path("Book"));
    });
    if model.is_none() {
        errors.on(
            &input.ident,
            "say the model that it is read from: `#[projection(model = Book)]`",
        );
    }
    let Some(named) = named else {
        errors.on(
            &input.ident,
            "`Projection` is for a struct with named fields, one for each column",
        );
        return None;
    };
    let fields: Vec<Field> = named.iter().filter_map(|field| read(field, errors)).collect();
    Some(Projection {
        ident: input.ident.clone(),
        model: model?,
        fields,
        params: Params::avoiding(input.to_token_stream()),
    })
}

fn read(field: &syn::Field, errors: &mut Errors) -> Option<Field> {
    let ident = field.ident.clone()?;
    let (mut path, mut expr, mut nested) = (None::<LitStr>, None, false);
    let known = ["path", "expr", "nested"];
    Items::of(&field.attrs, "projection", errors).each(&known, &[], errors, |item, errors| {
        if item.name == "path" {
            path = errors.take(item.text());
        } else if item.name == "expr" {
            expr = errors.take(item.expr());
        } else {
            nested = errors.take(item.flag()).unwrap_or_default();
        }
    });
    let (names, span) = match &path {
        Some(path) => (path.value(), path.span()),
        None => (ident.unraw().to_string(), ident.span()),
    };
    let names: Result<Vec<Ident>> = names
        .split("__")
        .map(|name| match name {
            "" => {
                let message = format!("`{names}` has an empty part: `__` stands between the names of fields");
                Err(syn::Error::new(span, message))
            }
            name => tokens::ident(name, span),
        })
        .collect();
    let from = match (expr, nested) {
        (Some(expr), _) if path.is_some() || nested => {
            errors.on(expr, "an `expr` says all; `path` and `nested` do not go with it");
            return None;
        }
        (Some(Expr::Closure(closure)), _) if closure.inputs.len() == 1 => From::Expr(Box::new(Expr::Closure(closure))),
        (Some(expr), _) => {
            errors.on(
                expr,
                "an `expr` is a closure over the model's fields: `expr = |b| b.reviews().count()`",
            );
            return None;
        }
        (None, true) => From::Nested(errors.take(names)?, span),
        (None, false) => From::Path(errors.take(names)?, span),
    };
    Some(Field {
        ident,
        ty: field.ty.clone(),
        from,
    })
}

fn write(projection: &Projection) -> TokenStream {
    let Projection {
        ident,
        model,
        fields,
        params: Params { source: row, .. },
    } = projection;
    let columns = fields.iter().map(|field| column(field, model));
    let widths = fields.iter().map(|Field { ty, from, .. }| match from {
        From::Nested(..) => quote_spanned!(ty.span()=> ::orm::__private::nested_width::<#ty>()),
        _ => quote_spanned!(ty.span()=> <#ty as ::orm::__private::Part>::width()),
    });
    let reads = fields.iter().map(|Field { ident, ty, from }| match from {
        From::Nested(..) => {
            quote_spanned!(ty.span()=> #ident: <#ty as ::orm::__private::Nested>::read(source, &mut at)?)
        }
        _ => quote_spanned!(ty.span()=> #ident: ::orm::__private::read_part::<#ty, #row>(source, &mut at)?),
    });
    quote! {
        #[allow(unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            #[automatically_derived]
            impl ::orm::Projection for #ident {
                type Model = #model;

                fn columns() -> ::std::vec::Vec<::orm::__private::Expr> {
                    #[allow(unused_imports)]
                    use ::orm::__private::{RelationExt as _, SqlExpr as _};
                    let mut to = ::std::vec::Vec::new();
                    #(#columns)*
                    to
                }
            }

            #[automatically_derived]
            impl ::orm::__private::Part for #ident {
                type Handle<R: ::orm::Model, C: ::orm::Cardinality> = ::orm::__private::Opaque;

                fn width() -> usize {
                    0 #(+ #widths)*
                }

                fn read<#row: ::orm::__private::Source>(source: &mut #row, at: usize) -> ::orm::Result<Self> {
                    let mut at = at;
                    ::std::result::Result::Ok(Self { #(#reads),* })
                }
            }
        };
    }
}

/// The call that reads a field: messages about it point at the field, or at its attribute.
fn column(Field { ty, from, .. }: &Field, model: &Path) -> TokenStream {
    let root = Ident::new("fields", Span::mixed_site());
    let chain = |names: &[Ident], span: Span| {
        let mut root = root.clone();
        root.set_span(root.span().located_at(span));
        names.iter().fold(
            root.to_token_stream(),
            |chain, name| quote_spanned!(span=> #chain.#name()),
        )
    };
    match from {
        From::Path(names, span) => {
            let column = chain(names, *span);
            quote_spanned!(*span=> ::orm::__private::project::<#model, #ty, _>(|#root| #column, &mut to);)
        }
        From::Nested(names, span) => {
            let path = chain(names, *span);
            quote_spanned!(*span=> ::orm::__private::nest::<#model, #ty, _>(|#root| #path, &mut to);)
        }
        From::Expr(closure) => {
            quote_spanned!(closure.span()=> ::orm::__private::project::<#model, #ty, _>(#closure, &mut to);)
        }
    }
}
