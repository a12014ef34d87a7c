//! What is asked of the store. One trait, of one part for each thing that is shared.

mod error;
pub mod health;
pub mod journal;

pub use error::StoreError;
use health::Health;
use journal::Journal;

/// A store that replicas share.
pub trait Store: Journal + Health {}

impl<T: Journal + Health> Store for T {}
