//! A request body out of a Pingora session.

use async_trait::async_trait;
use bytes::Bytes;
use http::header::EXPECT;
use pingora::protocols::http::ServerSession;

use crate::engine::{BodyError, BodySource};

/// The body of a request that has none.
pub struct NoBody;

#[async_trait]
impl BodySource for NoBody {
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        Ok(None)
    }
}

pub struct SessionBody<'s> {
    session: &'s mut ServerSession,
    started: bool,
}

impl<'s> SessionBody<'s> {
    pub fn new(session: &'s mut ServerSession) -> Self {
        Self {
            session,
            started: false,
        }
    }

    /// A caller who sent `Expect: 100-continue` waits for this before the body (RFC 9110 §10.1.1).
    async fn invite(&mut self) {
        let expect = self.session.get_header(EXPECT);
        if !expect.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
            return;
        }
        // Otherwise Pingora takes the interim answer for the final one and closes the connection.
        self.session
            .set_close_on_response_before_downstream_finish(false);
        if let Err(error) = self.session.write_continue_response().await {
            tracing::debug!(%error, "100-continue not written");
        }
        self.session
            .set_close_on_response_before_downstream_finish(true);
    }
}

#[async_trait]
impl BodySource for SessionBody<'_> {
    async fn chunk(&mut self) -> Result<Option<Bytes>, BodyError> {
        if !self.started {
            self.started = true;
            self.invite().await;
        }
        match self.session.read_request_body().await {
            Ok(chunk) => Ok(chunk),
            Err(error) if matches!(error.etype(), pingora::ErrorType::ReadTimedout) => {
                Err(BodyError::Timeout)
            }
            Err(error) => Err(BodyError::Broken(error.to_string())),
        }
    }
}
