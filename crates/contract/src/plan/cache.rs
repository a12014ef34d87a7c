//! How long answers are kept, and what they are known by.

use std::sync::Arc;
use std::time::Duration;

use super::source::Source;

/// `cache`: how long an answer may be given again.
#[derive(Debug, Clone, PartialEq)]
pub struct CacheRule {
    /// From the moment at which the vendor was asked.
    pub ttl: Duration,
    /// Counted from the end of `ttl`, as is `stale_if_error`. Zero: not at all.
    pub stale_while_revalidate: Duration,
    /// Zero: not at all.
    pub stale_if_error: Duration,
    /// How long a problem of status 404 may be given again. `None`: not at all.
    pub not_found: Option<Duration>,
    /// What an answer shows. A pointer reads the unified answer.
    pub tags: Vec<TagSource>,
}

/// A tag whose value is known when a request, or an answer, is there.
#[derive(Debug, Clone, PartialEq)]
pub struct TagSource {
    /// The word before the dot.
    pub name: Arc<str>,
    /// What stands behind it.
    pub reach: TagReach,
}

/// How much of a name's answers a tag is about.
#[derive(Debug, Clone, PartialEq)]
pub enum TagReach {
    /// `name.*`: all of them.
    All,
    /// `name.kind`: those of one kind.
    Kind {
        /// The word behind the dot.
        kind: Arc<str>,
        /// Which of the kind. `None`: the kind has no values, such as a list.
        value: Option<Source>,
    },
}
