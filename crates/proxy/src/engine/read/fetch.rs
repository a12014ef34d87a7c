//! The vendor call of a read, for all who wait for it: made, judged, prepared and stored.

use std::sync::Arc;
use std::time::Duration;

use http::header::CACHE_CONTROL;

use super::asked::Asked;
use super::cached_read::{Cached, now};
use super::tags;
use crate::cache::entry::{Content, Entry, Prepared, UNKEPT};
use crate::cache::fence::Ticket;
use crate::cache::freshness::Lifetimes;
use crate::cache::tag::Tag;
use crate::engine::answer::success;
use crate::engine::call::dispatch;
use crate::engine::call::vendor_call::Answered;
use crate::engine::context::{Exchange, LastCall};
use crate::engine::refusal::Refusal;
use crate::upstream::FailureKind;

/// What a flight brings.
pub struct Fetched {
    pub ticket: Ticket,
    pub result: Result<Arc<Entry<Refusal>>, Refusal>,
    /// What a refusal shows; an entry has its own.
    absence: Vec<Tag>,
    /// The entry that was stored, if one was.
    pub stored: Option<Arc<Entry<Refusal>>>,
    pub vendor_status: Option<u16>,
    pub vendor_calls: usize,
    pub vendor_time: Duration,
    /// The failure is one for which a stale answer may go out instead.
    pub permits_stale: bool,
}

impl Fetched {
    pub fn tags(&self) -> &[Tag] {
        match &self.result {
            Ok(entry) => &entry.tags,
            Err(_) => &self.absence,
        }
    }
}

/// Asks the vendor and keeps what may be kept.
pub async fn run(
    cached: Arc<Cached>,
    asked: Arc<Asked>,
    mut exchange: Exchange,
    ticket: Ticket,
) -> Arc<Fetched> {
    let result = dispatch::run(&asked.runtime, &mut exchange, asked.index, &asked.input).await;
    let last = exchange.last_call;
    let absence = tags::of_absence(asked.tags());
    let (result, stored) = match result {
        Ok(answered) => match succeeded(&cached, &asked, ticket, last, answered) {
            Ok((entry, stored)) => (Ok(entry.clone()), stored.then_some(entry)),
            Err(refusal) => (Err(refusal), None),
        },
        Err(refusal) => {
            let stored = failed(&cached, &asked, ticket, &refusal, last, &absence);
            (Err(refusal), stored)
        }
    };
    Arc::new(Fetched {
        ticket,
        permits_stale: result.is_err() && permits_stale(last),
        result,
        absence,
        stored,
        vendor_status: last.status,
        vendor_calls: exchange.vendor_calls,
        vendor_time: exchange.vendor_time,
    })
}

/// The entry of an answer, and whether it was stored.
fn succeeded(
    cached: &Cached,
    asked: &Asked,
    ticket: Ticket,
    last: LastCall,
    answered: Answered,
) -> Result<(Arc<Entry<Refusal>>, bool), Refusal> {
    let rule = asked.runtime.rule(asked.index);
    let (mut shown, lifetimes) = (asked.tags().to_vec(), rule.map(|rule| rule.lifetimes));
    for tag in rule
        .into_iter()
        .flat_map(|rule| tags::shown(&rule.tags, answered.value.as_ref()))
    {
        if !shown.contains(&tag) {
            shown.push(tag);
        }
    }
    let reply = success::reply(&asked.runtime, answered)?;
    let lifetimes = lifetimes.unwrap_or(NOTHING).jittered(rand::random());
    let body = reply.body.unwrap_or_default();
    let prepared = Prepared::new(reply.status, reply.headers, body, lifetimes.ttl);
    let mut entry = entry(Content::Answer(prepared), shown, ticket, lifetimes);
    let fits = cached.cache.fits(&asked.key, &entry);
    let stored = fits && !entry.contradicts_itself() && store_allowed(cached, asked, &entry, last);
    if !stored && let Content::Answer(prepared) = &mut entry.content {
        // What we do not keep nobody should.
        prepared.headers.insert(CACHE_CONTROL, UNKEPT);
    }
    let entry = Arc::new(entry);
    if stored {
        cached.cache.put(asked.key.clone(), entry.clone());
    }
    Ok((entry, stored))
}

/// What a failure does to the entry that is kept; a 404 may be kept in its place.
fn failed(
    cached: &Cached,
    asked: &Asked,
    ticket: Ticket,
    refusal: &Refusal,
    last: LastCall,
    absence: &[Tag],
) -> Option<Arc<Entry<Refusal>>> {
    if let Some(kept) = cached.cache.get(&asked.key) {
        if is_definite(refusal, last) {
            cached.cache.drop_entry(&asked.key, &kept);
        } else {
            let (age, pause) = (kept.age(now()), asked.runtime.settings.cache.failure_pause);
            kept.failed.remember(age, pause);
            if permits_stale(last) {
                kept.permits_stale.remember(age, pause);
            }
        }
    }
    let ttl = asked.runtime.rule(asked.index)?.not_found?;
    let row = asked.runtime.plan.problems.get(&refusal.code)?;
    // Only the vendor knows that something is not there.
    if row.status != 404 || refusal.upstream.is_none() {
        return None;
    }
    let lifetimes = Lifetimes { ttl, ..NOTHING }.jittered(rand::random());
    let content = Content::Absent(refusal.clone());
    let entry = Arc::new(entry(content, absence.to_vec(), ticket, lifetimes));
    store_allowed(cached, asked, &entry, last).then(|| {
        cached.cache.put(asked.key.clone(), entry.clone());
        entry
    })
}

const NOTHING: Lifetimes = Lifetimes {
    ttl: Duration::ZERO,
    stale_while_revalidate: Duration::ZERO,
    stale_if_error: Duration::ZERO,
};

fn entry(
    content: Content<Refusal>,
    tags: Vec<Tag>,
    ticket: Ticket,
    lifetimes: Lifetimes,
) -> Entry<Refusal> {
    Entry {
        content,
        tags: tags.into(),
        ticket,
        lifetimes,
        failed: Default::default(),
        permits_stale: Default::default(),
    }
}

fn store_allowed(cached: &Cached, asked: &Asked, entry: &Entry<Refusal>, last: LastCall) -> bool {
    if !asked.admits(entry) {
        cached.metrics.cache.fenced(&asked.operation().id);
        return false;
    }
    // Nobody would find it.
    let is_over = asked.runtime.generation != cached.cache.fences.generation();
    // A secret that was rotated between the key and the call may be another account's.
    !is_over && !asked.directives.no_store && last.identity == asked.identity
}

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
    let said = refusal.upstream.as_ref().map(|(_, vendor)| vendor.status);
    matches!(said, Some(401 | 403 | 404 | 410))
        || last.failure == Some(FailureKind::CredentialsRejected)
}
