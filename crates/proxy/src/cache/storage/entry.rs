//! A stored answer, prepared so that a hit does no work twice.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, ETAG};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::recent_failure::RecentFailure;
use super::wire::Wire;
use crate::cache::coherence::shared_fence::Passed;
use crate::cache::coherence::tag::Tag;
use crate::cache::coherence::ticket::Ticket;
use crate::cache::semantics::etag::ETag;
use crate::cache::semantics::freshness::{Freshness, Lifetimes, age};

/// An answer, or the fact that nothing is there (`A`, which the store does not look into).
#[derive(Debug)]
pub struct Entry<A> {
    pub content: Content<A>,
    /// What was asked for, and what the answer shows.
    pub tags: Box<[Tag]>,
    pub ticket: Ticket,
    /// That the fence let it pass.
    pub passed: Passed,
    pub lifetimes: Lifetimes,
    /// The vendor failed: nobody refreshes for a while.
    pub failed: RecentFailure,
    /// It failed in a way that lets a stale answer go out instead.
    pub permits_stale: RecentFailure,
}

#[derive(Debug)]
pub enum Content<A> {
    Answer(Prepared),
    Absent(A),
}

/// An answer as every hit gives it.
#[derive(Debug)]
pub struct Prepared {
    pub tagged: Tagged,
    /// The same as bytes.
    pub wire: Wire,
}

/// An answer with an entity tag.
#[derive(Debug)]
pub struct Tagged {
    pub status: StatusCode,
    pub body: Bytes,
    pub etag: ETag,
    /// All but `Content-Length`, which is the body's.
    fields: Box<[(HeaderName, HeaderValue)]>,
}

impl Prepared {
    /// Prepares an answer, with what its header fields say already. Callers may keep it for `ttl` in
    /// a cache of their own.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes, ttl: Duration) -> Self {
        Self::of(Tagged::under(status, headers, body, private(ttl)))
    }

    fn of(mut tagged: Tagged) -> Self {
        let (wire, body) = Wire::of(tagged.status, &tagged.headers(), &tagged.body);
        tagged.body = body;
        Self { tagged, wire }
    }

    /// The same of an answer that is not kept after all: then nobody should.
    #[must_use]
    pub fn unkept(self) -> Self {
        let Tagged {
            status,
            body,
            fields,
            ..
        } = self.tagged;
        let headers = fields.into_iter().collect();
        Self::of(Tagged::unkept(status, headers, body))
    }
}

impl Tagged {
    /// An answer that nobody keeps here: a caller may, and asks before each use.
    #[must_use]
    pub fn unkept(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self::under(status, headers, body, UNKEPT)
    }

    fn under(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        cache_control: HeaderValue,
    ) -> Self {
        let etag = ETag::of(&body);
        let mut fields = Vec::with_capacity(headers.len() + 2);
        for (name, value) in &headers {
            if !matches!(*name, CONTENT_LENGTH | ETAG | CACHE_CONTROL) {
                fields.push((name.clone(), value.clone()));
            }
        }
        fields.push((ETAG, etag.header()));
        fields.push((CACHE_CONTROL, cache_control));
        Self {
            status,
            body,
            etag,
            fields: fields.into(),
        }
    }

    /// All but `Age` and `Cache-Status`, with room for those and for what the edge adds.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(self.fields.len() + 8);
        headers.insert(CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        headers.extend(self.fields.iter().cloned());
        headers
    }

    /// Of those the ones that a 304 has (RFC 9110 §15.4.5): what a 200 would say of the cached answer.
    #[must_use]
    pub fn headers_of_304(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(4);
        let of_304 = |name: &HeaderName| matches!(*name, ETAG | CACHE_CONTROL);
        let fields = self.fields.iter().filter(|(name, _)| of_304(name));
        headers.extend(fields.cloned());
        headers
    }
}

/// What is said of an answer that is not kept.
const UNKEPT: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Whole seconds, rounded down: a caller's copy never outlives ours.
fn private(ttl: Duration) -> HeaderValue {
    let text = format!("private, max-age={}", ttl.as_secs());
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("private"))
}

/// What the maps and pointers around an entry cost, about: measured as resident memory over 69,000 small
/// entries, without the bodies.
const OVERHEAD: usize = 1792;

impl<A> Entry<A> {
    /// Since the vendor was asked, so that the way of the answer counts in (RFC 9111 §4.2.3).
    #[must_use]
    pub fn age(&self, now: Instant) -> Duration {
        age(self.ticket.at(), now)
    }

    #[must_use]
    pub fn freshness(&self, now: Instant) -> Freshness {
        self.lifetimes.at(self.age(now))
    }

    /// Bytes, about, for the budget.
    #[must_use]
    pub fn weight(&self) -> usize {
        let body = match &self.content {
            Content::Answer(prepared) => prepared.tagged.body.len(),
            Content::Absent(_) => 0,
        };
        let tags: usize = self
            .tags
            .iter()
            .map(|tag| tag.weight() + size_of::<Tag>())
            .sum();
        OVERHEAD + body + tags
    }

    /// Whether two of its tags name different things of one kind: the vendor answered about
    /// something else than was asked for, and what that is good for is unknown.
    #[must_use]
    pub fn contradicts_itself(&self) -> bool {
        let tags = &self.tags;
        tags.iter()
            .enumerate()
            .any(|(at, tag)| tags.iter().skip(at + 1).any(|other| tag.contradicts(other)))
    }
}
