//! The state that the program's models describe.

use super::{
    Comparison, Condition, ConditionOp, ConstraintState, DataType, FieldState, FieldType, ForeignKeyState, IndexState,
    ManyToManyState, ModelState, Operand, ProjectState,
};
use crate::error::{MigrateError, Result};
use crate::literal::Literal;
use crate::names;
use orm_core::meta::{
    CheckExpr, CheckOp, CheckValue, DefaultValue, FieldMeta, Index, ModelMeta, RelationKind, RelationMeta, Through,
};

impl ProjectState {
    /// The state of all models that are linked into the program.
    pub fn from_registry() -> Result<Self> {
        ProjectState::from_models(orm_core::registry::models())
    }

    /// The state of these models.
    pub fn from_models(models: &[&'static ModelMeta]) -> Result<Self> {
        let mut state = ProjectState::default();
        for meta in models {
            let model = model_state(meta)?;
            for field in meta.fields {
                // A function's result is no constant; it only fills rows that exist already.
                if let Some(default) = field.default.filter(|d| !d.constant)
                    && let Some(value) = Literal::from_value(&(default.value)())
                {
                    state.set_computed(model.key(), field.name.to_owned(), value);
                }
            }
            state.add(model)?;
        }
        Ok(state)
    }
}

fn model_state(meta: &ModelMeta) -> Result<ModelState> {
    let mut model = ModelState::new(meta.app, meta.name);
    model.table = (meta.table != names::table(meta.app, meta.name)).then(|| meta.table.to_owned());
    for field in meta.fields {
        model.fields.push(field_state(meta, field)?);
    }
    model
        .fields
        .extend(meta.many_to_many.iter().map(|relation| many_to_many(meta, relation)));
    model.unique_together = meta.unique_together.iter().map(|group| owned(group)).collect();
    model.indexes = meta.indexes.iter().map(|index| index_state(meta, index)).collect();
    model.constraints = constraints(meta);
    model.comment = meta.comment.map(str::to_owned);
    model.managed = meta.managed;
    Ok(model)
}

fn field_state(meta: &ModelMeta, field: &FieldMeta) -> Result<FieldState> {
    let ty = match &field.relation {
        Some(relation) => {
            let key = ForeignKeyState {
                to: (relation.target)().label(),
                to_field: to_field(meta, field, relation)?,
                on_delete: relation.on_delete.into(),
                db_constraint: relation.db_constraint,
            };
            if relation.kind == RelationKind::OneToOne {
                FieldType::OneToOne(key)
            } else {
                FieldType::ForeignKey(key)
            }
        }
        None => {
            let ty = DataType::of(field.ty).ok_or_else(|| {
                MigrateError::state(format!(
                    "{}.{}: migrations do not know its column type",
                    meta.label(),
                    field.name
                ))
            })?;
            FieldType::Data(if field.auto() { ty.auto().unwrap_or(ty) } else { ty })
        }
    };
    let mut state = FieldState::new(field.name, ty);
    state.null = field.null;
    state.primary_key = field.primary_key;
    state.unique = field.unique && !field.primary_key && !matches!(state.ty, FieldType::OneToOne(_));
    state.index = field.index || field.relation.is_some();
    state.default = field
        .default
        .filter(|d| d.constant)
        .and_then(|d| Literal::from_value(&(d.value)()));
    state.db_default = field.db_default.map(|d| db_default(meta, field, &d)).transpose()?;
    check_defaults(meta, &state)?;
    state.auto_now = field.auto_now;
    state.auto_now_add = field.auto_now_add;
    state.column = (field.column != state.default_column()).then(|| field.column.to_owned());
    state.collation = field.db_collation.map(str::to_owned);
    state.comment = field.comment.map(str::to_owned);
    Ok(state)
}

/// The field that a foreign key refers to, where it is not the primary key. Databases ask that it be
/// unique.
fn to_field(meta: &ModelMeta, field: &FieldMeta, relation: &RelationMeta) -> Result<Option<String>> {
    let Some(name) = relation.to_field else { return Ok(None) };
    let target = (relation.target)();
    match target.field(name) {
        Some(found) if found.is_unique() => Ok(Some(found.name.to_owned())),
        _ => Err(MigrateError::state(format!(
            "{}.{}: `to_field = \"{name}\"` names no unique field of {}",
            meta.label(),
            field.name,
            target.label()
        ))),
    }
}

/// A default that does not suit its column would make a file that cannot be read.
fn check_defaults(meta: &ModelMeta, field: &FieldState) -> Result<()> {
    let FieldType::Data(ty) = field.ty else { return Ok(()) };
    for literal in [&field.default, &field.db_default].into_iter().flatten() {
        literal.value(ty).map_err(|message| MigrateError::Literal {
            field: format!("{}.{}", meta.label(), field.name),
            value: literal.to_string(),
            message,
        })?;
    }
    Ok(())
}

fn db_default(meta: &ModelMeta, field: &FieldMeta, default: &DefaultValue) -> Result<Literal> {
    let constant = default
        .constant
        .then(|| Literal::from_value(&(default.value)()))
        .flatten();
    constant.ok_or_else(|| {
        MigrateError::state(format!(
            "{}.{}: `db_default` must be a constant",
            meta.label(),
            field.name
        ))
    })
}

fn many_to_many(meta: &ModelMeta, relation: &RelationMeta) -> FieldState {
    let (through, table) = match relation.through {
        Some(Through::Model { model, .. }) => (Some(model().label()), None),
        Some(Through::Auto { table, .. }) => (
            None,
            (table != names::join_table(meta.table, relation.name)).then(|| table.to_owned()),
        ),
        _ => (None, None),
    };
    let to = (relation.target)().label();
    let ty = ManyToManyState {
        to,
        through,
        table,
        db_constraint: relation.db_constraint,
    };
    FieldState::new(relation.name, FieldType::ManyToMany(ty))
}

fn index_state(meta: &ModelMeta, index: &Index) -> IndexState {
    let sign = |descending| if descending { "-" } else { "" };
    let column = |path: &'static str| meta.field(path).map_or(path, |f| f.column);
    let columns: Vec<String> = index
        .fields
        .iter()
        .map(|t| format!("{}{}", sign(t.descending), column(t.path)))
        .collect();
    IndexState {
        name: index
            .name
            .map_or_else(|| names::automatic_index(meta.table, &columns), str::to_owned),
        fields: index
            .fields
            .iter()
            .map(|t| format!("{}{}", sign(t.descending), t.path))
            .collect(),
        condition: index.condition.as_ref().map(condition),
    }
}

fn constraints(meta: &ModelMeta) -> Vec<ConstraintState> {
    let unique = meta.unique.iter().map(|u| ConstraintState::Unique {
        name: u.name.to_owned(),
        fields: owned(u.fields),
        condition: u.condition.as_ref().map(condition),
    });
    let checks = meta.checks.iter().map(|c| ConstraintState::Check {
        name: c.name.to_owned(),
        condition: condition(&c.condition),
    });
    unique.chain(checks).collect()
}

fn condition(expr: &CheckExpr) -> Condition {
    match expr {
        CheckExpr::And(all) => Condition::And(all.iter().map(condition).collect()),
        CheckExpr::Or(all) => Condition::Or(all.iter().map(condition).collect()),
        CheckExpr::Not(inner) => Condition::Not(Box::new(condition(inner))),
        CheckExpr::Compare { field, op, value } => Condition::Compare(Comparison {
            field: (*field).to_owned(),
            op: condition_op(*op),
            value: operand(value),
        }),
    }
}

fn condition_op(op: CheckOp) -> ConditionOp {
    match op {
        CheckOp::Exact => ConditionOp::Exact,
        CheckOp::Gt => ConditionOp::Gt,
        CheckOp::Gte => ConditionOp::Gte,
        CheckOp::Lt => ConditionOp::Lt,
        CheckOp::Lte => ConditionOp::Lte,
        CheckOp::In => ConditionOp::In,
        CheckOp::IsNull => ConditionOp::IsNull,
    }
}

fn operand(value: &CheckValue) -> Operand {
    match value {
        CheckValue::Field(name) => Operand::Field { f: (*name).to_owned() },
        CheckValue::List(items) => Operand::List(items.iter().filter_map(literal).collect()),
        other => literal(other).map_or_else(|| Operand::List(Vec::new()), Operand::Literal),
    }
}

fn literal(value: &CheckValue) -> Option<Literal> {
    match value {
        CheckValue::Int(v) => Some(Literal::Int(*v)),
        CheckValue::Float(v) => Some(Literal::Float(*v)),
        CheckValue::Text(v) => Some(Literal::Text((*v).to_owned())),
        CheckValue::Bool(v) => Some(Literal::Bool(*v)),
        CheckValue::Field(_) | CheckValue::List(_) => None,
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
