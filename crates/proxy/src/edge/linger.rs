//! The end of a connection whose request was answered before it was read to its end.

use std::time::Duration;

use pingora::protocols::http::ServerSession;
use tokio::time::timeout;

/// Longer nobody is listened to for politeness.
const LINGER: Duration = Duration::from_secs(1);

/// Says that nothing more is coming, then reads on for a while. A close with unread bytes makes TCP
/// reset the connection, and the reset may overtake the answer: the caller would see a broken
/// connection instead of the 413 (RFC 9112 §9.6).
pub async fn linger(session: &mut ServerSession) {
    session.shutdown().await;
    let rest = async { while matches!(session.read_request_body().await, Ok(Some(_))) {} };
    if timeout(LINGER, rest).await.is_err() {
        tracing::debug!("caller goes on sending after the answer");
    }
}
