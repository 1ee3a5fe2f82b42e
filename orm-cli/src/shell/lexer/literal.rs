//! Numbers and strings, in Python's spelling.

use super::Lexer;
use crate::shell::errors::{Result, ShellError};
use crate::shell::token::TokenKind;

impl Lexer<'_> {
    pub(super) fn number(&mut self) -> Result<()> {
        let at = self.at;
        let radix = match self.rest().get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("0x") => 16,
            Some("0o") => 8,
            Some("0b") => 2,
            _ => 10,
        };
        let kind = if radix == 10 {
            self.decimal(at)?
        } else {
            self.at += 2;
            let digits = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
            int(digits, radix, at)?
        };
        if self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            return Err(ShellError::syntax(at, "invalid decimal literal"));
        }
        self.push(at, kind)
    }

    fn decimal(&mut self, at: usize) -> Result<TokenKind> {
        let digit = |c: char| c.is_ascii_digit() || c == '_';
        let mut text = self.take_while(digit).to_owned();
        let mut float = false;
        if self.peek() == Some('.') {
            self.next();
            float = true;
            text.push('.');
            text.push_str(self.take_while(digit));
        }
        let mut after = self.rest().chars();
        if matches!(after.next(), Some('e' | 'E')) {
            let sign = after.next().filter(|c| matches!(c, '+' | '-'));
            let first = if sign.is_some() {
                after.next()
            } else {
                self.rest().chars().nth(1)
            };
            if first.is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1 + usize::from(sign.is_some());
                float = true;
                text.push('e');
                text.extend(sign);
                text.push_str(self.take_while(digit));
            }
        }
        if !float {
            if text.len() > 1 && text.starts_with('0') && !text.trim_matches(['0', '_']).is_empty() {
                let message = "leading zeros in decimal integer literals are not permitted";
                return Err(ShellError::syntax(at, message));
            }
            return int(&text, 10, at);
        }
        let value = text.replace('_', "").parse();
        value
            .map(TokenKind::Float)
            .map_err(|_| ShellError::syntax(at, "invalid decimal literal"))
    }

    /// A string whose prefix is `prefix`; the lexer stands at its first quote.
    pub(super) fn string(&mut self, prefix: &str, at: usize) -> Result<()> {
        let Some(quote) = self.next() else { return Ok(()) };
        let pair = [quote, quote].iter().collect::<String>();
        let triple = self.rest().starts_with(&pair);
        if triple {
            self.at += 2;
        }
        let end = if triple {
            format!("{quote}{pair}")
        } else {
            quote.to_string()
        };
        let (raw, bytes) = (prefix.contains('r'), prefix.contains('b'));
        let mut content = Content {
            text: String::new(),
            bytes: bytes.then(Vec::new),
        };
        loop {
            if self.rest().starts_with(&end) {
                self.at += end.len();
                break;
            }
            let here = self.at;
            match self.next() {
                None if triple => {
                    return Err(ShellError::incomplete(at, "unterminated triple-quoted string literal"));
                }
                None => return Err(ShellError::syntax(at, "unterminated string literal")),
                Some('\n') if !triple => return Err(ShellError::syntax(at, "unterminated string literal")),
                Some('\\') if raw => {
                    content.push('\\', here)?;
                    if let Some(c) = self.next() {
                        content.push(c, here)?;
                    }
                }
                Some('\\') => self.escape(&mut content, here)?,
                Some(c) => content.push(c, here)?,
            }
        }
        let kind = match content.bytes {
            Some(bytes) => TokenKind::Bytes(bytes),
            None => TokenKind::Str(content.text),
        };
        self.push(at, kind)
    }

    fn escape(&mut self, to: &mut Content, at: usize) -> Result<()> {
        let Some(c) = self.next() else {
            return Err(ShellError::syntax(at, "unterminated string literal"));
        };
        let plain = match c {
            '\n' => return Ok(()),
            '\\' | '\'' | '"' => c,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '0'..='7' => {
                let mut code = c.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else {
                        break;
                    };
                    self.next();
                    code = code * 8 + digit;
                }
                return to.push_code(code, at);
            }
            'x' => return to.push_code(self.hex(2, at)?, at),
            'u' if to.bytes.is_none() => return to.push_code(self.hex(4, at)?, at),
            'U' if to.bytes.is_none() => return to.push_code(self.hex(8, at)?, at),
            'N' if to.bytes.is_none() => {
                return Err(ShellError::syntax(
                    at,
                    "characters cannot be named here: write \\u and the number",
                ));
            }
            // What is no escape stays as it is.
            c => {
                to.push('\\', at)?;
                c
            }
        };
        to.push(plain, at)
    }

    fn hex(&mut self, digits: usize, at: usize) -> Result<u32> {
        let text = self
            .rest()
            .get(..digits)
            .filter(|t| t.chars().all(|c| c.is_ascii_hexdigit()));
        let code = text.and_then(|text| u32::from_str_radix(text, 16).ok());
        let Some(code) = code else {
            return Err(ShellError::syntax(
                at,
                format!("{digits} hexadecimal digits must follow"),
            ));
        };
        self.at += digits;
        Ok(code)
    }
}

/// A string that is being read, or bytes.
struct Content {
    text: String,
    bytes: Option<Vec<u8>>,
}

impl Content {
    fn push(&mut self, c: char, at: usize) -> Result<()> {
        match &mut self.bytes {
            None => self.text.push(c),
            Some(_) if !c.is_ascii() => {
                return Err(ShellError::syntax(
                    at,
                    "bytes can only contain ASCII literal characters",
                ));
            }
            // ASCII is one byte.
            Some(bytes) => bytes.push(c as u8),
        }
        Ok(())
    }

    fn push_code(&mut self, code: u32, at: usize) -> Result<()> {
        match &mut self.bytes {
            Some(bytes) => bytes.push((code & 0xff) as u8),
            None => match char::from_u32(code) {
                Some(c) => self.text.push(c),
                None => return Err(ShellError::syntax(at, "illegal Unicode character")),
            },
        }
        Ok(())
    }
}

fn int(digits: &str, radix: u32, at: usize) -> Result<TokenKind> {
    let digits = digits.replace('_', "");
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(ShellError::syntax(at, "invalid decimal literal"));
    }
    match i128::from_str_radix(&digits, radix) {
        Ok(value) => Ok(TokenKind::Int(value)),
        Err(_) => Err(ShellError::syntax(at, "integers cannot be longer than 38 digits here")),
    }
}
