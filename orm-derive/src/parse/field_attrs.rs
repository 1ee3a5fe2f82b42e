//! `#[field(…)]`: what is said about one field.

use super::attrs::{Item, Items, path_text};
use super::kind::{Class, Kind, Relation, RelationKind};
use crate::errors::Errors;
use crate::names;
use proc_macro2::Span;
use std::ops::Deref;
use syn::{Expr, Ident, LitStr, Path, Result};

/// A value and the attribute that gave it.
pub struct At<T> {
    value: T,
    /// where the attribute stands
    pub span: Span,
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// What is said about one field.
#[derive(Default)]
pub struct FieldAttrs {
    /// the attributes that were given, by name
    pub given: Vec<Ident>,
    /// `primary_key`
    pub primary_key: Option<At<()>>,
    /// `column = "…"`
    pub column: Option<LitStr>,
    /// `max_length = 200`
    pub max_length: Option<At<u32>>,
    /// `max_digits = 6`
    pub max_digits: Option<At<u32>>,
    /// `decimal_places = 2`
    pub decimal_places: Option<At<u32>>,
    /// `default = …`
    pub default: Option<At<Expr>>,
    /// `db_default = …`
    pub db_default: Option<At<Expr>>,
    /// `unique`
    pub unique: bool,
    /// `index`
    pub index: bool,
    /// `auto_now`
    pub auto_now: Option<At<()>>,
    /// `auto_now_add`
    pub auto_now_add: Option<At<()>>,
    /// `choices = [("fic", "Fiction")]`
    pub choices: Option<Vec<(String, LitStr, Span)>>,
    /// `email`
    pub email: bool,
    /// `url`
    pub url: bool,
    /// `slug`
    pub slug: bool,
    /// `regex = "…"`
    pub regex: Option<LitStr>,
    /// `min = 0`
    pub min: Option<Expr>,
    /// `max = 10`
    pub max: Option<Expr>,
    /// `positive`
    pub positive: bool,
    /// `validate = path`
    pub validate: Vec<Path>,
    /// `db_collation = "…"`
    pub db_collation: Option<LitStr>,
    /// `comment = "…"`
    pub comment: Option<LitStr>,
    /// `to_field = "slug"`
    pub to_field: Option<LitStr>,
    /// `on_delete = CASCADE`
    pub on_delete: Option<At<DeleteRule>>,
    /// `on_delete = SET(2)`: the value
    pub set_value: Option<Expr>,
    /// `related_name = "…"`
    pub related_name: Option<LitStr>,
    /// `related_query_name = "…"`
    pub related_query_name: Option<LitStr>,
    /// `db_constraint = false`
    pub db_constraint: Option<bool>,
    /// `foreign`
    pub foreign: bool,
    /// `through = Membership`
    pub through: Option<At<Path>>,
    /// `through_fields = ["group", "person"]`
    pub through_fields: Option<At<[LitStr; 2]>>,
    /// `symmetrical = false`
    pub symmetrical: Option<At<bool>>,
}

/// What `on_delete` may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeleteRule {
    /// `CASCADE`
    Cascade,
    /// `PROTECT`
    Protect,
    /// `RESTRICT`
    Restrict,
    /// `SET_NULL`
    SetNull,
    /// `SET_DEFAULT`
    SetDefault,
    /// `SET(…)`
    Set,
    /// `DO_NOTHING`
    DoNothing,
}

const DELETE_RULES: &[(&str, DeleteRule)] = &[
    ("CASCADE", DeleteRule::Cascade),
    ("PROTECT", DeleteRule::Protect),
    ("RESTRICT", DeleteRule::Restrict),
    ("SET_NULL", DeleteRule::SetNull),
    ("SET_DEFAULT", DeleteRule::SetDefault),
    ("DO_NOTHING", DeleteRule::DoNothing),
];

/// Which fields an attribute goes with.
#[derive(Clone, Copy)]
enum Fits {
    /// everything that has a column
    Column,
    /// columns that are no relation
    Plain,
    Text,
    Number,
    Integer,
    Decimal,
    Moment,
    /// all three kinds of relations
    Relation,
    /// foreign keys and one-to-one
    Key,
    ManyToMany,
}

