//! `display = "{name} ({id})"` and `repr`: the names in them.

use crate::errors::Errors;
use crate::parse::Model;
use syn::LitStr;

pub fn check(model: &Model, errors: &mut Errors) {
    for text in [&model.attrs.display, &model.attrs.repr].into_iter().flatten() {
        template(model, text, errors);
    }
}

fn template(model: &Model, template: &LitStr, errors: &mut Errors) {
    let names = match placeholders(&template.value()) {
        Ok(names) => names,
        Err(message) => return errors.at(template.span(), message),
    };
    for name in names {
        if let Some(field) = model.fields.iter().find(|field| field.name == name) {
            if !field.is_column() {
                errors.at(
                    template.span(),
                    format!("`{name}` is a many-to-many relation, which holds nothing to show"),
                );
            }
        } else {
            super::names::resolve(model, &name, template.span(), errors);
        }
    }
}

/// The names in a template, each once; a message where it is none.
pub fn placeholders(template: &str) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            rest = after;
            continue;
        }
        let end = after.find('}').filter(|_| brace == "{");
        let Some(end) = end else {
            return Err(format!("a lone `{brace}`; two of them stand for one in the text"));
        };
        let name = after[..end].split(':').next().unwrap_or_default().trim();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err("name the field that stands here: `{name}`".to_owned());
        }
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        rest = &after[end + 1..];
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn names_in_a_template() {
        assert_eq!(
            placeholders("{name} ({id:>3}) {{x}} {name}"),
            Ok(vec!["name".to_owned(), "id".to_owned()])
        );
        assert!(placeholders("{}").is_err() && placeholders("{0}").is_err());
        assert!(placeholders("{name").is_err() && placeholders("name}").is_err());
    }
}
