//! Calls of functions: their texts for a dialect, with the arguments in their places.

use super::Writer;
use crate::compiler::resolved::Term;
use crate::error::{Error, Result};
use crate::query::{Function, Input, Output};
use crate::value::Kind;

impl Writer {
    pub(super) fn call(&mut self, function: &Function, args: &[Term]) -> Result<()> {
        let (least, most) = function.arity;
        if args.len() < least || args.len() > most {
            return Err(Error::Query(format!(
                "{} takes {least} to {most} arguments, and was given {}",
                function.class,
                args.len()
            )));
        }
        let template = self.dialect().sql_of(function);
        if template.is_empty() {
            return Err(self.unsupported(&format!("the function {}", function.class)));
        }
        self.template(template, args)
    }

    fn template(&mut self, mut text: &str, args: &[Term]) -> Result<()> {
        while let Some(at) = text.find(['$', '[']) {
            let (before, rest) = text.split_at(at);
            self.push(before);
            if let Some(optional) = rest.strip_prefix('[') {
                let (part, after) = optional.split_once(']').unwrap_or((optional, ""));
                let (part, otherwise) = part.split_once('|').unwrap_or((part, ""));
                if first_number(part).is_none_or(|number| number <= args.len()) {
                    self.template(part, args)?;
                } else {
                    self.push(otherwise);
                }
                text = after;
                continue;
            }
            let rest = &rest[1..];
            if rest.starts_with(['$', '[', ']', '|']) {
                let (literal, after) = rest.split_at(1);
                self.push(literal);
                text = after;
                continue;
            }
            if let Some(after) = rest.strip_prefix('*') {
                self.list(args, Writer::lone_term)?;
                text = after;
                continue;
            }
            let (zoned, rest) = rest.strip_prefix('z').map_or((false, rest), |rest| (true, rest));
            let (number, after) = leading_number(rest);
            let Some(arg) = number.and_then(|number| args.get(number.checked_sub(1)?)) else {
                return Err(Error::Query(format!("a function's SQL names no argument in `${rest}`")));
            };
            if zoned && arg.column_type().kind() == Kind::DateTime {
                self.in_utc(arg)?;
            } else {
                self.lone_term(arg)?;
            }
            text = after;
        }
        self.push(text);
        Ok(())
    }

    /// A moment as date and time in UTC; one that was made of these is not turned round twice.
    fn in_utc(&mut self, moment: &Term) -> Result<()> {
        if let Term::Call { function, args } = moment
            && let Some(inner) = before_utc(function, self.dialect().sql_of(function))
        {
            return self.template(inner, args);
        }
        self.lone_term(moment)?;
        self.push(" AT TIME ZONE 'UTC'");
        Ok(())
    }
}

/// What a call computes in UTC before it makes a moment of that.
fn before_utc<'t>(function: &Function, template: &'t str) -> Option<&'t str> {
    // What the program defines is left as it is.
    let known = function.input == Input::Moment && function.output == Output::First;
    let inner = template.strip_prefix('(')?.strip_suffix(" AT TIME ZONE 'UTC')")?;
    known.then_some(inner)
}

/// The number of the first argument in a part of a text.
fn first_number(part: &str) -> Option<usize> {
    leading_number(part.split_once('$')?.1).0
}

/// The number that a text begins with, and what follows.
fn leading_number(text: &str) -> (Option<usize>, &str) {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    (digits.parse().ok(), rest)
}
