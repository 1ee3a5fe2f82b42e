//! The methods of a row.

use super::{Later, Method, Run, queryset};
use crate::shell::Shell;
use crate::shell::args::{Args, is_true};
use crate::shell::errors::Result;
use crate::shell::object::Obj;
use crate::shell::record::Instance;
use orm_core::dynamic::Saving;

/// All methods that there are.
pub(super) static METHODS: &[Method<Instance>] = &[
    ask("delete", |shell, row, args| Box::pin(delete(shell, row, args))),
    ask("refresh_from_db", |shell, row, args| {
        Box::pin(refresh(shell, row, args))
    }),
    ask("save", |shell, row, args| Box::pin(save(shell, row, args))),
];

const fn ask(name: &'static str, run: for<'a> fn(&'a Shell, Instance, Args) -> Later<'a>) -> Method<Instance> {
    Method {
        name,
        run: Run::Ask(run),
    }
}

async fn save(shell: &Shell, row: Instance, args: Args) -> Result<Obj> {
    let known = ["force_insert", "force_update", "using", "update_fields"];
    let [insert, update, _, fields] = args.bind("save", known, 0)?;
    let how = Saving {
        force_insert: is_true(insert),
        force_update: is_true(update),
        update_fields: queryset::field_names(shell, fields).await?,
    };
    let mut record = row.ready()?;
    record.save_as(how, &shell.db()?).await?;
    row.settle(record);
    Ok(Obj::None)
}

async fn delete(shell: &Shell, row: Instance, args: Args) -> Result<Obj> {
    args.bind("delete", ["using", "keep_parents"], 0)?;
    Ok(queryset::deleted(&row.delete(shell).await?))
}

async fn refresh(shell: &Shell, row: Instance, args: Args) -> Result<Obj> {
    let [_, fields] = args.bind("refresh_from_db", ["using", "fields"], 0)?;
    let names = queryset::field_names(shell, fields).await?;
    let listed: Option<Vec<&str>> = names.as_ref().map(|names| names.iter().map(String::as_str).collect());
    let mut record = row.record();
    record.refresh(&shell.db()?, listed.as_deref()).await?;
    row.reset(record, names.as_deref());
    Ok(Obj::None)
}
