//! What is asked of the store. One trait, of one part for each thing that is shared.

mod error;
pub mod health;
pub mod journal;
mod key_record;
pub mod keys;
pub mod rates;
pub mod values;

pub use error::StoreError;
use health::Health;
use journal::Journal;
pub use key_record::KeyRecord;
use keys::Keys;
use rates::Rates;
use values::Values;

/// A store that replicas share.
pub trait Store: Journal + Keys + Rates + Values + Health {}

impl<T: Journal + Keys + Rates + Values + Health> Store for T {}
