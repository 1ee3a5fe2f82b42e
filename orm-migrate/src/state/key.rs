//! `ModelKey`: app and lower-case name, by which states know a model.

use std::fmt;

/// Which model: the app and the name in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelKey {
    /// the app: `library`
    pub app: String,
    /// the model's name in lower case: `book`
    pub name: String,
}

impl ModelKey {
    /// The key of that model; the name may be in any case.
    pub fn new(app: impl Into<String>, name: &str) -> Self {
        ModelKey {
            app: app.into(),
            name: name.to_lowercase(),
        }
    }

    /// The key that a label says: `library.Book`.
    pub fn parse(label: &str) -> Option<Self> {
        let (app, name) = label.split_once('.')?;
        (!app.is_empty() && !name.is_empty()).then(|| ModelKey::new(app, name))
    }

    /// Whether a label says this key.
    pub fn is(&self, label: &str) -> bool {
        label
            .split_once('.')
            .is_some_and(|(app, name)| app == self.app && name.to_lowercase() == self.name)
    }
}

impl fmt::Display for ModelKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.app, self.name)
    }
}
