//! One field of a model.

use super::attrs::Items;
use super::field_attrs::FieldAttrs;
use super::kind::{self, Class, Kind, Relation, RelationKind};
use crate::errors::Errors;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Ident, Type};

/// One field of a model.
pub struct Field {
    /// as written: `r#type`
    pub ident: Ident,
    /// without `r#`: `type`
    pub name: String,
    /// without `Option`
    pub ty: Type,
    /// the type as written, for messages
    pub written: String,
    /// `Option<T>`
    pub nullable: bool,
    /// what it is
    pub kind: Kind,
    /// what is said about it
    pub attrs: FieldAttrs,
    /// its place among the columns, or among the many-to-many relations
    pub index: usize,
    /// the user's documentation of it
    pub docs: Vec<Attribute>,
    /// its type cannot be a column, which has been said; nothing is written for it
    pub is_faulty: bool,
}

impl Field {
    /// Reads it. `index` is set by the caller.
    pub fn parse(field: &syn::Field, model: &Ident, errors: &mut Errors) -> Option<Self> {
        let ident = field.ident.clone()?;
        let mut declared = field.ty.clone();
        SelfType(model).visit_type_mut(&mut declared);
        let inner = kind::inside_option(&declared).cloned();
        let nullable = inner.is_some();
        let ty = inner.unwrap_or(declared);
        let (kind, is_faulty) = match kind::classify(&ty, model) {
            Ok(kind) => (kind, false),
            Err(error) => {
                let _: Option<()> = errors.take(Err(error));
                (Kind::Plain(Class::Other), true)
            }
        };
        let is_faulty = wrong_attributes(&field.attrs, errors) || is_faulty;
        let attrs = FieldAttrs::parse(Items::of(&field.attrs, "field", errors), errors);
        let written = kind::written(&field.ty);
        attrs.check_kind(&kind, &written, errors);
        let docs = field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"))
            .cloned()
            .collect();
        Some(Field {
            name: ident.unraw().to_string(),
            ident,
            ty,
            written,
            nullable,
            kind,
            attrs,
            index: 0,
            docs,
            is_faulty,
        })
    }

    /// Where its name stands.
    pub fn span(&self) -> Span {
        self.ident.span()
    }

    /// Where it leads, if it is a relation.
    pub fn relation(&self) -> Option<&Relation> {
        match &self.kind {
            Kind::Relation(relation) => Some(relation),
            Kind::Plain(_) => None,
        }
    }

    /// The class of its column, if it is no relation.
    pub fn class(&self) -> Option<Class> {
        match self.kind {
            Kind::Plain(class) => Some(class),
            Kind::Relation(_) => None,
        }
    }

    /// Whether it has a column.
    pub fn is_column(&self) -> bool {
        !self.kind.is_many_to_many() && !self.is_faulty
    }

    /// Django's name of the column's attribute: with `_id` for a key.
    pub fn attname(&self) -> String {
        match self.relation() {
            Some(relation) if relation.kind != RelationKind::ManyToMany => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    /// The column.
    pub fn column(&self) -> String {
        self.attrs
            .column
            .as_ref()
            .map_or_else(|| self.attname(), syn::LitStr::value)
    }

    /// The length of its text, from whatever attribute says it.
    pub fn max_length(&self) -> Option<u32> {
        if !matches!(self.class(), Some(Class::Text | Class::TextType | Class::Other)) {
            return None;
        }
        let given = self.attrs.max_length.as_deref().copied();
        given
            .or_else(|| self.attrs.email.then_some(254))
            .or_else(|| self.attrs.url.then_some(200))
            .or_else(|| self.attrs.slug.then_some(50))
    }

    /// Whether the database numbers it: an integer primary key called `id`.
    pub fn is_automatic(&self) -> bool {
        self.name == "id" && !self.attrs.positive && matches!(self.class(), Some(Class::Integer | Class::Other))
    }

    /// Whether a new row must be given a value for it.
    pub fn is_required(&self) -> bool {
        let attrs = &self.attrs;
        let filled = attrs.default.is_some()
            || attrs.db_default.is_some()
            || attrs.auto_now.is_some()
            || attrs.auto_now_add.is_some();
        self.is_column() && !self.nullable && !filled && !self.is_automatic()
    }

    /// Whether a many-to-many relation of a model to itself holds both ways.
    pub fn is_symmetrical(&self) -> bool {
        let to_self = self.relation().is_some_and(|relation| relation.to_self);
        to_self && !self.is_column() && self.attrs.symmetrical.as_deref().copied().unwrap_or(true)
    }

    /// Whether the other model has no accessor for it.
    pub fn is_hidden(&self) -> bool {
        let plus = self.attrs.related_name.as_ref().is_some_and(|name| name.value() == "+");
        plus || self.is_symmetrical()
    }

    /// The accessor on the other model, `patron_set`, of a relation declared by the model so named.
    pub fn accessor_name(&self, model: &str) -> String {
        match (&self.attrs.related_name, self.relation()) {
            (Some(name), _) => name.value(),
            (
                None,
                Some(Relation {
                    kind: RelationKind::OneToOne,
                    ..
                }),
            ) => model.to_lowercase(),
            (None, _) => format!("{}_set", model.to_lowercase()),
        }
    }

    /// The name of the reverse side in queries.
    pub fn query_name(&self, model: &str) -> String {
        let given = self
            .attrs
            .related_query_name
            .as_ref()
            .or(self.attrs.related_name.as_ref());
        given.map_or_else(|| model.to_lowercase(), syn::LitStr::value)
    }
}

/// `Self` in a field's type is the model; in generated code it would be something else.
struct SelfType<'a>(&'a Ident);

impl VisitMut for SelfType<'_> {
    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident == "Self" {
            *ident = Ident::new(&self.0.to_string(), ident.span());
        }
        visit_mut::visit_ident_mut(self, ident);
    }
}

/// Reports `#[model(…)]` on a field; whether the field is a group of fields.
fn wrong_attributes(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut is_group = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("model")) {
        let flatten = attribute.parse_args::<Ident>().is_ok_and(|name| name == "flatten");
        let message = if flatten {
            "`flatten` is not supported yet: write the shared fields in each model"
        } else {
            "`#[model(…)]` stands on the struct; on a field write `#[field(…)]`"
        };
        is_group |= flatten;
        errors.on(attribute, message);
    }
    is_group
}
