//! From text to words.

mod literal;

use super::errors::{Result, ShellError};
use super::limits;
use super::parser::NO_COMPARISONS;
use super::token::{OPERATORS, Token, TokenKind};

/// The words of a text, the last of them [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>> {
    if text.len() > limits::TEXT {
        let message = format!("the text is longer than {} KiB", limits::TEXT / 1024);
        return Err(ShellError::new("MemoryError", message));
    }
    let mut lexer = Lexer {
        text,
        at: 0,
        open: Vec::new(),
        tokens: Vec::new(),
    };
    lexer.run()?;
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// the brackets that are open, and where
    open: Vec<(char, usize)>,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    fn push(&mut self, at: usize, kind: TokenKind) -> Result<()> {
        if self.tokens.len() >= limits::TOKENS {
            return Err(ShellError::new("MemoryError", "the text has too many words"));
        }
        self.tokens.push(Token { kind, at });
        Ok(())
    }

    fn run(&mut self) -> Result<()> {
        self.skip_prompt();
        while let Some(c) = self.peek() {
            let at = self.at;
            match c {
                '\n' | ';' => {
                    self.next();
                    if self.open.is_empty() {
                        self.push(at, TokenKind::Newline)?;
                    } else if c == ';' {
                        return Err(ShellError::syntax(at, "invalid syntax"));
                    }
                    if c == '\n' {
                        self.skip_prompt();
                    }
                }
                '#' => {
                    self.take_while(|c| c != '\n');
                }
                '\\' if self.rest().starts_with("\\\n") => self.at += 2,
                '\\' if self.rest() == "\\" => {
                    return Err(ShellError::incomplete(
                        at,
                        "unexpected EOF after line continuation character",
                    ));
                }
                c if c.is_whitespace() || c == '\u{feff}' => {
                    self.next();
                }
                '"' | '\'' => self.string("", at)?,
                c if c.is_ascii_digit() => self.number()?,
                '.' if self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => self.number()?,
                c if c.is_alphabetic() || c == '_' => self.name()?,
                _ => self.operator()?,
            }
        }
        match self.open.last() {
            Some((bracket, at)) => Err(ShellError::incomplete(*at, format!("'{bracket}' was never closed"))),
            None => self.push(self.at, TokenKind::End),
        }
    }

    /// `In [3]: `, `   ...: `, `>>> ` and `... ` at the beginning of a line: pasted transcripts have
    /// them.
    fn skip_prompt(&mut self) {
        let line = self.rest().trim_start_matches([' ', '\t']);
        let after = ["...:", ">>>", "..."]
            .iter()
            .find_map(|prompt| line.strip_prefix(prompt));
        let after = after.or_else(|| {
            let line = line.strip_prefix("In [")?;
            let line = line.trim_start_matches(|c: char| c.is_ascii_digit());
            line.strip_prefix("]:")
        });
        if let Some(after) = after
            && (after.is_empty() || after.starts_with([' ', '\n']))
        {
            self.at = self.text.len() - after.len();
        }
    }

    fn name(&mut self) -> Result<()> {
        let at = self.at;
        let name = self.take_while(|c| c.is_alphanumeric() || c == '_');
        if matches!(self.peek(), Some('"' | '\'')) && name.len() <= 2 {
            let prefix = name.to_ascii_lowercase();
            if ["r", "b", "u", "rb", "br"].contains(&prefix.as_str()) {
                return self.string(&prefix, at);
            }
            if prefix.contains(['f', 't']) {
                return Err(ShellError::syntax(at, "formatted strings cannot be used here"));
            }
        }
        self.push(at, TokenKind::Name(name.to_owned()))
    }

    fn operator(&mut self) -> Result<()> {
        let at = self.at;
        let Some(op) = OPERATORS.iter().copied().find(|op| self.rest().starts_with(op)) else {
            let c = self.peek().unwrap_or(' ');
            let message = match c {
                '<' | '>' | '!' => format!("invalid syntax: {NO_COMPARISONS}"),
                '@' | '\\' | '?' | '$' | '`' => "invalid syntax".to_owned(),
                c => format!("invalid character '{}' (U+{:04X})", c.escape_debug(), u32::from(c)),
            };
            return Err(ShellError::syntax(at, message));
        };
        self.at += op.len();
        match op {
            "(" => self.open.push(('(', at)),
            "[" => self.open.push(('[', at)),
            "{" => self.open.push(('{', at)),
            ")" => self.close('(', op, at)?,
            "]" => self.close('[', op, at)?,
            "}" => self.close('{', op, at)?,
            _ => {}
        }
        self.push(at, TokenKind::Op(op))
    }

    fn close(&mut self, opening: char, bracket: &str, at: usize) -> Result<()> {
        match self.open.pop() {
            Some((open, _)) if open == opening => Ok(()),
            Some((open, _)) => Err(ShellError::syntax(
                at,
                format!("closing parenthesis '{bracket}' does not match opening parenthesis '{open}'"),
            )),
            None => Err(ShellError::syntax(at, format!("unmatched '{bracket}'"))),
        }
    }
}
