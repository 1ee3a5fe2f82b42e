//! From the recorded Django models to our states.

use orm_migrate::literal::Literal;
use orm_migrate::state::{
    Condition, ConstraintState, DataType, FieldState, FieldType, ForeignKeyState, IndexState, ManyToManyState,
    ModelKey, ModelState, OnDelete, ProjectState,
};
use serde_json::Value;

/// The state of a list of models, or what we do not have.
pub fn state(models: &Value) -> Result<ProjectState, String> {
    let mut state = ProjectState::default();
    for model in models.as_array().unwrap() {
        let model = self::model(model, &mut state)?;
        state.add(model).unwrap();
    }
    Ok(state)
}

fn model(json: &Value, state: &mut ProjectState) -> Result<ModelState, String> {
    let mut model = ModelState::new(text(&json["app"]), text(&json["name"]));
    for (option, value) in json["options"].as_object().unwrap() {
        match option.as_str() {
            "db_table" => model.table = Some(text(value)),
            "db_table_comment" => model.comment = Some(text(value)),
            "managed" => model.managed = value.as_bool().unwrap(),
            "unique_together" => model.unique_together = items(value).iter().map(names).collect(),
            "indexes" => model.indexes = items(value).iter().map(index).collect::<Result<_, _>>()?,
            "constraints" => model.constraints = items(value).iter().map(constraint).collect::<Result<_, _>>()?,
            "ordering" if json["name"] == "Book" => {}
            other => return Err(format!("the option `{other}` is no part of our state")),
        }
    }
    // A child of another model is a model whose key is a one-to-one field.
    if let Some(base) = json["bases"].as_array().and_then(|bases| bases.first()) {
        let name = format!("{}_ptr", text(base).rsplit('.').next().unwrap().to_lowercase());
        let mut field = FieldState::new(name, FieldType::OneToOne(key(&text(base), OnDelete::Cascade)));
        field.primary_key = true;
        model.fields.push(field);
    }
    for json in items(&json["fields"]) {
        let field = self::field(json)?;
        if json["default"]["callable"] == "uuid4" {
            let constant = Literal::Text("01020304-0506-4708-890a-0b0c0d0e0f10".into());
            state.set_computed(ModelKey::new(&*model.app, &model.name), field.name.clone(), constant);
        }
        model.fields.push(field);
    }
    if !model.fields.iter().any(|field| field.primary_key) {
        let mut id = FieldState::new("id", FieldType::Data(DataType::BigAuto));
        id.primary_key = true;
        model.fields.insert(0, id);
    }
    model.fields.sort_by_key(FieldState::is_many_to_many);
    Ok(model)
}

