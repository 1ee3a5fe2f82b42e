//! The guides are true: their code is that of these modules, which runs.

mod advanced;
mod aggregation;
mod django;
mod queries;
mod readme;

/// Where lines end says nothing about code, nor do the commas and braces that come with that.
fn bare(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    let text = text.replace(",)", ")").replace(",]", "]").replace(",}", "}");
    text.replace(['{', '}'], "")
}

/// Each block of code of a page, or of those sections of it, is in the source.
fn has_its_code(page: &str, sections: Option<&[&str]>, source: &str) {
    let source = bare(source);
    let parts = page.split("\n## ").filter(|part| {
        let title = part.lines().next().unwrap_or_default();
        sections.is_none_or(|sections| sections.contains(&title))
    });
    let mut blocks = 0;
    for block in parts.flat_map(|part| part.split("```rust,ignore\n").skip(1)) {
        let code: Vec<&str> = block.lines().take_while(|line| *line != "```").collect();
        let code = code.join("\n");
        assert!(source.contains(&bare(&code)), "the source does not have:\n{code}");
        blocks += 1;
    }
    assert!(blocks > 0);
}

#[test]
fn pages_have_code_that_runs() {
    has_its_code(
        include_str!("../../docs/aggregation.md"),
        None,
        include_str!("guides/aggregation.rs"),
    );
    let sections = [
        "Pages",
        "Projections",
        "Queries together",
        "Filters from a URL",
        "Dates",
    ];
    has_its_code(
        include_str!("../../docs/queries.md"),
        Some(&sections),
        include_str!("guides/queries.rs"),
    );
    has_its_code(
        include_str!("../../docs/django.md"),
        None,
        include_str!("guides/django.rs"),
    );
    has_its_code(
        include_str!("../../README.md"),
        Some(&["What a query can say"]),
        include_str!("guides/readme.rs"),
    );
}
