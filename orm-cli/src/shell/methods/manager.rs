//! What a manager has: the methods of the query set that it stands for.

use super::{Bound, Method, Run, find, queryset, related};
use crate::shell::errors::Result;
use crate::shell::limits::Extent;
use crate::shell::manager::Manager;
use crate::shell::object::{Obj, RowSet};
use orm_core::dynamic::DynQuerySet;
use orm_core::meta::ModelMeta;
use std::sync::Arc;

/// What a query set has and a manager has not.
const ONLY_QUERY_SETS: &[&str] = &["delete"];

static GET_QUERYSET: Method<DynQuerySet> = Method {
    name: "get_queryset",
    run: Run::Build(|rows, args| args.none("get_queryset").map(|()| rows)),
};

/// `manager.name`
pub(super) fn attribute(manager: &Arc<Manager>, name: &str) -> Result<Option<Obj>> {
    if name == "model" {
        return Ok(Some(Obj::Model(manager.model())));
    }
    if let Some(method) = related::method(manager, name)? {
        let bound = Bound::Related(Arc::clone(manager), method);
        return Ok(Some(Obj::Method(Arc::new(bound))));
    }
    if let Some(rows) = manager.known() {
        let set = RowSet {
            value: manager.rows()?,
            extent: Extent::QUERY_SET,
            known: Some(rows),
        };
        if let Some(method) = queryset::of_known(&set, name) {
            let bound = Bound::Scalar(Obj::QuerySet(Arc::new(set)), method);
            return Ok(Some(Obj::Method(Arc::new(bound))));
        }
    }
    let method = match name {
        "get_queryset" => Some(&GET_QUERYSET),
        name if ONLY_QUERY_SETS.contains(&name) => None,
        name => find(queryset::METHODS, name),
    };
    let Some(method) = method else {
        return Ok(None);
    };
    let bound = Bound::Rows(Box::new(manager.rows()?), Extent::QUERY_SET, method);
    Ok(Some(Obj::Method(Arc::new(bound))))
}

/// The names of what it has.
pub(super) fn names(manager: &Manager) -> Vec<String> {
    let methods = queryset::METHODS.iter().map(|method| method.name);
    let methods = methods.filter(|name| !ONLY_QUERY_SETS.contains(name));
    let methods = methods.chain(["get_queryset", "model"]);
    methods.chain(related::names(manager)).map(str::to_owned).collect()
}

/// `Model.name`
pub(super) fn of_model(model: &'static ModelMeta, name: &str) -> Option<Obj> {
    matches!(name, "objects" | "_default_manager").then(|| Obj::Manager(Arc::new(Manager::Objects(model))))
}