impl Fits {
    fn fits(self, kind: &Kind) -> bool {
        // A type of the user's may be any of these; the compiler will see.
        let class = |classes: &[Class]| match kind {
            Kind::Plain(class) => classes.contains(class) || *class == Class::Other,
            Kind::Relation(_) => false,
        };
        match self {
            Fits::Column => !kind.is_many_to_many(),
            Fits::Plain => matches!(kind, Kind::Plain(_)),
            Fits::Text => class(&[Class::Text, Class::TextType]),
            Fits::Number => class(&[Class::Integer, Class::Float, Class::Decimal]),
            Fits::Integer => class(&[Class::Integer]),
            Fits::Decimal => class(&[Class::Decimal]),
            // Not those of the user: what is stored is the time itself.
            Fits::Moment => matches!(kind, Kind::Plain(Class::DateTime | Class::Date | Class::Time)),
            Fits::Relation => matches!(kind, Kind::Relation(_)),
            Fits::Key => matches!(kind, Kind::Relation(_)) && !kind.is_many_to_many(),
            Fits::ManyToMany => kind.is_many_to_many(),
        }
    }

    fn description(self) -> &'static str {
        match self {
            Fits::Column => "fields that have a column",
            Fits::Plain => "plain fields",
            Fits::Text => "text (`String`)",
            Fits::Number => "numbers",
            Fits::Integer => "integers",
            Fits::Decimal => "`Decimal` fields",
            Fits::Moment => "`DateTime<Utc>`, `NaiveDate` and `NaiveTime` fields",
            Fits::Relation => "relations",
            Fits::Key => "`ForeignKey` and `OneToOne` fields",
            Fits::ManyToMany => "`ManyToMany` fields",
        }
    }
}

/// All attributes, with what they go with.
const ATTRIBUTES: &[(&str, Fits)] = &[
    ("primary_key", Fits::Column),
    ("column", Fits::Column),
    ("max_length", Fits::Text),
    ("default", Fits::Column),
    ("db_default", Fits::Plain),
    ("unique", Fits::Column),
    ("index", Fits::Column),
    ("choices", Fits::Plain),
    ("auto_now", Fits::Moment),
    ("auto_now_add", Fits::Moment),
    ("max_digits", Fits::Decimal),
    ("decimal_places", Fits::Decimal),
    ("email", Fits::Text),
    ("url", Fits::Text),
    ("slug", Fits::Text),
    ("regex", Fits::Text),
    ("min", Fits::Number),
    ("max", Fits::Number),
    ("positive", Fits::Integer),
    ("validate", Fits::Plain),
    ("to_field", Fits::Key),
    ("on_delete", Fits::Key),
    ("related_name", Fits::Relation),
    ("related_query_name", Fits::Relation),
    ("through", Fits::ManyToMany),
    ("through_fields", Fits::ManyToMany),
    ("symmetrical", Fits::ManyToMany),
    ("db_constraint", Fits::Relation),
    ("db_collation", Fits::Text),
    ("comment", Fits::Column),
    ("foreign", Fits::Relation),
];

impl FieldAttrs {
    /// Reads them.
    pub fn parse(items: Items, errors: &mut Errors) -> Self {
        let mut attrs = FieldAttrs::default();
        let known: Vec<&str> = ATTRIBUTES.iter().map(|(name, _)| *name).collect();
        items.each(&known, &["validate"], errors, |item, errors| {
            let result = attrs.read(&item);
            if errors.take(result).is_some() {
                attrs.given.push(item.name);
            }
        });
        attrs
    }

