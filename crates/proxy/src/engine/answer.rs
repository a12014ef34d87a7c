//! What goes back to the caller, and what is told of it.

pub mod problem;
pub mod record;
pub mod reply;
pub mod success;
