//! Out and back: the vendor call of an operation, and what its end means.

pub mod dispatch;
mod page;
pub mod prepare;
pub mod vendor_call;
pub mod verdict;
