//! Writes what `#[derive(Model)]` makes. Each file here writes one part of it.
//!
//! Code for every path is `::orm::…`; whatever is no public type of the user's crate stands inside
//! one `const _`, so that no name of ours meets one of theirs.

mod create;
mod defaults;
mod display;
mod fields;
mod forward;
mod lookups;
mod meta;
mod model_impl;
mod reverse;
mod rows;

use crate::check::check;
use crate::errors::Errors;
use crate::parse::{Field, Model, Relation, RelationKind};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Ident};

/// Reads, checks, writes.
///
/// The code is written beside the mistakes, unless there would be no sense in it: one wrong
/// attribute does not take the model away from all the code that uses it.
pub fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let model = read(input, &mut errors).filter(|_| !errors.is_fatal());
    let code = model.and_then(|model| Some(write(&model, model.primary_key()?)));
    let messages = errors.finish(()).err().map(|error| error.to_compile_error());
    quote!(#messages #code)
}

/// Reads and checks.
pub fn read(input: &DeriveInput, errors: &mut Errors) -> Option<Model> {
    let parsed = Model::parse(input, errors);
    let model = errors.take(parsed)?;
    check(&model, errors);
    Some(model)
}

fn write(model: &Model, key: &Field) -> TokenStream {
    let public = [fields::types(model), create::types(model), reverse::types(model)];
    let private = [
        meta::write(model),
        model_impl::write(model, key),
        fields::write(model),
        create::write(model),
        forward::write(model),
        reverse::write(model),
        display::write(model),
    ];
    quote! {
        #(#public)*

        #[allow(
            dead_code,
            non_camel_case_types,
            non_snake_case,
            private_bounds,
            private_interfaces,
            unreachable_code,
            unused_qualifications,
            clippy::all,
            clippy::pedantic,
            clippy::nursery
        )]
        const _: () = {
            // A short path is less to expand and to resolve; there are hundreds.
            use ::orm::__private as __orm;

            #(#private)*
        };
    }
}

impl Model {
    /// `LibraryFields`
    fn fields_type(&self) -> Ident {
        format_ident!("{}Fields", self.ident)
    }

    /// `LibraryCreate`
    fn create_type(&self) -> Ident {
        format_ident!("{}Create", self.ident)
    }

    /// `LibraryCreate<Missing, Set>`, with that one field set, if it is one that a row needs.
    ///
    /// What stands after it is `Missing` by default.
    fn create_with(&self, set: &Field) -> TokenStream {
        let create = self.create_type();
        let Some(number) = self.required().position(|field| field.name == set.name) else {
            return quote!(#create);
        };
        let missing = (0..number).map(|_| quote!(::orm::__private::Missing));
        quote!(#create<#(#missing,)* ::orm::__private::Set>)
    }
}

impl Field {
    /// The type of its values, as `FieldType`: the other model's key, for a relation.
    fn value_type(&self) -> TokenStream {
        let ty = &self.ty;
        match self.relation() {
            None => quote!(#ty),
            Some(Relation { key: Some(key), .. }) => quote!(#key),
            Some(relation) => {
                let target = &relation.target;
                quote_spanned!(target.span()=> <#target as __orm::Model>::Pk)
            }
        }
    }

    /// [`value_type`](Self::value_type), in an `Option` where it may be NULL.
    fn nullable_value_type(&self) -> TokenStream {
        let ty = self.value_type();
        if self.nullable {
            quote!(::std::option::Option<#ty>)
        } else {
            ty
        }
    }

    /// Whether it leads to at most one row of another model over a column of its own.
    fn is_key(&self) -> bool {
        self.relation()
            .is_some_and(|relation| relation.kind != RelationKind::ManyToMany)
    }
}

#[cfg(test)]
mod tests;
