//! A hit, from the bytes of its head to those of its answer, in one go: nothing is awaited, no map is built, and
//! no lock is taken that a write holds but for the first hit after it.
//!
//! It answers what [`super::run`] would answer; where it cannot tell at once, or would refuse, it leaves the
//! request to that. `tests/e2e/cache/both_paths.rs` holds the two against each other.

use std::cell::RefCell;

use bytes::Bytes;
use contract::{Captured, Operation};
use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use super::read_cache::ReadCache;
use crate::access_log::AccessRecord;
use crate::cache::{CacheStatus, Content, Entry, Freshness, KeyRef, Prepared, Wire};
use crate::engine::accept::page::Page;
use crate::engine::accept::plain_head::PlainHead;
use crate::engine::accept::{authenticate, negotiation};
use crate::engine::answer::{deprecation, record};
use crate::engine::refusal::Refusal;
use crate::engine::runtime::{HitPlan, Runtime};
use crate::spans::{CallSpans, Parent, TraceId, span_id};
use crate::time_of_day;
use crate::traces::{Recording, ServerEnd, ServerSpan};

/// What was done at once.
pub struct Hit {
    /// When the answer was ready.
    pub ended: Instant,
    /// What is to be sent behind it: a body that is too large to be copied.
    pub rest: Bytes,
}

/// Appends the answer to `out` and records it. `None`: this is no hit, and nothing was done.
pub fn serve(
    runtime: &Runtime,
    cache: &ReadCache,
    head: &PlainHead<'_>,
    out: &mut Vec<u8>,
) -> Option<Hit> {
    let started = Instant::now();
    let (index, captured) = runtime.plan.router.read(head.path)?;
    runtime.cache_policy(index)?;
    let plain = head.is_within(&runtime.settings.limits)
        && Page::find(head.path).is_none()
        && negotiation::takes_json(head.accept);
    let caller = authenticate::identify_plain(runtime, head.authorization).filter(|_| plain)?;
    let operation = runtime.operation(index);
    let plan = runtime.hit_plan(index, || plan(operation, cache));
    let entry = find(runtime, cache, operation, plan, &captured)?;
    let Content::Answer(prepared) = &entry.content else {
        return None;
    };
    let age = entry.age(started.into_std());
    let (fence, passed) = (&plan.fence, &entry.passed);
    let valid = runtime.has_lease(index) && fence.still_admits(passed, entry.ticket, &entry.tags);
    if !valid || entry.lifetimes.at(age) != Freshness::Fresh {
        return None;
    }
    // Nothing refuses the request any more but its caller's quota; then it has not been counted.
    if let Some(caller) = caller
        && authenticate::authorize(caller, operation).ok()?.is_some()
    {
        return None;
    }
    let status = CacheStatus::Hit {
        ttl: entry.lifetimes.left(age),
        stale: None,
    };
    let (code, rest) = answer(head, prepared, out, |out| {
        out.extend_from_slice(b"age: ");
        out.extend_from_slice(itoa::Buffer::new().format(age.as_secs()).as_bytes());
        out.extend_from_slice(b"\r\ncache-status: ");
        status.write(out);
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&plan.fields);
        out.extend_from_slice(b"date: ");
        time_of_day::with_http_date(time_of_day::at(started.into_std()), |date| {
            out.extend_from_slice(date);
        });
        out.extend_from_slice(b"\r\nconnection: keep-alive\r\n\r\n");
    });
    let ended = Instant::now();
    let parent = head.traceparent.and_then(Parent::read);
    let trace = parent.map_or_else(TraceId::random, |parent| parent.trace);
    let telemetry = runtime.telemetry(index, &cache.metrics);
    let record = AccessRecord {
        method: head.method(),
        labels: &telemetry.labels,
        status: code,
        problem: "",
        outcome: None,
        cache: Some(status.label()),
        duration: ended.saturating_duration_since(started),
        phases: None,
        vendor_calls: 0,
        vendor_time: std::time::Duration::ZERO,
        caller: caller.map(|caller| caller.name.as_str()),
        cause: None,
        trace_id: trace.as_str(),
    };
    let (requests, duration) = (&cache.metrics.requests, record.duration);
    requests.answered_at_once(&telemetry.requests, code.as_str(), duration);
    telemetry.hit(&cache.metrics);
    record::log(&record, ended);
    if let Some(recording) = &runtime.recording
        && recording.samples(parent.as_ref(), trace)
    {
        let end = ServerEnd {
            operation: Some(index),
            page: ("", ""),
            method: Recording::method(record.method),
            status: code.as_u16(),
            problem: None,
            outcome: None,
            cache: Some(status.label()),
        };
        let span = ServerSpan {
            parent: parent.map(|parent| parent.span()),
            started: started.into_std(),
            ended: ended.into_std(),
            end,
        };
        recording.request(trace, span_id(), span, CallSpans::new());
    }
    Some(Hit { ended, rest })
}

/// What is kept for a path whose operation is known. The parameters need no check: what would not pass it was
/// never kept.
fn find(
    runtime: &Runtime,
    cache: &ReadCache,
    operation: &Operation,
    plan: &HitPlan,
    captured: &Captured<'_>,
) -> Option<std::sync::Arc<Entry<Refusal>>> {
    thread_local! {
        static KEY: RefCell<String> = const { RefCell::new(String::new()) };
    }
    let identity = runtime.upstream(operation).identity();
    let vendor = &operation.binding.upstream;
    let partitions = &cache.cache.partitions;
    KEY.with_borrow_mut(|text| {
        text.clear();
        plan.write_key(captured.values(), text);
        cache.cache.find(KeyRef {
            partition: partitions.partition(runtime.generation, vendor, identity),
            operation: operation.id.as_str(),
            parameters: text,
        })
    })
}

/// The whole answer, or the 304 that `If-None-Match` makes of it. `fields` writes what is new in the head, and
/// its end.
fn answer(
    head: &PlainHead<'_>,
    prepared: &Prepared,
    out: &mut Vec<u8>,
    fields: impl FnOnce(&mut Vec<u8>),
) -> (StatusCode, Bytes) {
    let tagged = &prepared.tagged;
    // RFC 9110 §13.1.2; only a 200 has what a 304 can stand for.
    let is_current = |list| tagged.status == StatusCode::OK && tagged.etag.is_in(list);
    if head.if_none_match.is_some_and(is_current) {
        prepared.wire.write_304(out);
        fields(out);
        return (StatusCode::NOT_MODIFIED, Bytes::new());
    }
    prepared.wire.write(out);
    fields(out);
    let body = &tagged.body;
    if !head.is_get {
        return (tagged.status, Bytes::new());
    }
    if body.len() > Wire::ONE_PIECE {
        return (tagged.status, body.clone());
    }
    out.extend_from_slice(body);
    (tagged.status, Bytes::new())
}

fn plan(operation: &Operation, cache: &ReadCache) -> HitPlan {
    let mut announced = HeaderMap::new();
    if let Some(deprecation) = &operation.deprecation {
        deprecation::announce(deprecation, &mut announced);
    }
    let mut fields = Vec::new();
    for (name, value) in &announced {
        for text in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            fields.extend_from_slice(text);
        }
    }
    HitPlan::new(operation, &cache.cache.fences, fields)
}
