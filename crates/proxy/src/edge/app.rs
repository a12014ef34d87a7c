//! One HTTP session: head in, engine, answer out. Every refusal is a problem, also that of a head
//! which is not HTTP.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contract::GatewayProblem;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use pingora::apps::{HttpPersistentSettings, HttpServerApp, ReusedHttpStream};
use pingora::http::ResponseHeader;
use pingora::protocols::http::{ReusableHttpStream, ServerSession};
use pingora::server::ShutdownWatch;
use tokio::time::timeout;

use super::body::{NoBody, SessionBody};
use super::linger::linger;
use crate::admin::{Health, Metrics};
use crate::engine::{Engine, Refusal};

/// The application of the API port.
pub struct Edge {
    pub engine: Arc<Engine>,
    pub metrics: Arc<Metrics>,
    pub health: Arc<Health>,
}

/// Stands in the context of a connection that has served a request.
struct Reused;

#[async_trait]
impl HttpServerApp for Edge {
    async fn process_new_http(
        self: &Arc<Self>,
        mut session: ServerSession,
        shutdown: &ShutdownWatch,
    ) -> Option<ReusedHttpStream> {
        let times = self.engine.runtime().settings.timeouts;
        session.set_write_timeout(Some(times.write));
        session.set_read_timeout(Some(times.body));
        // RFC 9112 §9.3.2: otherwise what came behind a request in one packet would be dropped.
        session.set_pipelining_enabled(true);
        // Pingora's own limit is for each read: a byte now and then would hold the connection for
        // ever. Between two requests the wait for the next one counts in.
        let reused = session.take_connection_user_context().is_some();
        let limit = if reused {
            times.head + times.idle
        } else {
            times.head
        };
        let mut whole = false;
        let refusal = match timeout(limit, session.read_request()).await {
            Ok(Ok(true)) => {
                whole = true;
                ambiguous(&session)
            }
            Ok(Ok(false)) => return None,
            Ok(Err(error)) => {
                // The error's text quotes the head, and a caller's key may stand in it.
                tracing::debug!(kind = error.etype().as_str(), "not HTTP");
                Some(unreadable(&error.to_string()))
            }
            Err(_) => Some(Refusal::new(
                GatewayProblem::RequestTimeout,
                "The request head did not come in time.",
            )),
        };
        let _guard = self.health.enter();
        let _counted = self.metrics.count();
        match refusal {
            Some(refusal) => {
                let head = if whole {
                    parts(&session)
                } else {
                    http::Request::new(()).into_parts().0
                };
                self.refuse(&mut session, &head, refusal).await;
                if whole && !session.is_body_done() {
                    linger(&mut session).await;
                }
                finish(session).await;
                None
            }
            None => self.answer(session, shutdown).await,
        }
    }
}

/// What reaches us as another request than was sent. Pingora cuts a target at `#` and puts U+FFFD for
/// bytes that are not UTF-8, so that two targets would name one resource; and it removes a length
/// that stands beside chunks, where a server in front of us may have gone by the length and taken
/// the rest for a request of its own (RFC 9112 §11.2).
fn ambiguous(session: &ServerSession) -> Option<Refusal> {
    let head = session.as_http1()?.get_headers_raw_bytes();
    let mut lines = head.split(|byte| *byte == b'\n');
    let detail = if lines.next().is_some_and(|line| line.contains(&b'#')) {
        "The request target has a fragment; encode `#` as %23."
    } else if !session.req_header().raw_path_is_utf8() {
        "The request target has bytes that are not UTF-8; encode each byte as %XX."
    } else if session.get_header(TRANSFER_ENCODING).is_some() && lines.any(is_length) {
        "The request has both Content-Length and Transfer-Encoding; send one of them."
    } else if !is_chunked(session) {
        "Transfer-Encoding can only be `chunked`, once."
    } else {
        return None;
    };
    Some(Refusal::new(GatewayProblem::MalformedRequest, detail))
}

/// Pingora goes by the last coding and leaves those before it in the body.
fn is_chunked(session: &ServerSession) -> bool {
    let mut codings = session
        .req_header()
        .headers
        .get_all(TRANSFER_ENCODING)
        .iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    }
}

fn is_length(line: &[u8]) -> bool {
    const NAME: &[u8] = b"content-length";
    line.get(..NAME.len())
        .is_some_and(|name| name.eq_ignore_ascii_case(NAME))
        && line.get(NAME.len()) == Some(&b':')
}

/// What the `http` crate takes for a target, in bytes.
const LONGEST_TARGET: usize = u16::MAX as usize - 1;

