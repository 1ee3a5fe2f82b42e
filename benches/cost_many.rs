//! The workloads of `cost.rs` in a program with a hundred models more, related to each other: they
//! must cost a query on another model nothing. `cargo bench --bench cost_many` compares with the same
//! baseline.

#![allow(missing_docs, reason = "it is a program")]

#[path = "cost.rs"]
#[allow(dead_code, reason = "it has a `main` of its own")]
mod cost;

use orm::prelude::*;
use std::process::ExitCode;

macro_rules! models {
    ($first:ident $($model:ident)*) => {
        #[derive(Model, Debug, Clone)]
        #[model(app = "many", lookups = false)]
        pub struct $first {
            pub id: i64,
            #[field(max_length = 100)]
            pub name: String,
        }

        $(
            #[derive(Model, Debug, Clone)]
            #[model(app = "many", lookups = false, ordering = ["name"])]
            pub struct $model {
                pub id: i64,
                #[field(max_length = 100)]
                pub name: String,
                pub user: ForeignKey<cost::User>,
                pub other: Option<ForeignKey<$first>>,
            }
        )*
    };
}

models! {
    First
    M00 M01 M02 M03 M04 M05 M06 M07 M08 M09 M10 M11 M12 M13 M14 M15 M16 M17 M18 M19
    M20 M21 M22 M23 M24 M25 M26 M27 M28 M29 M30 M31 M32 M33 M34 M35 M36 M37 M38 M39
    M40 M41 M42 M43 M44 M45 M46 M47 M48 M49 M50 M51 M52 M53 M54 M55 M56 M57 M58 M59
    M60 M61 M62 M63 M64 M65 M66 M67 M68 M69 M70 M71 M72 M73 M74 M75 M76 M77 M78 M79
    M80 M81 M82 M83 M84 M85 M86 M87 M88 M89 M90 M91 M92 M93 M94 M95 M96 M97 M98 M99
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let models = orm::registry::models().len();
    if models < 100 {
        return Err(format!("only {models} models are linked").into());
    }
    cost::measure(cost::Update::Raise)
}
