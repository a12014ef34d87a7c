//! How long the answers of an operation may be given again: the contract's rule, and what the
//! settings have instead.

use std::time::Duration;

use contract::{Operation, TagSource};

use crate::cache::Lifetimes;
use crate::settings::CacheSettings;

#[derive(Debug)]
pub struct CachePolicy {
    pub lifetimes: Lifetimes,
    /// For problems of status 404. `None`: not at all.
    pub not_found: Option<Duration>,
    pub tags: Vec<TagSource>,
}

impl CachePolicy {
    /// `None` where the operation is not cached.
    #[must_use]
    pub fn of(operation: &Operation, settings: &CacheSettings) -> Option<Self> {
        let rule = operation.binding.cache()?;
        let own = settings.operations.get(&*operation.id).copied();
        if !settings.enabled || own.is_some_and(|own| !own.enabled) {
            return None;
        }
        let other =
            |pick: fn(&crate::settings::Override) -> Option<Duration>| own.as_ref().and_then(pick);
        let not_found = other(|own| own.not_found).or(rule.not_found);
        Some(Self {
            lifetimes: Lifetimes {
                ttl: other(|own| own.ttl).unwrap_or(rule.ttl),
                stale_while_revalidate: other(|own| own.stale_while_revalidate)
                    .unwrap_or(rule.stale_while_revalidate),
                stale_if_error: other(|own| own.stale_if_error).unwrap_or(rule.stale_if_error),
            },
            not_found: not_found.filter(|time| !time.is_zero()),
            tags: rule.tags.clone(),
        })
    }
}
