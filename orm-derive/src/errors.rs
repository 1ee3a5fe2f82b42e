//! The mistakes found so far: all of them are reported together, each at its place.

use proc_macro2::Span;
use quote::ToTokens;
use std::fmt::Display;

/// Collects mistakes.
#[derive(Default)]
pub struct Errors {
    list: Vec<syn::Error>,
    fatal: bool,
}

impl Errors {
    /// A mistake at that place.
    pub fn at(&mut self, span: Span, message: impl Display) {
        self.list.push(syn::Error::new(span, message));
    }

    /// A mistake at that place after which code would only bring more errors, which nobody can
    /// understand.
    pub fn fatal(&mut self, span: Span, message: impl Display) {
        self.at(span, message);
        self.fatal = true;
    }

    /// Whether there was such a mistake.
    pub fn is_fatal(&self) -> bool {
        self.fatal
    }

    /// A mistake in these tokens.
    pub fn on(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.list.push(syn::Error::new_spanned(tokens, message));
    }

    /// The value, or nothing and a mistake more.
    pub fn take<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.list.push(error)).ok()
    }

    /// All mistakes as one error, or the value where there is none.
    pub fn finish<T>(self, value: T) -> syn::Result<T> {
        let all = self.list.into_iter().reduce(|mut all, error| {
            all.combine(error);
            all
        });
        all.map_or(Ok(value), Err)
    }
}
