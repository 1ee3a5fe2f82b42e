//! Running the steps of the schema editor.

use super::introspect;
use crate::editor::{Step, dialect_of};
use orm_core::Result;
use orm_core::exec::Session;

/// Runs steps one after the other.
pub(super) async fn run_steps(session: &mut Session, steps: &[Step]) -> Result<()> {
    for step in steps {
        for sql in statements(session, step).await? {
            session.execute_script(&sql).await?;
        }
    }
    Ok(())
}

/// The statements that a step comes to on this database, as it is now.
pub(super) async fn statements(session: &mut Session, step: &Step) -> Result<Vec<String>> {
    Ok(match step {
        Step::Sql(sql) => vec![sql.clone()],
        Step::Drop(lookup) => {
            let dialect = dialect_of(session.backend());
            let names = introspect::names(session, lookup).await?;
            names.iter().map(|name| lookup.drop_sql(name, &*dialect)).collect()
        }
        Step::KeepForeignKeyIndex { table, column, sql } => {
            let indexes = introspect::indexes_from(session, table, column).await?;
            if indexes == 1 { vec![sql.clone()] } else { vec![] }
        }
        Step::IfDeterministic { collation, sql } => {
            if introspect::is_deterministic(session, collation).await? {
                vec![sql.clone()]
            } else {
                vec![]
            }
        }
    })
}
