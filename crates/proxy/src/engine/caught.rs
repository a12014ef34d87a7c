//! A panic is a bug of ours, and an end of a request like any other: answered, recorded, let go of.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use bytes::Bytes;
use contract::GatewayProblem;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};

use super::refusal::Refusal;
use crate::panics;

/// The stages of a request panicked. Its guards are dropped with them.
#[derive(Debug)]
pub struct Panicked(());

impl Panicked {
    /// What the caller is told. How far the body was read is not known, so the connection ends.
    pub fn refusal(&self) -> Refusal {
        let place = panics::last_place().unwrap_or_else(|| "an unknown place".to_owned());
        Refusal::new(
            GatewayProblem::InternalError,
            "The gateway failed at this request.",
        )
        .because(format!("panic at {place}"))
        .with_header(CONNECTION, "close")
    }
}

/// The end of a future, or that it panicked. After a panic it must not be polled again.
pub async fn caught<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Panicked> {
    poll_fn(|context| {
        // What the future borrows is looked at afterwards only by its guards, which are made for it.
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match polled {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked(()))),
        }
    })
    .await
}

/// Work without which the answer goes out all the same; the panic has told itself.
pub fn quietly(work: impl FnOnce()) {
    let _told = catch_unwind(AssertUnwindSafe(work));
}

/// What the work gives, and a bare problem if it panics: then even the answer could not be written.
pub fn answered(work: impl FnOnce() -> Response<Bytes>) -> Response<Bytes> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        const BODY: &str = r#"{"type":"/problems/internal-error","title":"Error in the gateway","status":500,"detail":"The gateway failed at this request.","code":"internal-error"}"#;
        let mut response = Response::new(Bytes::from_static(BODY.as_bytes()));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(CONTENT_LENGTH, HeaderValue::from(BODY.len()));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        response
    })
}

#[cfg(test)]
mod tests;
