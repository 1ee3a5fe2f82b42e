//! Regular expressions.

use super::{Arguments, Function, Outcome};
use regex::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::ffi::{CStr, c_int};

/// So many patterns are kept compiled on a thread.
const MOST: usize = 32;

/// `orm_regexp(pattern, text, ignore_case)`
pub(super) struct Matches;

thread_local! {
    /// The patterns used last, the newest first.
    static PATTERNS: RefCell<Vec<(String, bool, Regex)>> = const { RefCell::new(Vec::new()) };
}

impl Function for Matches {
    const NAME: &'static CStr = c"orm_regexp";
    const ARGUMENTS: c_int = 3;

    fn call(arguments: &mut Arguments) -> Result<Outcome, String> {
        let (pattern, text) = (arguments.text(0), arguments.text(1));
        let ignore_case = arguments.int(2) != 0;
        PATTERNS.with_borrow_mut(|known| {
            match known.iter().position(|(p, i, _)| *p == pattern && *i == ignore_case) {
                Some(at) => known[..=at].rotate_right(1),
                None => {
                    let regex = RegexBuilder::new(&pattern)
                        .case_insensitive(ignore_case)
                        .build()
                        .map_err(|error| error.to_string())?;
                    known.truncate(MOST - 1);
                    known.insert(0, (pattern, ignore_case, regex));
                }
            }
            let matches = known.first().is_some_and(|(_, _, regex)| regex.is_match(&text));
            Ok(Outcome::Int(i64::from(matches)))
        })
    }
}
