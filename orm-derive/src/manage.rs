//! `orm::manage!()`: the `main` of the management commands.

use crate::parse::default_app;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::fs;
use std::path::Path;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Ident, Result, Token};

/// `fn main()`, and the crates whose models it must know.
pub fn expand(input: TokenStream) -> Result<TokenStream> {
    let named = Punctuated::<Ident, Token![,]>::parse_terminated.parse2(input)?;
    let own = own_library();
    let own = own
        .filter(|own| !named.iter().any(|name| name == own))
        .map(|own| Ident::new(&own, Span::call_site()));
    let crates = own.into_iter().chain(named);
    let app = default_app();
    Ok(quote! {
        // Models register themselves when their crate is linked.
        #(extern crate #crates as _;)*

        fn main() -> ::std::process::ExitCode {
            ::orm::__private::manage(#app, ::std::env!("CARGO_MANIFEST_DIR"))
        }
    })
}

/// The library of the package that is compiled, if it has one.
fn own_library() -> Option<String> {
    let root = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    let manifest = fs::read_to_string(Path::new(&root).join("Cargo.toml")).unwrap_or_default();
    let library = library(&manifest);
    let exists = library.is_some() || Path::new(&root).join("src/lib.rs").exists();
    exists.then(|| library.flatten().unwrap_or_else(default_app))
}

/// The `[lib]` of a manifest, if it has one, and the name that it gives.
fn library(manifest: &str) -> Option<Option<String>> {
    let mut lines = manifest.lines().map(str::trim);
    lines.find(|line| line.split('#').next().is_some_and(|line| line.trim() == "[lib]"))?;
    let mut settings = lines.take_while(|line| !line.starts_with('['));
    let name = settings.find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let value = value
            .split('#')
            .next()
            .unwrap_or_default()
            .trim()
            .trim_matches(['"', '\'']);
        (key.trim() == "name").then(|| value.replace('-', "_"))
    });
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::library;

    #[test]
    fn finds_the_library_in_a_manifest() {
        assert_eq!(library("[package]\nname = \"shop\"\n"), None);
        assert_eq!(
            library("[package]\nname = \"shop\"\n[lib] # ours\npath = \"lib.rs\"\n[bin]\nname = \"x\""),
            Some(None)
        );
        assert_eq!(
            library("[lib]\nname = \"the-shop\" # name\n"),
            Some(Some("the_shop".to_owned()))
        );
    }
}
