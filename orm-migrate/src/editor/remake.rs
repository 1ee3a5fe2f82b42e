//! SQLite alters little in place: the table is made anew, filled from the old one and renamed.

use super::table::{Column, Table};
use super::{Result, SchemaEditor};

/// What the new table has different from the old one.
#[derive(Default)]
pub(super) struct Changes<'a> {
    pub create: Option<&'a Column>,
    /// the field that goes
    pub delete: Option<&'a str>,
    /// old and new
    pub alter: &'a [(&'a Column, &'a Column)],
}

/// Column and the expression over the old table that fills it.
type Mapping = Vec<(String, String)>;

impl SchemaEditor {
    pub(super) fn remake(&mut self, table: &Table, changes: &Changes<'_>) -> Result<()> {
        let mut new = table.clone();
        new.name = format!("new__{}", table.name);
        new.joins.clear();
        let mut mapping: Mapping = table
            .columns
            .iter()
            .map(|c| (c.column.clone(), self.quote(&c.column)))
            .collect();
        give_up_key(&mut new, &mut mapping, changes);
        if let Some(column) = changes.create {
            if column.db_default.is_none() {
                let fill = self
                    .effective_default(table, column)?
                    .unwrap_or_else(|| "NULL".to_owned());
                mapping.push((column.column.clone(), fill));
            }
            insert(&mut new, column);
        }
        for (old, column) in changes.alter {
            new.columns.retain(|c| c.field != old.field);
            mapping.retain(|(name, _)| *name != old.column);
            mapping.push((column.column.clone(), self.carried_over(table, old, column)?));
            follow(&mut new, &table.name, old, column);
        }
        // Of several, the last comes first: so do the two keys of a table in between.
        changes
            .alter
            .iter()
            .rev()
            .for_each(|(_, column)| insert(&mut new, column));
        self_references_last(&mut new, &table.name, changes);
        if let Some(field) = changes.delete {
            let gone = table.column(field).map(|column| column.column.clone());
            new.columns.retain(|column| column.field != field);
            mapping.retain(|(name, _)| Some(name) != gone.as_ref());
            new.indexes.retain(|index| index.terms().all(|(name, _)| name != field));
        }
        self.create_table(&new)?;
        let (into, values): (Vec<&str>, Vec<&str>) = mapping.iter().map(|(c, v)| (c.as_str(), v.as_str())).unzip();
        let sql = format!(
            "INSERT INTO {} ({}) SELECT {} FROM {}",
            self.quote(&new.name),
            self.quote_all(into),
            values.join(", "),
            self.quote(&table.name)
        );
        self.sql(sql);
        self.drop_only(table);
        self.rename_table(&new.name, &table.name);
        self.flush();
        Ok(())
    }

    /// The old value; where NULL is no longer allowed, the default in its place.
    fn carried_over(&self, table: &Table, old: &Column, new: &Column) -> Result<String> {
        let name = self.quote(&old.column);
        if !old.null || new.null {
            return Ok(name);
        }
        let fill = match self.db_default(table, new)? {
            Some(default) => default,
            None => self.effective_default(table, new)?.unwrap_or_else(|| "NULL".to_owned()),
        };
        Ok(format!("coalesce({name}, {fill})"))
    }
}

/// An automatic key comes first, everything new last.
fn insert(table: &mut Table, column: &Column) {
    let position = if column.ty.is_auto() { 0 } else { table.columns.len() };
    table.columns.insert(position, column.clone());
}

/// Django makes keys of the table to itself anew, so they come after the rest.
fn self_references_last(table: &mut Table, name: &str, changes: &Changes<'_>) {
    let is_new = |column: &Column| {
        changes
            .create
            .into_iter()
            .chain(changes.alter.iter().map(|(_, new)| *new))
            .any(|new| new.field == column.field)
    };
    table.columns.sort_by_key(|column| {
        column
            .reference
            .as_ref()
            .is_some_and(|reference| reference.table == name)
            && !is_new(column)
    });
}

/// A new primary key takes the place of the old one.
fn give_up_key(table: &mut Table, mapping: &mut Mapping, changes: &Changes<'_>) {
    let keys: Vec<&str> = changes
        .create
        .into_iter()
        .chain(changes.alter.iter().map(|(_, new)| *new))
        .filter(|column| column.primary_key)
        .map(|column| column.field.as_str())
        .collect();
    if keys.is_empty() {
        return;
    }
    for column in table
        .columns
        .iter_mut()
        .filter(|c| c.primary_key && !keys.contains(&c.field.as_str()))
    {
        column.primary_key = false;
        column.unique = column.reference.as_ref().is_some_and(|reference| reference.one_to_one);
        if column.ty.is_auto() {
            mapping.retain(|(name, _)| *name != column.column);
        }
    }
    table
        .columns
        .retain(|column| column.primary_key || !column.ty.is_auto());
}

/// What else in the table speaks of an altered column.
fn follow(table: &mut Table, name: &str, old: &Column, new: &Column) {
    for column in &mut table.columns {
        if let Some(reference) = &mut column.reference
            && reference.table == name
            && reference.column == old.column
        {
            reference.column.clone_from(&new.column);
            column.ty = new.ty.related(false);
        }
    }
    if old.field != new.field {
        let together = table.unique_together.iter_mut().flatten();
        together
            .filter(|field| **field == old.field)
            .for_each(|field| field.clone_from(&new.field));
        table
            .indexes
            .iter_mut()
            .for_each(|index| index.rename_field(&old.field, &new.field));
        table
            .constraints
            .iter_mut()
            .for_each(|constraint| constraint.rename_field(&old.field, &new.field));
    }
}
