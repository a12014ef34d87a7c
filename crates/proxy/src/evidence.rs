//! What is kept of requests that a vendor or the gateway failed: in memory, bounded, personal values blanked and
//! credentials struck. A record is what one attaches to a vendor's ticket, and what `replay` runs again.

pub mod blank;
mod body;
pub mod draft;
pub mod record;
mod recorder;
mod render;
mod script;
mod store;

pub use draft::{Asked, Draft, DraftCall};
pub use record::{ContractName, Difference, FORMAT, Record};
pub use recorder::Evidence;
pub use script::{LATE, Script, Scripted, time_left};
pub use store::Held;