    fn read(&mut self, item: &Item) -> Result<()> {
        let span = item.span();
        let flag = || item.flag().map(|yes| yes.then_some(At { value: (), span }));
        match item.name.to_string().as_str() {
            "primary_key" => self.primary_key = flag()?,
            "column" => self.column = Some(item.text()?),
            "max_length" => {
                self.max_length = Some(At {
                    value: item.number()?,
                    span,
                })
            }
            "max_digits" => {
                self.max_digits = Some(At {
                    value: item.number()?,
                    span,
                })
            }
            "decimal_places" => {
                self.decimal_places = Some(At {
                    value: item.number()?,
                    span,
                })
            }
            "default" => {
                self.default = Some(At {
                    value: item.expr()?,
                    span,
                })
            }
            "db_default" => {
                self.db_default = Some(At {
                    value: item.expr()?,
                    span,
                })
            }
            "unique" => self.unique = item.flag()?,
            "index" => self.index = item.flag()?,
            "auto_now" => self.auto_now = flag()?,
            "auto_now_add" => self.auto_now_add = flag()?,
            "choices" => self.choices = Some(item.pairs()?),
            "email" => self.email = item.flag()?,
            "url" => self.url = item.flag()?,
            "slug" => self.slug = item.flag()?,
            "regex" => self.regex = Some(item.text()?),
            "min" => self.min = Some(item.expr()?),
            "max" => self.max = Some(item.expr()?),
            "positive" => self.positive = item.flag()?,
            "validate" => self.validate.push(item.path("function")?),
            "db_collation" => self.db_collation = Some(item.text()?),
            "comment" => self.comment = Some(item.text()?),
            "to_field" => self.to_field = Some(item.text()?),
            "on_delete" => {
                self.set_value = set_value(item);
                let value = match self.set_value {
                    Some(_) => DeleteRule::Set,
                    None => delete_rule(item)?,
                };
                self.on_delete = Some(At { value, span })
            }
            "related_name" => self.related_name = Some(item.text()?),
            "related_query_name" => self.related_query_name = Some(item.text()?),
            "db_constraint" => self.db_constraint = Some(item.boolean()?),
            "foreign" => self.foreign = item.flag()?,
            "through" => {
                self.through = Some(At {
                    value: item.path("Membership")?,
                    span,
                })
            }
            "through_fields" => {
                let names = item.texts()?.try_into();
                let value = names
                    .map_err(|_| syn::Error::new(span, "`through_fields` names two fields of the `through` model"))?;
                self.through_fields = Some(At { value, span });
            }
            "symmetrical" => {
                self.symmetrical = Some(At {
                    value: item.flag()?,
                    span,
                })
            }
            _ => {}
        }
        Ok(())
    }

    /// Reports the attributes that do not go with such a field.
    pub fn check_kind(&self, kind: &Kind, written: &str, errors: &mut Errors) {
        for given in &self.given {
            let Some((name, fits)) = ATTRIBUTES.iter().find(|(name, _)| given == name) else {
                continue;
            };
            if !fits.fits(kind) {
                let goes_with = fits.description();
                errors.at(
                    given.span(),
                    format!("`{name}` goes with {goes_with}, and this field is `{written}`"),
                );
            }
        }
        if let (
            Some(symmetrical),
            Kind::Relation(Relation {
                to_self: false,
                kind: RelationKind::ManyToMany,
                ..
            }),
        ) = (&self.symmetrical, kind)
        {
            errors.at(
                symmetrical.span,
                "`symmetrical` goes with a relation of a model to itself: `ManyToMany<Self>`",
            );
        }
    }

    /// Whether that attribute was given.
    pub fn span_of(&self, name: &str) -> Option<Span> {
        self.given.iter().find(|given| *given == name).map(Ident::span)
    }
}

/// The value of `on_delete = SET(2)`.
fn set_value(item: &Item) -> Option<Expr> {
    let Ok(Expr::Call(call)) = item.expr() else { return None };
    let mut args = call.args.into_iter();
    match (&*call.func, args.next(), args.next()) {
        (Expr::Path(path), Some(value), None) if path.path.is_ident("SET") => Some(value),
        _ => None,
    }
}

fn delete_rule(item: &Item) -> Result<DeleteRule> {
    let path = item.path("CASCADE")?;
    let name = path_text(&path);
    let rule = DELETE_RULES.iter().find(|(rule, _)| *rule == name);
    rule.map(|(_, rule)| *rule).ok_or_else(|| {
        let known: Vec<&str> = DELETE_RULES.iter().map(|(rule, _)| *rule).collect();
        let suggestion = names::suggestion(&name, &known);
        syn::Error::new_spanned(
            &path,
            match name.as_str() {
                "SET" => "`SET` takes the key that is set: `SET(1)`".to_owned(),
                _ => format!("`{name}` is nothing that `on_delete` can do; {suggestion}"),
            },
        )
    })
}
