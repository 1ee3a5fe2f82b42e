//! `assert_num_queries!`: how many statements a piece of code runs.

/// Runs a block and fails unless it sent so many statements to the database; the failure lists
/// them. `BEGIN`, `COMMIT` and savepoints do not count.
///
/// The block is a part of the function around it, so `.await`, `?` and `return` mean what they mean
/// there, and its value is the value of the macro. Statements of a transaction on the same [`Db`]
/// count as well, and so do those of other tasks that use it meanwhile.
///
/// ```no_run
/// # async fn test(db: orm::Db) -> orm::Result<()> {
/// let answer = orm::assert_num_queries!(db, 0, { 42 });
/// assert_eq!(answer, 42);
/// # Ok(())
/// # }
/// ```
///
/// [`Db`]: crate::Db
#[macro_export]
macro_rules! assert_num_queries {
    ($db:expr, $count:expr, $body:block $(,)?) => {{
        let expected: usize = $count;
        let capture = $db.capture_queries();
        let value = $body;
        let queries = capture.queries();
        ::core::assert!(
            queries.len() == expected,
            "{} queries executed, {expected} expected\nCaptured queries were:\n{}",
            queries.len(),
            queries.join("\n"),
        );
        value
    }};
}

#[cfg(test)]
mod tests {
    /// A database that was sent two statements.
    struct Two;

    impl Two {
        fn capture_queries(&self) -> &Self {
            self
        }

        fn queries(&self) -> Vec<String> {
            vec!["SELECT 1".to_owned(), "SELECT 2".to_owned()]
        }
    }

    #[test]
    fn as_many_as_expected() {
        assert_eq!(assert_num_queries!(Two, 2, { "value" }), "value");
    }

    #[test]
    #[should_panic(expected = "2 queries executed, 1 expected\nCaptured queries were:\nSELECT 1\nSELECT 2")]
    fn the_failure_lists_them() {
        assert_num_queries!(Two, 1, {});
    }
}
