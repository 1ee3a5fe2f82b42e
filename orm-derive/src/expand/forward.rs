//! Forward accessors: `patron.library(&db)`, `article.publications()`.

use crate::parse::{Field, Model, RelationKind};
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
            #vis fn #name(&self) -> __orm::RelatedSet<#target> {
                __orm::m2m_set::<#ident, #target>(#index, __orm::key(self))
            }
        });
    }
    let one_to_one = field.relation()?.kind == RelationKind::OneToOne;
    let fetch = match (one_to_one, field.nullable) {
        (false, false) => quote!(foreign),
        (false, true) => quote!(foreign_option),
        (true, false) => quote!(one_to_one),
        (true, true) => quote!(one_to_one_option),
    };
    let output = if field.nullable {
        quote!(::std::option::Option<#target>)
    } else {
        quote!(#target)
    };
    let fetched = match (&field.relation()?.key, field.nullable) {
        (None, _) => quote!(__orm::#fetch(db, &self.#name)),
        (Some(_), false) => {
            quote!(__orm::foreign_by::<#ident, #target, #executor>(db, #index, __orm::value(&self.#name.key())))
        }
        (Some(_), true) => quote! {
            __orm::foreign_by_option::<#ident, #target, #executor>(
                db,
                #index,
                self.#name.as_ref().map(|key| __orm::value(&key.key())),
            )
        },
    };
    Some(quote_spanned! {name.span()=>
        #docs
        #vis fn #name<'e, #executor: __orm::Executor>(&self, db: &'e #executor) -> __orm::BoxFuture<'e, #output> {
            #fetched
        }
    })
}
