//! From expressions to values.

use super::Shell;
use super::args::Args;
use super::ast::{Argument, BinaryOp, Link, Literal, Node, NodeKind, UnaryOp};
use super::construct;
use super::convert;
use super::errors::{Result, ShellError};
use super::limits;
use super::methods::{self, Later};
use super::object::Obj;
use super::operators;
use super::record;
use super::subscript;
use orm_core::dynamic::{Connector, DynExpr};
use orm_core::query::ArithmeticOp;
use orm_core::value::Value;

impl Shell {
    pub(super) fn eval<'a>(&'a self, node: &'a Node) -> Later<'a> {
        Box::pin(async move {
            match &node.kind {
                NodeKind::Literal(literal) => literal_value(literal),
                NodeKind::Name(name) => self.name(name).ok_or_else(|| self.no_name(name)),
                NodeKind::List(items) => Obj::list(self.eval_all(items).await?),
                NodeKind::Tuple(items) => Obj::tuple(self.eval_all(items).await?),
                NodeKind::Dict(pairs) => {
                    let mut entries = Vec::with_capacity(pairs.len());
                    for (key, value) in pairs {
                        entries.push((self.eval(key).await?, self.eval(value).await?));
                    }
                    Obj::dict(entries)
                }
                NodeKind::Unary(op, operand) => unary(*op, &self.eval(operand).await?),
                NodeKind::Binary(first, others) => {
                    let mut left = self.eval(first).await?;
                    for (op, right) in others {
                        left = binary(*op, &left, &self.eval(right).await?)?;
                    }
                    Ok(left)
                }
                NodeKind::Chain(base, links) => {
                    let mut value = self.eval(base).await?;
                    for link in links {
                        value = self.follow(&value, link).await?;
                    }
                    Ok(value)
                }
            }
        })
    }

    async fn eval_all(&self, nodes: &[Node]) -> Result<Vec<Obj>> {
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            values.push(self.eval(node).await?);
        }
        Ok(values)
    }

    /// The line of `print(…)`.
    pub(super) async fn print(&self, arguments: &[Argument]) -> Result<String> {
        let args = self.arguments(arguments).await?;
        if let Some((name, _)) = args.named.first() {
            let message = format!("print() got an unexpected keyword argument '{name}'");
            return Err(ShellError::type_error(message));
        }
        let mut texts = Vec::with_capacity(args.positional.len());
        for value in &args.positional {
            texts.push(construct::text_of(self, value).await?);
        }
        Ok(texts.join(" "))
    }

    /// One step of a chain.
    async fn follow(&self, value: &Obj, link: &Link) -> Result<Obj> {
        match link {
            Link::Attribute(name) => methods::attribute(self, value, name).await,
            Link::Index(index) => subscript::index(self, value, &self.eval(index).await?).await,
            Link::Slice(start, stop, step) => {
                let mut bounds = [None, None, None];
                for (bound, node) in bounds.iter_mut().zip([start, stop, step]) {
                    if let Some(node) = node {
                        *bound = Some(self.eval(node).await?);
                    }
                }
                subscript::slice(self, value, bounds).await
            }
            Link::Call(arguments) => {
                let args = self.arguments(arguments).await?;
                self.call(value, args).await
            }
        }
    }

    async fn call(&self, value: &Obj, args: Args) -> Result<Obj> {
        match value {
            Obj::Method(bound) => bound.call(self, args).await,
            Obj::Function(function) => function.call(self, args).await,
            Obj::Model(model) => record::construct(model, args),
            Obj::Module(module) => match construct::class_of_module(module) {
                Some(class) => class.call(self, args).await,
                None => Err(ShellError::type_error("'module' object is not callable")),
            },
            other => Err(ShellError::type_error(format!(
                "'{}' object is not callable",
                other.type_name()
            ))),
        }
    }

    async fn arguments(&self, arguments: &[Argument]) -> Result<Args> {
        let mut args = Args::default();
        for argument in arguments {
            match argument {
                Argument::Positional(node) => args.positional.push(self.eval(node).await?),
                Argument::Named(name, node) => args.name(name.clone(), self.eval(node).await?)?,
                Argument::Spread(node) => {
                    let value = self.eval(node).await?;
                    args.positional.extend(construct::iterate(self, &value).await?);
                }
                Argument::SpreadNamed(node) => match self.eval(node).await? {
                    Obj::Dict(pairs) => {
                        for (key, value) in pairs.as_slice() {
                            let Obj::Str(key) = key else {
                                return Err(ShellError::type_error("keywords must be strings"));
                            };
                            args.name(key.to_string(), value.clone())?;
                        }
                    }
                    other => {
                        let message = format!("argument after ** must be a mapping, not {}", other.type_name());
                        return Err(ShellError::type_error(message));
                    }
                },
            }
        }
        Ok(args)
    }
}

