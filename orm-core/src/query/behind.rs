//! What is said of a model, said of the rows at the end of a path.

use super::{Expr, Path};

impl Expr {
    /// The same expression at the end of a path, where it starts at the model that the path leads to.
    #[must_use]
    pub(crate) fn behind(mut self, prefix: &Path) -> Expr {
        self.change(&mut |expr| {
            if let Expr::Column { path, .. } = expr {
                *path = path.steps().iter().fold(prefix.clone(), |path, step| path.then(*step));
            }
        });
        self
    }
}
