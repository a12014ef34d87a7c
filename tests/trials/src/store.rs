//! A store server of a trial's own.

mod commands;
mod kind;
mod sentinel;
mod server;
mod troubles;

pub use commands::{Connection, Reply};
pub use kind::Kind;
pub use sentinel::Sentinel;
pub use server::{StoreServer, wait};
