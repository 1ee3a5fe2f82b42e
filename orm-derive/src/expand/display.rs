//! How a row shows: `impl Display`, from `display = "{name} ({id})"`, and what the description says
//! of it.

use crate::check::placeholders;
use crate::parse::Model;
use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

/// `impl Display`
pub fn write(model: &Model) -> TokenStream {
    let Some((template, arguments)) = model
        .attrs
        .display
        .as_ref()
        .and_then(|text| filled(model, text, &quote!(self)))
    else {
        return TokenStream::new();
    };
    let ident = &model.ident;
    quote! {
        #[automatically_derived]
        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::write!(f, #template #arguments)
            }
        }
    }
}

/// The settings of the model's `ModelMeta`.
pub fn settings(model: &Model) -> Vec<TokenStream> {
    let (ident, attrs) = (&model.ident, &model.attrs);
    let row = quote!(_row);
    let display = attrs.display.as_ref().and_then(|text| filled(model, text, &row));
    let show = display.map(|_| quote!(.show(__orm::show::<#ident>)));
    let repr = attrs.repr.as_ref().and_then(|text| filled(model, text, &row));
    let repr = repr.map(|(template, arguments)| {
        quote! {
            .repr(|values| {
                let _row: #ident = __orm::row_of(values)?;
                ::std::result::Result::Ok(::std::format!(#template #arguments))
            })
        }
    });
    show.into_iter().chain(repr).collect()
}

/// A template with the fields of the row that it names; nothing where it names others, which has
/// been said.
fn filled<'t>(model: &Model, template: &'t LitStr, row: &TokenStream) -> Option<(&'t LitStr, TokenStream)> {
    let names = placeholders(&template.value()).unwrap_or_default();
    let is_field = |name: &String| model.fields.iter().any(|field| field.name == *name);
    if !names.iter().all(is_field) {
        return None;
    }
    let named = model.fields.iter().filter(|field| names.contains(&field.name));
    let arguments = named.map(|field| {
        let name = &field.ident;
        quote!(, #name = &#row.#name)
    });
    Some((template, quote!(#(#arguments)*)))
}
