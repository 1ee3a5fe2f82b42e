//! The words of a text.

/// A word and where it begins, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: usize,
}

/// What sort of word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Name(String),
    Int(i128),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    /// an operator or a bracket, one of [`OPERATORS`]
    Op(&'static str),
    /// the end of a line outside of brackets, or a `;`
    Newline,
    End,
}

/// Longer ones first.
pub(super) const OPERATORS: &[&str] = &[
    "**", "|=", "&=", "^=", "+=", "-=", "*=", "/=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "|", "&", "^",
    "~", "+", "-", "*", "/", "%",
];
