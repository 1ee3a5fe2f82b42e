//! The grammar of `q!`: `name = value`, combined by `,`, `&&`, `||`, `!` and parentheses.

use super::LOOKUPS;
use crate::tokens;
use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Expr, Ident, Result, Token, parenthesized, token};

/// A condition as it was written.
pub enum Condition {
    /// `name__lookup = value`
    Leaf(Box<Leaf>),
    /// all hold
    And(Vec<Condition>),
    /// one holds
    Or(Vec<Condition>),
    /// it does not hold
    Not(Box<Condition>),
}

/// `library__name__startswith = "x"`.
pub struct Leaf {
    /// `library`, `name`
    pub path: Vec<String>,
    /// `startswith`; `exact` where none is written
    pub lookup: &'static str,
    /// where the name stands
    pub span: Span,
    /// what stands on the right
    pub value: Expr,
}

/// The whole input: at least one condition.
pub fn parse(input: ParseStream<'_>) -> Result<Condition> {
    if input.is_empty() {
        return Err(input.error("a condition is missing: `name = value`"));
    }
    let condition = list(input)?;
    if input.is_empty() {
        Ok(condition)
    } else {
        Err(input.error("expected `,`, `&&` or `||`"))
    }
}

/// `a = 1, b = 2`: a comma is AND, and binds least.
fn list(input: ParseStream<'_>) -> Result<Condition> {
    let mut all = vec![any(input)?];
    while input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
        if input.is_empty() {
            break;
        }
        all.push(any(input)?);
    }
    Ok(one_or(all, Condition::And))
}

fn any(input: ParseStream<'_>) -> Result<Condition> {
    let mut any = vec![all(input)?];
    while input.peek(Token![||]) {
        input.parse::<Token![||]>()?;
        any.push(all(input)?);
    }
    Ok(one_or(any, Condition::Or))
}

fn all(input: ParseStream<'_>) -> Result<Condition> {
    let mut all = vec![unary(input)?];
    while input.peek(Token![&&]) {
        input.parse::<Token![&&]>()?;
        all.push(unary(input)?);
    }
    Ok(one_or(all, Condition::And))
}

fn one_or(mut conditions: Vec<Condition>, many: fn(Vec<Condition>) -> Condition) -> Condition {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            many(conditions)
        }
    }
}

fn unary(input: ParseStream<'_>) -> Result<Condition> {
    if input.peek(Token![!]) {
        input.parse::<Token![!]>()?;
        return Ok(Condition::Not(Box::new(unary(input)?)));
    }
    if input.peek(token::Paren) {
        let inner;
        let paren = parenthesized!(inner in input);
        if inner.is_empty() {
            return Err(Error::new(
                paren.span.join(),
                "a condition is missing: `(name = value)`",
            ));
        }
        let condition = list(&inner)?;
        return if inner.is_empty() {
            Ok(condition)
        } else {
            Err(inner.error("expected `,`, `&&` or `||`"))
        };
    }
    leaf(input)
}

fn leaf(input: ParseStream<'_>) -> Result<Condition> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error("expected the name of a field: `name = value`"));
    }
    let name = input.call(Ident::parse_any)?;
    equals(&name, input)?;
    let tokens = raw_names(value(input)?);
    if tokens.is_empty() {
        return Err(Error::new(name.span(), "expected a value after `=`"));
    }
    let (path, lookup) = split(&name)?;
    let value = one_value.parse2(tokens)?;
    Ok(Condition::Leaf(Box::new(Leaf {
        path,
        lookup,
        span: name.span(),
        value,
    })))
}

/// The `=` after a name; other operators are a slip that has a spelling of its own.
fn equals(name: &Ident, input: ParseStream<'_>) -> Result<()> {
    let name = name.unraw();
    let spelled = |lookup: &str| input.error(format!("this is spelled `{name}__{lookup} = value`"));
    if input.peek(Token![==]) {
        return Err(input.error(format!(
            "one `=` here, as in Django's keyword arguments: `{name} = value`"
        )));
    }
    if input.peek(Token![=]) {
        return input.parse::<Token![=]>().map(drop);
    }
    for (found, lookup) in [
        (input.peek(Token![>=]), "gte"),
        (input.peek(Token![<=]), "lte"),
        (input.peek(Token![>]), "gt"),
        (input.peek(Token![<]), "lt"),
    ] {
        if found {
            return Err(spelled(lookup));
        }
    }
    if input.peek(Token![!=]) {
        return Err(input.error(format!("this is spelled `!{name} = value`")));
    }
    if input.peek(Token![.]) {
        return Err(input.error(format!("relations and lookups are joined by `__`: `{name}__…`")));
    }
    Err(input.error(format!("expected `= value` after `{name}`")))
}

