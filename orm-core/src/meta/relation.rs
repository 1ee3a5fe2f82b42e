//! One relation between two models, declared on one of them.

use super::setters::setters;
use super::{DefaultValue, FieldMeta, ModelMeta};

/// Everything about a relation that is known at compile time.
#[derive(Debug)]
pub struct RelationMeta {
    /// the field's name on the model that declares it: `library`
    pub name: &'static str,
    /// which of the three
    pub kind: RelationKind,
    /// the model that declares it
    pub source: fn() -> &'static ModelMeta,
    /// the model that it points to
    pub target: fn() -> &'static ModelMeta,
    /// the field of the target that the key holds, where that is not the primary key
    pub to_field: Option<&'static str>,
    /// the key may be NULL
    pub null: bool,
    /// what happens to the row when its target goes
    pub on_delete: OnDelete,
    /// what the key becomes, where `on_delete` is [`OnDelete::Set`]
    pub set_value: Option<DefaultValue>,
    /// the name of the reverse accessor, as written; `+` makes none
    pub related_name: Option<&'static str>,
    /// the name of the reverse side in queries, as written
    pub related_query_name: Option<&'static str>,
    /// the database enforces the key
    pub db_constraint: bool,
    /// a relation of a model to itself that holds both ways
    pub symmetrical: bool,
    /// the table in between, for many-to-many
    pub through: Option<Through>,
}

setters! { RelationMeta:
    to_field = Some(value), (value: &'static str);
    null = true, ();
    on_delete = value, (value: OnDelete);
    set_value = Some(value), (value: DefaultValue);
    related_name = Some(value), (value: &'static str);
    related_query_name = Some(value), (value: &'static str);
    db_constraint = value, (value: bool);
    symmetrical = true, ();
    through = Some(value), (value: Through);
}

impl RelationMeta {
    /// For the derive: a required relation with the defaults; it fills in the rest.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        kind: RelationKind,
        source: fn() -> &'static ModelMeta,
        target: fn() -> &'static ModelMeta,
    ) -> Self {
        RelationMeta {
            name,
            kind,
            source,
            target,
            to_field: None,
            null: false,
            on_delete: OnDelete::Cascade,
            set_value: None,
            related_name: None,
            related_query_name: None,
            db_constraint: true,
            symmetrical: false,
            through: None,
        }
    }

    /// The foreign key's column on the declaring model; none for many-to-many.
    pub fn field(&self) -> Option<&'static FieldMeta> {
        (self.source)()
            .fields
            .iter()
            .find(|f| f.relation.as_ref().is_some_and(|r| r.name == self.name))
    }

    /// The field of the target whose value a foreign key holds: the primary key, or the one that
    /// `to_field` names.
    pub fn target_field(&self) -> &'static FieldMeta {
        let target = (self.target)();
        let named = self.to_field.and_then(|name| target.field(name));
        named.unwrap_or_else(|| target.pk())
    }

    /// Whether the other model has no accessor for it.
    pub fn hidden(&self) -> bool {
        self.related_name == Some("+") || (self.symmetrical && self.kind == RelationKind::ManyToMany)
    }

    /// The name of the reverse side in queries: `related_query_name`, else `related_name`, else
    /// the model's name in lower case.
    pub fn query_name(&self) -> String {
        self.related_query_name
            .or(self.related_name)
            .map_or_else(|| (self.source)().model_name(), str::to_owned)
    }

    /// The name of the accessor on the other model: `related_name`, else `patron_set`, and
    /// `librarian` over a one-to-one.
    pub fn accessor_name(&self) -> String {
        match (self.related_name, self.kind) {
            (Some(name), _) => name.to_owned(),
            (None, RelationKind::OneToOne) => (self.source)().model_name(),
            (None, _) => format!("{}_set", (self.source)().model_name()),
        }
    }

    /// Whether both are the same relation.
    pub fn is(&self, other: &RelationMeta) -> bool {
        std::ptr::eq(self, other)
    }
}

/// How many rows may stand on each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// many rows here, one there
    ForeignKey,
    /// one row here, one there
    OneToOne,
    /// many rows on both sides
    ManyToMany,
}

/// What happens to a row when the row that its foreign key names is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnDelete {
    /// it is deleted as well
    Cascade,
    /// the deletion is refused
    Protect,
    /// the deletion is refused unless the row goes as well, by another way
    Restrict,
    /// its key becomes NULL
    SetNull,
    /// its key becomes the field's default
    SetDefault,
    /// its key becomes a value that the relation names
    Set,
    /// nothing; the database may refuse
    DoNothing,
}

/// The table between the two sides of a many-to-many relation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Through {
    /// a table that exists for the relation alone
    Auto {
        /// `library_book_libraries`
        table: &'static str,
        /// the key of the declaring model: `book_id`
        source_column: &'static str,
        /// the key of the other model: `library_id`
        target_column: &'static str,
    },
    /// a model of the user's
    Model {
        /// that model
        model: fn() -> &'static ModelMeta,
        /// its two foreign keys (to the declaring model, to the other), where there is a choice
        fields: Option<(&'static str, &'static str)>,
    },
}
