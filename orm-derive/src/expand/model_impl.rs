//! `impl Model`, `impl Part`, and the registration.

use crate::parse::{Field, Model, Relation, RelationKind};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

pub fn write(model: &Model, key: &Field) -> TokenStream {
    let ident = &model.ident;
    let fields = model.fields_type();
    let create = model.create_with(None);
    let (root, card, source) = (&model.params.root, &model.params.card, &model.params.source);
    let (pk_type, pk, pk_index) = (key.value_type(), key_value(key), key.index);
    let width = model.columns().count();
    let read = model.fields.iter().map(|field| read(model, field));
    let values = model.columns().map(value);
    let hooks = model.attrs.hooks.then(hooks);
    quote! {
        #[automatically_derived]
        impl ::orm::Model for #ident {
            type Pk = #pk_type;
            type Fields<#root: ::orm::Model, #card: ::orm::__private::Cardinality> = #fields<#root, #card>;
            type Create = #create;

            fn meta() -> &'static ::orm::__private::meta::ModelMeta {
                &META
            }

            fn pk(&self) -> Self::Pk {
                #pk
            }

            fn decode<#source: ::orm::__private::Source>(source: &mut #source, at: usize) -> ::orm::Result<Self> {
                ::std::result::Result::Ok(#ident { #(#read,)* })
            }

            fn values(&self) -> ::std::vec::Vec<::orm::__private::Value> {
                ::std::vec![#(#values),*]
            }

            #hooks
        }

        #[automatically_derived]
        impl ::orm::__private::Part for #ident {
            fn width() -> usize {
                #width
            }

            fn read<#source: ::orm::__private::Source>(source: &mut #source, at: usize) -> ::orm::Result<Self> {
                <Self as ::orm::Model>::decode(source, at)
            }

            fn is_null<#source: ::orm::__private::Source>(source: &mut #source, at: usize) -> ::orm::Result<bool> {
                ::orm::__private::Source::is_null(source, at + #pk_index)
            }
        }

        ::orm::__private::inventory::submit! {
            ::orm::__private::Registration(<#ident as ::orm::Model>::meta)
        }
    }
}

fn key_value(key: &Field) -> TokenStream {
    let name = &key.ident;
    match key.relation() {
        Some(_) => quote!(self.#name.pk()),
        None => quote!(::std::clone::Clone::clone(&self.#name)),
    }
}

/// `name: read::<Self, String, S>(source, at, 1)?`
fn read(model: &Model, field: &Field) -> TokenStream {
    let (name, index, source) = (&field.ident, field.index, &model.params.source);
    if field.is_faulty {
        return quote!(#name: ::std::unreachable!());
    }
    let (function, ty) = match field.relation() {
        Some(Relation {
            kind: RelationKind::ManyToMany,
            ..
        }) => {
            return quote!(#name: ::std::default::Default::default());
        }
        Some(Relation { kind, target, .. }) => {
            let function = match (kind, field.nullable) {
                (RelationKind::OneToOne, false) => quote!(read_one_to_one),
                (RelationKind::OneToOne, true) => quote!(read_one_to_one_option),
                (_, false) => quote!(read_foreign_key),
                (_, true) => quote!(read_foreign_key_option),
            };
            (function, quote!(#target))
        }
        None => {
            let ty = &field.ty;
            (
                if field.nullable {
                    quote!(read_option)
                } else {
                    quote!(read)
                },
                quote!(#ty),
            )
        }
    };
    quote_spanned!(field.ty.span()=> #name: ::orm::__private::#function::<Self, #ty, #source>(source, at, #index)?)
}

/// `value(&self.name)`
fn value(field: &Field) -> TokenStream {
    let name = &field.ident;
    match (field.is_key(), field.nullable) {
        (false, false) => quote_spanned!(field.ty.span()=> ::orm::__private::value(&self.#name)),
        (false, true) => quote_spanned!(field.ty.span()=> ::orm::__private::value_option(&self.#name)),
        (true, false) => quote!(::orm::__private::value(&self.#name.pk())),
        (true, true) => quote!(::orm::__private::value_option(&self.#name.as_ref().map(|key| key.pk()))),
    }
}

fn hooks() -> TokenStream {
    quote! {
        const __HOOKS: bool = true;

        fn __before_save(&mut self) -> ::orm::Result<()> {
            <Self as ::orm::Hooks>::before_save(self)
        }

        fn __after_save(&self, created: bool) {
            <Self as ::orm::Hooks>::after_save(self, created)
        }

        fn __before_delete(&self) -> ::orm::Result<()> {
            <Self as ::orm::Hooks>::before_delete(self)
        }

        fn __after_delete(&self) {
            <Self as ::orm::Hooks>::after_delete(self)
        }
    }
}
