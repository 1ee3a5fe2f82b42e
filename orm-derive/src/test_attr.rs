//! `#[orm::test]`: one test function for each enabled database.
//!
//! A procedural macro does not see which databases the facade was built with, so each case is a
//! macro of the facade, `__test_sqlite!`, `__test_postgres!` and `__test_mysql!`, which writes the
//! test or nothing. `#[orm::test(apps = ["library"])] #[ignore] async fn adds(db: &Db)` becomes
//!
//! ```text
//! async fn adds(db: &Db) { … }
//!
//! mod adds {
//!     ::orm::__test_sqlite! { [#[ignore]] ["library"] super::__orm_test_adds }
//!     ::orm::__test_postgres! { … }
//!     ::orm::__test_mysql! { … }
//! }
//! ```
//!
//! where `__orm_test_adds` is the function itself under a name that takes a `Db` by value:
//! `fn(Db) -> impl Future<Output = impl Outcome>`.

use crate::errors::Errors;
use crate::parse::Items;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ItemFn, LitStr, Result, Type};

/// The databases, by the names of their modules.
const DATABASES: &[&str] = &["sqlite", "postgres", "mysql"];

/// The function, and a module of tests that call it.
pub fn expand(options: TokenStream, function: ItemFn) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let options = Options::parse(options, &mut errors);
    let by_reference = check(&function, &mut errors);
    errors.finish(())?;
    Ok(write(&options, by_reference, function))
}

struct Options {
    apps: Vec<LitStr>,
    databases: Vec<Ident>,
}

impl Options {
    fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Options {
            apps: Vec::new(),
            databases: DATABASES.iter().map(|name| format_ident!("{name}")).collect(),
        };
        Items::parse(tokens, errors).each(&["apps", "only"], &[], errors, |item, errors| {
            let Some(names) = errors.take(item.texts()) else { return };
            if item.name == "apps" {
                options.apps = names;
                return;
            }
            for name in names.iter().filter(|name| !DATABASES.contains(&name.value().as_str())) {
                errors.on(
                    name,
                    format!("this is no database; known here: {}", DATABASES.join(", ")),
                );
            }
            options
                .databases
                .retain(|database| names.iter().any(|name| *database == name.value()));
        });
        options
    }
}

/// Whether the function takes its database by reference.
fn check(function: &ItemFn, errors: &mut Errors) -> bool {
    let signature = &function.sig;
    if signature.asyncness.is_none() {
        errors.at(signature.fn_token.span(), "a test awaits its queries: `async fn`");
    }
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, "a test has no type parameters or lifetimes");
    }
    match (signature.inputs.first(), signature.inputs.len()) {
        (Some(FnArg::Typed(db)), 1) => matches!(&*db.ty, Type::Reference(_)),
        _ => {
            errors.at(
                signature.ident.span(),
                "a test takes its database: `(db: Db)` or `(db: &Db)`",
            );
            false
        }
    }
}

fn write(options: &Options, by_reference: bool, mut function: ItemFn) -> TokenStream {
    let name = function.sig.ident.clone();
    // `#[ignore]` and `#[should_panic]` are the tests', `#[allow]` and the documentation the function's.
    let of_tests = |attribute: &syn::Attribute| {
        ["ignore", "should_panic"]
            .iter()
            .any(|name| attribute.path().is_ident(name))
    };
    let attributes: Vec<_> = function.attrs.extract_if(.., |attribute| of_tests(attribute)).collect();
    let apps = &options.apps;
    let case = format_ident!("__orm_test_{}", syn::ext::IdentExt::unraw(&name));
    let argument = if by_reference { quote!(&db) } else { quote!(db) };
    let output = match &function.sig.output {
        syn::ReturnType::Default => quote!(()),
        syn::ReturnType::Type(_, ty) => quote!(#ty),
    };
    let cases = options.databases.iter().map(|database| {
        let database = format_ident!("__test_{database}");
        quote!(::orm::#database! { [#(#attributes)*] [#(#apps),*] super::#case })
    });
    // What the compiler says of the function's own type points at its name.
    let call = quote_spanned!(name.span()=> #name(#argument).await);
    quote! {
        #[cfg(test)]
        #function

        #[cfg(test)]
        async fn #case(db: ::orm::Db) -> #output {
            #call
        }

        #[cfg(test)]
        mod #name {
            #(#cases)*
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse::{Parse, Parser};

    fn written(options: &str, function: &str) -> Result<String> {
        let options = TokenStream::parse.parse_str(options)?;
        Ok(expand(options, syn::parse_str(function)?)?.to_string().replace(' ', ""))
    }

    #[test]
    fn a_case_for_each_database() {
        let code = written("apps = [\"library\"]", "#[ignore] async fn adds(db: &Db) {}").unwrap_or_default();
        for database in DATABASES {
            let case = format!("::orm::__test_{database}!{{[#[ignore]][\"library\"]super::__orm_test_adds}}");
            assert!(code.contains(&case), "{case} is not in {code}");
        }
        assert!(code.contains("adds(&db).await"));
        let code = written("only = \"mysql\"", "async fn adds(db: Db) -> Result<()> { Ok(()) }").unwrap_or_default();
        assert!(
            code.contains("__test_mysql") && !code.contains("__test_sqlite"),
            "{code}"
        );
    }

    #[test]
    fn slips() {
        assert!(written("", "fn adds(db: Db) {}").is_err());
        assert!(written("", "async fn adds() {}").is_err());
        assert!(written("only = \"oracle\"", "async fn adds(db: Db) {}").is_err());
    }
}