fn literal_value(literal: &Literal) -> Result<Obj> {
    Ok(match literal {
        Literal::None => Obj::None,
        Literal::Bool(value) => Obj::Bool(*value),
        Literal::Int(value) => Obj::Int(*value),
        Literal::Float(value) => Obj::Float(*value),
        Literal::Str(text) => Obj::Str(text.as_str().into()),
        Literal::Bytes(bytes) => Obj::Bytes(bytes.as_slice().into()),
    })
}

fn unary(op: UnaryOp, value: &Obj) -> Result<Obj> {
    match (op, value) {
        (UnaryOp::Invert, Obj::Q(tree)) => Obj::q(tree.value.clone().negated(), [tree.extent]),
        (UnaryOp::Minus, Obj::Expr(tree)) => {
            let minus_one = DynExpr::Value(Value::Int(-1));
            Obj::expr(tree.value.clone().combine(ArithmeticOp::Mul, minus_one), [tree.extent])
        }
        _ => operators::unary(op, value),
    }
}

fn binary(op: BinaryOp, left: &Obj, right: &Obj) -> Result<Obj> {
    match (left, right) {
        (Obj::Q(a), Obj::Q(b)) => {
            let connector = connector(op).ok_or_else(|| operators::unsupported(op, left, right))?;
            Obj::combined(a, b, connector)
        }
        (Obj::QuerySet(a), Obj::QuerySet(b)) => {
            let connector = connector(op).ok_or_else(|| operators::unsupported(op, left, right))?;
            let extent = a.extent.with([b.extent], limits::QUERY_SET)?;
            let merged = a.value.clone().merge(b.value.clone(), connector)?;
            Ok(Obj::query_set(merged, extent))
        }
        (Obj::Expr(_), _) | (_, Obj::Expr(_)) => {
            let op = arithmetic(op).ok_or_else(|| {
                let message = "Use .bitand(), .bitor(), and .bitxor() for bitwise logical operations.";
                ShellError::new("NotImplementedError", message)
            })?;
            let whole = convert::literal(left)?.combine(op, convert::literal(right)?);
            Obj::expr(whole, [left.extent(), right.extent()])
        }
        _ => operators::binary(op, left, right),
    }
}

fn connector(op: BinaryOp) -> Option<Connector> {
    Some(match op {
        BinaryOp::And => Connector::And,
        BinaryOp::Or => Connector::Or,
        BinaryOp::Xor => Connector::Xor,
        _ => return None,
    })
}

fn arithmetic(op: BinaryOp) -> Option<ArithmeticOp> {
    Some(match op {
        BinaryOp::Add => ArithmeticOp::Add,
        BinaryOp::Sub => ArithmeticOp::Sub,
        BinaryOp::Mul => ArithmeticOp::Mul,
        BinaryOp::Div => ArithmeticOp::Div,
        BinaryOp::Mod => ArithmeticOp::Rem,
        BinaryOp::Pow => ArithmeticOp::Pow,
        BinaryOp::And | BinaryOp::Or | BinaryOp::Xor => return None,
    })
}
