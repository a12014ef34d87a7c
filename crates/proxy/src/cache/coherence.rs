//! What a read saw before a write was answered is never shown after it.

pub mod fence;
pub mod fences;
mod hold_ends;
pub mod pending_write;
pub mod shared_fence;
pub mod tag;
pub mod ticket;
