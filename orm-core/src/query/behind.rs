//! What is said of a model, said of the rows at the end of a path.

use super::{Condition, Expr, Operand, Path, Query};

impl Expr {
    /// The same expression at the end of a path, where it starts at the model that the path leads to.
    #[must_use]
    pub(crate) fn behind(mut self, prefix: &Path) -> Expr {
        self.go_behind(prefix);
        self
    }

    fn go_behind(&mut self, prefix: &Path) {
        match self {
            Expr::Column { path, .. } => {
                *path = path.steps().iter().fold(prefix.clone(), |path, step| path.then(*step));
            }
            Expr::Call { args, .. } => args.iter_mut().for_each(|arg| arg.go_behind(prefix)),
            Expr::Aggregate(aggregate) => {
                if let Some(arg) = &mut aggregate.arg {
                    arg.go_behind(prefix);
                }
                if let Some(filter) = &mut aggregate.filter {
                    filter.go_behind(prefix);
                }
            }
            Expr::Arithmetic { left, right, .. } => {
                left.go_behind(prefix);
                right.go_behind(prefix);
            }
            Expr::Case(case) => {
                for (when, then) in &mut case.whens {
                    when.go_behind(prefix);
                    then.go_behind(prefix);
                }
                case.default.go_behind(prefix);
            }
            Expr::Cast(of, _) | Expr::Typed(of, _) | Expr::Key(of, _) => of.go_behind(prefix),
            Expr::Bool(condition) => condition.go_behind(prefix),
            Expr::Subquery(query) => query.go_behind(prefix),
            Expr::Value(_) | Expr::Outer { .. } | Expr::Ref { .. } | Expr::Slot(_) => {}
        }
    }
}

impl Query {
    /// Only what it takes from the row outside is said of that row.
    fn go_behind(&mut self, prefix: &Path) {
        self.outer.iter_mut().for_each(|expr| expr.go_behind(prefix));
    }
}

impl Condition {
    fn go_behind(&mut self, prefix: &Path) {
        match self {
            Condition::Constant(_) => {}
            Condition::Lookup { left, right, .. } => {
                left.go_behind(prefix);
                match right {
                    Operand::One(expr) => expr.go_behind(prefix),
                    Operand::Many(all) => all.iter_mut().for_each(|expr| expr.go_behind(prefix)),
                    Operand::Pair(low, high) => {
                        low.go_behind(prefix);
                        high.go_behind(prefix);
                    }
                    Operand::Query(query) => query.go_behind(prefix),
                    Operand::Flag(_) => {}
                }
            }
            Condition::Exists(query) => query.go_behind(prefix),
            Condition::And(all) | Condition::Or(all) | Condition::Xor(all) => {
                all.iter_mut().for_each(|one| one.go_behind(prefix));
            }
            Condition::Not(one) => one.go_behind(prefix),
            Condition::Merged(merged) => {
                let both = merged.left.iter_mut().chain(&mut merged.right);
                both.for_each(|one| one.go_behind(prefix));
            }
        }
    }
}