/// The tokens of a value: as far as the next `,`, `&&` or `||`.
fn value(input: ParseStream<'_>) -> Result<TokenStream> {
    // `= &&x` is a reference to a reference, not an AND.
    let mut tokens = TokenStream::new();
    if input.peek(Token![&&]) {
        tokens = std::iter::repeat_with(|| input.parse::<TokenTree>())
            .take(2)
            .collect::<Result<_>>()?;
    }
    tokens.extend(tokens::run(input, |rest| {
        rest.peek(Token![,]) || rest.peek(Token![&&]) || rest.peek(Token![||])
    })?);
    Ok(tokens)
}

/// An expression with nothing behind it, such as Python's `and`.
fn one_value(input: ParseStream<'_>) -> Result<Expr> {
    let value = input.parse()?;
    if input.is_empty() {
        Ok(value)
    } else {
        Err(input.error("expected `,`, `&&` or `||`"))
    }
}

/// Makes keywords inside `F(..)` raw identifiers, so that the value can be read as an expression.
fn raw_names(tokens: TokenStream) -> TokenStream {
    let mut after_f = false;
    let each = tokens.into_iter().map(|token| {
        let names_field = std::mem::replace(&mut after_f, matches!(&token, TokenTree::Ident(f) if *f == "F"));
        let TokenTree::Group(group) = token else { return token };
        let mut inner: Vec<TokenTree> = raw_names(group.stream()).into_iter().collect();
        if let ([TokenTree::Ident(name)], true) = (inner.as_mut_slice(), names_field)
            && let Ok(raw) = tokens::ident(&name.unraw().to_string(), name.span())
        {
            *name = raw;
        }
        let mut made = Group::new(group.delimiter(), inner.into_iter().collect());
        made.set_span(group.span());
        TokenTree::Group(made)
    });
    each.collect()
}

/// `library__name` as its parts.
pub fn path(name: &Ident) -> Result<Vec<String>> {
    let text = name.unraw().to_string();
    let path: Vec<String> = text.split("__").map(str::to_owned).collect();
    if path.iter().any(String::is_empty) {
        let message = format!("`{text}` has an empty part: `__` stands between the names of fields and lookups");
        return Err(Error::new(name.span(), message));
    }
    Ok(path)
}

/// `library__name__startswith` as the path and the lookup.
fn split(name: &Ident) -> Result<(Vec<String>, &'static str)> {
    let mut path = path(name)?;
    let lookup = match path.as_slice() {
        [_, .., last] => LOOKUPS
            .iter()
            .find(|(lookup, _)| lookup == last)
            .map(|(lookup, _)| *lookup),
        _ => None,
    };
    if lookup.is_some() {
        path.pop();
    }
    Ok((path, lookup.unwrap_or("exact")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    fn show(condition: &Condition) -> String {
        let join = |list: &[Condition], by: &str| list.iter().map(show).collect::<Vec<_>>().join(by);
        match condition {
            Condition::Leaf(leaf) => {
                format!(
                    "{}.{} {}",
                    leaf.path.join("."),
                    leaf.lookup,
                    leaf.value.to_token_stream()
                )
            }
            Condition::And(all) => format!("({})", join(all, " & ")),
            Condition::Or(any) => format!("({})", join(any, " | ")),
            Condition::Not(one) => format!("!{}", show(one)),
        }
    }

    fn read(text: &str) -> String {
        parse
            .parse_str(text)
            .map_or_else(|error| format!("error: {error}"), |condition| show(&condition))
    }

    #[test]
    fn precedence() {
        assert_eq!(
            read("a = 1, b = 2 || c = 3 && !d = 4,"),
            "(a.exact 1 & (b.exact 2 | (c.exact 3 & !d.exact 4)))"
        );
        assert_eq!(read("!(a = 1 || b = 2)"), "!(a.exact 1 | b.exact 2)");
    }

    #[test]
    fn names_and_values() {
        assert_eq!(read("library__name__in = [a, b]"), "library.name.in [a , b]");
        assert_eq!(read("range = (1, 2)"), "range.exact (1 , 2)");
        assert_eq!(read("type = &&x && b = y.z()"), "(type.exact & & x & b.exact y . z ())");
        assert_eq!(read("a = F(type) + 1"), "a.exact F (r#type) + 1");
        assert_eq!(
            read("a__in = f::<A, B>(x), b = F(c) * 2"),
            "(a.in f :: < A , B > (x) & b.exact F (c) * 2)"
        );
    }

    #[test]
    fn slips() {
        assert_eq!(
            read("a == 1"),
            "error: one `=` here, as in Django's keyword arguments: `a = value`"
        );
        assert_eq!(read("a >= 1"), "error: this is spelled `a__gte = value`");
        assert_eq!(read("a != 1"), "error: this is spelled `!a = value`");
        assert_eq!(
            read("a.b = 1"),
            "error: relations and lookups are joined by `__`: `a__…`"
        );
        assert_eq!(read("a ="), "error: expected a value after `=`");
        assert!(read("a = 5 and b = 4").ends_with("expected `,`, `&&` or `||`"));
        assert_eq!(
            read("a__ = 1"),
            "error: `a__` has an empty part: `__` stands between the names of fields and lookups"
        );
        assert!(read("").starts_with("error: "));
        assert!(read("()").starts_with("error: "));
    }
}