/// One field.
pub fn field(json: &Value) -> Result<FieldState, String> {
    let number = |key: &str, or: u32| json[key].as_u64().map_or(or, |n| u32::try_from(n).unwrap());
    let char = |length| {
        FieldType::Data(DataType::Char {
            max_length: number("max_length", length),
        })
    };
    let foreign = || {
        let on_delete = match text(&json["on_delete"]).as_str() {
            "CASCADE" => OnDelete::Cascade,
            "SET_NULL" => OnDelete::SetNull,
            "PROTECT" => OnDelete::Protect,
            "RESTRICT" => OnDelete::Restrict,
            "SET_DEFAULT" => OnDelete::SetDefault,
            _ => OnDelete::DoNothing,
        };
        let mut key = key(&text(&json["to"]), on_delete);
        key.to_field = json["to_field"].as_str().map(str::to_owned);
        key.db_constraint = json["db_constraint"].as_bool().unwrap_or(true);
        key
    };
    let kind = text(&json["type"]);
    let ty = match kind.as_str() {
        "AutoField" => FieldType::Data(DataType::Auto),
        "BigAutoField" => FieldType::Data(DataType::BigAuto),
        "CharField" => char(0),
        "EmailField" => char(254),
        "URLField" => char(200),
        "SlugField" => char(50),
        "FileField" => char(100),
        "TextField" => FieldType::Data(DataType::Text),
        "IntegerField" => FieldType::Data(DataType::Integer),
        "SmallIntegerField" => FieldType::Data(DataType::SmallInteger),
        "BigIntegerField" => FieldType::Data(DataType::BigInteger),
        "PositiveIntegerField" => FieldType::Data(DataType::PositiveInteger),
        "PositiveSmallIntegerField" => FieldType::Data(DataType::PositiveSmallInteger),
        "PositiveBigIntegerField" => FieldType::Data(DataType::PositiveBigInteger),
        "BooleanField" => FieldType::Data(DataType::Boolean),
        "FloatField" => FieldType::Data(DataType::Float),
        "DecimalField" => FieldType::Data(DataType::Decimal {
            max_digits: number("max_digits", 0),
            decimal_places: number("decimal_places", 0),
        }),
        "DateField" => FieldType::Data(DataType::Date),
        "TimeField" => FieldType::Data(DataType::Time),
        "DateTimeField" => FieldType::Data(DataType::DateTime),
        "DurationField" => FieldType::Data(DataType::Duration),
        "UUIDField" => FieldType::Data(DataType::Uuid),
        "JSONField" => FieldType::Data(DataType::Json),
        "BinaryField" => FieldType::Data(DataType::Binary),
        "GenericIPAddressField" => FieldType::Data(DataType::IpAddress),
        "ForeignKey" => FieldType::ForeignKey(foreign()),
        "OneToOneField" => FieldType::OneToOne(foreign()),
        "ManyToManyField" => FieldType::ManyToMany(ManyToManyState {
            to: text(&json["to"]),
            through: json["through"].as_str().map(str::to_owned),
            table: None,
            db_constraint: true,
        }),
        other => return Err(format!("{other} is no field type of ours")),
    };
    if json.get("blank").is_some() && json.get("default").is_none() && kind != "ManyToManyField" {
        return Err("we have no `blank`; a field without a default needs a value".into());
    }
    let mut field = FieldState::new(text(&json["name"]), ty);
    field.index = json["db_index"].as_bool().unwrap_or(field.index || kind == "SlugField");
    field.null = json["null"] == true;
    field.primary_key = json["primary_key"] == true;
    field.unique = json["unique"] == true;
    field.auto_now = json["auto_now"] == true;
    field.auto_now_add = json["auto_now_add"] == true;
    field.column = json["db_column"].as_str().map(str::to_owned);
    field.default = literal(&json["default"]);
    field.db_default = literal(&json["db_default"]);
    Ok(field)
}

fn key(to: &str, on_delete: OnDelete) -> ForeignKeyState {
    ForeignKeyState {
        to: to.to_owned(),
        to_field: None,
        on_delete,
        db_constraint: true,
    }
}

/// A constant; none for null and for functions.
pub fn literal(json: &Value) -> Option<Literal> {
    match json {
        Value::Bool(v) => Some(Literal::Bool(*v)),
        Value::Number(v) => Some(
            v.as_i64()
                .map_or_else(|| Literal::Float(v.as_f64().unwrap()), Literal::Int),
        ),
        Value::String(v) => Some(Literal::Text(v.clone())),
        Value::Object(v) => v.get("datetime").or(v.get("decimal")).map(|v| Literal::Text(text(v))),
        _ => None,
    }
}

fn index(json: &Value) -> Result<IndexState, String> {
    if json.get("expressions").is_some() {
        return Err("we have no indexes over expressions".into());
    }
    Ok(IndexState {
        name: text(&json["name"]),
        fields: names(&json["fields"]),
        condition: None,
    })
}

fn constraint(json: &Value) -> Result<ConstraintState, String> {
    if json.get("expressions").is_some() {
        return Err("we have no constraints over expressions".into());
    }
    let name = text(&json["name"]);
    let condition = json.get("condition").map(condition).transpose()?;
    Ok(match json["type"].as_str() {
        Some("CheckConstraint") => ConstraintState::Check {
            name,
            condition: condition.unwrap(),
        },
        _ => ConstraintState::Unique {
            name,
            fields: names(&json["fields"]),
            condition,
        },
    })
}

/// Django's text (`Q(qty__gte=0)`), or our notation.
fn condition(json: &Value) -> Result<Condition, String> {
    let Some(text) = json.as_str() else {
        return serde_json::from_value(json.clone()).map_err(|e| e.to_string());
    };
    let inner = text.strip_prefix("Q(").and_then(|t| t.strip_suffix(')')).unwrap();
    let (keyword, value) = inner.split_once('=').unwrap();
    let value: Value = serde_json::from_str(value).unwrap();
    if keyword.ends_with("__startswith") {
        return Err("our conditions have no `startswith`".into());
    }
    serde_json::from_value(serde_json::json!({ keyword: value })).map_err(|e| e.to_string())
}

pub fn text(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

pub fn items(json: &Value) -> &[Value] {
    json.as_array().map_or(&[], Vec::as_slice)
}

pub fn names(json: &Value) -> Vec<String> {
    items(json).iter().map(text).collect()
}
