//! What keeps a vendor in trouble from harm, and us from a vendor in trouble.

pub mod breaker;
pub mod gate;
pub mod queue;
pub mod retry_after;
pub mod retry_budget;
