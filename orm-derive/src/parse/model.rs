//! The whole struct.

use super::attrs::Items;
use super::field::Field;
use super::model_attrs::ModelAttrs;
use super::params::Params;
use crate::errors::Errors;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Result, Visibility};

/// A struct that is to be a model.
pub struct Model {
    /// its name
    pub ident: Ident,
    /// who sees it
    pub vis: Visibility,
    /// the app label
    pub app: String,
    /// the table
    pub table: String,
    /// what is said about it
    pub attrs: ModelAttrs,
    /// its fields, in their order
    pub fields: Vec<Field>,
    /// names for type parameters
    pub params: Params,
}

impl Model {
    /// Reads it; an error by itself only where there is nothing to read on.
    pub fn parse(input: &DeriveInput, errors: &mut Errors) -> Result<Self> {
        let named = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(named) => named,
                fields => {
                    let message = "a model needs fields with names: `pub struct Library { pub id: i64, … }`";
                    return Err(match fields {
                        Fields::Unnamed(unnamed) => syn::Error::new_spanned(unnamed, message),
                        _ => syn::Error::new_spanned(&input.ident, message),
                    });
                }
            },
            Data::Enum(data) => {
                let message = "a model is a struct; an enum can be a column: `#[derive(Choices)]`";
                return Err(syn::Error::new_spanned(data.enum_token, message));
            }
            Data::Union(data) => return Err(syn::Error::new_spanned(data.union_token, "a model is a struct")),
        };
        if !input.generics.params.is_empty() {
            let message = "a model is one table, so its struct has no type parameters or lifetimes";
            errors.fatal(input.generics.span(), message);
        }
        for attribute in input
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("field"))
        {
            errors.on(
                attribute,
                "`#[field(…)]` stands on a field; on the struct write `#[model(…)]`",
            );
        }
        let attrs = ModelAttrs::parse(Items::of(&input.attrs, "model", errors), errors);
        let mut fields: Vec<Field> = named
            .named
            .iter()
            .filter_map(|field| Field::parse(field, &input.ident, errors))
            .collect();
        let (mut columns, mut many_to_many) = (0, 0);
        for field in &mut fields {
            let counter = if field.is_column() {
                &mut columns
            } else {
                &mut many_to_many
            };
            field.index = *counter;
            *counter += 1;
        }
        let app = attrs.app.as_ref().map_or_else(default_app, LitStr::value);
        let default_table = || format!("{app}_{}", input.ident.to_string().to_lowercase());
        let table = attrs.table.as_ref().map_or_else(default_table, LitStr::value);
        let params = Params::avoiding(input.to_token_stream());
        Ok(Model {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            app,
            table,
            attrs,
            fields,
            params,
        })
    }

    /// The name in lower case, as tables and queries use it.
    pub fn lower(&self) -> String {
        self.ident.to_string().to_lowercase()
    }

    /// The fields, without those of which the type is wrong.
    pub fn sound_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.is_faulty)
    }

    /// The fields that have a column.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_column())
    }

    /// The many-to-many relations.
    pub fn many_to_many(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind.is_many_to_many())
    }

    /// The fields that a new row must be given.
    pub fn required(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_required())
    }

    /// The primary key: the field so marked, or the one called `id`.
    pub fn primary_key(&self) -> Option<&Field> {
        let marked = self.columns().find(|field| field.attrs.primary_key.is_some());
        marked.or_else(|| self.columns().find(|field| field.name == "id"))
    }

    /// The field whose name the reverse side of a relation of the model to itself has as well.
    pub fn reverse_clash(&self, field: &Field) -> Option<&Field> {
        let own = self.ident.to_string();
        let (accessor, query) = (field.accessor_name(&own), field.query_name(&own));
        let same_name = |other: &&Field| {
            other.name == query || other.attname() == query || (other.relation().is_some() && other.name == accessor)
        };
        let to_self = field.relation().is_some_and(|relation| relation.to_self);
        self.fields.iter().find(same_name).filter(|_| to_self)
    }

    /// The field of that name, or with that column attribute (`library_id`), or `pk`.
    pub fn field(&self, name: &str) -> Option<&Field> {
        if name == "pk" {
            return self.primary_key();
        }
        let by_name = self.fields.iter().find(|field| field.name == name);
        by_name.or_else(|| self.columns().find(|field| field.attname() == name))
    }
}

/// The package's name.
pub fn default_app() -> String {
    std::env::var("CARGO_PKG_NAME").unwrap_or_default().replace('-', "_")
}
