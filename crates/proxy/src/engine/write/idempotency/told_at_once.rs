//! What a request with a key is told that does not run.

use std::sync::Arc;
use std::time::Duration;

use contract::GatewayProblem;
use http::HeaderValue;
use http::header::HeaderName;

use crate::engine::answer::reply::Reply;
use crate::engine::answer::served::Served;
use crate::engine::outcome::Outcome;
use crate::engine::refusal::Refusal;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

pub fn reused() -> Refusal {
    Refusal::new(
        GatewayProblem::IdempotencyKeyReused,
        "This Idempotency-Key came with another request before.",
    )
}

/// `left`: it has ended by then, where that is known.
pub fn in_progress(left: Option<Duration>) -> Refusal {
    let detail = "The request of this Idempotency-Key is still running";
    let detail = left.map_or_else(
        || format!("{detail}."),
        |left| {
            let seconds = left.as_millis().div_ceil(1000);
            format!("{detail}; what became of it is known in {seconds} s at the latest.")
        },
    );
    Refusal {
        // It may be done at any moment.
        outcome: Some(Outcome::Unknown),
        ..Refusal::new(GatewayProblem::RequestInProgress, detail).retry_after(None)
    }
}

pub fn replayed(mut reply: Reply, code: Option<Arc<str>>) -> Served {
    let replayed = HeaderValue::from_static("true");
    reply.headers.insert(REPLAYED, replayed);
    Served {
        replayed: code,
        ..Served::from(reply)
    }
}
