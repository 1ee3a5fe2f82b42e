"""The crates of builds.py: for each peer a program with one model, and a crate with many.

Each model has ten fields and two foreign keys, and knows both ends of them, as far as the peer does.
"""

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent

DEPENDENCIES = {
    "orm": f"""
orm = {{ path = "{HERE.parent}", default-features = false, features = ["sqlite", "lookups"] }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
""",
    "orm with its commands": f"""
orm = {{ path = "{HERE.parent}" }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
""",
    "orm without lookups": f"""
orm = {{ path = "{HERE.parent}", default-features = false, features = ["sqlite"] }}
tokio = {{ version = "1", features = ["macros", "rt-multi-thread"] }}
""",
    "sea-orm": """
sea-orm = { version = "2", features = ["sqlx-sqlite", "runtime-tokio"] }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
""",
    "diesel": """
diesel = { version = "2.3", features = ["sqlite"] }
libsqlite3-sys = { version = "0.38", features = ["bundled"] }
""",
    "toasty": """
toasty = { version = "0.11", features = ["sqlite"] }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
""",
    "plain structs": "",
}
# The one field that a change renames.
BEFORE, AFTER = "note", "remark"
# The fields of each model beside its key and its foreign keys.
FIELDS = {
    "name": "String",
    "slug": "String",
    "body": "String",
    "count": "i32",
    "size": "i64",
    "price": "f64",
    "active": "bool",
    BEFORE: "Option<String>",
    "rank": "Option<i32>",
}


def fields(**attributes):
    """The fields, with what a peer wants to be told of some."""
    lines = []
    for name, type in FIELDS.items():
        if name in attributes:
            lines.append(f"    #[{attributes[name]}]")
        lines.append(f"    pub {name}: {type},")
    return "\n".join(lines)


def orm(name, a, b, _):
    return f"""
use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "bench")]
pub struct {name} {{
    pub id: i64,
{fields(name="field(max_length = 100)", slug="field(max_length = 50)")}
    #[field(related_name = "a_of_{name.lower()}")]
    pub a: ForeignKey<crate::{a}>,
    #[field(related_name = "b_of_{name.lower()}")]
    pub b: ForeignKey<crate::{b}>,
}}
"""


def sea_orm(name, a, b, sources):
    many = "\n".join(
        f"    #[sea_orm(has_many)]\n    pub {end}_of_{source.lower()}: HasMany<crate::{source.lower()}::Entity>,"
        for end, source in zip("ab", sources)
    )
    return f"""
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "{name.lower()}")]
pub struct Model {{
    #[sea_orm(primary_key)]
    pub id: i64,
{fields(body='sea_orm(column_type = "Text")', price='sea_orm(column_type = "Double")')}
    pub a_id: i64,
    pub b_id: i64,
    #[sea_orm(belongs_to, from = "a_id", to = "id")]
    pub a: BelongsTo<crate::{a.lower()}::Entity>,
    #[sea_orm(belongs_to, from = "b_id", to = "id")]
    pub b: BelongsTo<crate::{b.lower()}::Entity>,
{many}
}}

impl ActiveModelBehavior for ActiveModel {{}}
"""


def diesel(name, a, b, _):
    table = f"{name.lower()}s"
    tables = {f"{target.lower()}s": target.lower() for target in (a, b)}
    imports = "".join(f"use crate::{module}::{other};\n" for other, module in tables.items() if other != table)
    joins = "".join(
        f"diesel::joinable!({table} -> {target.lower()}s ({end}_id));\n"
        f"diesel::allow_tables_to_appear_in_same_query!({table}, {target.lower()}s);\n"
        for end, target in zip("ab", (a, b))
        if target != name
    )
    columns = """        name -> Text,
        slug -> Text,
        body -> Text,
        count -> Integer,
        size -> BigInt,
        price -> Double,
        active -> Bool,
        note -> Nullable<Text>,
        rank -> Nullable<Integer>,
        a_id -> BigInt,
        b_id -> BigInt,"""
    structs = [
        ("", "Queryable, Selectable, Identifiable, AsChangeset, Debug, Clone, PartialEq", "    pub id: i64,\n"),
        ("New", "Insertable, Debug, Clone, PartialEq", ""),
    ]
    belongs = f", belongs_to(crate::{a}, foreign_key = a_id)"
    if a != b:
        belongs += f", belongs_to(crate::{b}, foreign_key = b_id)"
    bodies = "\n".join(
        f"""#[derive({derives}{", Associations" if not prefix and name not in (a, b) else ""})]
#[diesel(table_name = {table}{belongs if not prefix and name not in (a, b) else ""})]
pub struct {prefix}{name} {{
{key}{fields()}
    pub a_id: i64,
    pub b_id: i64,
}}
"""
        for prefix, derives, key in structs
    )
    return f"""
{imports}use diesel::prelude::*;

diesel::table! {{
    {table} (id) {{
        id -> BigInt,
{columns}
    }}
}}

{joins}
{bodies}"""


def toasty(name, a, b, sources):
    many = "\n".join(
        f"    #[has_many(pair = {end})]\n    pub {end}_of_{source.lower()}: toasty::Deferred<Vec<crate::{source}>>,"
        for end, source in zip("ab", sources)
    )
    return f"""
#[derive(Debug, toasty::Model)]
pub struct {name} {{
    #[key]
    #[auto]
    pub id: u64,
{fields()}
    #[index]
    pub a_id: u64,
    #[belongs_to]
    pub a: toasty::Deferred<crate::{a}>,
    #[index]
    pub b_id: u64,
    #[belongs_to]
    pub b: toasty::Deferred<crate::{b}>,
{many}
}}
"""


