//! `LibraryFields<R, C>`: a method for each field and each relation.

use super::lookups;
use crate::parse::{Field, Model, Relation};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

/// The struct.
pub fn types(model: &Model) -> TokenStream {
    let (vis, fields) = (&model.vis, model.fields_type());
    let (root, card) = (&model.params.root, &model.params.card);
    let doc = format!(
        "The fields of [`{}`], at the end of a path of cardinality `{card}` from the model `{root}`.",
        model.ident
    );
    quote! {
        #[doc = #doc]
        #[allow(dead_code)]
        #vis struct #fields<#root, #card> {
            path: ::orm::__private::Path,
            marker: ::std::marker::PhantomData<fn() -> (#root, #card)>,
        }
    }
}

/// Its methods.
pub fn write(model: &Model) -> TokenStream {
    let (ident, fields) = (&model.ident, model.fields_type());
    let (root, card) = (&model.params.root, &model.params.card);
    // Bounds are checked for each method, so those that need none stand apart.
    let (mut plain, mut bound) = (Vec::new(), Vec::new());
    for field in model.sound_fields() {
        match field.relation() {
            Some(relation) => bound.push(relation_methods(model, field, relation)),
            None if field.nullable => bound.push(column_method(model, field, &field.ident, field.docs())),
            None => plain.push(column_method(model, field, &field.ident, field.docs())),
        }
    }
    let lookups = lookups::write(model);
    quote! {
        #[automatically_derived]
        impl<#root, #card> ::std::clone::Clone for #fields<#root, #card> {
            fn clone(&self) -> Self {
                #fields { path: ::std::clone::Clone::clone(&self.path), marker: __orm::PhantomData }
            }
        }

        #[automatically_derived]
        impl<#root: __orm::Model, #card: __orm::Cardinality> __orm::FieldSet for #fields<#root, #card> {
            type Root = #root;
            type Card = #card;
            type Model = #ident;

            fn at(path: __orm::Path) -> Self {
                #fields { path, marker: __orm::PhantomData }
            }

            fn path(&self) -> &__orm::Path {
                &self.path
            }
        }

        impl<#root, #card> #fields<#root, #card> {
            #(#plain)*
            #lookups
        }

        impl<#root: __orm::Model, #card: __orm::Cardinality> #fields<#root, #card> {
            #(#bound)*
        }
    }
}

/// `pub fn name(&self) -> Field<R, String, C>`
fn column_method(model: &Model, field: &Field, method: &syn::Ident, docs: TokenStream) -> TokenStream {
    let (ident, vis, index) = (&model.ident, &model.vis, field.index);
    let (root, card) = (&model.params.root, &model.params.card);
    let ty = field.value_type();
    let card = if field.nullable {
        quote!(<#card as __orm::Cardinality>::Opt)
    } else {
        quote!(#card)
    };
    quote_spanned! {method.span()=>
        #docs
        #vis fn #method(&self) -> __orm::Field<#root, #ty, #card> {
            __orm::field::<#ident, _, _, _>(&self.path, #index)
        }
    }
}

/// `pub fn library(&self) -> LibraryFields<R, C::Step>`, and `library_id` beside it.
fn relation_methods(model: &Model, field: &Field, relation: &Relation) -> TokenStream {
    let (ident, vis, index, name) = (&model.ident, &model.vis, field.index, &field.ident);
    let (root, card) = (&model.params.root, &model.params.card);
    let target = &relation.target;
    let docs = field.docs();
    if !field.is_key() {
        return quote_spanned! {name.span()=>
            #docs
            #vis fn #name(&self) -> <#target as __orm::Model>::Fields<#root, __orm::Many> {
                __orm::FieldSet::at(__orm::step_forward_m2m::<#ident>(&self.path, #index))
            }
        };
    }
    let step = quote!(<#card as __orm::Cardinality>::Step);
    let step = if field.nullable {
        quote!(<#step as __orm::Cardinality>::Opt)
    } else {
        step
    };
    // Two steps, so that the row's own key cannot be set by naming a row: it holds another field.
    let step = if relation.key.is_some() {
        quote!(<#step as __orm::Cardinality>::Step)
    } else {
        step
    };
    let key = format_ident!("{}_id", field.name, span = name.span());
    let doc = format!("The key of `{}`, which is a column of this table.", field.name);
    let key = column_method(model, field, &key, quote!(#[doc = #doc]));
    quote_spanned! {name.span()=>
        #docs
        #vis fn #name(&self) -> <#target as __orm::Model>::Fields<#root, #step> {
            __orm::FieldSet::at(__orm::step_forward::<#ident>(&self.path, #index))
        }

        #key
    }
}

impl Field {
    /// The user's documentation of the field, or a line that says its name.
    pub(super) fn docs(&self) -> TokenStream {
        if self.docs.is_empty() {
            let what = if self.relation().is_some() { "relation" } else { "field" };
            let doc = format!("The {what} `{}`.", self.name);
            return quote!(#[doc = #doc]);
        }
        let docs = &self.docs;
        quote!(#(#docs)*)
    }
}
