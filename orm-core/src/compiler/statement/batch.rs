//! `Batch`: new rows of one model that leave the same columns out, which one INSERT can take.

use crate::meta::{FieldMeta, ModelMeta};
use crate::value::Value;
use smallvec::SmallVec;

/// One new row: the values of its columns, in the order of the model's fields; `None` leaves the
/// column to the database.
pub(crate) type NewRow = Vec<Option<Value>>;

/// So many rows more have room from the start.
const MOST_EXPECTED: usize = 10_000;

/// New rows that leave the same columns out.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub(crate) model: &'static ModelMeta,
    /// how many rows
    pub(crate) count: usize,
    /// the columns that the database fills in, as indexes of the model's fields
    pub(crate) left_out: SmallVec<[usize; 4]>,
    /// the values, row after row
    pub(crate) values: Vec<Value>,
}

impl Batch {
    /// A batch of one row, in the memory of that row.
    #[allow(
        clippy::filter_map_identity,
        reason = "`flatten` does more for each value, and in new memory"
    )]
    pub(crate) fn of(model: &'static ModelMeta, row: NewRow) -> Self {
        Batch {
            model,
            count: 1,
            left_out: left_out(&row).collect(),
            values: row.into_iter().filter_map(|value| value).collect(),
        }
    }

    /// Whether the row leaves the same columns out.
    pub(crate) fn takes(&self, row: &NewRow) -> bool {
        left_out(row).eq(self.left_out.iter().copied())
    }

    /// Adds a row that it [takes](Self::takes); about so many are to follow.
    pub(crate) fn push(&mut self, row: NewRow, to_follow: usize) {
        if self.values.capacity() < self.values.len() + self.width() {
            // An iterator may promise more rows than there is room for.
            let to_follow = to_follow.min(MOST_EXPECTED);
            self.values.reserve(self.width() * (to_follow + 1));
        }
        for value in row {
            self.values.extend(value);
        }
        self.count += 1;
    }

    /// Keeps so many rows, and gives the others.
    pub(crate) fn split_off(&mut self, keep: usize) -> Batch {
        let keep = keep.min(self.count);
        let rest = Batch {
            model: self.model,
            count: self.count - keep,
            left_out: self.left_out.clone(),
            values: self.values.split_off(keep * self.width()),
        };
        self.count = keep;
        rest
    }

    /// How many values a row has.
    pub(crate) fn width(&self) -> usize {
        self.model.fields.len() - self.left_out.len()
    }

    /// The columns that have values.
    pub(super) fn given(&self) -> Vec<&'static FieldMeta> {
        let fields = self.model.fields.iter().enumerate();
        fields
            .filter(|(index, _)| !self.left_out.contains(index))
            .map(|(_, field)| field)
            .collect()
    }

    /// The columns that the database fills in.
    pub(crate) fn filled_in(&self) -> impl Iterator<Item = &'static FieldMeta> + '_ {
        self.left_out.iter().map(|index| &self.model.fields[*index])
    }
}

fn left_out(row: &NewRow) -> impl Iterator<Item = usize> + '_ {
    let values = row.iter().enumerate();
    values.filter(|(_, value)| value.is_none()).map(|(index, _)| index)
}
