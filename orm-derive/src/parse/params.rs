//! Names for the type parameters of generated code, which must not hide the user's types.

use proc_macro2::{TokenStream, TokenTree};
use quote::format_ident;
use syn::Ident;

/// The type parameters that generated code uses.
pub struct Params {
    /// the model where a query starts
    pub root: Ident,
    /// the cardinality of a path
    pub card: Ident,
    /// what a setter or a lookup takes
    pub value: Ident,
    /// the second of two of them
    pub second: Ident,
    /// a database or a transaction
    pub executor: Ident,
    /// the fields by which `get_or_create` looks
    pub list: Ident,
    /// the row source
    pub source: Ident,
    /// begins the states of the builder: `S0`
    state: String,
}

impl Params {
    /// The usual letters, with an underscore where the struct itself uses one of them.
    pub fn avoiding(tokens: TokenStream) -> Self {
        let mut used = Vec::new();
        collect(tokens, &mut used);
        let free = |letter: &str| match used.iter().any(|name| name == letter) {
            true => format_ident!("{letter}_"),
            false => format_ident!("{letter}"),
        };
        let state = if used.iter().any(|name| is_state(name)) {
            "S_"
        } else {
            "S"
        };
        Params {
            root: free("R"),
            card: free("C"),
            value: free("V"),
            second: free("W"),
            executor: free("E"),
            list: free("L"),
            source: free("Row"),
            state: state.to_owned(),
        }
    }

    /// The parameter for the state of the required field with that number.
    pub fn state(&self, number: usize) -> Ident {
        format_ident!("{}{number}", self.state)
    }
}

fn is_state(name: &str) -> bool {
    name.strip_prefix('S')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

fn collect(tokens: TokenStream, used: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => used.push(name.to_string()),
            TokenTree::Group(group) => collect(group.stream(), used),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
