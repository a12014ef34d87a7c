//! How a request under a key ended, as far as whoever repeats it must know.

use std::sync::Arc;

use crate::engine::answer::problem;
use crate::engine::answer::reply::Reply;
use crate::engine::answer::served::Served;
use crate::engine::context::RequestContext;
use crate::engine::refusal::Refusal;

/// How a request ended.
#[derive(Debug)]
pub enum Ended {
    /// With the code of the problem, if it is one.
    Answered(Reply, Option<Arc<str>>),
    Unknown,
    /// Nothing happened that a repetition must know of.
    Nothing,
}

impl Ended {
    /// Kept are done answers and the vendor's refusals of this request; a refusal of ours, or of our
    /// credentials, is forgotten, so that the key can be used again.
    #[must_use]
    pub fn of(result: &Result<Served, Refusal>, context: &RequestContext) -> Self {
        match result {
            Ok(served) => Self::Answered(served.reply.clone(), None),
            Err(refusal) if refusal.is_unknown() => Self::Unknown,
            Err(refusal) if refused_by_vendor(refusal) => {
                let (parts, body) = problem::respond(context, refusal).into_parts();
                let reply = Reply {
                    status: parts.status,
                    headers: parts.headers,
                    body: Some(body),
                };
                Self::Answered(reply, Some(refusal.code.clone()))
            }
            Err(_) => Self::Nothing,
        }
    }
}

/// 401 and 403 speak of our account and 429 of the moment: a day later they may be wrong.
fn refused_by_vendor(refusal: &Refusal) -> bool {
    refusal
        .vendor_status()
        .is_some_and(|status| (400..500).contains(&status) && !matches!(status, 401 | 403 | 429))
}
