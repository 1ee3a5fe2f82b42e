//! What a database has of windows and locks, and the paths of walks as texts.

use super::Piece;
use crate::compiler::Writer;
use crate::error::Result;
use crate::meta::ColumnType;
use crate::value::Kind;

/// What windows cannot do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NoWindows {
    /// `lag` and `lead` with a value for where there is no row
    pub(crate) shift_default: bool,
    /// frames without some of their rows
    pub(crate) exclusion: bool,
    /// `stddev` and `variance`
    pub(crate) spread: bool,
    /// ranks, `lag` and `lead` of rows without an order
    pub(crate) no_order: bool,
}

/// How rows can be locked.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Locks {
    /// row by row, rather than all together
    pub(crate) rows: bool,
    pub(crate) nowait: bool,
    pub(crate) skip_locked: bool,
    pub(crate) no_key: bool,
    pub(crate) of: bool,
}

/// A key as part of a path that is a text: `/` stands between keys, and numbers sort as such.
pub(super) fn path_key(
    writer: &mut Writer,
    key_type: ColumnType,
    pad: [&str; 2],
    cast: [&str; 2],
    key: Piece<'_>,
) -> Result<()> {
    if key_type.kind() == Kind::Int {
        writer.push(pad[0]);
        key(writer)?;
        writer.push(pad[1]);
        return Ok(());
    }
    writer.push("REPLACE(REPLACE(");
    writer.push(cast[0]);
    key(writer)?;
    writer.push(cast[1]);
    writer.push(", '~', '~0'), '/', '~1')");
    Ok(())
}
