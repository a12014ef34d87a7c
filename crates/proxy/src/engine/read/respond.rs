//! An entry → the answer of one request: 200, 304 or 412, with what the cache has to say.

use contract::GatewayProblem;
use http::header::{AGE, CACHE_CONTROL, IF_MATCH};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};

use super::read_cache::now;
use crate::cache::{CacheStatus, Content, Entry, Tagged};
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
            let conditional = conditional(head, &prepared.tagged);
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
            let tagged = Tagged::unkept(reply.status, reply.headers, body);
            conditional(head, &tagged)
        }
        _ => Ok(reply),
    }
}

/// The whole answer, or the 304 or 412 that the request's conditions make of it.
fn conditional(head: &Parts, tagged: &Tagged) -> Result<Reply, Refusal> {
    if tagged.status == StatusCode::OK && head.headers.contains_key(IF_MATCH) {
        let if_match = conditions::of_read(head)?;
        conditions::check_read(if_match.as_ref(), &tagged.etag)?;
    }
    if is_current(head, tagged) {
        return Ok(Reply {
            status: StatusCode::NOT_MODIFIED,
            headers: tagged.headers_of_304(),
            body: None,
        });
    }
    Ok(Reply {
        status: tagged.status,
        headers: tagged.headers(),
        body: Some(tagged.body.clone()),
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
fn is_current(head: &Parts, tagged: &Tagged) -> bool {
    tagged.status == StatusCode::OK && tagged.etag.is_named_in(&head.headers)
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
