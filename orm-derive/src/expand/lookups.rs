//! The flat lookups: `headline__startswith(v)`, `pub_date__year__gte(2020)`, `library__in(..)`.
//!
//! There are many of them, so their code is a declarative macro of `orm-core`, which costs less than
//! writing it here, and each is one call of one plain function; they cost compile time all the same,
//! so the feature `lookups` and `#[model(lookups = false)]` leave them out.

use crate::parse::{Class, Field, Model, Relation};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

/// What a lookup takes.
#[derive(Clone, Copy)]
enum Takes {
    /// a value or NULL
    Nullable,
    Value,
    List,
    Pair,
    Flag,
}

use Takes::{Flag, List, Nullable, Pair, Value};

type Lookups = &'static [(&'static str, Takes)];

const EQUAL: Lookups = &[("exact", Nullable), ("in", List), ("isnull", Flag)];
const ORDER: Lookups = &[("gt", Value), ("gte", Value), ("lt", Value), ("lte", Value)];
const RANGE: Lookups = &[("range", Pair)];
const TEXT: Lookups = &[
    ("iexact", Nullable),
    ("contains", Value),
    ("icontains", Value),
    ("startswith", Value),
    ("istartswith", Value),
    ("endswith", Value),
    ("iendswith", Value),
    ("regex", Value),
    ("iregex", Value),
];
const JSON: Lookups = &[("exact", Nullable), ("isnull", Flag)];
const PART_OF_DATE: Lookups = &[("exact", Nullable), ("in", List)];

/// The lookups that suit a type, as far as its text tells.
fn suiting(class: Class) -> &'static [Lookups] {
    match class {
        Class::Text | Class::TextType => &[EQUAL, TEXT],
        Class::Bool | Class::Uuid | Class::Ip => &[EQUAL],
        Class::Json | Class::Bytes => &[JSON],
        _ => &[EQUAL, ORDER, RANGE],
    }
}

/// The methods of one model, by how they take their operands: what `flat_lookups!` is given.
#[derive(Default)]
struct Methods {
    nullable: TokenStream,
    value: TokenStream,
    pair: TokenStream,
    list: TokenStream,
    flag: TokenStream,
    part_nullable: TokenStream,
    part_value: TokenStream,
    part_list: TokenStream,
    relation: TokenStream,
}

/// All methods of the model's own fields and relations.
pub fn write(model: &Model) -> TokenStream {
    if !cfg!(feature = "lookups") || !model.attrs.lookups {
        return TokenStream::new();
    }
    let mut methods = Methods::default();
    for field in model.sound_fields() {
        match field.relation() {
            None => methods.column(field),
            Some(found) => methods.relation(field, found),
        }
    }
    let (ident, vis) = (&model.ident, &model.vis);
    let (root, value, second) = (&model.params.root, &model.params.value, &model.params.second);
    let Methods {
        nullable,
        value: values,
        pair,
        list,
        flag,
        part_nullable,
        part_value,
        part_list,
        relation,
    } = methods;
    quote! {
        __orm::flat_lookups! {
            #vis #ident #root #value #second
            nullable [#nullable]
            value [#values]
            pair [#pair]
            list [#list]
            flag [#flag]
            part_nullable [#part_nullable]
            part_value [#part_value]
            part_list [#part_list]
            relation [#relation]
        }
    }
}

impl Methods {
    fn column(&mut self, field: &Field) {
        let (Some(class), ty, index) = (field.class(), &field.ty, Literal::usize_unsuffixed(field.index)) else {
            return;
        };
        for (lookup, takes) in suiting(class).iter().copied().flatten() {
            let (name, constant) = (method(field, lookup), constant(lookup));
            match takes {
                Nullable => self.nullable.extend(quote!(#name #index [#ty], #constant;)),
                Value => self.value.extend(quote!(#name #index [#ty], #constant;)),
                Pair => self.pair.extend(quote!(#name #index [#ty];)),
                List => self.list.extend(quote!(#name #index [#ty];)),
                Flag => self.flag.extend(quote!(#name #index;)),
            }
        }
        if !matches!(class, Class::Date | Class::DateTime) {
            return;
        }
        for part in ["year", "month", "day"] {
            for (lookup, takes) in [PART_OF_DATE, ORDER].into_iter().flatten() {
                let name = method(field, &format!("{part}__{lookup}"));
                let (part, constant) = (constant(part), constant(lookup));
                match takes {
                    Nullable => self.part_nullable.extend(quote!(#name #index #part #constant;)),
                    List => self.part_list.extend(quote!(#name #index #part;)),
                    Value | Pair | Flag => self.part_value.extend(quote!(#name #index #part #constant;)),
                }
            }
        }
    }

    /// `library__exact`, `library__in`, `library__isnull`
    fn relation(&mut self, field: &Field, relation: &Relation) {
        let (target, index) = (&relation.target, Literal::usize_unsuffixed(field.index));
        let [exact, list, isnull] = ["exact", "in", "isnull"].map(|lookup| method(field, lookup));
        let step = format_ident!(
            "{}",
            if field.is_key() {
                "step_forward"
            } else {
                "step_forward_m2m"
            }
        );
        self.relation
            .extend(quote!(#exact #list #isnull #step #index [#target];));
    }
}

/// `headline__startswith`
fn method(field: &Field, lookup: &str) -> Ident {
    format_ident!("{}__{lookup}", field.name, span = field.span())
}

/// `STARTSWITH`
fn constant(name: &str) -> Ident {
    format_ident!("{}", name.to_uppercase())
}