/// Why Pingora could not read the head. Its limit on the head as a whole is 1 MiB and 256 lines.
fn unreadable(error: &str) -> Refusal {
    if error.contains("invalid uri") && error.len() > LONGEST_TARGET {
        return Refusal::new(
            GatewayProblem::UriTooLong,
            "The request target is too long to be read.",
        );
    }
    if error.contains("larger than")
        || error.contains("TooManyHeaders")
        || error.contains("too many headers")
    {
        return Refusal::new(
            GatewayProblem::HeadersTooLarge,
            "The request head is too large or has too many fields.",
        );
    }
    Refusal::new(
        GatewayProblem::MalformedRequest,
        "The request is not valid HTTP/1.1.",
    )
}

impl Edge {
    async fn answer(
        &self,
        mut session: ServerSession,
        shutdown: &ShutdownWatch,
    ) -> Option<ReusedHttpStream> {
        let times = self.engine.runtime().settings.timeouts;
        // Pingora would keep the connection for ever after the first request.
        let keep =
            session.get_keepalive().is_some() && !*shutdown.borrow() && !self.health.is_draining();
        session.set_keepalive(keep.then_some(times.idle.as_secs().max(1)));
        let head_only = session.req_header().method == Method::HEAD;
        let response = if has_body(&session) {
            let head = parts(&session);
            let mut body = SessionBody::new(&mut session);
            self.engine.handle(&head, &mut body).await
        } else {
            self.engine.handle(session.req_header(), &mut NoBody).await
        };
        // The drain may have begun meanwhile.
        if closes(&response) || self.health.is_draining() {
            session.set_keepalive(None);
        }
        // Who was given up is not listened to any longer.
        let given_up = response.status() == StatusCode::REQUEST_TIMEOUT;
        if !write(&mut session, response, head_only, times.write).await {
            return None;
        }
        if !session.is_body_done() && !given_up {
            linger(&mut session).await;
        }
        let mut settings = HttpPersistentSettings::for_session(&session);
        settings.set_user_context(Box::new(Reused));
        let stream = finish(session).await?;
        Some(ReusedHttpStream::from_reusable_stream(stream, settings))
    }

    /// Answers a request that is not understood; the connection ends with it.
    /// `head` is what is known of its head.
    async fn refuse(&self, session: &mut ServerSession, head: &Parts, refusal: Refusal) {
        let response = self.engine.refuse(head, refusal);
        session.set_keepalive(None);
        let limit = self.engine.runtime().settings.timeouts.write;
        write(session, response, false, limit).await;
    }
}

/// The connection, if it can take another request.
async fn finish(session: ServerSession) -> Option<ReusableHttpStream> {
    match session.finish().await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::debug!(%error, "connection ended");
            None
        }
    }
}

/// Framing that was not understood cannot go on; the engine says so in the answer's head.
fn closes(response: &Response<Bytes>) -> bool {
    let connection = response.headers().get(CONNECTION);
    connection.is_some_and(|value| value == "close")
}

/// Whether something follows the head (RFC 9112 §6.3), or a caller waits to be told to send it.
fn has_body(session: &ServerSession) -> bool {
    let headers = &session.req_header().headers;
    [CONTENT_LENGTH, TRANSFER_ENCODING, EXPECT]
        .iter()
        .any(|name| headers.contains_key(name))
}

/// A copy of the head: the session is lent to the reader of the body meanwhile.
fn parts(session: &ServerSession) -> Parts {
    let head = session.req_header();
    let mut request = http::Request::new(());
    request.method_mut().clone_from(&head.method);
    request.uri_mut().clone_from(&head.uri);
    *request.version_mut() = head.version;
    request.headers_mut().clone_from(&head.headers);
    request.into_parts().0
}

/// Writes head and body. HEAD keeps its `Content-Length` and loses the body.
async fn write(
    session: &mut ServerSession,
    response: Response<Bytes>,
    head_only: bool,
    limit: Duration,
) -> bool {
    let (mut parts, body) = response.into_parts();
    if parts.status == StatusCode::NO_CONTENT {
        parts.headers.remove(CONTENT_LENGTH);
    }
    let header: ResponseHeader = parts.into();
    // Pingora's write timeout is for bodies only.
    let written = timeout(limit, async {
        session.write_response_header(Box::new(header)).await?;
        if !head_only && !body.is_empty() {
            session.write_response_body(body, true).await?;
        }
        Ok::<(), Box<pingora::Error>>(())
    });
    match written.await {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => tracing::debug!(%error, "answer not written"),
        Err(_) => tracing::debug!("the caller does not read its answer"),
    }
    false
}
