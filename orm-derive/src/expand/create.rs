//! `LibraryCreate`: the builder of new rows, which knows at compile time what is missing.

use crate::names::camel;
use crate::parse::{Field, Model};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

/// The struct, with a type parameter for each required field.
pub fn types(model: &Model) -> TokenStream {
    let (ident, vis, create) = (&model.ident, &model.vis, model.create_type());
    let states = states(model);
    let doc = format!("A new row of [`{ident}`] in the making; `{ident}::create()` begins one.");
    quote! {
        #[doc = #doc]
        #[allow(dead_code)]
        #[must_use = "nothing is written before `save`"]
        #vis struct #create<#(#states = ::orm::__private::Missing),*> {
            insert: ::orm::__private::Insert<#ident>,
            marker: ::std::marker::PhantomData<fn() -> (#(#states,)*)>,
        }
    }
}

fn states(model: &Model) -> Vec<Ident> {
    (0..model.required().count())
        .map(|number| model.params.state(number))
        .collect()
}

/// Its methods, and `Library::create()`.
pub fn write(model: &Model) -> TokenStream {
    let (ident, vis, create) = (&model.ident, &model.vis, model.create_type());
    let states = states(model);
    let traits = model
        .required()
        .enumerate()
        .map(|(number, field)| is_set(model, field, number));
    let bounds: Vec<TokenStream> = states
        .iter()
        .enumerate()
        .map(|(number, state)| {
            let required = model.required().nth(number);
            let is_set = required.map(|field| is_set_name(model, field, number));
            quote!(#state: #is_set)
        })
        .collect();
    let setters = model.columns().map(|field| setter(model, field, &states));
    let terminals = terminals(model, &bounds);
    let doc = format!(
        "Begins a new row: set its fields, then `save`. Required: {}.",
        required_names(model)
    );
    quote! {
        impl #ident {
            #[doc = #doc]
            #vis fn create() -> #create {
                #create { insert: __orm::Insert::new(), marker: __orm::PhantomData }
            }
        }

        #(#traits)*

        impl<#(#states),*> #create<#(#states),*> {
            #(#setters)*
            #terminals
        }

        impl<#(#states),*> __orm::FromInsert<#ident> for #create<#(#states),*> {
            fn from_insert(insert: __orm::Insert<#ident>) -> Self {
                #create { insert, marker: __orm::PhantomData }
            }
        }

        impl<#(#states),*> __orm::IntoInsert<#ident> for #create<#(#states),*>
        where
            #(#bounds,)*
        {
            fn into_insert(self) -> __orm::Insert<#ident> {
                self.insert
            }
        }
    }
}

fn required_names(model: &Model) -> String {
    let names: Vec<String> = model.required().map(|field| format!("`{}`", field.name)).collect();
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}

fn is_set_name(model: &Model, field: &Field, number: usize) -> Ident {
    // The number keeps `name` and `_name` apart.
    format_ident!("__{}{}IsSet{number}", model.ident, camel(&field.name))
}

/// The trait whose message says that a required field is missing.
fn is_set(model: &Model, field: &Field, number: usize) -> TokenStream {
    let name = is_set_name(model, field, number);
    let message = format!(
        "`{}` cannot be saved yet: the required field `{}` is not set",
        model.ident, field.name
    );
    let label = format!("call `.{}(..)` before this", field.name);
    quote! {
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #name {}

        impl #name for __orm::Set {}
    }
}

/// `pub fn name<V: IntoValue<String>>(self, value: V) -> LibraryCreate<Set, S1>`
fn setter(model: &Model, field: &Field, states: &[Ident]) -> TokenStream {
    let (vis, create, name, index) = (&model.vis, model.create_type(), &field.ident, field.index);
    let value = &model.params.value;
    let own = model.required().position(|required| required.name == field.name);
    let output = match own {
        None => quote!(Self),
        Some(own) => {
            let (before, after) = (&states[..own], &states[own + 1..]);
            quote!(#create<#(#before,)* __orm::Set, #(#after),*>)
        }
    };
    let (bound, set) = match field.relation() {
        None => {
            let ty = field.nullable_value_type();
            (quote!(__orm::IntoValue<#ty>), quote!(set::<#ty, _, _>))
        }
        Some(relation) => {
            let target = &relation.target;
            let not_null = (!field.nullable).then(|| quote!(, Null: __orm::NotNull));
            match &relation.key {
                None => (
                    quote!(__orm::IntoKey<#target #not_null>),
                    quote!(set_key::<#target, _, _>),
                ),
                Some(key) => (
                    quote!(__orm::IntoKeyBy<#target, #key #not_null>),
                    quote!(set_key_by::<#target, #key, _, _>),
                ),
            }
        }
    };
    let doc = format!("Sets `{}`.", field.name);
    quote_spanned! {name.span()=>
        #[doc = #doc]
        #vis fn #name<#value: #bound>(self, value: #value) -> #output {
            #create { insert: __orm::#set(self.insert, #index, value), marker: __orm::PhantomData }
        }
    }
}

/// `save`, `get_or_create`, `update_or_create`: plain functions with boxed futures, which cost far
/// less to compile than `async fn` and print each error once.
fn terminals(model: &Model, bounds: &[TokenStream]) -> TokenStream {
    let (ident, vis, fields) = (&model.ident, &model.vis, model.fields_type());
    let (executor, list) = (&model.params.executor, &model.params.list);
    let or_create = [
        (
            "get_or_create",
            "Finds the row that has these values in the fields named, or writes this one; the second value tells whether it did.",
        ),
        (
            "update_or_create",
            "Finds the row that has these values in the fields named and sets the others, or writes this one; the second value tells whether it did.",
        ),
    ];
    let or_create = or_create.into_iter().map(|(name, doc)| {
        let name = format_ident!("{name}");
        quote! {
            #[doc = #doc]
            #vis fn #name<'e, #executor: __orm::Executor, #list: __orm::FieldList<#ident>>(
                self,
                db: &'e #executor,
                fields: impl ::std::ops::FnOnce(#fields<#ident, __orm::Own>) -> #list,
            ) -> __orm::BoxFuture<'e, (#ident, bool)>
            where
                #(#bounds,)*
            {
                self.insert.#name(db, fields(#fields { path: __orm::Path::root(), marker: __orm::PhantomData }))
            }
        }
    });
    quote! {
        /// Writes the row and gives it back as the database has it.
        #vis fn save<'e, #executor: __orm::Executor>(self, db: &'e #executor) -> __orm::Saving<'e, #ident>
        where
            #(#bounds,)*
        {
            self.insert.save(db)
        }

        #(#or_create)*
    }
}