def plain(name, *_):
    return f"""
#[derive(Debug, Clone, PartialEq)]
pub struct {name} {{
    pub id: i64,
{fields()}
    pub a: i64,
    pub b: i64,
}}
"""


MODELS = {
    "orm": orm,
    "orm with its commands": orm,
    "orm without lookups": orm,
    "sea-orm": sea_orm,
    "diesel": diesel,
    "toasty": toasty,
    "plain structs": plain,
}

ASYNC_MAIN = """
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
"""
ORM_MAIN = """
use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(app = "bench")]
pub struct Person {
    pub id: i64,
    #[field(max_length = 100)]
    pub name: String,
    pub age: i32,
}
ASYNC_MAIN
    let db = Db::connect("sqlite://one.db").await?;
    let person = Person::create().name("Ada").age(36).save(&db).await?;
    println!("{:?}", Person::objects().get(&db, q!(id = person.id)).await?);
    Ok(())
}
"""
MAINS = {
    "orm": ORM_MAIN,
    "orm with its commands": ORM_MAIN,
    "orm without lookups": ORM_MAIN,
    "sea-orm": """
use sea_orm::{ActiveModelTrait, Database, EntityTrait, Set};

mod person {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub age: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
ASYNC_MAIN
    let db = Database::connect("sqlite://one.db?mode=rwc").await?;
    let person = person::ActiveModel {
        name: Set("Ada".to_owned()),
        age: Set(36),
        ..Default::default()
    };
    let person = person.insert(&db).await?;
    println!("{:?}", person::Entity::find_by_id(person.id).one(&db).await?);
    Ok(())
}
""",
    "diesel": """
use diesel::prelude::*;

diesel::table! {
    people (id) {
        id -> BigInt,
        name -> Text,
        age -> Integer,
    }
}

#[derive(Queryable, Selectable, Debug)]
#[diesel(table_name = people)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub age: i32,
}

#[derive(Insertable)]
#[diesel(table_name = people)]
pub struct NewPerson<'a> {
    pub name: &'a str,
    pub age: i32,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let db = &mut SqliteConnection::establish("one.db")?;
    diesel::insert_into(people::table)
        .values(NewPerson { name: "Ada", age: 36 })
        .execute(db)?;
    println!("{:?}", people::table.find(1).select(Person::as_select()).first(db)?);
    Ok(())
}
""",
    "toasty": """
#[derive(Debug, toasty::Model)]
pub struct Person {
    #[key]
    #[auto]
    pub id: u64,
    pub name: String,
    pub age: i32,
}
ASYNC_MAIN
    let mut db = toasty::Db::builder()
        .models(toasty::models!(Person))
        .connect("sqlite:one.db")
        .await?;
    let person = toasty::create!(Person { name: "Ada", age: 36 }).exec(&mut db).await?;
    println!("{:?}", Person::get_by_id(&mut db, &person.id).await?);
    Ok(())
}
""",
}


def one(place, peer):
    """A program with one model."""
    crate(place, peer, "one")
    (place / "src/main.rs").write_text(MAINS[peer].replace("ASYNC_MAIN", ASYNC_MAIN))


def many(place, peer, count):
    """A library of so many models, a file each, and a program that links it."""
    crate(place, peer, "many")
    names = [f"M{i:03}" for i in range(count)]
    step = max(count // 4, 2)
    lib = []
    for i, name in enumerate(names):
        a, b = names[(i + 1) % count], names[(i + step) % count]
        sources = names[i - 1], names[i - step]
        (place / f"src/{name.lower()}.rs").write_text(MODELS[peer](name, a, b, sources).lstrip())
        lib.append(f"pub mod {name.lower()};\n")
        if peer != "sea-orm":
            lib.append(f"pub use {name.lower()}::*;\n")
    if peer in ("sea-orm", "toasty"):
        # So many models that refer to each other are beyond the compiler's usual depth with these.
        lib.insert(0, '#![recursion_limit = "2048"]\n')
    (place / "src/lib.rs").write_text("".join(lib))
    model = "m000::Model" if peer == "sea-orm" else "M000"
    (place / "src/main.rs").write_text(
        f'fn main() {{\n    println!("{{}}", std::mem::size_of::<many::{model}>());\n}}\n'
    )


def change(place, count):
    """Renames a field of the model in the middle, back and forth."""
    path = place / f"src/m{count // 2:03}.rs"
    text = path.read_text()
    before, after = (BEFORE, AFTER) if f" {BEFORE}" in text else (AFTER, BEFORE)
    path.write_text(text.replace(f" {before}", f" {after}"))


def crate(place, peer, name):
    shutil.rmtree(place, ignore_errors=True)
    (place / "src").mkdir(parents=True)
    (place / "Cargo.toml").write_text(
        f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2024"\n\n'
        f"[dependencies]{DEPENDENCIES[peer]}\n[workspace]\n"
    )
    lock = HERE / peer.split()[0] / "Cargo.lock"
    if lock.exists():
        shutil.copy(lock, place)
