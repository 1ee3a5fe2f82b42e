//! Conditions of constraints and indexes: the part of `q!` that a database can keep in its schema.

use crate::errors::Errors;
use crate::q::{self, Condition, Leaf};
use crate::tokens;
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit};

/// A condition on the columns of one row.
pub enum RowCondition {
    /// all hold
    And(Vec<RowCondition>),
    /// one holds
    Or(Vec<RowCondition>),
    /// it does not hold
    Not(Box<RowCondition>),
    /// `stock__gte = 0`
    Compare(Compare),
}

/// `stock__gte = 0`
pub struct Compare {
    /// `stock`
    pub field: String,
    /// where it stands
    pub span: Span,
    /// how
    pub op: Op,
    /// with what
    pub value: Operand,
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Exact,
    /// `>`
    Gt,
    /// `>=`
    Gte,
    /// `<`
    Lt,
    /// `<=`
    Lte,
    /// `IN`
    In,
    /// `IS NULL`
    IsNull,
}

/// What stands on the right.
#[derive(Clone)]
pub enum Operand {
    /// a literal, with its sign
    Literal(Expr),
    /// `F(price)`
    Field(Ident),
    /// `["a", "b"]`
    List(Vec<Operand>),
}

/// Reads `vip = true || stock__gte = 0`.
pub fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<RowCondition> {
    let parsed = q::parse.parse2(tokens);
    let condition = errors.take(parsed)?;
    convert(&condition, errors)
}

fn convert(condition: &Condition, errors: &mut Errors) -> Option<RowCondition> {
    let mut each = |conditions: &[Condition]| {
        conditions
            .iter()
            .map(|c| convert(c, errors))
            .collect::<Option<Vec<_>>>()
    };
    match condition {
        Condition::And(all) => each(all).map(RowCondition::And),
        Condition::Or(any) => each(any).map(RowCondition::Or),
        Condition::Not(one) => convert(one, errors).map(|one| RowCondition::Not(Box::new(one))),
        Condition::Leaf(leaf) => {
            let compared = compare(leaf);
            errors.take(compared)
        }
    }
}

fn compare(leaf: &Leaf) -> syn::Result<RowCondition> {
    let [field] = leaf.path.as_slice() else {
        let message = format!(
            "`{}` is no column of this table: a constraint sees one row",
            leaf.path.join("__")
        );
        return Err(syn::Error::new(leaf.span, message));
    };
    let one = |op, value| {
        RowCondition::Compare(Compare {
            field: field.clone(),
            span: leaf.span,
            op,
            value,
        })
    };
    let op = match leaf.lookup {
        "exact" if is_none(&leaf.value) => {
            let yes = Expr::Lit(syn::ExprLit {
                attrs: Vec::new(),
                lit: Lit::Bool(syn::LitBool::new(true, leaf.span)),
            });
            return Ok(one(Op::IsNull, Operand::Literal(yes)));
        }
        "exact" => Op::Exact,
        "gt" => Op::Gt,
        "gte" => Op::Gte,
        "lt" => Op::Lt,
        "lte" => Op::Lte,
        "in" => Op::In,
        "isnull" => Op::IsNull,
        "range" => {
            return match operand(&leaf.value)? {
                Operand::List(bounds) if bounds.len() == 2 => {
                    let bounds = bounds.into_iter().zip([Op::Gte, Op::Lte]);
                    Ok(RowCondition::And(bounds.map(|(bound, op)| one(op, bound)).collect()))
                }
                _ => Err(syn::Error::new_spanned(
                    &leaf.value,
                    "`range` takes two values: `(1, 10)`",
                )),
            };
        }
        other => {
            let message = format!(
                "`{other}` cannot stand in a constraint; known here: exact, gt, gte, lt, lte, in, range, isnull"
            );
            return Err(syn::Error::new(leaf.span, message));
        }
    };
    let value = operand(&leaf.value)?;
    let boolean = matches!(&value, Operand::Literal(expr) if matches!(tokens::literal(expr), Some(Lit::Bool(_))));
    match (op, &value) {
        (Op::In, Operand::List(_)) => {}
        (Op::In, _) => {
            return Err(syn::Error::new_spanned(
                &leaf.value,
                "`in` takes a list: `[\"a\", \"b\"]`",
            ));
        }
        (Op::IsNull, _) if !boolean => {
            return Err(syn::Error::new_spanned(&leaf.value, "`isnull` takes `true` or `false`"));
        }
        (_, Operand::List(_)) => return Err(syn::Error::new_spanned(&leaf.value, "expected one value")),
        _ => {}
    }
    Ok(one(op, value))
}

fn is_none(expr: &Expr) -> bool {
    matches!(expr, Expr::Path(path) if path.path.is_ident("None"))
}

fn operand(expr: &Expr) -> syn::Result<Operand> {
    if let Some(field) = q::field_name(expr) {
        return Ok(Operand::Field(field.unraw()));
    }
    if let Some(Lit::Bool(_) | Lit::Int(_) | Lit::Float(_) | Lit::Str(_)) = tokens::literal(expr) {
        return Ok(Operand::Literal(expr.clone()));
    }
    let elements = match expr {
        Expr::Array(array) => &array.elems,
        Expr::Tuple(tuple) => &tuple.elems,
        other => {
            return Err(syn::Error::new(
                other.span(),
                "a constraint compares with a literal or with a field: `F(price)`",
            ));
        }
    };
    elements
        .iter()
        .map(operand)
        .collect::<syn::Result<_>>()
        .map(Operand::List)
}
