//! One connection: request after request, in order, until either side ends it. One code for the callers'
//! port and the operators' port: one set of deadlines, and no word of a request in the log.

use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use contract::GatewayProblem;
use http::header::CONNECTION;
use http::request::Parts;
use http::{Method, Response, StatusCode};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use super::body::Body;
use super::head::{Head, Refused};
use super::health::Health;
use super::linger::linger;
use super::wire::{Next, Wire};
use super::write::write;
use crate::engine::{BodySource, Refusal};
use crate::settings::{Limits, Settings, Timeouts};

/// What answers the requests of a port.
pub trait App: Send + Sync + 'static {
    /// Answers a request, whatever is wrong with it.
    fn answer(
        &self,
        head: &Parts,
        peer: IpAddr,
        body: &mut dyn BodySource,
    ) -> impl Future<Output = Response<Bytes>> + Send;

    /// Answers a head that could not be read. The connection ends with it.
    fn refuse(&self, head: &Parts, refusal: Refusal) -> Response<Bytes>;

    fn rules(&self) -> Rules;

    /// Counts a request until it is dropped.
    fn enter(&self) -> impl Send + '_;

    /// Counts a connection whose first request is on its way until it is dropped.
    fn expect(&self) -> impl Send + '_;

    /// The listener is closed: nobody else comes.
    fn closed(&self) {}
}

/// What holds for one request of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    pub times: Timeouts,
    pub limits: Limits,
    /// No request is taken after this one.
    pub last: bool,
}

impl Rules {
    #[must_use]
    pub fn of(settings: &Settings, health: &Health) -> Self {
        Self {
            times: settings.timeouts,
            limits: settings.limits,
            last: health.is_draining(),
        }
    }
}

/// For so long a new connection counts as a request that is on its way: the drain waits for it.
const ON_ITS_WAY: Duration = Duration::from_millis(500);

/// Serves a connection to its end. `crowd` tells that its place is needed: then it ends, unless a
/// request is being answered.
pub async fn serve<S>(app: &impl App, stream: S, peer: IpAddr, crowd: Option<&Notify>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut wire = Wire::new(stream);
    let mut until = Instant::now() + app.rules().times.head;
    let mut expected = Some(app.expect());
    let mut came = match timeout(ON_ITS_WAY, unless_needed(crowd, wire.wait(until))).await {
        Ok(came) => came,
        Err(_) => {
            expected = None;
            unless_needed(crowd, wire.wait(until)).await
        }
    };
    while came == Some(true) {
        let rules = app.rules();
        let head = wire.head(until, &rules.limits);
        let Some(next) = unless_needed(crowd, head).await else {
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
                let _needed = unless_needed(crowd, linger(&mut wire)).await;
                return;
            }
            End::Gone => return,
        }
        drop(guard);
        let idle = Instant::now() + rules.times.idle;
        came = unless_needed(crowd, wire.wait(idle)).await;
        until = Instant::now() + rules.times.head;
    }
}

/// What `wait` gives; `None` where the place of the connection is needed first. Who has waited longest is
/// told first.
async fn unless_needed<T>(crowd: Option<&Notify>, wait: impl Future<Output = T>) -> Option<T> {
    let Some(crowd) = crowd else {
        return Some(wait.await);
    };
    tokio::select! {
        biased;
        got = wait => Some(got),
        () = crowd.notified() => None,
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
    app: &impl App,
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
async fn refuse<S>(app: &impl App, wire: &mut Wire<S>, refused: Refused, rules: Rules) -> End
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
