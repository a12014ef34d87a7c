//! What is asked of the store. One trait, of one part for each thing that is shared.

mod error;
pub mod health;
pub mod journal;
mod key_record;
pub mod keys;
pub mod rates;

pub use error::StoreError;
use health::Health;
use journal::Journal;
pub use key_record::KeyRecord;
use keys::Keys;
use rates::Rates;

/// A store that replicas share.
pub trait Store: Journal + Keys + Rates + Health {}

impl<T: Journal + Keys + Rates + Health> Store for T {}
