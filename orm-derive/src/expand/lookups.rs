//! The flat lookups: `headline__startswith(v)`, `pub_date__year__gte(2020)`, `library__in(..)`.
//!
//! There are many of them, so each is one call of one plain function; they cost compile time all
//! the same, so the feature `lookups` and `#[model(lookups = false)]` leave them out.

use crate::parse::{Class, Field, Model};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// What a lookup takes.
#[derive(Clone, Copy)]
enum Takes {
    /// a value or NULL
    Nullable,
    Value,
    List,
    Pair,
    Flag,
}

use Takes::{Flag, List, Nullable, Pair, Value};

type Lookups = &'static [(&'static str, Takes)];

const EQUAL: Lookups = &[("exact", Nullable), ("in", List), ("isnull", Flag)];
const ORDER: Lookups = &[("gt", Value), ("gte", Value), ("lt", Value), ("lte", Value)];
const RANGE: Lookups = &[("range", Pair)];
const TEXT: Lookups = &[
    ("iexact", Nullable),
    ("contains", Value),
    ("icontains", Value),
    ("startswith", Value),
    ("istartswith", Value),
    ("endswith", Value),
    ("iendswith", Value),
];
const JSON: Lookups = &[("exact", Nullable), ("isnull", Flag)];
const PART_OF_DATE: Lookups = &[("exact", Nullable), ("in", List)];

/// The lookups that suit a type, as far as its text tells.
fn suiting(class: Class) -> &'static [Lookups] {
    match class {
        Class::Text | Class::TextType => &[EQUAL, TEXT],
        Class::Bool | Class::Uuid | Class::Ip => &[EQUAL],
        Class::Json | Class::Bytes => &[JSON],
        _ => &[EQUAL, ORDER, RANGE],
    }
}

/// All methods of the model's own fields and relations.
pub fn write(model: &Model) -> TokenStream {
    if !cfg!(feature = "lookups") || !model.attrs.lookups {
        return TokenStream::new();
    }
    let methods = model.sound_fields().map(|field| match field.class() {
        Some(class) => column(model, field, class),
        None => relation(model, field),
    });
    quote!(#(#methods)*)
}

fn column(model: &Model, field: &Field, class: Class) -> TokenStream {
    let ty = &field.ty;
    let mut methods = Vec::new();
    for (lookup, takes) in suiting(class).iter().copied().flatten() {
        methods.push(method(model, field, None, lookup, *takes, &quote!(#ty)));
    }
    if matches!(class, Class::Date | Class::DateTime) {
        for part in ["year", "month", "day"] {
            for (lookup, takes) in [PART_OF_DATE, ORDER].into_iter().flatten() {
                methods.push(method(model, field, Some(part), lookup, *takes, &quote!(i32)));
            }
        }
    }
    quote!(#(#methods)*)
}

/// `pub fn headline__startswith<V: IntoExpr<String, R>>(&self, value: V) -> Q<R>`
fn method(
    model: &Model,
    field: &Field,
    part: Option<&str>,
    lookup: &str,
    takes: Takes,
    ty: &TokenStream,
) -> TokenStream {
    let (ident, vis, index) = (&model.ident, &model.vis, field.index);
    let (root, value, second) = (&model.params.root, &model.params.value, &model.params.second);
    let name = match part {
        Some(part) => format!("{}__{part}__{lookup}", field.name),
        None => format!("{}__{lookup}", field.name),
    };
    let doc = format!("`{name}`, as in Django.");
    let method = format_ident!("{name}", span = field.span());
    let expr = quote!(::orm::__private::IntoExpr::<#ty, #root>::into_expr);
    let nullable = quote!(::orm::__private::IntoExpr<#ty, #root>);
    let required = quote!(::orm::__private::IntoExpr<#ty, #root, Null: ::orm::__private::NotNull>);
    let list = quote!(::orm::__private::IntoList<#ty, #root>);
    let (generics, argument, operand) = match takes {
        Nullable => (
            quote!(<#value: #nullable>),
            quote!(#value),
            quote!(Operand::One(#expr(value))),
        ),
        Value => (
            quote!(<#value: #required>),
            quote!(#value),
            quote!(Operand::One(#expr(value))),
        ),
        Pair => (
            quote!(<#value: #required, #second: #required>),
            quote!((#value, #second)),
            quote!(Operand::Pair(#expr(value.0), #expr(value.1))),
        ),
        List => (
            quote!(<#value: #list>),
            quote!(#value),
            quote!(IntoList::<#ty, #root>::into_operand(value)),
        ),
        Flag => (quote!(), quote!(bool), quote!(Operand::Flag(value))),
    };
    let lookup = format_ident!("{}", lookup.to_uppercase());
    let (function, part) = match part.map(|part| format_ident!("{}", part.to_uppercase())) {
        Some(part) => (quote!(transform), quote!(&::orm::__private::functions::#part,)),
        None => (quote!(lookup), quote!()),
    };
    quote! {
        #[doc = #doc]
        #vis fn #method #generics(&self, value: #argument) -> ::orm::__private::Q<#root> {
            ::orm::__private::#function::<#ident, #root>(
                &self.path,
                #index,
                #part
                &::orm::__private::lookups::#lookup,
                ::orm::__private::#operand,
            )
        }
    }
}

/// `library__exact`, `library__in`, `library__isnull`
fn relation(model: &Model, field: &Field) -> TokenStream {
    let Some(target) = field.relation().map(|relation| &relation.target) else {
        return TokenStream::new();
    };
    let (vis, name, root, value) = (&model.vis, &field.ident, &model.params.root, &model.params.value);
    let lookups = [
        (
            "exact",
            quote!(exact),
            quote!(<#value: ::orm::__private::IntoKey<#target>>),
            quote!(#value),
        ),
        (
            "in",
            quote!(in_),
            quote!(<#value: ::orm::__private::IntoKeys<#target>>),
            quote!(#value),
        ),
        ("isnull", quote!(isnull), quote!(), quote!(bool)),
    ];
    let methods = lookups.into_iter().map(|(lookup, function, generics, argument)| {
        let full = format!("{}__{lookup}", field.name);
        let doc = format!("`{full}`, as in Django.");
        let method = format_ident!("{full}", span = field.span());
        quote! {
            #[doc = #doc]
            #vis fn #method #generics(&self, value: #argument) -> ::orm::__private::Q<#root> {
                ::orm::__private::RelationExt::#function(&self.#name(), value)
            }
        }
    });
    quote!(#(#methods)*)
}
