//! The methods of a row.

use super::Method;
use crate::shell::record::Instance;

/// All methods that there are.
pub(super) static METHODS: &[Method<Instance>] = &[];
