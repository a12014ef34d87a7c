//! What is asked of the store. One trait, of one part for each thing that is shared.

mod error;
pub mod journal;

pub use error::StoreError;
use journal::Journal;

/// A store that replicas share.
pub trait Store: Journal {}

impl<T: Journal> Store for T {}
