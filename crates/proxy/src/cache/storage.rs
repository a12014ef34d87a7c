//! What is kept, under which key, and who fetches it.

pub mod entry;
pub mod key;
pub mod recent_failure;
pub mod single_flight;
pub mod store;
pub mod wire;
