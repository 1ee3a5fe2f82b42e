//! What is read, what is refused, and that nothing makes the reader panic.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail")]

use super::parse;
use crate::shell::ast::{Argument, BinaryOp, Link, Literal, Node, NodeKind, Statement, UnaryOp};
use std::path::PathBuf;

/// The texts recorded from Django, where they are.
fn corpus() -> Vec<String> {
    let folder = std::env::var_os("DJANGO_CORPUS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/django")),
        PathBuf::from,
    );
    let mut texts = Vec::new();
    for name in ["reads.jsonl", "writes.jsonl"] {
        let lines = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        for line in lines.lines() {
            let record: orm_core::serde_json::Value = orm_core::serde_json::from_str(line).unwrap();
            let texts_of = record
                .get("q")
                .into_iter()
                .chain(record.get("script").and_then(|s| s.as_array()).into_iter().flatten());
            texts.extend(texts_of.filter_map(|text| text.as_str().map(str::to_owned)));
        }
    }
    texts
}

fn expression(text: &str) -> Node {
    match parse(text).unwrap().remove(0) {
        Statement::Expression(node) => node,
        other => panic!("{other:?}"),
    }
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

fn literal(text: &str) -> Literal {
    match expression(text).kind {
        NodeKind::Literal(literal) => literal,
        other => panic!("{other:?}"),
    }
}

/// The expression with a bracket around everything.
fn ranked(text: &str) -> String {
    fn show(node: &Node) -> String {
        match &node.kind {
            NodeKind::Name(name) => name.clone(),
            NodeKind::Unary(op, node) => format!("({}{})", if *op == UnaryOp::Minus { '-' } else { '~' }, show(node)),
            NodeKind::Binary(first, others) => {
                let rest = others
                    .iter()
                    .map(|(op, node)| format!(" {} {}", op.symbol(), show(node)));
                format!("({}{})", show(first), rest.collect::<String>())
            }
            other => panic!("{other:?}"),
        }
    }
    show(&expression(text)).replace("** or pow()", "**")
}

#[test]
fn operators_have_pythons_ranks() {
    assert_eq!(ranked("a | b & c ^ d | e"), "(a | ((b & c) ^ d) | e)");
    assert_eq!(ranked("a - b - c * d % e + f"), "(a - b - (c * d % e) + f)");
    assert_eq!(ranked("a - (b - c)"), "(a - (b - c))");
    assert_eq!(ranked("-a ** -b ** c"), "(-(a ** (-(b ** c))))");
    assert_eq!(ranked("~a | -b"), "((~a) | (-b))");
    assert_eq!(ranked("(a | b) & c"), "((a | b) & c)");
}

#[test]
fn literals_are_pythons() {
    assert_eq!(
        literal(r#""a\"\\\n\x41\u00e9\101\q""#),
        Literal::Str("a\"\\\nAéA\\q".to_owned())
    );
    assert_eq!(literal(r"r'\n'"), Literal::Str("\\n".to_owned()));
    assert_eq!(
        literal(r#"b"\x00\xff\u0041""#),
        Literal::Bytes(b"\x00\xff\\u0041".to_vec())
    );
    assert_eq!(literal("'a' \"b\""), Literal::Str("ab".to_owned()));
    assert_eq!(literal("'''a\n'b'''"), Literal::Str("a\n'b".to_owned()));
    assert_eq!(literal("1_000"), Literal::Int(1000));
    assert_eq!(literal("0xff"), Literal::Int(255));
    assert_eq!(
        literal("9999999999999999999999"),
        Literal::Int(9_999_999_999_999_999_999_999)
    );
    assert_eq!(literal("1.5e-3"), Literal::Float(0.0015));
    assert_eq!(literal(".5"), Literal::Float(0.5));
    assert_eq!(literal("1."), Literal::Float(1.0));
    assert_eq!(literal("None"), Literal::None);
}

#[test]
fn chains_calls_and_slices() {
    let NodeKind::Chain(_, links) = expression("Book.objects.filter(a=1, *b)[1:][2]").kind else {
        panic!("no chain")
    };
    assert_eq!(links.len(), 5);
    assert!(matches!(&links[2], Link::Call(arguments) if matches!(arguments[0], Argument::Named(..))));
    assert!(matches!(&links[3], Link::Slice(Some(_), None, None)));
    assert!(matches!(&links[4], Link::Index(_)));
    assert!(matches!(expression("(1)").kind, NodeKind::Literal(_)));
    assert!(matches!(expression("(1,)").kind, NodeKind::Tuple(_)));
    assert!(matches!(expression("()").kind, NodeKind::Tuple(_)));
    assert!(matches!(expression("{'a': [1, 2,],}").kind, NodeKind::Dict(_)));
}

#[test]
fn statements() {
    let text = "from a.b import (c,\n d)\nimport x; a = b = 1\nl[0].name = 'x' # why\nq |= Q(a=1)\nexit()\nquit";
    let found = parse(text).unwrap();
    assert_eq!(found.len(), 7);
    assert!(matches!(&found[2], Statement::Assign(targets, _) if targets.len() == 2));
    assert!(
        matches!(&found[4], Statement::Assign(_, Node { kind: NodeKind::Binary(_, ops), .. }) if ops[0].0 == BinaryOp::Or)
    );
    assert!(matches!(found[5..], [Statement::Exit, Statement::Exit]));
    let pasted = "In [3]: a = f(1,\n   ...: 2)\n>>> b\n... \n";
    assert_eq!(parse(pasted).unwrap().len(), 2);
}

#[test]
fn what_is_wrong_is_told_in_a_line() {
    assert_eq!(error("f(1"), "SyntaxError: '(' was never closed");
    assert!(parse("f(1").unwrap_err().incomplete);
    assert_eq!(
        error("f(1]"),
        "SyntaxError: closing parenthesis ']' does not match opening parenthesis '('"
    );
    assert_eq!(
        error("f(a=1, 2)"),
        "SyntaxError: positional argument follows keyword argument"
    );
    assert_eq!(error("f(a=1, a=2)"), "SyntaxError: keyword argument repeated: a");
    assert_eq!(error("'abc"), "SyntaxError: unterminated string literal");
    assert_eq!(error("f() = 1"), "SyntaxError: cannot assign to function call here");
    assert_eq!(
        error("lambda x: x"),
        "SyntaxError: invalid syntax: there is no `lambda` here, only expressions and assignments"
    );
    let text = "Book.objects.filter(a==1)";
    let shown = parse(text).unwrap_err().shown_in(text);
    assert_eq!(
        shown,
        format!(
            "  {text}\n  {}^\nSyntaxError: invalid syntax: there are no comparisons here, and a keyword argument has one `=`",
            " ".repeat(22)
        )
    );
}

#[test]
fn depth_is_bounded() {
    for deep in ["(", "[", "-", "~", "f(", "a[", "{1:", "a ** ", "Q(a=", "(("] {
        let text = deep.repeat(10_000);
        let message = error(&text);
        assert_eq!(message.lines().count(), 1, "{message}");
        let closed = deep.repeat(5_000) + "1";
        assert!(parse(&closed).is_err());
    }
    let brackets = format!("{}1{}", "(".repeat(9_000), ")".repeat(9_000));
    assert_eq!(
        error(&brackets),
        "SyntaxError: too many nested parentheses and operators"
    );
    assert!(parse(&format!("{}1{}", "(".repeat(90), ")".repeat(90))).is_ok());
    assert!(parse(&["Q(a=1)"; 2_000].join(" | ")).is_ok());
    assert!(parse(&format!("a{}", ".b(1)".repeat(2_000))).is_ok());
    assert_eq!(error(&"a+".repeat(15_000)), "MemoryError: the text has too many words");
    assert_eq!(
        error(&" ".repeat(70_000)),
        "MemoryError: the text is longer than 64 KiB"
    );
}

#[test]
fn every_recorded_text_is_read() {
    for text in corpus() {
        if let Err(error) = parse(&text) {
            panic!("{text}\n{error}");
        }
    }
}

/// xorshift: the same texts every time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }
}

#[test]
fn no_text_makes_it_panic() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut texts = corpus();
    texts.push("Book.objects.filter(Q(a__in=[1, 2.5e3]) | ~Q(b=b\"\\x00\"), c={\"d\": None})[1:2:3].e".to_owned());
    let pieces = [
        "(", ")", "[", "{", "}", "\"", "'", "\\", "é", "\n", "**", "1e", "0x", "b'", "In [1]: ", ".", ",", "=",
    ];
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..dice.throw(40))
            .map(|_| u8::try_from(dice.throw(256)).unwrap())
            .collect();
        drop(parse(&String::from_utf8_lossy(&bytes)));
        let text = &texts[dice.throw(texts.len())];
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=dice.throw(4) {
            let at = dice.throw(chars.len());
            match dice.throw(3) {
                0 => drop(chars.drain(at..(at + dice.throw(8)).min(chars.len()))),
                1 => drop(chars.splice(at..at, pieces[dice.throw(pieces.len())].chars()).count()),
                _ => chars.truncate(at),
            }
        }
        drop(parse(&chars.into_iter().collect::<String>()));
    }
}
