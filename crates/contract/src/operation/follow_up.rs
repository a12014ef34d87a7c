//! What may follow the vendor call: a look-up of an unclear write, a create in an update's place.

pub(crate) mod create;
mod sent;
pub(crate) mod unclear;
