//! One read as the cache sees it.

use std::sync::OnceLock;

use contract::Operation;
use http::request::Parts;

use super::read_cache::{ReadCache, now};
use super::tags;
use crate::cache::{
    CacheStatus, Directives, Entry, Freshness, Join, Key, SharedFence, Sharing, StaleBy, Tag,
    Ticket, Why,
};
use crate::engine::accept::invocation::OwnedInvocation;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::{CachePolicy, Runtime};

/// Shared by the caller and the vendor call that may come of it. A hit makes none: what only that
/// needs is made when it is asked for.
pub struct CachedRead {
    pub invocation: OwnedInvocation,
    pub key: Key,
    pub fence: SharedFence,
    tags: OnceLock<Vec<Tag>>,
    pub directives: Directives,
    /// Of the vendor's place and our credentials there.
    pub identity: [u8; 32],
}

impl CachedRead {
    pub fn new(cache: &ReadCache, head: &Parts, invocation: OwnedInvocation) -> Self {
        let (runtime, input) = (&invocation.runtime, &invocation.input);
        let operation = runtime.operation(invocation.index);
        let vendor = &operation.binding.upstream;
        let identity = runtime.upstream(operation).identity();
        let partitions = &cache.cache.partitions;
        let partition = partitions.partition(runtime.generation, vendor, identity);
        Self {
            key: Key::new(partition, &operation.id, &input.path, &input.query),
            fence: cache.cache.fences.of(vendor),
            tags: OnceLock::new(),
            directives: directives(head, runtime),
            identity,
            invocation,
        }
    }

    pub fn runtime(&self) -> &Runtime {
        &self.invocation.runtime
    }

    pub fn policy(&self) -> Option<&CachePolicy> {
        self.runtime().cache_policy(self.invocation.index)
    }

    pub fn operation(&self) -> &Operation {
        self.runtime().operation(self.invocation.index)
    }

    /// What is asked for, before anything is known of the answer.
    pub fn tags(&self) -> &[Tag] {
        self.tags.get_or_init(|| {
            let input = &self.invocation.input;
            self.policy()
                .map_or_else(Vec::new, |policy| tags::asked(&policy.tags, input))
        })
    }

    /// Whether this process would know of a write that was answered elsewhere. Asked before the fence.
    pub fn has_lease(&self) -> bool {
        self.runtime().has_lease(self.invocation.index)
    }

    /// Whether no write that this process knows of has made the entry void.
    pub fn admits(&self, entry: &Entry<Refusal>) -> bool {
        self.fence
            .still_admits(&entry.passed, entry.ticket, &entry.tags)
    }

    /// What is said of a valid entry that will do without waiting for the vendor.
    pub fn hit(&self, entry: &Entry<Refusal>) -> Option<CacheStatus> {
        let age = entry.age(now());
        let lifetimes = &entry.lifetimes;
        let hit = |stale| CacheStatus::Hit {
            ttl: lifetimes.left(age),
            stale,
        };
        match lifetimes.at(age) {
            Freshness::Fresh => self
                .directives
                .accept(age, lifetimes.ttl)
                .then(|| hit(None)),
            Freshness::Stale | Freshness::OnError if self.directives.only_if_cached => None,
            Freshness::Stale if self.takes_stale(entry) => {
                Some(hit(Some(StaleBy::WhileRevalidate)))
            }
            Freshness::OnError
                if entry.permits_stale.is_remembered(age) && self.takes_stale(entry) =>
            {
                Some(hit(Some(StaleBy::IfError)))
            }
            _ => None,
        }
    }

    /// Whether the caller takes the entry though it is past its time, or the vendor fails. Asked at
    /// the moment of serving: a write may have come meanwhile.
    pub fn takes_stale(&self, entry: &Entry<Refusal>) -> bool {
        let age = entry.age(now());
        let end = entry.lifetimes.end();
        matches!(
            entry.lifetimes.at(age),
            Freshness::Stale | Freshness::OnError
        ) && self.directives.accept(age, end)
            // RFC 9111 §5.2.1: who names an age or a rest of freshness wants nothing stale.
            && self.directives.min_fresh.is_none()
            && self.directives.max_age.is_none()
            && self.has_lease()
            && self.admits(entry)
    }

    /// Whether what a call under way brings will do: nothing that the caller wants younger, `no-cache`
    /// among it, since what the vendor says to a call that is out already may be older than the request. Nor, where
    /// a write that was answered elsewhere may not be known here, anything that began before the reader came.
    pub fn joins(&self, ticket: Ticket, reader: Ticket) -> Join {
        let ttl = self.policy().map(|policy| policy.lifetimes.ttl);
        let age = now().saturating_duration_since(ticket.at());
        let began_after = ticket.began_after(reader);
        if !began_after && !self.directives.accept(age, ttl.unwrap_or_default()) {
            return Join::No;
        }
        if !self.has_lease() {
            return if began_after {
                Join::Yes
            } else {
                Join::AfterIt
            };
        }
        match self.fence.shares(ticket, reader, self.tags()) {
            Sharing::Yes => Join::Yes,
            Sharing::No => Join::No,
            Sharing::Held => Join::AfterIt,
        }
    }

    /// Why the vendor is asked. `kept` is what the store had, `valid` whether there was a lease and no write made it
    /// void.
    pub fn why(&self, kept: Option<&Entry<Refusal>>, valid: bool, has_lease: bool) -> Why {
        let held = self.fence.holds(self.tags())
            || kept.is_some_and(|entry| self.fence.holds(&entry.tags));
        match kept {
            _ if !has_lease => Why::NoLease,
            _ if held => Why::Bypass,
            None => Why::UriMiss,
            Some(_) if !valid => Why::Miss,
            Some(entry) if entry.freshness(now()) == Freshness::Fresh => Why::Request,
            Some(_) => Why::Stale,
        }
    }
}

/// What the caller asks of the cache, where the operator lets callers ask.
pub fn directives(head: &Parts, runtime: &Runtime) -> Directives {
    if runtime.settings.cache.ignore_client_directives {
        return Directives::default();
    }
    Directives::of(&head.headers)
}
