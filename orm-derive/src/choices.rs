//! `#[derive(Choices)]`: an enum whose variants are the values that a column may have.

use crate::errors::Errors;
use crate::names::{snake, words};
use crate::tokens;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Data, DeriveInput, Expr, Fields, Ident, Lit, LitStr, Result, Token, Variant};

/// One variant.
struct Choice {
    ident: Ident,
    value: Stored,
    label: String,
    span: Span,
}

/// What the database has for a variant.
#[derive(Clone, PartialEq)]
enum Stored {
    Text(String),
    Integer(i64),
}

/// Reads, checks, writes.
pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let choices = parse(input, &mut errors);
    check(input, &choices, &mut errors);
    errors.finish(())?;
    Ok(write(&input.ident, &choices))
}

fn parse(input: &DeriveInput, errors: &mut Errors) -> Vec<Choice> {
    let Data::Enum(data) = &input.data else {
        errors.on(&input.ident, "`Choices` is for an enum without fields");
        return Vec::new();
    };
    if !input.generics.params.is_empty() {
        errors.on(
            &input.generics,
            "a type for columns has no type parameters or lifetimes",
        );
    }
    data.variants
        .iter()
        .filter_map(|variant| choice(variant, errors))
        .collect()
}

fn choice(variant: &Variant, errors: &mut Errors) -> Option<Choice> {
    if !matches!(variant.fields, Fields::Unit) {
        errors.on(&variant.fields, "a choice is one value, so its variant has no fields");
        return None;
    }
    let mut attr = Attr::default();
    for attribute in variant
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("choice"))
    {
        let parsed = attribute.parse_args::<Attr>();
        attr = errors.take(parsed)?;
    }
    let name = variant.ident.unraw().to_string();
    let discriminant = variant.discriminant.as_ref().map(|(_, expr)| stored(expr));
    let discriminant = match discriminant {
        Some(discriminant) => Some(errors.take(discriminant)?),
        None => None,
    };
    Some(Choice {
        ident: variant.ident.clone(),
        value: attr
            .value
            .or(discriminant)
            .unwrap_or_else(|| Stored::Text(snake(&name))),
        label: attr.label.unwrap_or_else(|| words(&name)),
        span: attr.span.unwrap_or_else(|| variant.ident.span()),
    })
}

/// `#[choice("fic", label = "Fiction")]`
#[derive(Default)]
struct Attr {
    value: Option<Stored>,
    label: Option<String>,
    span: Option<Span>,
}

impl Parse for Attr {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut attr = Attr::default();
        while !input.is_empty() {
            if input.peek(Ident) && input.peek2(Token![=]) {
                let name: Ident = input.parse()?;
                if name != "label" {
                    return Err(syn::Error::new(
                        name.span(),
                        format!("there is no `{name}` here; known here: label"),
                    ));
                }
                input.parse::<Token![=]>()?;
                attr.label = Some(input.parse::<LitStr>()?.value());
            } else {
                let expr: Expr = input.parse()?;
                attr.span = expr.to_token_stream().into_iter().next().map(|token| token.span());
                attr.value = Some(stored(&expr)?);
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(attr)
    }
}

fn stored(expr: &Expr) -> Result<Stored> {
    match tokens::literal(expr) {
        Some(Lit::Str(text)) => Ok(Stored::Text(text.value())),
        Some(Lit::Int(number)) => {
            let sign = if tokens::is_negative(expr) { "-" } else { "" };
            let number = format!("{sign}{}", number.base10_digits());
            number
                .parse()
                .map(Stored::Integer)
                .map_err(|_| syn::Error::new_spanned(expr, "this number does not fit into 64 bits"))
        }
        _ => Err(syn::Error::new_spanned(
            expr,
            "a choice is stored as text or as an integer: `#[choice(\"fic\", label = \"Fiction\")]`",
        )),
    }
}

fn check(input: &DeriveInput, choices: &[Choice], errors: &mut Errors) {
    if let (Data::Enum(data), []) = (&input.data, choices)
        && data.variants.is_empty()
    {
        errors.on(&input.ident, "`Choices` needs at least one variant");
    }
    for (i, choice) in choices.iter().enumerate() {
        if choices[..i].iter().any(|other| other.value == choice.value) {
            errors.at(
                choice.span,
                format!("another variant is stored as `{}` already", choice.value.text()),
            );
        }
        if choices
            .first()
            .is_some_and(|first| first.value.is_text() != choice.value.is_text())
        {
            let message = "one column holds text or integers, not both: give each variant a value of one kind";
            errors.at(choice.span, message);
        }
    }
}

impl Stored {
    fn is_text(&self) -> bool {
        matches!(self, Stored::Text(_))
    }

    fn text(&self) -> String {
        match self {
            Stored::Text(text) => text.clone(),
            Stored::Integer(number) => number.to_string(),
        }
    }
}

impl ToTokens for Stored {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Stored::Text(text) => text.to_tokens(tokens),
            // Without a suffix, so that it serves as a pattern and as a value.
            Stored::Integer(number) => {
                if *number < 0 {
                    tokens.extend(quote!(-));
                }
                proc_macro2::Literal::u64_unsuffixed(number.unsigned_abs()).to_tokens(tokens);
            }
        }
    }
}

