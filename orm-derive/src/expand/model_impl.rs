//! `impl Model`, `impl Part`, and the registration.

use crate::parse::{Class, Field, Model};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

pub fn write(model: &Model, key: &Field) -> TokenStream {
    let ident = &model.ident;
    let fields = model.fields_type();
    let create = model.create_type();
    let (root, card, source) = (&model.params.root, &model.params.card, &model.params.source);
    let (pk_type, pk, pk_index) = (key.value_type(), key_value(key), key.index);
    let width = model.columns().count();
    let (read, values) = (read(model), values(model));
    // A key that comes first is what is asked for anyhow.
    let is_null = (pk_index != 0).then(|| {
        quote! {
            fn is_null<#source: __orm::Source>(source: &mut #source, at: usize) -> __orm::Result<bool> {
                __orm::Source::is_null(source, at + #pk_index)
            }
        }
    });
    let hooks = model.attrs.hooks.then(hooks);
    quote! {
        #[automatically_derived]
        impl __orm::Model for #ident {
            type Pk = #pk_type;
            type Fields<#root: __orm::Model, #card: __orm::Cardinality> = #fields<#root, #card>;
            type Create = #create;

            fn meta() -> &'static __orm::meta::ModelMeta {
                &META
            }

            fn pk(&self) -> Self::Pk {
                #pk
            }

            fn values(&self) -> ::std::vec::Vec<__orm::Value> {
                let mut values = ::std::vec::Vec::with_capacity(#width);
                #values
                values
            }

            #hooks
        }

        #[automatically_derived]
        impl __orm::Part for #ident {
            type Handle<#root: __orm::Model, #card: __orm::Cardinality> = #fields<#root, #card>;

            fn width() -> usize {
                #width
            }

            fn read<#source: __orm::Source>(source: &mut #source, at: usize) -> __orm::Result<Self> {
                #read
            }

            #is_null
        }

        __orm::inventory::submit! {
            __orm::Registration(<#ident as __orm::Model>::meta)
        }
    }
}

fn key_value(key: &Field) -> TokenStream {
    let name = &key.ident;
    match key.relation() {
        Some(relation) if relation.key.is_some() => quote!(self.#name.key()),
        Some(_) => quote!(self.#name.pk()),
        None => quote!(::std::clone::Clone::clone(&self.#name)),
    }
}

/// So many columns are read by one call.
const TUPLE: usize = 12;

/// Neighbouring columns that are read by one call.
///
/// A column of a type of the user's is read by itself, so that what the compiler says of the type
/// points at the field.
fn groups(model: &Model) -> Vec<Vec<&Field>> {
    let mut groups: Vec<Vec<&Field>> = Vec::new();
    for field in model.columns() {
        match groups.last_mut() {
            Some(group) if group.len() < TUPLE && !group[0].is_of_users_type() && !field.is_of_users_type() => {
                group.push(field);
            }
            _ => groups.push(vec![field]),
        }
    }
    groups
}

impl Field {
    fn is_of_users_type(&self) -> bool {
        matches!(self.class(), Some(Class::Other | Class::TextType | Class::Json))
    }

    /// The type that the struct has.
    fn struct_type(&self) -> TokenStream {
        let ty = &self.ty;
        if self.nullable {
            quote!(::std::option::Option<#ty>)
        } else {
            quote!(#ty)
        }
    }

    fn local(&self) -> Ident {
        format_ident!("__{}", self.index)
    }
}

/// `let (__0, __1,) = read_columns::<Self, (i64, String,), Row>(source, at, 0)?; …`, then the struct.
fn read(model: &Model) -> TokenStream {
    let (ident, source) = (&model.ident, &model.params.source);
    let reads = groups(model).into_iter().map(|group| {
        let (ty, first, local) = (&group[0].ty, group[0].index, group[0].local());
        if group[0].is_of_users_type() {
            let function = if group[0].nullable { "read_option" } else { "read" };
            let function = Ident::new(function, ty.span());
            return quote_spanned! {ty.span()=>
                let #local = __orm::#function::<Self, #ty, #source>(source, at, #first)?;
            };
        }
        let locals = group.iter().map(|field| field.local());
        let types = group.iter().map(|field| field.struct_type());
        quote! {
            let (#(#locals,)*) = __orm::read_columns::<Self, (#(#types,)*), #source>(source, at, #first)?;
        }
    });
    let fields = model.fields.iter().map(|field| {
        let name = &field.ident;
        if field.is_faulty {
            quote!(#name: ::std::unreachable!())
        } else if field.is_column() {
            let local = field.local();
            quote!(#name: #local)
        } else {
            quote!(#name: ::std::default::Default::default())
        }
    });
    quote! {
        #(#reads)*
        ::std::result::Result::Ok(#ident { #(#fields,)* })
    }
}

/// `push_columns(&mut values, (&self.id, &self.name,)); …`
fn values(model: &Model) -> TokenStream {
    let pushes = groups(model).into_iter().map(|group| {
        if group[0].is_of_users_type() {
            let (name, ty) = (&group[0].ident, &group[0].ty);
            let function = if group[0].nullable { "value_option" } else { "value" };
            let function = Ident::new(function, ty.span());
            let value = quote_spanned!(ty.span()=> __orm::#function(&self.#name));
            return quote!(values.push(#value););
        }
        let names = group.iter().map(|field| &field.ident);
        quote!(__orm::push_columns(&mut values, (#(&self.#names,)*));)
    });
    quote!(#(#pushes)*)
}

fn hooks() -> TokenStream {
    quote! {
        const __HOOKS: bool = true;

        fn __before_save(&mut self) -> __orm::Result<()> {
            <Self as ::orm::Hooks>::before_save(self)
        }

        fn __after_save(&self, created: bool) {
            <Self as ::orm::Hooks>::after_save(self, created)
        }

        fn __before_delete(&self) -> __orm::Result<()> {
            <Self as ::orm::Hooks>::before_delete(self)
        }

        fn __after_delete(&self) {
            <Self as ::orm::Hooks>::after_delete(self)
        }
    }
}
