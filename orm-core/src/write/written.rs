//! New rows as they are in the database: what was sent, with what came back.

use crate::error::Result;
use crate::exec::TakenRow;
use crate::meta::ModelMeta;
use crate::model::Model;
use crate::value::Value;
use smallvec::SmallVec;

/// Rows that are in the database now.
pub(super) struct Written {
    pub(super) model: &'static ModelMeta,
    pub(super) count: usize,
    pub(super) left_out: SmallVec<[usize; 4]>,
    /// what was sent, as the statement took it
    pub(super) sent: Vec<Value>,
    /// what the database gave back, row after row
    pub(super) given: SmallVec<[Value; 1]>,
}

impl Written {
    /// The only row.
    pub(super) fn into_row<M: Model>(self) -> Result<M> {
        let (mut row, mut given) = (self.sent, self.given);
        if let ([gap], [value]) = (self.left_out.as_slice(), given.as_mut_slice()) {
            return M::decode(&mut TakenRow::with(&mut row, *gap, value), 0);
        }
        for (at, value) in self.left_out.into_iter().zip(given) {
            row.insert(at.min(row.len()), value);
        }
        M::decode(&mut TakenRow::new(&mut row), 0)
    }

    /// Appends all rows.
    pub(super) fn read<M: Model>(mut self, rows: &mut Vec<M>) -> Result<()> {
        let width = self.model.fields.len() - self.left_out.len();
        // Most often the rows are as they were sent, and the key is all that is new.
        let arrays = matches!(self.sent.first(), Some(Value::List(..)));
        let plain = width > 0 && self.sent.len() == width * self.count && !arrays;
        if let ([gap], true) = (self.left_out.as_slice(), plain) {
            for (row, value) in self.sent.chunks_exact_mut(width).zip(&mut self.given) {
                rows.push(M::decode(&mut TakenRow::with(row, *gap, value), 0)?);
            }
            return Ok(());
        }
        let mut written = self.rows();
        let mut row = Vec::with_capacity(written.gaps.len());
        while written.next_into(&mut row) {
            rows.push(M::decode(&mut TakenRow::new(&mut row), 0)?);
        }
        Ok(())
    }

    /// The rows, one after the other.
    pub(super) fn rows(self) -> WrittenRows {
        let fields = 0..self.model.fields.len();
        WrittenRows {
            left: self.count,
            gaps: fields.map(|index| self.left_out.contains(&index)).collect(),
            sent: ByRow::new(self.sent),
            given: self.given.into_iter(),
        }
    }
}

/// Rows that are put together of what was sent and what came back.
pub(super) struct WrittenRows {
    left: usize,
    /// which columns came back
    gaps: Vec<bool>,
    sent: ByRow,
    given: smallvec::IntoIter<[Value; 1]>,
}

impl WrittenRows {
    /// Puts the values of the next row, if there is one, in place of what `row` holds.
    pub(super) fn next_into(&mut self, row: &mut Vec<Value>) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        self.left = left;
        row.clear();
        let (sent, given) = (&mut self.sent, &mut self.given);
        let values = self.gaps.iter();
        row.extend(values.map_while(|gap| if *gap { given.next() } else { sent.next() }));
        true
    }
}

/// The arguments of an INSERT, row after row again.
enum ByRow {
    Rows(std::vec::IntoIter<Value>),
    /// as one array a column, and the column that is next
    Columns(Vec<std::vec::IntoIter<Value>>, usize),
}

impl ByRow {
    fn new(args: Vec<Value>) -> Self {
        if !matches!(args.first(), Some(Value::List(..))) {
            return ByRow::Rows(args.into_iter());
        }
        let columns = args.into_iter().map(|column| match column {
            Value::List(_, values) => values.into_iter(),
            value => vec![value].into_iter(),
        });
        ByRow::Columns(columns.collect(), 0)
    }
}

impl Iterator for ByRow {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        match self {
            ByRow::Rows(values) => values.next(),
            ByRow::Columns(columns, at) => {
                let value = columns.get_mut(*at)?.next();
                *at = (*at + 1) % columns.len();
                value
            }
        }
    }
}
