//! One connection: request after request, in order, until either side ends it. One code for the callers'
//! port and the operators' port: one set of deadlines, and no word of a request in the log.

mod body;
mod chunked;
mod linger;
mod response;
mod wire;

use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use contract::GatewayProblem;
use http::header::CONNECTION;
use http::{Method, Response, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::edge::handler::{Handler, Rules};
use crate::edge::head::{Head, Refused};
use body::Body;
use linger::linger;
use response::write;
use wire::{Next, Wire};

/// For so long a new connection counts as a request that is on its way: the drain waits for it.
const ON_ITS_WAY: Duration = Duration::from_millis(500);

/// Serves a connection to its end. `give_way` says that its place is needed: then it ends, unless a
/// request is being answered.
pub async fn serve<S>(app: &impl Handler, stream: S, peer: IpAddr, give_way: Option<&Notify>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut wire = Wire::new(stream);
    let mut until = Instant::now() + app.rules().times.head;
    let mut expected = Some(app.expect());
    let mut came = match timeout(ON_ITS_WAY, unless_given_up(give_way, wire.wait(until))).await {
        Ok(came) => came,
        Err(_) => {
            expected = None;
            unless_given_up(give_way, wire.wait(until)).await
        }
    };
    while came == Some(true) {
        let rules = app.rules();
        let head = wire.head(until, &rules.limits);
        let Some(next) = unless_given_up(give_way, head).await else {
            return;
        };
        let guard = app.enter();
        drop(expected.take());
        let end = match next {
            Next::Head(head) => answer(app, &mut wire, head, peer, rules).await,
            Next::Refused(refused) => refuse(app, &mut wire, refused, rules).await,
            Next::Gone => End::Gone,
        };
        match end {
            End::Persists => {}
            End::Closes { unread } => {
                // Whose bytes are not read yet may lose the answer if the process ended now.
                let _leaving = unread.then(|| app.expect());
                drop(guard);
                let _given_up = unless_given_up(give_way, linger(&mut wire)).await;
                return;
            }
            End::Gone => return,
        }
        drop(guard);
        let idle = Instant::now() + rules.times.idle;
        came = unless_given_up(give_way, wire.wait(idle)).await;
        until = Instant::now() + rules.times.head;
    }
}

/// What `wait` gives; `None` where the place of the connection is needed first. Who has waited longest is
/// told first.
async fn unless_given_up<T>(give_way: Option<&Notify>, wait: impl Future<Output = T>) -> Option<T> {
    let Some(give_way) = give_way else {
        return Some(wait.await);
    };
    tokio::select! {
        biased;
        got = wait => Some(got),
        () = give_way.notified() => None,
    }
}

/// What becomes of a connection after an answer.
enum End {
    /// It takes another request.
    Persists,
    /// We end it; the caller may still be sending.
    Closes {
        unread: bool,
    },
    Gone,
}

async fn answer<S>(
    app: &impl Handler,
    wire: &mut Wire<S>,
    head: Head,
    peer: IpAddr,
    rules: Rules,
) -> End
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let head_only = head.parts.method == Method::HEAD;
    let mut body = Body::new(wire, &head, rules.times.write);
    let response = app.answer(&head.parts, peer, &mut body).await;
    // A body that nobody read, but that is here already, is in nobody's way.
    let read = body.skip_what_is_here();
    // The drain may have begun meanwhile.
    let last = rules.last || app.rules().last;
    let persists = head.persists && read && !last && !closes(&response);
    // Who was given up is not listened to any longer.
    let given_up = response.status() == StatusCode::REQUEST_TIMEOUT;
    let limit = rules.times.write;
    if !write(wire.stream(), response, head_only, persists, limit).await || given_up {
        return End::Gone;
    }
    if persists {
        return End::Persists;
    }
    End::Closes {
        unread: !read || !wire.buffer().is_empty(),
    }
}

/// Answers a request that is not understood; the connection ends with it.
async fn refuse<S>(app: &impl Handler, wire: &mut Wire<S>, refused: Refused, rules: Rules) -> End
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let given_up = refused.refusal.is(GatewayProblem::RequestTimeout);
    let response = app.refuse(&refused.parts, *refused.refusal);
    let head_only = refused.parts.method == Method::HEAD;
    let limit = rules.times.write;
    if !write(wire.stream(), response, head_only, false, limit).await || given_up {
        return End::Gone;
    }
    End::Closes { unread: true }
}

/// Framing that was not understood cannot go on; the answer's head says so.
fn closes(response: &Response<Bytes>) -> bool {
    let connection = response.headers().get(CONNECTION);
    connection.is_some_and(|value| value == "close")
}
