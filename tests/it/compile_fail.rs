//! The mistakes that users make most, and what the compiler says to each.
//!
//! Every file of `tests/compile_fail/` is a small program about one kind of mistake; the message it
//! must get stands beside it in the `.stderr` file. `TRYBUILD=overwrite` writes them anew: read
//! each as somebody would who has used the crate for an hour. It must name the field, the relation
//! or the model, and say what to write instead.

#[test]
fn messages() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
