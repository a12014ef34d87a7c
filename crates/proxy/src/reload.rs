//! Reading the configuration again: who asks, in what order, and what became of the last one.

mod reloader;
mod report;

pub use reloader::{Reload, Reloader};
pub use report::{Finding, LastReload, Outcome, Report, Trigger};
