//! An answer for which nothing is waited: from the bytes that came to the bytes that leave, within one turn of the
//! connection's task.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::response::write_all;
use super::wire::Wire;
use crate::edge::handler::Handler;
use crate::edge::head::plain;

/// The caller is gone.
pub struct Gone;

/// A thread's room for an answer that is more than this is given back.
const ROOM: usize = 64 * 1024;

thread_local! {
    /// Room for one answer, lent to one connection after the other.
    static OUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Answers the request that begins what came, where `app` can do so at once, and says when that was done. `None`: it
/// is to be read and answered as any other. `expected` is dropped when the request counts for itself.
pub async fn answer<S, H: Handler, E>(
    app: &H,
    wire: &mut Wire<S>,
    expected: &mut Option<E>,
    limit: Duration,
) -> Option<Result<Instant, Gone>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let head = plain::read(wire.bytes())?;
    let _guard = app.enter();
    let hit = OUT.with_borrow_mut(|out| {
        out.clear();
        out.shrink_to(ROOM);
        app.at_once(&head, out)
    })?;
    let length = head.length;
    drop(expected.take());
    wire.buffer().advance(length);
    // One try, in the same turn: what the thread lends is another connection's after it.
    let unsent = poll_fn(|context| {
        OUT.with_borrow(|out| {
            let sent = match Pin::new(wire.stream()).poll_write(context, out) {
                Poll::Ready(Ok(sent)) => sent,
                Poll::Ready(Err(_)) => return Poll::Ready(Err(Gone)),
                Poll::Pending => 0,
            };
            let unsent = out.get(sent..).unwrap_or_default();
            Poll::Ready(Ok(Bytes::copy_from_slice(unsent)))
        })
    })
    .await;
    let rest = match unsent {
        Ok(unsent) => unsent.chain(hit.rest),
        Err(gone) => return Some(Err(gone)),
    };
    if !rest.has_remaining() {
        return Some(Ok(hit.ended));
    }
    if !write_all(wire.stream(), rest, limit).await {
        return Some(Err(Gone));
    }
    // A caller who reads slowly has not been idle meanwhile.
    Some(Ok(Instant::now()))
}
