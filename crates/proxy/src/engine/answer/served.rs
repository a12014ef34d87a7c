//! A reply, and what the record says of how it came about.

use std::sync::Arc;

use super::reply::Reply;
use crate::cache::CacheStatus;

/// How a request ended that was not refused now.
#[derive(Debug, Clone)]
pub struct Served {
    pub reply: Reply,
    /// What the cache did; `None` where it had no part.
    pub cache: Option<CacheStatus>,
    /// For the log: what failed on the way to it.
    pub cause: Option<String>,
    /// The reply is the problem of this code, which its `Idempotency-Key` got before.
    pub replayed: Option<Arc<str>>,
}

impl From<Reply> for Served {
    fn from(reply: Reply) -> Self {
        Self {
            reply,
            cache: None,
            cause: None,
            replayed: None,
        }
    }
}
