//! What a read saw before a write was answered is never shown after it.

pub mod fence;
pub mod fence_tag;
pub mod fences;
pub mod fleet_fence;
mod hold_ends;
pub mod pending_write;
pub mod shared_fence;
pub mod tag;
pub mod ticket;
pub mod write_holds;
