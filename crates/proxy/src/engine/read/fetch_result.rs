//! What a shared vendor call brings to all who wait for it.

use std::sync::Arc;

use crate::cache::{Entry, Tag, Ticket};
use crate::engine::call::budget::CallTally;
use crate::engine::refusal::Refusal;

pub struct FetchResult {
    pub ticket: Ticket,
    pub result: Result<Arc<Entry<Refusal>>, Refusal>,
    /// What a refusal shows; an entry has its own.
    pub absence: Vec<Tag>,
    /// The entry that was stored, if one was.
    pub stored: Option<Arc<Entry<Refusal>>>,
    pub tally: CallTally,
    /// The failure is one for which a stale answer may go out instead.
    pub permits_stale: bool,
}

impl FetchResult {
    /// What it shows, and a write may have made void.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        match &self.result {
            Ok(entry) => &entry.tags,
            Err(_) => &self.absence,
        }
    }
}
