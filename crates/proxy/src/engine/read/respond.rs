//! An entry → the answer of one request: 200, 304 or 412, with what the cache has to say.

use contract::GatewayProblem;
use http::header::{AGE, CACHE_CONTROL, ETAG, IF_MATCH};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::read_cache::now;
use crate::cache::{CacheStatus, Content, Entry, Prepared};
use crate::engine::accept::conditions;
use crate::engine::answer::reply::Reply;
use crate::engine::answer::served::Served;
use crate::engine::refusal::Refusal;

const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Copies no body and writes nothing anew but `Age` and `Cache-Status`.
pub fn entry(head: &Parts, entry: &Entry<Refusal>, status: CacheStatus) -> Result<Served, Refusal> {
    let age = || HeaderValue::from(entry.age(now()).as_secs());
    match &entry.content {
        Content::Absent(absent) => {
            let mut absent = absent.clone();
            if status.is_from_store() {
                absent.headers.push((AGE, age()));
            }
            Err(refusal(absent, status))
        }
        Content::Answer(prepared) => {
            let conditional = conditional(head, prepared);
            let mut reply = conditional.map_err(|failed| refusal(failed, status))?;
            if status.is_from_store() {
                reply.headers.insert(AGE, age());
            }
            reply.headers.insert(CACHE_STATUS, status.header());
            Ok(Served {
                cache: Some(status),
                ..Served::from(reply)
            })
        }
    }
}

/// The answer of a read of which nothing is kept: it has an entity tag all the same, and whoever keeps it
/// asks before it is used again.
pub fn unkept(head: &Parts, reply: Reply) -> Result<Reply, Refusal> {
    match reply.body {
        Some(body) if reply.status == StatusCode::OK => {
            let prepared = Prepared::unkept(reply.status, reply.headers, body);
            conditional(head, &prepared)
        }
        _ => Ok(reply),
    }
}

/// The whole answer, or the 304 or 412 that the request's conditions make of it.
fn conditional(head: &Parts, prepared: &Prepared) -> Result<Reply, Refusal> {
    if prepared.status == StatusCode::OK && head.headers.contains_key(IF_MATCH) {
        let if_match = conditions::of_read(head)?;
        conditions::check_read(if_match.as_ref(), &prepared.etag)?;
    }
    if is_current(head, prepared) {
        return Ok(not_modified(prepared));
    }
    Ok(Reply {
        status: prepared.status,
        headers: prepared.headers.clone(),
        body: Some(prepared.body.clone()),
    })
}

/// RFC 9111 §5.2.1.7: the caller wants no call, and nothing is there that would do.
pub fn not_in_cache() -> Refusal {
    let nothing = Refusal::new(
        GatewayProblem::NotInCache,
        "The request said only-if-cached, and nothing fresh is there.",
    );
    refusal(nothing, CacheStatus::NotAsked)
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
pub fn refusal(mut refusal: Refusal, status: CacheStatus) -> Refusal {
    refusal.cache = Some(status);
    refusal.headers.push((CACHE_STATUS, status.header()));
    refusal
        .headers
        .push((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    refusal
}
