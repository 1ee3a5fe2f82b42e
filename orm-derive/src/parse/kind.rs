//! What a field's type says: a plain column of some class, or a relation to another model.

use quote::ToTokens;
use syn::{Error, GenericArgument, Ident, PathArguments, PathSegment, Result, Type, TypePath};

/// What a field is.
pub enum Kind {
    /// a column of a type of its own
    Plain(Class),
    /// a relation
    Relation(Relation),
}

/// As far as the text of a type tells its columns apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `String`
    Text,
    /// `us::State`: text with a length and rules of its own
    TextType,
    /// `i16`, `i32`, `i64`
    Integer,
    /// `f64`
    Float,
    /// `bool`
    Bool,
    /// `Decimal`
    Decimal,
    /// `NaiveDate`
    Date,
    /// `NaiveTime`
    Time,
    /// `DateTime<Utc>`
    DateTime,
    /// `TimeDelta`
    Duration,
    /// `Uuid`
    Uuid,
    /// `Json<T>`
    Json,
    /// `Vec<u8>`
    Bytes,
    /// `IpAddr`
    Ip,
    /// a type of the user's
    Other,
}

/// Where a relation leads.
pub struct Relation {
    /// which of the three
    pub kind: RelationKind,
    /// the other model, as written; the model itself for `Self`
    pub target: TypePath,
    /// its name alone
    pub target_name: String,
    /// `K` of `ForeignKeyBy<M, K>`: the type of the field that `to_field` names
    pub key: Option<Box<Type>>,
    /// the model that declares it
    pub to_self: bool,
}

/// The three kinds of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationKind {
    /// `ForeignKey<M>`, `ForeignKeyBy<M, K>`
    ForeignKey,
    /// `OneToOne<M>`, `OneToOneBy<M, K>`
    OneToOne,
    /// `ManyToMany<M>`
    ManyToMany,
}

impl RelationKind {
    fn of(name: &Ident) -> Option<Self> {
        match name.to_string().as_str() {
            "ForeignKey" | "ForeignKeyBy" => Some(RelationKind::ForeignKey),
            "OneToOne" | "OneToOneBy" => Some(RelationKind::OneToOne),
            "ManyToMany" => Some(RelationKind::ManyToMany),
            _ => None,
        }
    }
}

impl Kind {
    /// Whether it is a many-to-many relation, which has no column.
    pub fn is_many_to_many(&self) -> bool {
        matches!(
            self,
            Kind::Relation(Relation {
                kind: RelationKind::ManyToMany,
                ..
            })
        )
    }
}

/// The path that a type is; one that came through a macro stands in an invisible group.
fn path(ty: &Type) -> Option<&TypePath> {
    match ty {
        Type::Path(own) if own.qself.is_none() => Some(own),
        Type::Group(group) => path(&group.elem),
        Type::Paren(paren) => path(&paren.elem),
        _ => None,
    }
}

/// The last segment of a type's path.
fn last(ty: &Type) -> Option<&PathSegment> {
    path(ty)?.path.segments.last()
}

fn arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// `T` of `Option<T>`.
pub fn inside_option(ty: &Type) -> Option<&Type> {
    let segment = last(ty).filter(|segment| segment.ident == "Option")?;
    arguments(segment).into_iter().next()
}

/// What the type of a field (without its `Option`) says.
pub fn classify(ty: &Type, model: &Ident) -> Result<Kind> {
    if let Some(segment) = last(ty)
        && let Some(kind) = RelationKind::of(&segment.ident)
    {
        let by = segment.ident.to_string().ends_with("By");
        let (target, key) = match arguments(segment).as_slice() {
            [only] if !by => (path(only), None),
            [target, key] if by => (path(target), Some(Box::new((*key).clone()))),
            _ => (None, None),
        };
        let Some(target) = target else {
            let message = if by {
                format!(
                    "`{}` takes the model it leads to and the type of the field it holds: `{0}<Tag, String>`",
                    segment.ident
                )
            } else {
                format!("`{}` takes the model it leads to: `{0}<Library>`", segment.ident)
            };
            return Err(Error::new_spanned(ty, message));
        };
        let target_name = target
            .path
            .segments
            .last()
            .map_or_else(String::new, |last| last.ident.to_string());
        let to_self = target.path.is_ident(model);
        return Ok(Kind::Relation(Relation {
            kind,
            target: target.clone(),
            target_name,
            key,
            to_self,
        }));
    }
    match unsupported(ty) {
        Some(instead) => Err(Error::new_spanned(
            ty,
            format!("`{}` cannot be a column: {instead}", written(ty)),
        )),
        None => Ok(Kind::Plain(class_of(ty))),
    }
}

