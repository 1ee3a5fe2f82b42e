//! Forward accessors: `patron.library(&db)`, `article.publications()`.

use crate::parse::{Field, Model};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

pub fn write(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let accessors = model.fields.iter().filter_map(|field| accessor(model, field));
    quote! {
        impl #ident {
            #(#accessors)*
        }
    }
}

fn accessor(model: &Model, field: &Field) -> Option<TokenStream> {
    let target = &field.relation()?.target;
    let (ident, vis, name, index, docs) = (&model.ident, &model.vis, &field.ident, field.index, field.docs());
    let executor = &model.params.executor;
    if !field.is_key() {
        return Some(quote_spanned! {name.span()=>
            #docs
            #vis fn #name(&self) -> ::orm::RelatedSet<#target> {
                ::orm::__private::m2m_set::<#ident, #target>(#index, ::orm::__private::key(self))
            }
        });
    }
    let (output, fetch) = if field.nullable {
        (
            quote!(::std::option::Option<#target>),
            quote!(fetch_optional::<#target, #executor>(db, self.#name.as_ref().map(|key| key.pk()))),
        )
    } else {
        (
            quote!(#target),
            quote!(fetch::<#target, #executor>(db, self.#name.pk())),
        )
    };
    Some(quote_spanned! {name.span()=>
        #docs
        #vis fn #name<'e, #executor: ::orm::Executor>(&self, db: &'e #executor) -> ::orm::__private::BoxFuture<'e, #output> {
            ::orm::__private::#fetch
        }
    })
}
