//! Small helpers for reading and writing tokens.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, ExprUnary, Ident, Lit, Token, UnOp};

/// An identifier of that name, raw where it is a keyword.
pub fn ident(name: &str, span: Span) -> syn::Result<Ident> {
    if syn::parse_str::<Ident>(name).is_ok() {
        return Ok(Ident::new(name, span));
    }
    if matches!(name, "self" | "Self" | "super" | "crate" | "_")
        || syn::parse_str::<Ident>(&format!("r#{name}")).is_err()
    {
        return Err(syn::Error::new(span, format!("`{name}` is not a name")));
    }
    Ok(Ident::new_raw(name, span))
}

/// Whether a name can be written as an identifier.
pub fn is_ident(name: &str) -> bool {
    ident(name, Span::call_site()).is_ok()
}

/// The same tokens, as if they stood somewhere else.
pub fn at(tokens: impl ToTokens, span: Span) -> TokenStream {
    let moved = tokens.into_token_stream().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    moved.collect()
}

/// `Some(value)` or `None`, as code.
pub fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::std::option::Option::Some(#value)),
        None => quote!(::std::option::Option::None),
    }
}

/// The literal that an expression is, through parentheses and a minus sign.
pub fn literal(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_), expr, ..
        }) => literal(expr).filter(|lit| matches!(lit, Lit::Int(_) | Lit::Float(_))),
        Expr::Paren(paren) => literal(&paren.expr),
        Expr::Group(group) => literal(&group.expr),
        _ => None,
    }
}

/// Whether a number is written with a minus sign.
pub fn is_negative(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), .. }) => true,
        Expr::Paren(paren) => is_negative(&paren.expr),
        Expr::Group(group) => is_negative(&group.expr),
        _ => false,
    }
}

/// An expression as a person would write it; the compiler's own printing puts spaces everywhere.
pub fn source(expr: &Expr) -> String {
    let mut text = expr.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (" . ", "."),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("& ", "&"),
        (" !", "!"),
    ] {
        text = text.replace(spaced, tight);
    }
    if is_negative(expr) {
        text.replacen("- ", "-", 1)
    } else {
        text
    }
}

/// Takes tokens up to one that `ends` the run; the commas of `::<A, B>` belong to it.
pub fn run(input: ParseStream<'_>, ends: impl Fn(ParseStream<'_>) -> bool) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut angles = 0usize;
    while !input.is_empty() && (angles > 0 || !ends(input)) {
        if input.peek(Token![::]) && input.peek3(Token![<]) {
            let colons: Token![::] = input.parse()?;
            colons.to_tokens(&mut tokens);
            let open: Token![<] = input.parse()?;
            open.to_tokens(&mut tokens);
            angles += 1;
            continue;
        }
        if angles > 0 {
            if input.peek(Token![->]) || input.peek(Token![=>]) {
                let first: TokenTree = input.parse()?;
                tokens.extend([first]);
            } else if input.peek(Token![<]) {
                angles += 1;
            } else if input.peek(Token![>]) {
                angles -= 1;
            }
        }
        let token: TokenTree = input.parse()?;
        tokens.extend([token]);
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_expressions_as_written() {
        for text in [
            "Uuid::new_v4",
            "-1",
            "\"0.00\"",
            "Status::Draft",
            "crate::clock::now()",
            "Some(&3)",
        ] {
            let expr = syn::parse_str(text).ok();
            assert_eq!(expr.as_ref().map(source).as_deref(), Some(text));
        }
    }

    #[test]
    fn makes_raw_identifiers() {
        let text = |name| ident(name, Span::call_site()).map(|i| i.to_string()).ok();
        assert_eq!(text("type").as_deref(), Some("r#type"));
        assert_eq!(text("name").as_deref(), Some("name"));
        assert_eq!(text("self"), None);
        assert_eq!(text("a b"), None);
    }
}
