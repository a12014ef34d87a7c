//! The body of a request: its type, its size, its bytes.

use async_trait::async_trait;
use bytes::Bytes;
use contract::{GatewayProblem, Operation};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use tokio::time::{Instant, timeout_at};

use super::body_budget::{BodyBudget, Exhausted, MAX_WAIT, Share};
use super::content;
use crate::engine::refusal::Refusal;
use crate::settings::Settings;

/// Where body bytes come from.
#[async_trait]
pub trait BodySource: Send {
    /// The next bytes, or `None` at the end.
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyError {
    /// The caller left, or the framing of the body is broken.
    Broken(String),
    Timeout,
}

/// A body, and its share of what all bodies may hold: until its request ends, since what is made of it
/// lives as long.
pub struct Body {
    pub bytes: Vec<u8>,
    pub share: Share,
}

/// The body, or `None` where the operation takes none. 415 before 413, both before a byte is read where
/// the head already tells.
pub async fn read(
    operation: &Operation,
    head: &Parts,
    source: &mut dyn BodySource,
    settings: &Settings,
    budget: &BodyBudget,
) -> Result<Option<Body>, Refusal> {
    let Some(body) = &operation.body else {
        return Ok(None);
    };
    let empty_allowed = !body.required && head.headers.get(CONTENT_TYPE).is_none();
    if !empty_allowed {
        content::check(operation, body, head)?;
    }
    // Larger than all together no body can be.
    let limit = settings.limits.body.min(settings.limits.bodies);
    let announced = head
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let sizes = Sizes {
        limit,
        expected: announced.map_or(limit, |length| limit.min(length as usize)),
        announced: announced.is_some(),
        all: settings.limits.bodies,
    };
    let until = Instant::now() + settings.timeouts.body;
    let mut share = budget.begin();
    let whole = timeout_at(until, collect(source, &mut share, sizes)).await;
    let bytes = whole.unwrap_or_else(|_| {
        Err(if share.waits() {
            overloaded()
        } else {
            too_slow()
        })
    })?;
    share.is_whole();
    if bytes.is_empty() && empty_allowed {
        return Ok(None);
    }
    Ok(Some(Body { bytes, share }))
}

#[derive(Clone, Copy)]
struct Sizes {
    /// The largest body.
    limit: usize,
    /// What will come, as far as is known.
    expected: usize,
    /// Whether that was announced.
    announced: bool,
    /// What all bodies may hold.
    all: usize,
}

/// Most announced bodies are reserved at once: what is reserved and not filled takes no memory, and each
/// growth leaves a copy behind for the allocator to collect.
const FIRST: usize = 1024 * 1024;
/// Where the length is not known: most bodies are smaller.
const FIRST_OF_UNKNOWN: usize = 4 * 1024;
/// What is held is counted in pieces of this size.
const PIECE: usize = 16 * 1024;

impl Sizes {
    /// How much to reserve for `length` bytes: twice as much as before, so that a body of many chunks is
    /// not copied for each, and no more than will come.
    fn room(self, capacity: usize, length: usize) -> usize {
        if length <= capacity {
            return capacity;
        }
        let first = if self.announced {
            FIRST
        } else {
            FIRST_OF_UNKNOWN
        };
        length.max((capacity * 2).max(first).min(self.expected))
    }

    /// What `length` bytes of a body hold, with the server's own buffer, which is as large as its largest
    /// read. The largest body that may come must find room when it is alone.
    fn held(self, length: usize, largest: usize) -> usize {
        let filled = length.next_multiple_of(PIECE).min(self.expected);
        (filled.max(length) + largest).min(self.all)
    }
}

/// All chunks. Room comes first, then bytes are read: what is not read stays with the caller.
async fn collect(
    source: &mut dyn BodySource,
    share: &mut Share,
    sizes: Sizes,
) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut largest = 0;
    loop {
        if bytes.len() < sizes.expected {
            let held = sizes.held(bytes.len() + 1, largest);
            share
                .hold(held, 0)
                .await
                .map_err(|Exhausted| overloaded())?;
        }
        let chunk = tokio::select! {
            biased;
            chunk = source.chunk() => chunk,
            () = share.refused() => return Err(overloaded()),
        };
        let chunk = match chunk {
            Ok(Some(chunk)) => chunk,
            Ok(None) => return Ok(bytes),
            Err(BodyError::Broken(cause)) => {
                return Err(Refusal::new(
                    GatewayProblem::MalformedRequest,
                    "The body ended early or is framed wrongly.",
                )
                .because(cause));
            }
            Err(BodyError::Timeout) => return Err(too_slow()),
        };
        let length = bytes.len() + chunk.len();
        if length > sizes.limit {
            return Err(too_large(sizes.limit));
        }
        largest = largest.max(chunk.len());
        let held = share.hold(sizes.held(length, largest), chunk.len()).await;
        held.map_err(|Exhausted| overloaded())?;
        let room = sizes.room(bytes.capacity(), length);
        bytes.reserve_exact(room - bytes.len());
        bytes.extend_from_slice(&chunk);
    }
}

fn too_slow() -> Refusal {
    Refusal::new(
        GatewayProblem::RequestTimeout,
        "The body did not come in time.",
    )
}

fn overloaded() -> Refusal {
    Refusal::new(
        GatewayProblem::Overloaded,
        "The bodies of other requests take all the memory that there is for them.",
    )
    .retry_after(Some(MAX_WAIT))
}

fn too_large(limit: usize) -> Refusal {
    Refusal::new(
        GatewayProblem::ContentTooLarge,
        format!("The body is larger than {limit} bytes."),
    )
}
