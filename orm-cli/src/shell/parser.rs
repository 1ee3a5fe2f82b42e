//! From words to statements.

mod expression;
#[cfg(test)]
mod tests;

use super::ast::{Argument, BinaryOp, Link, Node, NodeKind, Statement, Target};
use super::errors::{Result, ShellError};
use super::lexer;
use super::token::{Token, TokenKind};

/// The statements of a text.
pub(super) fn parse(text: &str) -> Result<Vec<Statement>> {
    let tokens = lexer::tokens(text)?;
    let mut parser = Parser {
        tokens,
        next: 0,
        nesting: 0,
    };
    parser.statements()
}

struct Parser {
    /// the last is [`TokenKind::End`]
    tokens: Vec<Token>,
    next: usize,
    nesting: usize,
}

const END: &TokenKind = &TokenKind::End;

impl Parser {
    fn peek(&self) -> &TokenKind {
        self.tokens.get(self.next).map_or(END, |token| &token.kind)
    }

    fn peek_second(&self) -> &TokenKind {
        self.tokens.get(self.next + 1).map_or(END, |token| &token.kind)
    }

    fn at(&self) -> usize {
        let token = self.tokens.get(self.next).or(self.tokens.last());
        token.map_or(0, |token| token.at)
    }

    fn take(&mut self) -> TokenKind {
        let taken = self.tokens.get_mut(self.next);
        self.next += 1;
        taken.map_or(TokenKind::End, |token| {
            std::mem::replace(&mut token.kind, TokenKind::End)
        })
    }

    fn is(&self, op: &str) -> bool {
        matches!(self.peek(), TokenKind::Op(found) if *found == op)
    }

    /// Takes that operator if it is the next word.
    fn eat(&mut self, op: &str) -> bool {
        let found = self.is(op);
        if found {
            self.next += 1;
        }
        found
    }

    fn expect(&mut self, op: &str) -> Result<()> {
        if self.eat(op) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The error that the next word does not belong here.
    fn unexpected(&self) -> ShellError {
        let message = match self.peek() {
            TokenKind::Name(name) if KEYWORDS.contains(&name.as_str()) => {
                format!("invalid syntax: there is no `{name}` here, only expressions and assignments")
            }
            TokenKind::End | TokenKind::Newline => "invalid syntax: something is missing at the end".to_owned(),
            TokenKind::Op("=") => format!("invalid syntax: {NO_COMPARISONS}"),
            _ => "invalid syntax".to_owned(),
        };
        ShellError::syntax(self.at(), message)
    }

    fn statements(&mut self) -> Result<Vec<Statement>> {
        let mut found = Vec::new();
        loop {
            match self.peek() {
                TokenKind::Newline => self.next += 1,
                TokenKind::End => return Ok(found),
                _ => {
                    found.push(self.statement()?);
                    if !matches!(self.peek(), TokenKind::Newline | TokenKind::End) {
                        return Err(self.unexpected());
                    }
                }
            }
        }
    }

    fn statement(&mut self) -> Result<Statement> {
        if let TokenKind::Name(name) = self.peek() {
            let alone = matches!(self.peek_second(), TokenKind::Name(_) | TokenKind::Op("."));
            if (name == "import" && matches!(self.peek_second(), TokenKind::Name(_))) || (name == "from" && alone) {
                return self.import();
            }
        }
        let first = self.expressions()?;
        if let Some(op) = self.augmented() {
            self.next += 1;
            let target = target(first.clone())?;
            let at = first.at;
            let value = self.expressions()?;
            let kind = NodeKind::Binary(Box::new(first), vec![(op, value)]);
            return Ok(Statement::Assign(vec![target], Node { kind, at }));
        }
        let mut targets = Vec::new();
        let mut value = first;
        while self.eat("=") {
            targets.push(target(value)?);
            value = self.expressions()?;
        }
        if !targets.is_empty() {
            return Ok(Statement::Assign(targets, value));
        }
        if is_exit(&value) {
            return Ok(Statement::Exit);
        }
        Ok(match printed(value) {
            Ok(arguments) => Statement::Print(arguments),
            Err(value) => Statement::Expression(value),
        })
    }

    /// The operator of `|=` and its like.
    fn augmented(&self) -> Option<BinaryOp> {
        match self.peek() {
            TokenKind::Op(op) => op.strip_suffix('=').and_then(BinaryOp::of),
            _ => None,
        }
    }

    /// `import a.b as c`, `from a.b import c, d`, `from .models import *`.
    fn import(&mut self) -> Result<Statement> {
        loop {
            match self.peek() {
                TokenKind::Newline | TokenKind::End => return Ok(Statement::Import),
                TokenKind::Name(_) | TokenKind::Op("." | "," | "*" | "(" | ")") => self.next += 1,
                _ => return Err(self.unexpected()),
            }
        }
    }
}

/// The arguments of `print(…)`, or the expression where it is something else.
fn printed(node: Node) -> std::result::Result<Vec<Argument>, Node> {
    match node {
        Node {
            kind: NodeKind::Chain(base, mut links),
            at,
        } => match (&base.kind, links.as_mut_slice()) {
            (NodeKind::Name(name), [Link::Call(arguments)]) if name == "print" => Ok(std::mem::take(arguments)),
            _ => Err(Node {
                kind: NodeKind::Chain(base, links),
                at,
            }),
        },
        other => Err(other),
    }
}

/// `exit()`, `quit()`, or the word alone, as IPython has it.
fn is_exit(node: &Node) -> bool {
    let word = |node: &Node| matches!(&node.kind, NodeKind::Name(name) if name == "exit" || name == "quit");
    match &node.kind {
        NodeKind::Chain(base, links) => {
            word(base) && matches!(links.as_slice(), [Link::Call(arguments)] if arguments.is_empty())
        }
        _ => word(node),
    }
}

fn target(node: Node) -> Result<Target> {
    let at = node.at;
    let what = match node.kind {
        NodeKind::Name(name) => return Ok(Target::Name(name)),
        NodeKind::Chain(base, mut links) => match links.pop() {
            Some(Link::Attribute(name)) if links.is_empty() => return Ok(Target::Attribute(*base, name)),
            Some(Link::Attribute(name)) => {
                let kind = NodeKind::Chain(base, links);
                return Ok(Target::Attribute(Node { kind, at }, name));
            }
            Some(Link::Call(_)) => "function call",
            _ => "subscript",
        },
        NodeKind::Literal(_) => "literal",
        NodeKind::Tuple(parts) | NodeKind::List(parts) if !parts.is_empty() => {
            let parts = parts.into_iter().map(target).collect::<Result<_>>()?;
            return Ok(Target::Parts(parts));
        }
        NodeKind::Tuple(_) => "tuple",
        NodeKind::List(_) => "list",
        NodeKind::Dict(_) => "dict literal",
        NodeKind::Unary(..) | NodeKind::Binary(..) => "expression",
    };
    Err(ShellError::syntax(at, format!("cannot assign to {what} here")))
}

/// Words of Python that cannot be names.
/// What is said of `==`, `<` and their like.
pub(super) const NO_COMPARISONS: &str = "there are no comparisons here, and a keyword argument has one `=`";

pub(super) const KEYWORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while", "with", "yield",
];

impl Argument {
    fn is_named(&self) -> bool {
        matches!(self, Argument::Named(..) | Argument::SpreadNamed(_))
    }
}