/// The class of a column of that type.
fn class_of(ty: &Type) -> Class {
    let Some(segment) = last(ty) else { return Class::Other };
    match segment.ident.to_string().as_str() {
        "String" => Class::Text,
        "i16" | "i32" | "i64" => Class::Integer,
        "f64" => Class::Float,
        "bool" => Class::Bool,
        "Decimal" => Class::Decimal,
        "NaiveDate" => Class::Date,
        "NaiveTime" => Class::Time,
        "DateTime" => Class::DateTime,
        "TimeDelta" | "Duration" => Class::Duration,
        "Uuid" => Class::Uuid,
        "Json" => Class::Json,
        "Vec" => Class::Bytes,
        "IpAddr" => Class::Ip,
        _ if in_module(ty, "us") => Class::TextType,
        _ => Class::Other,
    }
}

fn in_module(ty: &Type, module: &str) -> bool {
    let before_last = path(ty).and_then(|path| path.path.segments.iter().rev().nth(1));
    before_last.is_some_and(|segment| segment.ident == module)
}

/// What to use instead of a type that no column can have; nothing where it may be one.
fn unsupported(ty: &Type) -> Option<String> {
    let json = |ty: &Type| format!("use `Json<{}>`, or a relation to a model", written(ty));
    match ty {
        Type::Reference(reference) => {
            let text = matches!(last(&reference.elem), Some(segment) if segment.ident == "str");
            let owned = if text {
                "String".to_owned()
            } else {
                written(&reference.elem)
            };
            Some(format!("a model owns its values; use `{owned}`"))
        }
        Type::Tuple(_) | Type::Array(_) | Type::Slice(_) => Some(json(ty)),
        Type::Ptr(_) | Type::BareFn(_) | Type::Never(_) | Type::TraitObject(_) | Type::ImplTrait(_) => {
            Some("it is no plain value".to_owned())
        }
        Type::Group(group) => unsupported(&group.elem),
        Type::Paren(paren) => unsupported(&paren.elem),
        Type::Path(_) => {
            let segment = last(ty)?;
            let arguments = arguments(segment);
            let instead = match segment.ident.to_string().as_str() {
                "u8" | "i8" => "use `i16`",
                "u16" => "use `i32`",
                "u32" | "u64" | "usize" | "isize" => "use `i64`",
                "u128" | "i128" => "use `Decimal`, or `i64` where the values fit",
                "f32" => "use `f64`",
                "char" | "str" => "use `String` with `#[field(max_length = …)]`",
                "NaiveDateTime" => "use `DateTime<Utc>`",
                "SystemTime" | "Instant" => "use `DateTime<Utc>`",
                "DateTime" if !matches!(arguments.as_slice(), [zone] if written(zone).ends_with("Utc")) => {
                    "moments are kept in UTC; use `DateTime<Utc>`"
                }
                "Vec" if matches!(arguments.as_slice(), [item] if written(item) == "u8") => return None,
                "Vec" => match arguments.as_slice() {
                    [item] if last(item).is_some_and(|last| RelationKind::of(&last.ident).is_some()) => {
                        "a relation to many rows is a `ManyToMany<M>` field"
                    }
                    _ => return Some(json(ty)),
                },
                "Option" => "an `Option` in an `Option` has two kinds of nothing; use one",
                "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" | "VecDeque" | "LinkedList" | "IndexMap" => {
                    return Some(json(ty));
                }
                "Box" | "Rc" | "Arc" | "Cell" | "RefCell" | "Mutex" | "RwLock" | "Cow" => {
                    return Some(match arguments.as_slice() {
                        [.., inner] => format!("a model is plain data; use `{}` itself", written(inner)),
                        _ => "a model is plain data".to_owned(),
                    });
                }
                _ => return None,
            };
            Some(instead.to_owned())
        }
        _ => None,
    }
}

/// A type as a person would write it.
pub fn written(ty: &Type) -> String {
    let text = ty.to_token_stream().to_string();
    [
        (" < ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (" ,", ","),
        ("& ", "&"),
        (" ;", ";"),
    ]
    .iter()
    .fold(text, |text, (spaced, tight)| text.replace(spaced, tight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(ty: &str) -> Option<String> {
        syn::parse_str(ty).ok().and_then(|ty: Type| unsupported(&ty))
    }

    #[test]
    fn unsupported_types_name_another() {
        assert_eq!(message("f32").as_deref(), Some("use `f64`"));
        assert_eq!(message("u32").as_deref(), Some("use `i64`"));
        assert_eq!(
            message("Vec<String>").as_deref(),
            Some("use `Json<Vec<String>>`, or a relation to a model")
        );
        assert_eq!(
            message("&'static str").as_deref(),
            Some("a model owns its values; use `String`")
        );
        assert_eq!(
            message("DateTime<Local>").as_deref(),
            Some("moments are kept in UTC; use `DateTime<Utc>`")
        );
        for good in ["Vec<u8>", "chrono::DateTime<chrono::Utc>", "us::State", "Genre", "Json"] {
            assert_eq!(message(good), None, "{good}");
        }
    }
}
