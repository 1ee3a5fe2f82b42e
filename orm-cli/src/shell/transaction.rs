//! `transaction.atomic()` and its like: statements are typed one by one, so a block is entered and left
//! by calls.

use super::Shell;
use super::args::{Args, is_true};
use super::errors::{Result, ShellError};
use super::limits;
use super::object::Obj;
use orm_core::exec::{Executor, OpenTx, OwnedHandle};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The blocks that were entered and not left yet.
#[derive(Debug, Default)]
pub(super) struct Transactions(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    open: Vec<Open>,
    /// the innermost block is to be rolled back, and until then no query can run
    rolls_back: bool,
    /// how many savepoints were made so far
    savepoints: usize,
}

#[derive(Debug)]
enum Open {
    /// a block with a transaction or a savepoint of its own
    Block(OpenTx),
    /// a block that is a part of the one around it
    Part,
    /// a savepoint by that name
    Savepoint(String, OpenTx),
}

impl Open {
    fn tx(&self) -> Option<&OpenTx> {
        match self {
            Open::Block(tx) | Open::Savepoint(_, tx) => Some(tx),
            Open::Part => None,
        }
    }
}

impl Transactions {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where statements run: in the innermost transaction, if there is one.
    pub(super) fn innermost(&self) -> Result<Option<OwnedHandle>> {
        let state = self.state();
        if state.rolls_back {
            let message = "An error occurred in the current transaction. You can't execute queries until the end of \
                           the 'atomic' block.";
            return Err(ShellError::new("TransactionManagementError", message));
        }
        let innermost = state.open.iter().rev().find_map(Open::tx);
        Ok(innermost.map(|tx| tx.tx().handle().to_owned()))
    }

    /// A statement failed: within a block, what was done there is to be undone.
    pub(super) fn note(&self, error: &ShellError) {
        const OF_DATABASES: [&str; 3] = ["IntegrityError", "DataError", "OperationalError"];
        let mut state = self.state();
        if OF_DATABASES.contains(&error.class()) && !state.open.is_empty() {
            state.rolls_back = true;
        }
    }
}

/// `transaction.atomic(savepoint=True)`
pub(super) fn atomic(args: Args) -> Result<Obj> {
    let [_, savepoint, _] = args.bind("atomic", ["using", "savepoint", "durable"], 0)?;
    Ok(Obj::Atomic {
        savepoint: savepoint.is_none_or(|savepoint| savepoint.truth()),
    })
}

/// `block.__enter__()`
pub(super) async fn enter(shell: &Shell, block: Obj, args: Args) -> Result<Obj> {
    args.none("__enter__")?;
    not_too_deep(shell)?;
    let with_savepoint = matches!(block, Obj::Atomic { savepoint: true });
    let around = take_all(shell);
    let open = match around.iter().rev().find_map(Open::tx) {
        None => OpenTx::begin(&shell.db).await.map(Open::Block),
        Some(tx) if with_savepoint && !rolls_back(shell) => tx.savepoint().await.map(Open::Block),
        Some(_) => Ok(Open::Part),
    };
    let mut state = shell.transactions.state();
    state.open = around;
    state.open.push(open?);
    Ok(Obj::None)
}

/// `block.__exit__(None, None, None)`
pub(super) async fn exit(shell: &Shell, _: Obj, args: Args) -> Result<Obj> {
    let [class, _, _] = args.bind("__exit__", ["exc_type", "exc_value", "traceback"], 3)?;
    let mut around = take_all(shell);
    let failed = rolls_back(shell) || !matches!(class, None | Some(Obj::None));
    set(shell, false);
    let mut ended = Ok(());
    while let Some(open) = around.pop() {
        let (tx, last) = match open {
            Open::Savepoint(_, tx) => (tx, false),
            Open::Block(tx) => (tx, true),
            Open::Part => {
                // What it did is undone with the block around it.
                set(shell, failed);
                shell.transactions.state().open = around;
                return Ok(Obj::None);
            }
        };
        if failed {
            tx.roll_back().await;
        } else if ended.is_ok() {
            ended = tx.commit().await;
        } else {
            tx.roll_back().await;
        }
        if last {
            shell.transactions.state().open = around;
            return ended.map(|()| Obj::None).map_err(Into::into);
        }
    }
    Err(ShellError::new("RuntimeError", "there is no block to be left"))
}

