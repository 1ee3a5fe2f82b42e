//! Expressions, by the ranks of their operators.

use super::{KEYWORDS, Parser};
use crate::shell::ast::{Argument, BinaryOp, Link, Literal, Node, NodeKind, UnaryOp};
use crate::shell::errors::{Result, ShellError};
use crate::shell::limits;
use crate::shell::token::TokenKind;

impl Parser {
    /// An expression, or several with commas between them: a tuple.
    pub(super) fn expressions(&mut self) -> Result<Node> {
        let at = self.at();
        let first = self.expression()?;
        if !self.is(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.eat(",") {
            if matches!(self.peek(), TokenKind::Newline | TokenKind::End | TokenKind::Op("=")) {
                break;
            }
            items.push(self.expression()?);
        }
        Ok(Node {
            kind: NodeKind::Tuple(items),
            at,
        })
    }

    fn expression(&mut self) -> Result<Node> {
        self.binary(1)
    }

    /// One level further down; everything that recurses goes through here.
    fn deeper(&mut self, parse: impl FnOnce(&mut Self) -> Result<Node>) -> Result<Node> {
        if self.nesting >= limits::NESTING {
            return Err(ShellError::syntax(
                self.at(),
                "too many nested parentheses and operators",
            ));
        }
        self.nesting += 1;
        let node = parse(self);
        self.nesting -= 1;
        node
    }

    /// Operators of that rank and of those that bind tighter, except `**`.
    fn binary(&mut self, rank: u8) -> Result<Node> {
        let mut left = self.deeper(Parser::unary)?;
        while let Some(op) = self.operator(rank) {
            self.next += 1;
            // This recurses at most as often as there are ranks.
            let right = self.binary(op.rank() + 1)?;
            let same_rank =
                |others: &[(BinaryOp, Node)]| others.last().is_some_and(|(last, _)| last.rank() == op.rank());
            left.kind = match left.kind {
                NodeKind::Binary(first, mut others) if same_rank(&others) => {
                    others.push((op, right));
                    NodeKind::Binary(first, others)
                }
                kind => NodeKind::Binary(Box::new(Node { kind, at: left.at }), vec![(op, right)]),
            };
        }
        Ok(left)
    }

    fn operator(&self, rank: u8) -> Option<BinaryOp> {
        match self.peek() {
            TokenKind::Op("**") => None,
            TokenKind::Op(op) => BinaryOp::of(op).filter(|op| op.rank() >= rank),
            _ => None,
        }
    }

    fn unary(&mut self) -> Result<Node> {
        let at = self.at();
        let op = match self.peek() {
            TokenKind::Op("-") => UnaryOp::Minus,
            TokenKind::Op("+") => UnaryOp::Plus,
            TokenKind::Op("~") => UnaryOp::Invert,
            _ => return self.power(),
        };
        self.next += 1;
        let operand = self.deeper(Parser::unary)?;
        let kind = NodeKind::Unary(op, Box::new(operand));
        Ok(Node { kind, at })
    }

    /// `a ** b` binds tighter than the sign before `a` and less than the one before `b`.
    fn power(&mut self) -> Result<Node> {
        let base = self.chain()?;
        if !self.eat("**") {
            return Ok(base);
        }
        let exponent = self.deeper(Parser::unary)?;
        let at = base.at;
        let kind = NodeKind::Binary(Box::new(base), vec![(BinaryOp::Pow, exponent)]);
        Ok(Node { kind, at })
    }

    fn chain(&mut self) -> Result<Node> {
        let base = self.atom()?;
        let mut links = Vec::new();
        loop {
            if self.eat(".") {
                links.push(Link::Attribute(self.name()?));
            } else if self.eat("(") {
                links.push(Link::Call(self.arguments()?));
            } else if self.eat("[") {
                links.push(self.subscript()?);
            } else {
                break;
            }
        }
        if links.is_empty() {
            return Ok(base);
        }
        let at = base.at;
        let kind = NodeKind::Chain(Box::new(base), links);
        Ok(Node { kind, at })
    }

    fn name(&mut self) -> Result<String> {
        match self.peek() {
            TokenKind::Name(_) => match self.take() {
                TokenKind::Name(name) => Ok(name),
                _ => Err(self.unexpected()),
            },
            _ => Err(self.unexpected()),
        }
    }

    fn atom(&mut self) -> Result<Node> {
        let at = self.at();
        let kind = match self.peek() {
            TokenKind::Op("(") => {
                self.next += 1;
                return self.parenthesis(at);
            }
            TokenKind::Op("[") => {
                self.next += 1;
                NodeKind::List(self.items("]")?)
            }
            TokenKind::Op("{") => {
                self.next += 1;
                NodeKind::Dict(self.pairs()?)
            }
            TokenKind::Name(name) => match name.as_str() {
                "None" => self.literal(Literal::None),
                "True" => self.literal(Literal::Bool(true)),
                "False" => self.literal(Literal::Bool(false)),
                name if KEYWORDS.contains(&name) => return Err(self.unexpected()),
                _ => NodeKind::Name(self.name()?),
            },
            TokenKind::Int(value) => {
                let value = Literal::Int(*value);
                self.literal(value)
            }
            TokenKind::Float(value) => {
                let value = Literal::Float(*value);
                self.literal(value)
            }
            TokenKind::Str(_) | TokenKind::Bytes(_) => self.strings()?,
            _ => return Err(self.unexpected()),
        };
        Ok(Node { kind, at })
    }

    fn literal(&mut self, value: Literal) -> NodeKind {
        self.next += 1;
        NodeKind::Literal(value)
    }

    /// A string, or several beside one another, which are one.
    fn strings(&mut self) -> Result<NodeKind> {
        let mut whole = match self.take() {
            TokenKind::Str(text) => Literal::Str(text),
            TokenKind::Bytes(bytes) => Literal::Bytes(bytes),
            _ => return Err(self.unexpected()),
        };
        while let TokenKind::Str(_) | TokenKind::Bytes(_) = self.peek() {
            match (&mut whole, self.take()) {
                (Literal::Str(whole), TokenKind::Str(part)) => whole.push_str(&part),
                (Literal::Bytes(whole), TokenKind::Bytes(part)) => whole.extend(part),
                _ => return Err(ShellError::syntax(self.at(), "cannot mix bytes and nonbytes literals")),
            }
        }
        Ok(NodeKind::Literal(whole))
    }

    /// `()`, `(a)`, `(a,)` or `(a, b)`, after the bracket.
    fn parenthesis(&mut self, at: usize) -> Result<Node> {
        let mut items = Vec::new();
        let mut commas = false;
        while !self.is(")") {
            items.push(self.expression()?);
            if !self.eat(",") {
                break;
            }
            commas = true;
        }
        self.expect(")")?;
        if !commas && items.len() == 1 {
            // The brackets are gone, but what is in them stays together.
            return items
                .pop()
                .ok_or_else(|| self.unexpected())
                .map(|node| Node { at, ..node });
        }
        Ok(Node {
            kind: NodeKind::Tuple(items),
            at,
        })
    }

    fn items(&mut self, end: &str) -> Result<Vec<Node>> {
        let mut items = Vec::new();
        while !self.is(end) {
            items.push(self.expression()?);
            if !self.eat(",") {
                break;
            }
        }
        self.expect(end)?;
        Ok(items)
    }

    fn pairs(&mut self) -> Result<Vec<(Node, Node)>> {
        let mut pairs = Vec::new();
        while !self.is("}") {
            let key = self.expression()?;
            self.expect(":")?;
            pairs.push((key, self.expression()?));
            if !self.eat(",") {
                break;
            }
        }
        self.expect("}")?;
        Ok(pairs)
    }

    /// An index or a slice, after the bracket.
    fn subscript(&mut self) -> Result<Link> {
        let mut bounds = [None, None, None];
        let mut colons = 0;
        for bound in &mut bounds {
            if !self.is(":") && !self.is("]") {
                *bound = Some(self.expression()?);
            }
            if self.is("]") || !self.eat(":") {
                break;
            }
            colons += 1;
        }
        let [start, stop, step] = bounds;
        if colons == 0 && self.is(",") {
            return Err(ShellError::syntax(self.at(), "invalid syntax"));
        }
        self.expect("]")?;
        match start {
            Some(index) if colons == 0 => Ok(Link::Index(index)),
            None if colons == 0 => Err(self.unexpected()),
            start => Ok(Link::Slice(start, stop, step)),
        }
    }

    /// The arguments of a call, after the bracket.
    fn arguments(&mut self) -> Result<Vec<Argument>> {
        let mut arguments: Vec<Argument> = Vec::new();
        while !self.is(")") {
            let at = self.at();
            let argument = self.argument()?;
            if matches!(argument, Argument::Positional(_)) && arguments.iter().any(Argument::is_named) {
                return Err(ShellError::syntax(at, "positional argument follows keyword argument"));
            }
            if let Argument::Named(name, _) = &argument {
                let same = |other: &Argument| matches!(other, Argument::Named(other, _) if other == name);
                if arguments.iter().any(same) {
                    return Err(ShellError::syntax(at, format!("keyword argument repeated: {name}")));
                }
            }
            arguments.push(argument);
            if !self.eat(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(arguments)
    }

    fn argument(&mut self) -> Result<Argument> {
        if self.eat("**") {
            return Ok(Argument::SpreadNamed(self.expression()?));
        }
        if self.eat("*") {
            return Ok(Argument::Spread(self.expression()?));
        }
        if matches!(self.peek(), TokenKind::Name(_)) && matches!(self.peek_second(), TokenKind::Op("=")) {
            let name = self.name()?;
            self.expect("=")?;
            return Ok(Argument::Named(name, self.expression()?));
        }
        Ok(Argument::Positional(self.expression()?))
    }
}
