//! `embed_migrations!()`: the package's migration files, as part of the program.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::path::{Path, PathBuf};
use std::{fs, io};
use syn::parse::Parser;
use syn::{Error, LitStr, Result};

/// `EmbeddedMigrations` over all `.toml` files of the folder.
pub fn expand(input: TokenStream) -> Result<TokenStream> {
    let folder = (|input: syn::parse::ParseStream<'_>| input.parse::<Option<LitStr>>()).parse2(input)?;
    let span = folder.as_ref().map_or_else(Span::call_site, LitStr::span);
    let folder = folder.map_or_else(|| "migrations".to_owned(), |folder| folder.value());
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let root = Path::new(&package).join(&folder);
    let mut files = Vec::new();
    collect(&root, &mut files).map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::NotFound => "run `manage makemigrations` first".to_owned(),
            _ => error.to_string(),
        };
        Error::new(
            span,
            format!("there are no migrations in `{}`: {advice}", root.display()),
        )
    })?;
    files.sort();
    let entries = files.iter().map(|file| {
        let name = file.strip_prefix(&root).unwrap_or(file);
        let name = name
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        let path = file
            .to_str()
            .ok_or_else(|| Error::new(span, format!("`{}` is not UTF-8", file.display())))?;
        // `include_str!` makes the compiler see changes of the file.
        Ok(quote!((#name, ::std::include_str!(#path))))
    });
    let entries = entries.collect::<Result<Vec<_>>>()?;
    Ok(quote!(::orm::migrate::EmbeddedMigrations::new(&[#(#entries),*])))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}
