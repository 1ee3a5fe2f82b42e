//! What the derive makes, by name: the methods of each type.

use super::derive;
use quote::ToTokens;
use syn::{File, ImplItem, Item};

/// The functions of all inherent impls: `Article::create`.
fn methods(items: &[Item]) -> Vec<String> {
    let of = |item: &Item| match item {
        Item::Const(anonymous) => syn::parse2::<syn::Block>(anonymous.expr.to_token_stream())
            .map(|block| methods(&block.stmts.into_iter().filter_map(item_of).collect::<Vec<_>>()))
            .unwrap_or_default(),
        Item::Impl(block) if block.trait_.is_none() => {
            let ty = block.self_ty.to_token_stream().to_string();
            let ty = ty.split(' ').next().unwrap_or_default().to_owned();
            let name = |item: &ImplItem| match item {
                ImplItem::Fn(function) => Some(format!("{ty}::{}", function.sig.ident)),
                _ => None,
            };
            block.items.iter().filter_map(name).collect()
        }
        _ => Vec::new(),
    };
    items.iter().flat_map(of).collect()
}

fn item_of(statement: syn::Stmt) -> Option<Item> {
    match statement {
        syn::Stmt::Item(item) => Some(item),
        _ => None,
    }
}

fn made(text: &str) -> Vec<String> {
    let code = syn::parse_str(text).map(|input| derive(&input));
    code.and_then(syn::parse2)
        .map(|file: File| methods(&file.items))
        .unwrap_or_default()
}

#[test]
fn methods_of_an_article() {
    let article = "#[model(lookups = false)] pub struct Article {
        pub id: i64,
        #[field(max_length = 100)] pub headline: String,
        pub reporter: ForeignKey<crate::people::Reporter>,
        pub publications: ManyToMany<Publication>,
    }";
    assert_eq!(
        made(article),
        [
            "ArticleFields::id",
            "ArticleFields::headline",
            "ArticleFields::reporter",
            "ArticleFields::reporter_id",
            "ArticleFields::publications",
            "Article::create",
            "ArticleCreate::id",
            "ArticleCreate::headline",
            "ArticleCreate::reporter",
            "ArticleCreate::save",
            "ArticleCreate::get_or_create",
            "ArticleCreate::update_or_create",
            "Article::reporter",
            "Article::publications",
            "crate::article_set",
            "crate::article",
            "Publication::article_set",
            "PublicationFields::article",
        ]
    );
}

#[test]
fn a_model_with_a_mistake_is_a_model_still() {
    let methods = made("#[model(lookups = false)] struct A { id: i64, #[field(max_lenght = 3)] name: String, n: u32 }");
    assert!(methods.contains(&"AFields::name".to_owned()), "{methods:?}");
    assert!(!methods.contains(&"AFields::n".to_owned()), "{methods:?}");
    assert_eq!(made("struct A { id: Option<i64> }"), Vec::<String>::new());
}
