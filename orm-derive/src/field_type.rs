//! `#[derive(FieldType)]`: a newtype that is stored as what it wraps.

use crate::errors::Errors;
use crate::parse::{Class, Items, Kind, Params, classify};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Ident, Member, Path, Result, Type};

/// A struct with one field.
struct Newtype {
    ident: Ident,
    member: Member,
    inner: Type,
    class: Class,
    max_length: Option<u32>,
    validators: Vec<Path>,
    /// names for type parameters
    params: Params,
}

/// Reads, checks, writes.
pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let newtype = parse(input, &mut errors);
    errors.finish(())?;
    Ok(newtype.map(|newtype| write(&newtype)).unwrap_or_default())
}

fn parse(input: &DeriveInput, errors: &mut Errors) -> Option<Newtype> {
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => {
            errors.on(
                data.enum_token,
                "`FieldType` is for a struct around one value; for an enum write `#[derive(Choices)]`",
            );
            return None;
        }
        Data::Union(data) => {
            errors.on(data.union_token, "`FieldType` is for a struct around one value");
            return None;
        }
    };
    if !input.generics.params.is_empty() {
        errors.on(
            &input.generics,
            "a type for columns has no type parameters or lifetimes",
        );
    }
    let (Some(field), 1) = (fields.iter().next(), fields.len()) else {
        errors.on(
            &input.ident,
            "`FieldType` is for a struct around one value: `struct Isbn(String);`; for several use `Json<T>`",
        );
        return None;
    };
    let (mut max_length, mut validators) = (None, Vec::new());
    Items::of(&input.attrs, "field", errors).each(
        &["max_length", "validate"],
        &["validate"],
        errors,
        |item, errors| {
            if item.name == "max_length" {
                max_length = errors.take(item.number());
            } else {
                validators.extend(errors.take(item.path("function")));
            }
        },
    );
    let member = field.ident.clone().map_or_else(|| Member::from(0), Member::from);
    let class = match classify(&field.ty, &input.ident) {
        Ok(Kind::Plain(class)) => class,
        Ok(Kind::Relation(_)) => {
            errors.on(&field.ty, "a relation is a field of a model, and no type for columns");
            return None;
        }
        Err(error) => return errors.take(Err(error)),
    };
    Some(Newtype {
        ident: input.ident.clone(),
        member,
        inner: field.ty.clone(),
        class,
        max_length,
        validators,
        params: Params::avoiding(input.to_token_stream()),
    })
}

fn write(newtype: &Newtype) -> TokenStream {
    let Newtype {
        ident,
        member,
        inner,
        max_length,
        validators,
        params: Params { root, source, .. },
        ..
    } = newtype;
    let length = max_length.map(|length| quote!(.max_length(#length)));
    let validators = validators.iter().map(|function| {
        quote_spanned!(function.span()=>
            ::orm::__private::meta::Validator::Custom(|value| ::orm::__private::validate_with::<#ident>(value, #function))
        )
    });
    let validators: Vec<TokenStream> = validators.collect();
    // Rules of its own take the place of those of the type inside.
    let validators = if validators.is_empty() {
        quote!(<#inner as ::orm::FieldType>::VALIDATORS)
    } else {
        quote!(&[#(#validators),*])
    };
    let own = match newtype.class {
        Class::Text => text(newtype),
        Class::Integer | Class::Float | Class::Decimal => number(newtype),
        _ => TokenStream::new(),
    };
    quote! {
        #[allow(unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            #[automatically_derived]
            impl ::orm::FieldType for #ident {
                const COLUMN: ::orm::__private::meta::ColumnType = <#inner as ::orm::FieldType>::COLUMN #length;
                const CHOICES: &'static [::orm::__private::meta::Choice] = <#inner as ::orm::FieldType>::CHOICES;
                const VALIDATORS: &'static [::orm::__private::meta::Validator] = #validators;

                fn to_value(&self) -> ::orm::__private::Value {
                    ::orm::FieldType::to_value(&self.#member)
                }

                fn decode<#source: ::orm::__private::Source>(source: &mut #source, at: usize) -> ::orm::Result<Self> {
                    ::std::result::Result::Ok(Self { #member: <#inner as ::orm::FieldType>::decode(source, at)? })
                }
            }

            #[automatically_derived]
            impl ::orm::__private::Part for #ident {
                type Handle<R: ::orm::Model, C: ::orm::Cardinality> = ::orm::TypedExpr<R, Self, C>;

                fn width() -> usize {
                    1
                }

                fn read<Row: ::orm::__private::Source>(source: &mut Row, at: usize) -> ::orm::Result<Self> {
                    <Self as ::orm::FieldType>::decode(source, at)
                }
            }

            #[diagnostic::do_not_recommend]
            #[automatically_derived]
            impl<#root: ::orm::Model<Pk = #ident>> ::orm::__private::IntoKey<#root> for #ident {
                type Null = ::orm::__private::No;

                fn into_value(self) -> ::orm::__private::Value {
                    ::orm::FieldType::to_value(&self)
                }
            }

            #[diagnostic::do_not_recommend]
            #[automatically_derived]
            impl<#root: ::orm::Model> ::orm::__private::IntoKeyBy<#root, #ident> for #ident {
                type Null = ::orm::__private::No;

                fn into_value(self, _: &::orm::__private::meta::FieldMeta) -> ::orm::__private::Value {
                    ::orm::FieldType::to_value(&self)
                }
            }

            #own
        };
    }
}

/// What a newtype around a `String` has besides.
fn text(newtype: &Newtype) -> TokenStream {
    let Newtype {
        ident,
        member,
        validators,
        ..
    } = newtype;
    let name = ident.to_string();
    let checks = validators.iter().map(|function| {
        quote_spanned! {function.span()=>
            if let ::std::result::Result::Err(message) = #function(&value) {
                return ::std::result::Result::Err(::orm::__private::invalid(#name, message));
            }
        }
    });
    // With a rule, a string is no value of the type before it has been checked.
    let from = validators.is_empty().then(|| {
        quote! {
            #[automatically_derived]
            impl ::std::convert::From<::std::string::String> for #ident {
                fn from(text: ::std::string::String) -> Self {
                    #ident { #member: text }
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl ::orm::__private::Text for #ident {}

        #from

        #[automatically_derived]
        impl ::std::str::FromStr for #ident {
            type Err = ::orm::Error;

            fn from_str(text: &str) -> ::std::result::Result<Self, ::orm::Error> {
                let value = #ident { #member: ::std::borrow::ToOwned::to_owned(text) };
                #(#checks)*
                ::std::result::Result::Ok(value)
            }
        }

        #[automatically_derived]
        impl ::std::convert::AsRef<str> for #ident {
            fn as_ref(&self) -> &str {
                &self.#member
            }
        }

        #[automatically_derived]
        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.#member, f)
            }
        }
    }
}

/// What a newtype around a number has besides.
fn number(newtype: &Newtype) -> TokenStream {
    let Newtype {
        ident, member, inner, ..
    } = newtype;
    quote! {
        #[automatically_derived]
        impl ::std::convert::From<#inner> for #ident {
            fn from(number: #inner) -> Self {
                #ident { #member: number }
            }
        }

        #[automatically_derived]
        impl ::std::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.#member, f)
            }
        }
    }
}
