//! An entry → the answer of one request: 200 or 304, with what the cache has to say.

use http::header::{AGE, CACHE_CONTROL, ETAG};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::super::{Exchange, Refusal, Reply};
use super::now;
use crate::cache::entry::{Content, Entry, Prepared};
use crate::cache::status::CacheStatus;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Copies no body and writes nothing anew but `Age` and `Cache-Status`.
pub fn entry(
    exchange: &mut Exchange,
    head: &Parts,
    entry: &Entry<Refusal>,
    status: CacheStatus,
) -> Result<Reply, Refusal> {
    match &entry.content {
        Content::Absent(refusal) => {
            let mut refusal = refusal.clone();
            if status.is_from_store() {
                let age = HeaderValue::from(entry.age(now()).as_secs());
                refusal.headers.push((AGE, age));
            }
            self::refusal(exchange, refusal, status)
        }
        Content::Answer(prepared) => {
            exchange.cache = Some(status);
            let mut reply = if is_current(head, prepared) {
                not_modified(prepared)
            } else {
                Reply {
                    status: prepared.status,
                    headers: prepared.headers.clone(),
                    body: Some(prepared.body.clone()),
                }
            };
            if status.is_from_store() {
                let age = HeaderValue::from(entry.age(now()).as_secs());
                reply.headers.insert(AGE, age);
            }
            reply.headers.insert(CACHE_STATUS, status.header());
            Ok(reply)
        }
    }
}

/// RFC 9110 §13.1.2; only a 200 has what a 304 can stand for.
fn is_current(head: &Parts, prepared: &Prepared) -> bool {
    prepared.status == StatusCode::OK && prepared.etag.is_named_in(&head.headers)
}

/// RFC 9110 §15.4.5: what a 200 would say of the cached answer, and nothing of the body.
fn not_modified(prepared: &Prepared) -> Reply {
    let mut reply = Reply::empty(StatusCode::NOT_MODIFIED);
    reply.headers = HeaderMap::with_capacity(4);
    for name in [ETAG, CACHE_CONTROL] {
        if let Some(value) = prepared.headers.get(&name) {
            reply.headers.insert(name, value.clone());
        }
    }
    reply
}

/// A problem of a cached read. Nobody on the way may keep it: what we keep of a 404 is void with the
/// next write.
pub fn refusal(
    exchange: &mut Exchange,
    mut refusal: Refusal,
    status: CacheStatus,
) -> Result<Reply, Refusal> {
    exchange.cache = Some(status);
    refusal.headers.push((CACHE_STATUS, status.header()));
    refusal
        .headers
        .push((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    Err(refusal)
}
