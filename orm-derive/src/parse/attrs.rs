//! The grammar of attributes: `#[field(unique, max_length = 200)]`, `#[model(index(fields = ["a"]))]`.

use crate::errors::Errors;
use crate::names;
use crate::tokens;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, Lit, LitInt, LitStr, Meta, Path, Result, Token, token};

/// What stands between the parentheses of all `#[name(…)]` of one thing.
pub struct Items(Vec<Item>);

/// One of them.
pub struct Item {
    /// `max_length`
    pub name: Ident,
    value: ItemValue,
}

enum ItemValue {
    /// `unique`
    Flag,
    /// `max_length = 200`
    Expr(Box<Expr>),
    /// `index(…)`, `condition = (…)`
    Group(TokenStream, Span),
}

impl Items {
    /// The items of all attributes of that name.
    pub fn of(attributes: &[Attribute], name: &str, errors: &mut Errors) -> Self {
        let mut items = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
            match &attribute.meta {
                Meta::List(list) => items.extend(Items::parse(list.tokens.clone(), errors).0),
                meta => errors.on(meta, format!("attributes stand in parentheses: `#[{name}(…)]`")),
            }
        }
        Items(items)
    }

    /// The items of `index(…)`.
    pub fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut items = Vec::new();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match item(input) {
                    Ok(item) => items.push(item),
                    Err(error) => {
                        let _: Option<()> = errors.take(Err(error));
                        tokens::run(input, |rest| rest.peek(Token![,]))?;
                    }
                }
                if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                    errors.at(input.span(), "expected `,`");
                    tokens::run(input, |rest| rest.peek(Token![,]))?;
                    input.parse::<Option<Token![,]>>()?;
                }
            }
            Ok(())
        };
        let result = read.parse2(tokens);
        let _: Option<()> = errors.take(result);
        Items(items)
    }

    /// Hands each item to `read`, if its name is known; only some may be `repeated`.
    pub fn each(self, known: &[&str], repeated: &[&str], errors: &mut Errors, mut read: impl FnMut(Item, &mut Errors)) {
        let mut seen: Vec<String> = Vec::new();
        for item in self.0 {
            let name = item.name.unraw().to_string();
            if !known.contains(&name.as_str()) {
                let suggestion = names::suggestion(&name, known);
                errors.at(
                    item.name.span(),
                    format!("there is no attribute `{name}` here; {suggestion}"),
                );
            } else if seen.contains(&name) && !repeated.contains(&name.as_str()) {
                errors.at(item.name.span(), format!("`{name}` is given twice"));
            } else {
                seen.push(name);
                read(item, errors);
            }
        }
    }
}

fn item(input: ParseStream<'_>) -> Result<Item> {
    let name = input.call(Ident::parse_any)?;
    let value = if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if name == "condition" {
            group(input)?
        } else {
            ItemValue::Expr(Box::new(input.parse()?))
        }
    } else if input.peek(token::Paren) {
        group(input)?
    } else if input.is_empty() || input.peek(Token![,]) {
        ItemValue::Flag
    } else {
        return Err(input.error(format!("expected `,`, `= …` or `(…)` after `{name}`")));
    };
    Ok(Item { name, value })
}

fn group(input: ParseStream<'_>) -> Result<ItemValue> {
    match input.parse()? {
        TokenTree::Group(group) => Ok(ItemValue::Group(group.stream(), group.span())),
        other => Err(syn::Error::new(
            other.span(),
            "expected a condition in parentheses: `(stock__gte = 0)`",
        )),
    }
}

impl Item {
    /// Where it stands.
    pub fn span(&self) -> Span {
        self.name.span()
    }

    fn wrong<T>(&self, expected: &str) -> Result<T> {
        let message = format!("`{}` is written `{}{expected}`", self.name, self.name);
        Err(match &self.value {
            ItemValue::Flag => syn::Error::new(self.span(), message),
            ItemValue::Expr(expr) => syn::Error::new_spanned(expr, message),
            ItemValue::Group(_, span) => syn::Error::new(*span, message),
        })
    }

    /// `unique`, `unique = true`, `unique = false`
    pub fn flag(&self) -> Result<bool> {
        match &self.value {
            ItemValue::Flag => Ok(true),
            ItemValue::Expr(expr) => match tokens::literal(expr) {
                Some(Lit::Bool(yes)) => Ok(yes.value),
                _ => self.wrong(""),
            },
            ItemValue::Group(..) => self.wrong(""),
        }
    }

