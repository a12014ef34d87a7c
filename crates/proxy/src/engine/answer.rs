//! What goes back to the caller, and what the record says of it.

pub mod deprecation;
pub mod evidence;
mod location;
pub mod problem;
pub mod recent_problems;
pub mod record;
pub mod reply;
pub mod served;
pub mod success;
