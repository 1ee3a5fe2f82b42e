//! The static description: one `ModelMeta`.

use super::{defaults, display, rows};
use crate::parse::{Class, DeleteRule, Field, Model, Relation, RelationKind};
use crate::tokens;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

/// `static META: ModelMeta`
pub fn write(model: &Model) -> TokenStream {
    let (app, name, table) = (&model.app, model.ident.to_string(), &model.table);
    let fields = model.columns().map(|field| column(model, field));
    let count = model.columns().count();
    let many_to_many: Vec<TokenStream> = model
        .many_to_many()
        .filter_map(|field| Some(relation(model, field, field.relation()?)))
        .collect();
    let many_to_many = (!many_to_many.is_empty()).then(|| quote!(.many_to_many(&[#(#many_to_many),*])));
    let to_fields = model.columns().filter_map(to_field);
    let hooks = model.attrs.hooks.then(|| {
        let ident = &model.ident;
        quote!(.hooks(__orm::row_hooks::<#ident>()))
    });
    let settings = rows::settings(model)
        .into_iter()
        .chain(display::settings(model))
        .chain(hooks);
    let patterns = model.columns().any(|field| field.attrs.regex.is_some());
    let patterns = patterns.then(|| {
        quote!(
            const _: () = __orm::meta::assert_regex();
        )
    });
    quote! {
        #(#to_fields)*
        #patterns

        static FIELDS: [__orm::meta::FieldMeta; #count] = [#(#fields),*];

        static META: __orm::meta::ModelMeta =
            __orm::meta::ModelMeta::new(#app, #name, #table)
                .fields(&FIELDS)
                #many_to_many
                #(#settings)*;
    }
}

/// One column.
fn column(model: &Model, field: &Field) -> TokenStream {
    let (name, column, ty) = (&field.name, field.column(), column_type(field));
    let attrs = &field.attrs;
    let is_key = model.primary_key().is_some_and(|key| key.name == field.name);
    let mut settings: Vec<TokenStream> = Vec::new();
    let flags = [
        ("null", field.nullable),
        ("primary_key", is_key),
        ("unique", attrs.unique),
        ("index", attrs.index || attrs.slug),
        ("auto_now", attrs.auto_now.is_some()),
        ("auto_now_add", attrs.auto_now_add.is_some()),
    ];
    for (flag, _) in flags.iter().filter(|(_, set)| *set) {
        let flag = quote::format_ident!("{flag}");
        settings.push(quote!(.#flag()));
    }
    settings.extend(defaults::write(field));
    if let Some(relation_to) = field.relation() {
        let relation = relation(model, field, relation_to);
        settings.push(quote!(.relation(#relation)));
    } else {
        settings.extend(rules(field));
    }
    for (setting, text) in [("db_collation", &attrs.db_collation), ("comment", &attrs.comment)] {
        let setting = quote::format_ident!("{setting}");
        settings.extend(text.as_ref().map(|text| quote!(.#setting(#text))));
    }
    quote! {
        __orm::meta::FieldMeta::new(#name, #column, #ty) #(#settings)*
    }
}

fn column_type(field: &Field) -> TokenStream {
    let ty = field.value_type();
    let column = quote_spanned!(field.ty.span()=> <#ty as __orm::FieldType>::COLUMN);
    if let Some(length) = field.max_length() {
        return quote!(#column.max_length(#length));
    }
    if field.attrs.positive {
        return quote!(#column.positive());
    }
    let is_decimal = matches!(field.class(), Some(Class::Decimal | Class::Other));
    match (field.attrs.max_digits.as_deref(), field.attrs.decimal_places.as_deref()) {
        (Some(digits), Some(places)) if is_decimal => quote!(#column.digits(#digits, #places)),
        _ => column,
    }
}

/// Choices and validators.
fn rules(field: &Field) -> Vec<TokenStream> {
    let (ty, attrs) = (&field.ty, &field.attrs);
    let mut rules = Vec::new();
    if let Some(choices) = &attrs.choices {
        let choices = choices
            .iter()
            .map(|(value, label, _)| quote!(__orm::meta::Choice { value: #value, label: #label }));
        rules.push(quote!(.choices(&[#(#choices),*])));
    } else if matches!(field.class(), Some(Class::Other | Class::TextType)) {
        rules.push(quote!(.choices(<#ty as __orm::FieldType>::CHOICES)));
    }
    if matches!(field.class(), Some(Class::Other | Class::TextType)) {
        rules.push(quote!(.type_validators(<#ty as __orm::FieldType>::VALIDATORS)));
    }
    let validators = validators(field);
    if !validators.is_empty() {
        rules.push(quote!(.validators(&[#(__orm::meta::Validator::#validators),*])));
    }
    rules
}

fn validators(field: &Field) -> Vec<TokenStream> {
    let (ty, attrs) = (&field.ty, &field.attrs);
    let mut validators = Vec::new();
    let known = [("Email", attrs.email), ("Url", attrs.url), ("Slug", attrs.slug)];
    for (name, _) in known.iter().filter(|(_, given)| *given) {
        let name = quote::format_ident!("{name}");
        validators.push(quote!(#name));
    }
    validators.extend(attrs.regex.iter().map(|pattern| quote!(Regex(#pattern))));
    validators.extend(attrs.min.iter().map(|limit| quote!(Min((#limit) as f64))));
    validators.extend(attrs.max.iter().map(|limit| quote!(Max((#limit) as f64))));
    validators.extend(attrs.validate.iter().map(
        |function| quote_spanned!(function.span()=> Custom(|value| __orm::validate_with::<#ty>(value, #function))),
    ));
    validators
}

/// One relation.
fn relation(model: &Model, field: &Field, relation: &Relation) -> TokenStream {
    let (source, target, attrs) = (&model.ident, &relation.target, &field.attrs);
    let name = &field.name;
    let kind = match relation.kind {
        RelationKind::ForeignKey => quote!(ForeignKey),
        RelationKind::OneToOne => quote!(OneToOne),
        RelationKind::ManyToMany => quote!(ManyToMany),
    };
    let mut settings = Vec::new();
    if let Some(to_field) = &attrs.to_field {
        settings.push(quote!(.to_field(#to_field)));
    }
    if field.nullable {
        settings.push(quote!(.null()));
    }
    if let Some(rule) = &attrs.on_delete {
        let rule = delete_rule(**rule);
        settings.push(quote!(.on_delete(__orm::meta::OnDelete::#rule)));
        if let Some(value) = &attrs.set_value {
            let value = defaults::value(field, value);
            settings.push(quote!(.set_value(#value)));
        }
    }
    let names = [
        ("related_name", &attrs.related_name),
        ("related_query_name", &attrs.related_query_name),
    ];
    for (setting, text) in names {
        let setting = quote::format_ident!("{setting}");
        settings.extend(text.as_ref().map(|text| quote!(.#setting(#text))));
    }
    if attrs.db_constraint == Some(false) {
        settings.push(quote!(.db_constraint(false)));
    }
    if field.is_symmetrical() {
        settings.push(quote!(.symmetrical()));
    }
    if relation.kind == RelationKind::ManyToMany {
        let through = through(model, field, relation);
        settings.push(quote!(.through(__orm::meta::Through::#through)));
    }
    quote! {
        __orm::meta::RelationMeta::new(
            #name,
            __orm::meta::RelationKind::#kind,
            <#source as __orm::Model>::meta,
            <#target as __orm::Model>::meta,
        ) #(#settings)*
    }
}

/// That the other model has the field that a key refers to, of the type that the key says.
fn to_field(field: &Field) -> Option<TokenStream> {
    let relation = field.relation()?;
    let (literal, key, target) = (field.attrs.to_field.as_ref()?, relation.key.as_ref()?, &relation.target);
    let name = tokens::ident(&literal.value(), literal.span()).ok()?;
    Some(quote_spanned! {literal.span()=>
        const _: () = {
            fn to_field(
                fields: <#target as __orm::Model>::Fields<#target, __orm::One>,
            ) -> __orm::Field<#target, #key, impl ::std::marker::Sized> {
                fields.#name()
            }
        };
    })
}

fn delete_rule(rule: DeleteRule) -> TokenStream {
    match rule {
        DeleteRule::Cascade => quote!(Cascade),
        DeleteRule::Protect => quote!(Protect),
        DeleteRule::Restrict => quote!(Restrict),
        DeleteRule::SetNull => quote!(SetNull),
        DeleteRule::SetDefault => quote!(SetDefault),
        DeleteRule::Set => quote!(Set),
        DeleteRule::DoNothing => quote!(DoNothing),
    }
}

/// The table between the two sides, named as Django names it.
fn through(model: &Model, field: &Field, relation: &Relation) -> TokenStream {
    if let Some(through) = &field.attrs.through {
        let through = &**through;
        let fields = field
            .attrs
            .through_fields
            .as_deref()
            .map(|[source, target]: &[LitStr; 2]| quote!((#source, #target)));
        let fields = tokens::option(fields);
        return quote!(Model { model: <#through as __orm::Model>::meta, fields: #fields });
    }
    let (source, target) = (model.lower(), relation.target_name.to_lowercase());
    let table = format!("{}_{}", model.table, field.name);
    let (source, target) = if source == target {
        (format!("from_{source}_id"), format!("to_{target}_id"))
    } else {
        (format!("{source}_id"), format!("{target}_id"))
    };
    quote!(Auto { table: #table, source_column: #source, target_column: #target })
}
