//! One connection: request after request, in order, until either side ends it. One code for the callers'
//! port and the operators' port: one set of deadlines, and no word of a request in the log.

mod alarm;
mod at_once;
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
use at_once::Gone;
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
    let until = Instant::now() + app.rules().times.head;
    // Of the first request: its head may have come for as long as the connection is there.
    let mut due = Some(until);
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
        let answered = if rules.last {
            None
        } else {
            at_once::answer(app, &mut wire, &mut expected, rules.times.write).await
        };
        let idle_since = match answered {
            Some(Ok(ended)) => ended,
            Some(Err(Gone)) => return,
            None => {
                // All that is not answered at once takes room for its stages, which a connection that waits
                // does not keep.
                let until = due.unwrap_or_else(|| Instant::now() + rules.times.head);
                let turn = Turn { until, peer, rules };
                let served = Box::pin(serve_one(app, &mut wire, turn, &mut expected, give_way));
                if !served.await {
                    return;
                }
                Instant::now()
            }
        };
        due = None;
        let idle = idle_since + rules.times.idle;
        came = unless_given_up(give_way, wire.wait(idle)).await;
    }
}

/// What holds for one request.
struct Turn {
    /// Its head must have come by then.
    until: Instant,
    peer: IpAddr,
    rules: Rules,
}

/// Reads and answers the request that began, whatever it takes. Whether the connection takes another one;
/// `expected` is dropped when the request counts for itself.
async fn serve_one<S, E: Send>(
    app: &impl Handler,
    wire: &mut Wire<S>,
    turn: Turn,
    expected: &mut Option<E>,
    give_way: Option<&Notify>,
) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let Turn { until, peer, rules } = turn;
    let head = wire.head(until, &rules.limits);
    let Some(next) = unless_given_up(give_way, head).await else {
        return false;
    };
    let guard = app.enter();
    drop(expected.take());
    let end = match next {
        Next::Head(head) => answer(app, wire, head, peer, rules).await,
        Next::Refused(refused) => refuse(app, wire, refused, rules).await,
        Next::Gone => End::Gone,
    };
    match end {
        End::Persists => true,
        End::Closes { unread } => {
            // Whose bytes are not read yet may lose the answer if the process ended now.
            let _leaving = unread.then(|| app.expect());
            drop(guard);
            let _given_up = unless_given_up(give_way, linger(wire)).await;
            false
        }
        End::Gone => false,
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
