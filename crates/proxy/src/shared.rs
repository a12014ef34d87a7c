//! What replicas share: a store beside them, and what each of them knows of it.
//!
//! A replica is a **member** of the fleet of each vendor account. Writes are told in the account's journal, members
//! acknowledge what they applied by beats, and a member serves from its cache only under a lease that a beat
//! granted. [`Store`] is all that is asked of the store; without one nothing of this runs (docs/fleet.md).

mod acknowledgement;
mod allowance;
mod budget;
mod clock;
mod fleet;
mod lease;
mod member;
mod name;
mod rate;
mod record;
pub mod redis;
mod report;
mod store;
mod timing;

pub use acknowledgement::{Awaited, Standing};
pub use allowance::{Allowance, Crowd, RateSharing};
pub use budget::StoreBudget;
pub use clock::{BootInstant, Clock};
pub use fleet::{
    Ended, Fleet, FleetOptions, FleetWrite, Joining, Membership, Place, Touched, WritePlan,
};
pub use lease::Lease;
pub use member::{FleetFence, Member, Progress};
pub(crate) use name::hex;
pub use name::{Account, Epoch, Holder, MemberId, WriteId};
pub use rate::{Grant, Pace, Rate, Want};
pub use record::{Event, Record, Scope, Unreadable};
pub use redis::RedisStore;
pub use report::{FleetReport, MemberReport};
pub use store::health::{Health, StoreHealth};
pub use store::journal::{
    Appended, Beat, Beaten, Journal, JournalEntry, Members, Position, Registration,
};
pub use store::keys::{End, Fingerprint, Kept, KeyEnd, KeyId, KeyTimes, Keys, Take, Taken};
pub use store::rates::{RateName, Rates};
pub use store::values::{Found, Values};
pub use store::{KeyRecord, Store, StoreError};
pub use timing::Timing;
