//! `Rows`: what a statement gives, on its way into a vector.

use super::super::cells::Cells;
use super::super::raw::{Raw, Step};
use super::super::watch::Watch;
use crate::exec::outcome::Failure;
use crate::exec::sink::ThreadSink;
use crate::exec::{RowReader, Source, Statement};
use crate::meta::ColumnType;
use std::sync::Arc;

/// Between so many rows the clock is looked at.
const ROWS_PER_LOOK: usize = 64;
/// What so many rows take, in microseconds or so.
const LOOK: u32 = 10;

/// What a turn on the caller's thread came to.
pub(super) enum Turn {
    /// there are no more rows
    Done,
    /// as many rows were read as were asked for
    Full,
    /// the slice is over
    Pause,
    /// the slice is over within a step: the statement begins again
    Restart,
    /// another process has the database: the statement begins again
    Busy,
}

/// Rows on their way into a vector.
pub(super) struct Rows<R: RowReader> {
    reader: R,
    columns: Arc<[ColumnType]>,
    pub(super) out: Vec<R::Out>,
    /// give the thread back after so many
    at_most: usize,
}

impl<R: RowReader> Rows<R> {
    pub(super) fn new(statement: &Statement, reader: R, at_most: usize) -> Self {
        Rows {
            reader,
            columns: Arc::clone(&statement.columns),
            out: Vec::new(),
            at_most,
        }
    }

    /// Reads rows until one of the reasons to stop; only with a hurry the clock is one.
    pub(super) fn turn(&mut self, raw: &mut Raw, watch: &Watch, hurry: bool) -> Result<Turn, Failure> {
        loop {
            match raw.step()? {
                Step::Row => {}
                Step::Done => return Ok(Turn::Done),
                Step::Busy => return Ok(Turn::Busy),
                Step::OutOfTime => return Ok(Turn::Restart),
            }
            let Some(row) = raw.row() else { return Ok(Turn::Done) };
            let columns = &self.columns;
            self.out
                .push(self.reader.read(&mut Cells { row, columns }).map_err(Failure::Row)?);
            if self.out.len() >= self.at_most {
                return Ok(Turn::Full);
            }
            if hurry && self.out.len().is_multiple_of(ROWS_PER_LOOK) {
                watch.owe(LOOK);
                if watch.slice_is_over() {
                    return Ok(Turn::Pause);
                }
            }
        }
    }
}

impl<R: RowReader> Rows<R> {
    /// Reads all rows that are left, in portions: how many, and whether those were all.
    pub(super) fn all_turns(
        &mut self,
        raw: &mut Raw,
        watch: &Watch,
        sink: &mut ThreadSink<R::Out>,
    ) -> Result<(u64, bool), Failure> {
        let mut read = 0;
        loop {
            let turn = self.turn(raw, watch, false)?;
            let portion = std::mem::take(&mut self.out);
            read += portion.len() as u64;
            let wanted = portion.is_empty() || sink.send(portion);
            match turn {
                Turn::Full if wanted => {}
                Turn::Done => return Ok((read, true)),
                _ => return Ok((read, false)),
            }
        }
    }
}

/// Reads nothing.
pub(super) struct Ignore;

impl RowReader for Ignore {
    type Out = ();

    fn read<S: Source>(&mut self, _: &mut S) -> crate::error::Result<()> {
        Ok(())
    }
}