fn write(ident: &Ident, choices: &[Choice]) -> TokenStream {
    let variants: Vec<&Ident> = choices.iter().map(|choice| &choice.ident).collect();
    let values: Vec<&Stored> = choices.iter().map(|choice| &choice.value).collect();
    let texts: Vec<String> = values.iter().map(|value| value.text()).collect();
    let labels: Vec<&String> = choices.iter().map(|choice| &choice.label).collect();
    let is_text = values.first().is_none_or(|value| value.is_text());
    let (value_type, variant, own_value, cell, column) = if is_text {
        let longest = texts
            .iter()
            .map(|text| text.chars().count())
            .max()
            .unwrap_or_default()
            .max(1);
        let longest = u32::try_from(longest).unwrap_or(u32::MAX);
        (
            quote!(&'static str),
            quote!(Text),
            quote!(::std::borrow::ToOwned::to_owned(self.value())),
            quote!(text),
            quote!(Char { max_length: #longest }),
        )
    } else {
        let small = values
            .iter()
            .all(|value| matches!(value, Stored::Integer(n) if i32::try_from(*n).is_ok()));
        let column = if small { quote!(Integer) } else { quote!(BigInteger) };
        (quote!(i64), quote!(Int), quote!(self.value()), quote!(int), column)
    };
    quote! {
        #[allow(unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            impl #ident {
                /// All variants, in their order.
                pub const ALL: &'static [Self] = &[#(#ident::#variants),*];

                /// What the database has for it.
                pub const fn value(&self) -> #value_type {
                    match self {
                        #(#ident::#variants => #values,)*
                    }
                }

                /// What people call it.
                pub const fn label(&self) -> &'static str {
                    match self {
                        #(#ident::#variants => #labels,)*
                    }
                }
            }

            #[automatically_derived]
            impl ::std::fmt::Display for #ident {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    ::std::fmt::Display::fmt(self.label(), f)
                }
            }

            #[automatically_derived]
            impl ::std::str::FromStr for #ident {
                type Err = ::orm::Error;

                fn from_str(text: &str) -> ::std::result::Result<Self, ::orm::Error> {
                    match text {
                        #(#texts => ::std::result::Result::Ok(#ident::#variants),)*
                        other => ::std::result::Result::Err(::orm::__private::unknown_choice::<Self>(other)),
                    }
                }
            }

            #[automatically_derived]
            impl ::orm::FieldType for #ident {
                const COLUMN: ::orm::__private::meta::ColumnType = ::orm::__private::meta::ColumnType::#column;
                const CHOICES: &'static [::orm::__private::meta::Choice] =
                    &[#(::orm::__private::meta::Choice { value: #texts, label: #labels }),*];

                fn to_value(&self) -> ::orm::__private::Value {
                    ::orm::__private::Value::#variant(#own_value)
                }

                fn decode<Row: ::orm::__private::Source>(source: &mut Row, at: usize) -> ::orm::Result<Self> {
                    match ::orm::__private::Source::#cell(source, at)? {
                        #(#values => ::std::result::Result::Ok(Self::#variants),)*
                        other => ::std::result::Result::Err(::orm::__private::unknown_cell::<Self>(at, &other)),
                    }
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
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> std::result::Result<Vec<(String, String)>, String> {
        let mut errors = Errors::default();
        let input: Option<DeriveInput> = errors.take(syn::parse_str(text));
        let choices = input.map_or_else(Vec::new, |input| {
            let choices = parse(&input, &mut errors);
            check(&input, &choices, &mut errors);
            choices
        });
        let shown = choices.iter().map(|choice| (choice.value.text(), choice.label.clone()));
        errors.finish(shown.collect()).map_err(|error| error.to_string())
    }

    fn pairs(list: &[(&str, &str)]) -> std::result::Result<Vec<(String, String)>, String> {
        Ok(list
            .iter()
            .map(|(value, label)| ((*value).to_owned(), (*label).to_owned()))
            .collect())
    }

    #[test]
    fn values_and_labels() {
        let genres =
            r#"enum Genre { #[choice("fic", label = "Fiction")] Novel, #[choice("sci")] Science, OldHistory }"#;
        assert_eq!(
            read(genres),
            pairs(&[("fic", "Fiction"), ("sci", "Science"), ("old_history", "Old History")])
        );
        let levels = "enum Level { Low = 1, #[choice(-2, label = \"Very low\")] VeryLow }";
        assert_eq!(read(levels), pairs(&[("1", "Low"), ("-2", "Very low")]));
    }

    #[test]
    fn slips() {
        for (text, expected) in [
            ("enum A {}", "at least one variant"),
            ("enum A { X(i64) }", "its variant has no fields"),
            ("enum A { X = 1, Y }", "text or integers, not both"),
            ("enum A { #[choice(\"y\")] X, Y }", "stored as `y` already"),
            ("enum A { #[choice(lable = \"x\")] X }", "there is no `lable` here"),
        ] {
            assert!(
                read(text).is_err_and(|message| message.contains(expected)),
                "{text}: {:?}",
                read(text)
            );
        }
    }
}