    /// `managed = false`: something that is said only by a value
    pub fn boolean(&self) -> Result<bool> {
        match &self.value {
            ItemValue::Flag => self.wrong(" = false"),
            _ => self.flag().or_else(|_| self.wrong(" = false")),
        }
    }

    /// `column = "…"`
    pub fn text(&self) -> Result<LitStr> {
        match &self.value {
            ItemValue::Expr(expr) => text(expr).map_or_else(|| self.wrong(" = \"…\""), Ok),
            _ => self.wrong(" = \"…\""),
        }
    }

    /// `max_length = 200`
    pub fn number(&self) -> Result<u32> {
        let literal = match &self.value {
            ItemValue::Expr(expr) => tokens::literal(expr).filter(|_| !tokens::is_negative(expr)),
            _ => None,
        };
        match literal {
            Some(Lit::Int(number)) => LitInt::base10_parse(number),
            _ => self.wrong(" = 200"),
        }
    }

    /// `default = …`
    pub fn expr(&self) -> Result<Expr> {
        match &self.value {
            ItemValue::Expr(expr) => Ok((**expr).clone()),
            _ => self.wrong(" = …"),
        }
    }

    /// `through = Membership`
    pub fn path(&self, example: &str) -> Result<Path> {
        match &self.value {
            ItemValue::Expr(expr) => match &**expr {
                Expr::Path(path) if path.qself.is_none() => Ok(path.path.clone()),
                _ => self.wrong(&format!(" = {example}")),
            },
            _ => self.wrong(&format!(" = {example}")),
        }
    }

    /// `ordering = ["a", "b"]`; one name may stand by itself
    pub fn texts(&self) -> Result<Vec<LitStr>> {
        let list = match &self.value {
            ItemValue::Expr(expr) => texts(expr),
            _ => None,
        };
        list.map_or_else(|| self.wrong(" = [\"…\", …]"), Ok)
    }

    /// `unique_together = [["a", "b"], ["a", "c"]]`; one group may stand by itself
    pub fn groups(&self) -> Result<Vec<Vec<LitStr>>> {
        let ItemValue::Expr(expr) = &self.value else {
            return self.wrong(" = [[\"…\", \"…\"]]");
        };
        if let Some(group) = texts(expr) {
            return Ok(vec![group]);
        }
        let groups = elements(expr).and_then(|groups| groups.into_iter().map(texts).collect());
        groups.map_or_else(|| self.wrong(" = [[\"…\", \"…\"]]"), Ok)
    }

    /// `choices = [("fic", "Fiction"), ("sci", "Science")]`: the values as text, with their places
    pub fn pairs(&self) -> Result<Vec<(String, LitStr, Span)>> {
        let list = match &self.value {
            ItemValue::Expr(expr) => elements(expr),
            _ => None,
        };
        let pair = |expr: &Expr| {
            let [value, label] = elements(expr)?.try_into().ok()?;
            let value_text = match tokens::literal(value)? {
                Lit::Str(text) => text.value(),
                Lit::Int(number) => {
                    let sign = if tokens::is_negative(value) { "-" } else { "" };
                    format!("{sign}{}", number.base10_digits())
                }
                _ => return None,
            };
            Some((value_text, text(label)?, value.span()))
        };
        let pairs = list.and_then(|list| list.into_iter().map(pair).collect());
        pairs.map_or_else(|| self.wrong(" = [(\"value\", \"Label\"), …]"), Ok)
    }

    /// `condition = (vip = true)`, `index(…)`
    pub fn group(&self, example: &str) -> Result<TokenStream> {
        match &self.value {
            ItemValue::Group(tokens, _) => Ok(tokens.clone()),
            _ => self.wrong(example),
        }
    }
}

fn text(expr: &Expr) -> Option<LitStr> {
    match tokens::literal(expr) {
        Some(Lit::Str(text)) => Some(text.clone()),
        _ => None,
    }
}

fn texts(expr: &Expr) -> Option<Vec<LitStr>> {
    match text(expr) {
        Some(one) => Some(vec![one]),
        None => elements(expr)?.into_iter().map(text).collect(),
    }
}

/// The elements of an array or a tuple.
fn elements(expr: &Expr) -> Option<Vec<&Expr>> {
    match expr {
        Expr::Array(array) => Some(array.elems.iter().collect()),
        Expr::Tuple(tuple) => Some(tuple.elems.iter().collect()),
        Expr::Paren(paren) => Some(vec![&paren.expr]),
        Expr::Reference(reference) => elements(&reference.expr),
        Expr::Group(group) => elements(&group.expr),
        _ => None,
    }
}

/// A path as it was written.
pub fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
