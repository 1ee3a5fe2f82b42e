//! What leads from a model, or from one row to others.

use super::errors::{Result, ShellError};
use super::object::Obj;
use super::record::Instance;
use orm_core::dynamic::{DynQuerySet, DynRelated};
use orm_core::meta::{ModelMeta, RelationKind, RelationMeta};

/// What has rows: a model, or a row's relation to many.
#[derive(Debug)]
pub enum Manager {
    /// `Book.objects`
    Objects(&'static ModelMeta),
    /// `author.books`
    Related {
        /// the row whose relation it is
        row: Instance,
        /// which relation
        relation: &'static RelationMeta,
        /// whether the row's model declares it
        forward: bool,
    },
}

impl Manager {
    /// The model of its rows.
    pub fn model(&self) -> &'static ModelMeta {
        match self {
            Manager::Objects(model) => model,
            Manager::Related {
                relation,
                forward: true,
                ..
            } => (relation.target)(),
            Manager::Related { relation, .. } => (relation.source)(),
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Manager::Objects(_) => "Manager",
            Manager::Related { relation, .. } if relation.kind == RelationKind::ManyToMany => "ManyRelatedManager",
            Manager::Related { .. } => "RelatedManager",
        }
    }

    /// Where its class stands in Django.
    pub(super) fn class_path(&self) -> &'static str {
        match self {
            Manager::Objects(_) => "django.db.models.manager.Manager",
            Manager::Related { relation, .. } if relation.kind == RelationKind::ManyToMany => {
                "django.db.models.fields.related_descriptors.create_forward_many_to_many_manager.<locals>.\
                 ManyRelatedManager"
            }
            Manager::Related { .. } => {
                "django.db.models.fields.related_descriptors.create_reverse_many_to_one_manager.<locals>.RelatedManager"
            }
        }
    }

    /// Its rows, where they were loaded with the row that they belong to.
    pub(super) fn known(&self) -> Option<Vec<Obj>> {
        match self {
            Manager::Objects(_) => None,
            Manager::Related { row, relation, .. } => row.many_of(relation, &self.name()),
        }
    }

    /// Its rows.
    pub(super) fn rows(&self) -> Result<DynQuerySet> {
        match self {
            Manager::Objects(model) => Ok(DynQuerySet::new(model)),
            Manager::Related { .. } => Ok(self.related()?.rows()),
        }
    }

    /// The rows of a relation, which can be changed.
    pub(super) fn related(&self) -> Result<DynRelated> {
        let related = match self {
            Manager::Objects(_) => None,
            Manager::Related { row, .. } => row.record().related_set(&self.name()),
        };
        let message = format!("'{}' object has no related rows", self.type_name());
        Ok(related.ok_or_else(|| ShellError::attribute(message))??)
    }

    /// The name of the attribute that leads to it.
    pub(super) fn name(&self) -> String {
        match self {
            Manager::Objects(_) => "objects".to_owned(),
            Manager::Related {
                relation,
                forward: true,
                ..
            } => relation.name.to_owned(),
            Manager::Related { relation, .. } => relation.accessor_name(),
        }
    }
}
