//! The questions, as Django words them.

use orm_migrate::state::{DataType, FieldState, FieldType, ModelState};

pub(super) const ONE_OFF_NULL: &str =
    "Provide a one-off default now (will be set on all existing rows with a null value for this column)";
pub(super) const ONE_OFF: &str = "Provide a one-off default now which will be set on all existing rows";
pub(super) const IGNORE: &str = "Ignore for now. Existing rows that contain NULL values will have to be handled \
                                 manually, for example with a run_sql operation.";
pub(super) const QUIT: &str = "Quit and manually define a default value in the model.";
pub(super) const CONTINUE: &str =
    "Continue making this migration as the first step in writing a manual migration to generate unique values.";
pub(super) const QUIT_UNIQUE: &str = "Quit and edit the field's attributes in the model.";

pub(super) fn not_null_addition(model: &ModelState, field: &FieldState) -> String {
    format!(
        "It is impossible to add a non-nullable field '{}' to {} without specifying a default. This is because the \
         database needs something to populate existing rows.\nPlease select a fix:",
        field.name,
        model.name_lower()
    )
}

pub(super) fn not_null_alteration(model: &ModelState, field: &FieldState) -> String {
    format!(
        "It is impossible to change a nullable field '{}' on {} to non-nullable without providing a default. This is \
         because the database needs something to populate existing rows.\nPlease select a fix:",
        field.name,
        model.name_lower()
    )
}

pub(super) fn auto_now_add_addition(model: &ModelState, field: &FieldState) -> String {
    format!(
        "It is impossible to add the field '{}' with 'auto_now_add' to {} without providing a default. This is because \
         the database needs something to populate existing rows.\nPlease select a fix:",
        field.name,
        model.name_lower()
    )
}

pub(super) fn unique_callable_default(model: &ModelState, field: &FieldState) -> String {
    format!(
        "Callable default on unique field {}.{} will not generate unique values upon migrating.\nPlease choose how to \
         proceed:",
        model.name_lower(),
        field.name
    )
}

pub(super) fn rename_field(model: &ModelState, old: &FieldState, new: &FieldState) -> String {
    let model = model.name_lower();
    format!(
        "Was {model}.{} renamed to {model}.{} (a {})?",
        old.name,
        new.name,
        class(new)
    )
}

pub(super) fn rename_model(old: &ModelState, new: &ModelState) -> String {
    format!("Was the model {}.{} renamed to {}?", old.app, old.name, new.name)
}

/// Django's name for the type of a field.
fn class(field: &FieldState) -> &'static str {
    match &field.ty {
        FieldType::ForeignKey(_) => "ForeignKey",
        FieldType::OneToOne(_) => "OneToOneField",
        FieldType::ManyToMany(_) => "ManyToManyField",
        FieldType::Data(ty) => match ty {
            DataType::SmallAuto => "SmallAutoField",
            DataType::Auto => "AutoField",
            DataType::BigAuto => "BigAutoField",
            DataType::SmallInteger => "SmallIntegerField",
            DataType::Integer => "IntegerField",
            DataType::BigInteger => "BigIntegerField",
            DataType::PositiveSmallInteger => "PositiveSmallIntegerField",
            DataType::PositiveInteger => "PositiveIntegerField",
            DataType::PositiveBigInteger => "PositiveBigIntegerField",
            DataType::Float => "FloatField",
            DataType::Boolean => "BooleanField",
            DataType::Char { .. } => "CharField",
            DataType::Text => "TextField",
            DataType::Decimal { .. } => "DecimalField",
            DataType::Date => "DateField",
            DataType::Time => "TimeField",
            DataType::DateTime => "DateTimeField",
            DataType::Duration => "DurationField",
            DataType::Uuid => "UUIDField",
            DataType::Json => "JSONField",
            DataType::Binary => "BinaryField",
            DataType::IpAddress => "GenericIPAddressField",
        },
    }
}