/// `transaction.savepoint()`
pub(super) async fn savepoint(shell: &Shell, args: Args) -> Result<Obj> {
    args.bind("savepoint", ["using"], 0)?;
    shell.transactions.innermost()?;
    not_too_deep(shell)?;
    let around = take_all(shell);
    let made = match around.iter().rev().find_map(Open::tx) {
        Some(tx) => tx.savepoint().await.map(Some),
        None => Ok(None),
    };
    let mut state = shell.transactions.state();
    state.open = around;
    let Some(tx) = made? else { return Ok(Obj::None) };
    state.savepoints += 1;
    let name = format!("s{}", state.savepoints);
    state.open.push(Open::Savepoint(name.clone(), tx));
    drop(state);
    Obj::string(name)
}

/// `transaction.savepoint_commit(sid)`
pub(super) async fn savepoint_commit(shell: &Shell, args: Args) -> Result<Obj> {
    end_savepoint(shell, "savepoint_commit", args, true).await
}

/// `transaction.savepoint_rollback(sid)`
pub(super) async fn savepoint_rollback(shell: &Shell, args: Args) -> Result<Obj> {
    end_savepoint(shell, "savepoint_rollback", args, false).await
}

/// Ends a savepoint, and those that were made after it in the same block.
async fn end_savepoint(shell: &Shell, call: &str, args: Args, commit: bool) -> Result<Obj> {
    let [sid, _] = args.bind(call, ["sid", "using"], 1)?;
    let mut around = take_all(shell);
    let is_it =
        |open: &Open| matches!((open, &sid), (Open::Savepoint(name, _), Some(Obj::Str(sid))) if **name == **sid);
    let own = around.iter().rposition(|open| !matches!(open, Open::Savepoint(..)));
    let at = around
        .iter()
        .rposition(is_it)
        .filter(|at| own.is_none_or(|own| own < *at));
    let after = at.map(|at| around.split_off(at));
    let mut ended = match after {
        Some(_) => Ok(()),
        None => Err(ShellError::new("OperationalError", "no such savepoint")),
    };
    for open in after.into_iter().flatten().rev() {
        let Open::Savepoint(_, tx) = open else { continue };
        if commit && ended.is_ok() {
            ended = tx.commit().await.map_err(Into::into);
        } else {
            tx.roll_back().await;
        }
    }
    if !commit && ended.is_ok() {
        set(shell, false);
    }
    shell.transactions.state().open = around;
    ended.map(|()| Obj::None)
}

/// `transaction.set_rollback(True)`
pub(super) async fn set_rollback(shell: &Shell, args: Args) -> Result<Obj> {
    let [flag, _] = args.bind("set_rollback", ["rollback", "using"], 1)?;
    within(shell)?;
    set(shell, is_true(flag));
    Ok(Obj::None)
}

/// `transaction.get_rollback()`
pub(super) async fn get_rollback(shell: &Shell, args: Args) -> Result<Obj> {
    args.bind("get_rollback", ["using"], 0)?;
    within(shell)?;
    Ok(Obj::Bool(rolls_back(shell)))
}

fn within(shell: &Shell) -> Result<()> {
    if shell.transactions.state().open.is_empty() {
        let message = "The rollback flag doesn't work outside of an 'atomic' block.";
        return Err(ShellError::new("TransactionManagementError", message));
    }
    Ok(())
}

fn not_too_deep(shell: &Shell) -> Result<()> {
    if shell.transactions.state().open.len() < limits::NESTING {
        return Ok(());
    }
    let message = "transactions are nested too deep";
    Err(ShellError::new("RecursionError", message))
}

fn rolls_back(shell: &Shell) -> bool {
    shell.transactions.state().rolls_back
}

fn set(shell: &Shell, rolls_back: bool) {
    shell.transactions.state().rolls_back = rolls_back;
}

/// The blocks, out of the lock: ending them waits for the database.
fn take_all(shell: &Shell) -> Vec<Open> {
    std::mem::take(&mut shell.transactions.state().open)
}
