//! A path across relations, from the model that a query starts at.

use crate::meta::{FieldMeta, ModelMeta, RelationKind, RelationMeta};

/// One step along a relation, in the direction of its declaration or against it.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// the relation
    pub relation: &'static RelationMeta,
    /// from the target to the model that declares it
    pub reverse: bool,
    /// only to the rows for which the condition of the [`FilteredRelation`](super::FilteredRelation)
    /// of that number holds
    pub filtered: Option<u16>,
}

impl Step {
    /// The step from the declaring model to its target.
    pub fn forward(relation: &'static RelationMeta) -> Self {
        Step {
            relation,
            reverse: false,
            filtered: None,
        }
    }

    /// The step from the target to the declaring model.
    pub fn reverse(relation: &'static RelationMeta) -> Self {
        Step {
            relation,
            reverse: true,
            filtered: None,
        }
    }

    /// The step of that name from a model, along one of its relations or against one of another's.
    pub fn named(model: &'static ModelMeta, name: &str) -> Option<Self> {
        if let Some(relation) = model.relation(name) {
            return Some(Step::forward(relation));
        }
        let mut reverse = model.reverse_relations().iter().filter(|r| !r.hidden());
        reverse.find(|r| r.query_name() == name).map(|r| Step::reverse(r))
    }

    /// The same relation, walked the other way.
    pub fn inverse(self) -> Self {
        Step {
            relation: self.relation,
            reverse: !self.reverse,
            filtered: None,
        }
    }

    /// The model where the step begins.
    pub fn from(self) -> &'static ModelMeta {
        if self.reverse {
            (self.relation.target)()
        } else {
            (self.relation.source)()
        }
    }

    /// The model where the step ends.
    pub fn to(self) -> &'static ModelMeta {
        if self.reverse {
            (self.relation.source)()
        } else {
            (self.relation.target)()
        }
    }

    /// The field of the model where the step begins by which the rows at its end are found: the
    /// primary key, or what a foreign key that points here refers to.
    pub fn near_key(self) -> &'static FieldMeta {
        match self.relation.kind {
            RelationKind::ForeignKey | RelationKind::OneToOne if self.reverse => self.relation.target_field(),
            _ => self.from().pk(),
        }
    }

    /// The field that stands for the row where the step ends: what a foreign key refers to, else the
    /// primary key.
    pub fn far_key(self) -> &'static FieldMeta {
        self.inverse().near_key()
    }

    /// Whether one row may lead to many.
    pub fn is_many(self) -> bool {
        match self.relation.kind {
            RelationKind::ManyToMany => true,
            RelationKind::ForeignKey => self.reverse,
            RelationKind::OneToOne => false,
        }
    }

    /// Whether a row may lead to none.
    pub fn is_nullable(self) -> bool {
        self.reverse || self.relation.null || self.relation.kind == RelationKind::ManyToMany
    }

    /// The name that queries use for it.
    pub fn name(self) -> String {
        if self.reverse {
            self.relation.query_name()
        } else {
            self.relation.name.to_owned()
        }
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.relation.is(other.relation) && self.reverse == other.reverse && self.filtered == other.filtered
    }
}

impl Eq for Step {}

/// The steps from the model that a query starts at; none of them is that model itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path(Vec<Step>);

impl Path {
    /// The model that the query starts at.
    pub fn root() -> Self {
        Path::default()
    }

    /// This path and one step more.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Path(steps)
    }

    /// This path, whose last step leads only to the rows of that filtered relation.
    #[must_use]
    pub(crate) fn filtered(mut self, number: u16) -> Self {
        if let Some(last) = self.0.last_mut() {
            last.filtered = Some(number);
        }
        self
    }

    /// The model at its end, where it starts at `root`.
    pub fn end(&self, root: &'static ModelMeta) -> &'static ModelMeta {
        self.0.last().map_or(root, |step| step.to())
    }

    /// Whether a step leads only to some of the related rows.
    pub(crate) fn is_filtered(&self) -> bool {
        self.0.iter().any(|step| step.filtered.is_some())
    }

    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether one row may lead to many.
    pub fn is_many(&self) -> bool {
        self.0.iter().any(|step| step.is_many())
    }

    /// `library__city`, as messages and tools spell it.
    pub fn name(&self) -> String {
        self.0.iter().map(|step| step.name()).collect::<Vec<_>>().join("__")
    }

    /// The part before the first to-many step, and the part from it on.
    pub fn split_at_many(&self) -> (Path, Path) {
        let at = self.0.iter().position(|step| step.is_many()).unwrap_or(self.0.len());
        (Path(self.0[..at].to_vec()), Path(self.0[at..].to_vec()))
    }

    /// The way back, from the end of the path to its beginning.
    pub fn inverse(&self) -> Path {
        Path(self.0.iter().rev().map(|step| step.inverse()).collect())
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Path(steps)
    }
}
