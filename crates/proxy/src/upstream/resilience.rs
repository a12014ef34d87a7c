//! Circuit breaker, bulkhead and queue, `Retry-After`, retry budget: a failing vendor is spared, and a failing
//! vendor does not fill the gateway.

pub mod breaker;
pub mod gate;
pub mod queue;
pub mod retry_after;
pub mod retry_budget;
