//! How operations are named inside a plan.

/// Index into [`Plan::operations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperationIndex(pub usize);
