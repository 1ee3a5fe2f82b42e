//! The reverse side, on the other model: `library.patron_set()`, `LibraryFields::patron()`.
//!
//! Inherent impls may stand anywhere in the crate. For a model of another crate (`foreign`) the same
//! methods are extension traits.

use crate::names::camel;
use crate::parse::{Field, Model, Relation, RelationKind};
use crate::tokens;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, LitStr, PathArguments};

/// Both reverse methods of one relation, without visibility and body.
struct Reverse<'a> {
    field: &'a Field,
    relation: &'a Relation,
    /// `fn patron_set(&self) -> RelatedSet<Patron, …>`
    accessor: TokenStream,
    accessor_body: TokenStream,
    /// `fn patron(&self) -> PatronFields<R, Many>`
    fields: TokenStream,
    fields_body: TokenStream,
}

/// The extension traits, for models of other crates.
pub fn types(model: &Model) -> TokenStream {
    let traits = reverses(model)
        .filter(|reverse| reverse.field.attrs.foreign)
        .map(|reverse| {
            let (vis, target) = (
                &model.vis,
                reverse.relation.target.to_token_stream().to_string().replace(' ', ""),
            );
            let (root, card) = (&model.params.root, &model.params.card);
            let [accessors, fields] = trait_names(model, reverse.field);
            let (accessor, field) = (&reverse.accessor, &reverse.fields);
            let accessors_doc = format!(
                "The accessor that `{}.{}` adds to [`{target}`].",
                model.ident, reverse.field.name
            );
            let fields_doc = format!(
                "What `{}.{}` adds to the fields of [`{target}`].",
                model.ident, reverse.field.name
            );
            let accessor_doc = format!("The reverse side of `{}.{}`.", model.ident, reverse.field.name);
            quote! {
                #[doc = #accessors_doc]
                #vis trait #accessors {
                    #[doc = #accessor_doc]
                    #accessor;
                }

                #[doc = #fields_doc]
                #vis trait #fields<#root: ::orm::Model, #card: ::orm::__private::Cardinality> {
                    #[doc = #accessor_doc]
                    #field;
                }
            }
        });
    quote!(#(#traits)*)
}

/// The impls.
pub fn write(model: &Model) -> TokenStream {
    let impls = reverses(model).map(|reverse| write_one(model, &reverse));
    quote!(#(#impls)*)
}

fn write_one(model: &Model, reverse: &Reverse<'_>) -> TokenStream {
    let (root, card) = (&model.params.root, &model.params.card);
    let Reverse {
        field,
        relation,
        accessor,
        accessor_body,
        fields,
        fields_body,
    } = reverse;
    let target = &relation.target;
    if field.attrs.foreign {
        let [accessors, field_methods] = trait_names(model, field);
        return quote! {
            impl #accessors for #target {
                #accessor { #accessor_body }
            }

            impl<#root: __orm::Model, #card: __orm::Cardinality> #field_methods<#root, #card>
                for <#target as __orm::Model>::Fields<#root, #card>
            {
                #fields { #fields_body }
            }
        };
    }
    let mut target_fields = target.path.clone();
    if let Some(last) = target_fields.segments.last_mut() {
        last.ident = format_ident!("{}Fields", last.ident, span = last.ident.span());
        last.arguments = PathArguments::None;
    }
    let doc = format!("The reverse side of `{}.{}`.", model.ident, field.name);
    // From its first token to its last at the field: there rustc reports a name that is taken.
    let span = span_of(field);
    let vis = tokens::at(&model.vis, span);
    let accessor = quote_spanned!(span=> #vis #accessor { #accessor_body });
    let fields = quote_spanned!(span=> #vis #fields { #fields_body });
    quote! {
        impl #target {
            #[doc = #doc]
            #accessor
        }

        impl<#root: __orm::Model, #card: __orm::Cardinality> #target_fields<#root, #card> {
            #[doc = #doc]
            #fields
        }
    }
}

/// What gives the reverse side its name.
fn span_of(field: &Field) -> Span {
    field.attrs.related_name.as_ref().map_or(field.span(), LitStr::span)
}

