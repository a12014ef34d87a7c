//! The vendor call of a read, for all who wait for it: made, judged, prepared and stored.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::cached_read::CachedRead;
use super::fetch_result::FetchResult;
use super::read_cache::{ReadCache, now};
use super::second_level::{SecondLevel, Shared};
use super::tags;
use crate::cache::{Content, Entry, Lifetimes, Prepared, Tag, Ticket};
use crate::engine::answer::reply::Reply;
use crate::engine::answer::success;
use crate::engine::call::budget::{CallBudget, CallTally, LastCall};
use crate::engine::call::dispatch;
use crate::engine::call::result::OperationResult;
use crate::engine::refusal::Refusal;
use crate::engine::trace::Trace;
use crate::phases::Phases;
use crate::shared::StoreBudget;
use crate::upstream::FailureKind;

/// A vendor call that may fill the cache.
pub struct Fetch {
    pub cache: Arc<ReadCache>,
    pub read: Arc<CachedRead>,
    /// Of before the vendor is asked.
    pub ticket: Ticket,
    /// Where its time goes, for all who wait for it.
    pub phases: Arc<Phases>,
    /// Of the request that begins it.
    pub store: Option<Arc<StoreBudget>>,
}

impl Fetch {
    /// Asks the vendor and keeps what may be kept.
    pub async fn run(self, trace: Trace, deadline: Instant) -> Arc<FetchResult> {
        let mut second = SecondLevel::of(&self.read, &self.cache.metrics, self.store.as_ref());
        if let Some(second) = &mut second
            && let Some(shared) = Box::pin(second.find()).await
        {
            return self.taken_over(shared);
        }
        let mut tally = CallTally::default();
        let mut budget = CallBudget {
            trace: &trace,
            deadline,
            tally: &mut tally,
            phases: &self.phases,
            store: self.store.as_ref(),
        };
        let result = dispatch::read(self.read.invocation.get(), &mut budget).await;
        // The request that began it may be over.
        if let Some(recording) = trace.recording() {
            recording.calls(trace.id, trace.span, tally.spans());
        }
        let last = tally.last;
        let absence = tags::of_absence(self.read.tags());
        let (result, stored) = match result {
            Ok(result) => {
                // No record is made of a success.
                let _ = tally.take_capture();
                let (entry, stored) = self.succeeded(last, result, second.take());
                (Ok(entry.clone()), stored.then_some(entry))
            }
            Err(refusal) => {
                if let Some(second) = second.take() {
                    second.give_back();
                }
                let stored = self.failed(last, &refusal, &absence);
                (Err(refusal), stored)
            }
        };
        Arc::new(FetchResult {
            ticket: self.ticket,
            permits_stale: result.is_err() && permits_stale(last),
            result,
            absence,
            stored,
            tally,
        })
    }

    /// The entry of an answer, and whether it was stored.
    fn succeeded(
        &self,
        last: LastCall,
        result: OperationResult,
        second: Option<SecondLevel>,
    ) -> (Arc<Entry<Refusal>>, bool) {
        let (read, cache) = (&self.read, &self.cache.cache);
        let policy = read.policy();
        let mut shown = read.tags().to_vec();
        for tag in policy
            .into_iter()
            .flat_map(|policy| tags::shown(&policy.tags, result.value.as_ref()))
        {
            if !shown.contains(&tag) {
                shown.push(tag);
            }
        }
        let reply = success::reply(read.runtime(), result);
        let lifetimes = policy.map_or(NOTHING, |policy| policy.lifetimes);
        let lifetimes = lifetimes.jittered(rand::random());
        let for_others = second.map(|second| (second, reply.clone()));
        let body = reply.body.unwrap_or_default();
        let prepared = Prepared::new(reply.status, reply.headers, body, lifetimes.ttl);
        let mut entry = self.entry(Content::Answer(prepared), shown, lifetimes);
        let fits = cache.fits(&read.key, &entry);
        let stored = fits && !entry.contradicts_itself() && self.may_store(&entry, last);
        if !stored && let Content::Answer(prepared) = entry.content {
            entry.content = Content::Answer(prepared.unkept());
        }
        let entry = Arc::new(entry);
        if stored {
            cache.put(read.key.clone(), entry.clone());
        }
        if let Some((second, reply)) = for_others {
            if stored {
                second.keep(&reply, &entry.tags, (lifetimes.ttl, entry.age(now())));
            } else {
                second.give_back();
            }
        }
        (entry, stored)
    }

