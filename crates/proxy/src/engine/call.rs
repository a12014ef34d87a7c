//! Out and back: the vendor calls of an operation, and what their ends mean.

pub mod budget;
pub mod capture;
pub mod dispatch;
mod page;
pub mod path;
pub mod prepare;
pub mod result;
pub mod vendor_call;
mod verdict;