/// `PostAuthorExt`, `PostAuthorFieldsExt`
fn trait_names(model: &Model, field: &Field) -> [Ident; 2] {
    let name = format!("{}{}", model.ident, camel(&field.name));
    [format_ident!("{name}Ext"), format_ident!("{name}FieldsExt")]
}

fn reverses(model: &Model) -> impl Iterator<Item = Reverse<'_>> {
    let own = model.ident.to_string();
    let mut taken: Vec<(String, String)> = Vec::new();
    let shown = model
        .fields
        .iter()
        .filter(|field| field.relation().is_some() && !field.is_hidden())
        .filter(|field| model.reverse_clash(field).is_none());
    let without_clashes = shown.filter(move |field| {
        let target = field
            .relation()
            .map_or_else(String::new, |relation| relation.target.to_token_stream().to_string());
        let names = [field.accessor_name(&own) + "()", field.query_name(&own)].map(|name| (target.clone(), name));
        // Of two that clash, which has been said, the first is written.
        let free = names.iter().all(|name| !taken.contains(name));
        taken.extend(names);
        free
    });
    without_clashes.filter_map(|field| reverse(model, field))
}

fn reverse<'a>(model: &'a Model, field: &'a Field) -> Option<Reverse<'a>> {
    let relation = field.relation()?;
    let (ident, own_fields, index) = (&model.ident, model.fields_type(), field.index);
    let (root, card, executor) = (&model.params.root, &model.params.card, &model.params.executor);
    let own = ident.to_string();
    let span = span_of(field);
    // They are names by now: `check` saw to it.
    let accessor_name = tokens::ident(&field.accessor_name(&own), span).ok()?;
    let query_name = tokens::ident(&field.query_name(&own), span).ok()?;
    let key = match &relation.key {
        None => quote!(__orm::key(self)),
        Some(_) => quote!(__orm::key_by::<#ident, _>(#index, self)),
    };
    let (accessor, accessor_body) = match relation.kind {
        RelationKind::ForeignKey => {
            let builder = model.create_with(field);
            let detach = if field.nullable { quote!(Detach) } else { quote!(Keep) };
            (
                quote_spanned! {span=>
                    fn #accessor_name(&self) -> ::orm::RelatedSet<#ident, #builder, ::orm::__private::#detach>
                },
                quote!(__orm::reverse_set::<#ident, _, _>(#index, #key)),
            )
        }
        RelationKind::OneToOne => (
            quote_spanned! {span=>
                fn #accessor_name<'e, #executor: ::orm::Executor>(
                    &self,
                    db: &'e #executor,
                ) -> ::orm::__private::BoxFuture<'e, ::std::option::Option<#ident>>
            },
            quote!(__orm::reverse_one::<#ident, #executor>(db, #index, #key)),
        ),
        RelationKind::ManyToMany => (
            quote_spanned!(span=> fn #accessor_name(&self) -> ::orm::RelatedSet<#ident>),
            quote!(__orm::m2m_reverse_set::<#ident>(#index, #key)),
        ),
    };
    // Two steps, so that what they lead to is never a key of the row itself, which `update` could set.
    let step = quote!(<<#card as ::orm::__private::Cardinality>::Step as ::orm::__private::Cardinality>::Step);
    let reached = match relation.kind {
        RelationKind::OneToOne => quote!(<#step as ::orm::__private::Cardinality>::Opt),
        RelationKind::ForeignKey | RelationKind::ManyToMany => quote!(::orm::__private::Many),
    };
    let step = if field.is_key() {
        quote!(step_reverse)
    } else {
        quote!(step_reverse_m2m)
    };
    Some(Reverse {
        field,
        relation,
        accessor,
        accessor_body,
        fields: quote_spanned!(span=> fn #query_name(&self) -> #own_fields<#root, #reached>),
        fields_body: quote! {
            #own_fields {
                path: __orm::#step::<#ident>(__orm::FieldSet::path(self), #index),
                marker: __orm::PhantomData,
            }
        },
    })
}