    /// What another member was answered, as an answer of now: it shows every write that was answered before this call
    /// began. A write that comes meanwhile makes it void as it would one of the vendor's.
    fn taken_over(&self, shared: Shared) -> Arc<FetchResult> {
        let (read, cache) = (&self.read, &self.cache.cache);
        let policy = read.policy();
        let lifetimes = policy.map_or(NOTHING, |policy| policy.lifetimes);
        let Reply {
            status,
            headers,
            body,
        } = shared.reply;
        let prepared = Prepared::new(status, headers, body.unwrap_or_default(), lifetimes.ttl);
        let mut entry = self.entry(Content::Answer(prepared), shared.tags, lifetimes);
        entry.ticket = self.ticket.aged(shared.age);
        let is_over = read.runtime().generation != cache.fences.generation();
        let stored = !is_over && cache.fits(&read.key, &entry) && read.admits(&entry);
        let entry = Arc::new(entry);
        if stored {
            cache.put(read.key.clone(), entry.clone());
        }
        Arc::new(FetchResult {
            ticket: self.ticket,
            permits_stale: false,
            result: Ok(entry.clone()),
            absence: Vec::new(),
            stored: stored.then_some(entry),
            tally: CallTally::default(),
        })
    }

    /// What a failure does to the entry that is kept; a 404 may be kept in its place.
    fn failed(
        &self,
        last: LastCall,
        refusal: &Refusal,
        absence: &[Tag],
    ) -> Option<Arc<Entry<Refusal>>> {
        let (read, cache) = (&self.read, &self.cache.cache);
        let runtime = read.runtime();
        if let Some(kept) = cache.get(&read.key) {
            if is_definite(refusal, last) {
                cache.drop_entry(&read.key, &kept);
            } else {
                let (age, pause) = (kept.age(now()), runtime.settings.cache.failure_pause);
                kept.failed.remember(age, pause);
                if permits_stale(last) {
                    kept.permits_stale.remember(age, pause);
                }
            }
        }
        let ttl = read.policy()?.not_found?;
        let row = runtime.plan.problems.get(&refusal.code)?;
        // Only the vendor knows that something is not there.
        if row.status != 404 || refusal.upstream.is_none() {
            return None;
        }
        let lifetimes = Lifetimes { ttl, ..NOTHING }.jittered(rand::random());
        let content = Content::Absent(refusal.clone());
        let entry = Arc::new(self.entry(content, absence.to_vec(), lifetimes));
        self.may_store(&entry, last).then(|| {
            cache.put(read.key.clone(), entry.clone());
            entry
        })
    }

    fn entry(
        &self,
        content: Content<Refusal>,
        tags: Vec<Tag>,
        lifetimes: Lifetimes,
    ) -> Entry<Refusal> {
        Entry {
            content,
            tags: tags.into(),
            ticket: self.ticket,
            passed: Default::default(),
            lifetimes,
            failed: Default::default(),
            permits_stale: Default::default(),
        }
    }

    fn may_store(&self, entry: &Entry<Refusal>, last: LastCall) -> bool {
        let (read, cache) = (&self.read, &self.cache);
        if !read.admits(entry) {
            cache.metrics.cache.fenced(&read.operation().id);
            return false;
        }
        // Nobody would find it.
        let is_over = read.runtime().generation != cache.cache.fences.generation();
        // A secret that was rotated between the key and the call may be another account's.
        !is_over && !read.directives.no_store && last.identity == read.identity
    }
}

const NOTHING: Lifetimes = Lifetimes {
    ttl: Duration::ZERO,
    stale_while_revalidate: Duration::ZERO,
    stale_if_error: Duration::ZERO,
};

/// A failure of the vendor or of the way to it, rather than an answer about us or the thing.
fn permits_stale(last: LastCall) -> bool {
    match last.failure {
        Some(
            FailureKind::Connect
            | FailureKind::Closed
            | FailureKind::Cut
            | FailureKind::Timeout
            | FailureKind::TokenUnavailable
            | FailureKind::CircuitOpen
            | FailureKind::PausedByError,
        ) => true,
        Some(
            FailureKind::Garbled
            | FailureKind::TooLarge
            | FailureKind::ContentEncoding
            | FailureKind::CredentialsRejected
            | FailureKind::Paused
            | FailureKind::Shed,
        ) => false,
        None => last.status.is_some_and(|status| status >= 500),
    }
}

/// The thing is gone, or no longer ours to see: what was kept of it must not go out again.
fn is_definite(refusal: &Refusal, last: LastCall) -> bool {
    matches!(refusal.vendor_status(), Some(401 | 403 | 404 | 410))
        || last.failure == Some(FailureKind::CredentialsRejected)
}
