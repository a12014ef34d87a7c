//! A panic is a bug of ours, and an end of a request like any other: answered and recorded.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use contract::GatewayProblem;
use http::header::CONNECTION;

use super::refusal::Refusal;
use crate::panics;

/// The work panicked. Its guards are dropped with it.
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

/// What the future gives. After a panic it must not be polled again.
///
/// # Errors
/// It panicked.
pub async fn of_future<F: Future>(mut future: Pin<&mut F>) -> Result<F::Output, Panicked> {
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

/// What the work gives.
///
/// # Errors
/// It panicked.
pub fn of<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    // As above: nothing that the work leaves half done is looked at.
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked(()))
}
