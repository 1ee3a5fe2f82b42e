//! What a text says: statements and expressions.

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Statement {
    /// an expression, whose value is shown
    Expression(Node),
    /// `a = b = value`
    Assign(Vec<Target>, Node),
    /// `from … import …`: everything is there already
    Import,
    /// `print(…)`
    Print(Vec<Argument>),
    /// `exit()` or `quit()`
    Exit,
}

/// What a value can be assigned to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    /// a variable
    Name(String),
    /// `expression.attribute`
    Attribute(Node, String),
    /// `a, b`: each gets a part of the value
    Parts(Vec<Target>),
}

/// One expression and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) at: usize,
}

/// What sort of expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeKind {
    Literal(Literal),
    Name(String),
    List(Vec<Node>),
    Tuple(Vec<Node>),
    Dict(Vec<(Node, Node)>),
    Unary(UnaryOp, Box<Node>),
    /// operators of one rank, from left to right: a list, so that long sums do not nest
    Binary(Box<Node>, Vec<(BinaryOp, Node)>),
    /// `base.name(args)[index]`: a list, so that long chains do not nest
    Chain(Box<Node>, Vec<Link>),
}

/// A value that is written out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    None,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
}

/// One step of a chain.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Link {
    Attribute(String),
    Index(Node),
    Slice(Option<Node>, Option<Node>, Option<Node>),
    Call(Vec<Argument>),
}

/// One argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Argument {
    Positional(Node),
    Named(String, Node),
    /// `*values`
    Spread(Node),
    /// `**names`
    SpreadNamed(Node),
}

/// An operator before its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnaryOp {
    Minus,
    Plus,
    Invert,
}

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `&`
    And,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `**`
    Pow,
}

impl BinaryOp {
    pub(super) fn of(text: &str) -> Option<BinaryOp> {
        Some(match text {
            "|" => BinaryOp::Or,
            "^" => BinaryOp::Xor,
            "&" => BinaryOp::And,
            "+" => BinaryOp::Add,
            "-" => BinaryOp::Sub,
            "*" => BinaryOp::Mul,
            "/" => BinaryOp::Div,
            "%" => BinaryOp::Mod,
            "**" => BinaryOp::Pow,
            _ => return None,
        })
    }

    /// How tightly it binds.
    pub(super) fn rank(self) -> u8 {
        match self {
            BinaryOp::Or => 1,
            BinaryOp::Xor => 2,
            BinaryOp::And => 3,
            BinaryOp::Add | BinaryOp::Sub => 4,
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod => 5,
            BinaryOp::Pow => 6,
        }
    }

    pub(super) fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            BinaryOp::And => "&",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Mod => "%",
            BinaryOp::Pow => "** or pow()",
        }
    }
}
