//! `impl Display`, from `display = "{name} ({id})"`.

use crate::check::placeholders;
use crate::parse::Model;
use proc_macro2::TokenStream;
use quote::quote;

pub fn write(model: &Model) -> TokenStream {
    let Some(template) = &model.attrs.display else {
        return TokenStream::new();
    };
    let ident = &model.ident;
    let names = placeholders(&template.value()).unwrap_or_default();
    let is_field = |name: &String| model.fields.iter().any(|field| field.name == *name);
    if !names.iter().all(is_field) {
        return TokenStream::new();
    }
    let arguments = model
        .fields
        .iter()
        .filter(|field| names.contains(&field.name))
        .map(|field| {
            let name = &field.ident;
            quote!(, #name = &self.#name)
        });
    quote! {
        #[automatically_derived]
        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::write!(f, #template #(#arguments)*)
            }
        }
    }
}
