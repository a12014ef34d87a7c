//! The end of a connection that we end.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use super::wire::Wire;

/// Longer nobody is listened to for politeness.
const LINGER: Duration = Duration::from_secs(1);

/// Says that nothing more is coming, then reads on for a while. A close with unread bytes makes TCP
/// reset the connection, and the reset may overtake the answer: the caller would see a broken
/// connection instead of the 413 (RFC 9112 §9.6).
pub async fn linger<S: AsyncRead + AsyncWrite + Unpin + Send>(wire: &mut Wire<S>) {
    let rest = async {
        if wire.stream().shutdown().await.is_err() {
            return;
        }
        loop {
            wire.buffer().clear();
            if !matches!(wire.fill().await, Ok(1..)) {
                return;
            }
        }
    };
    if timeout(LINGER, rest).await.is_err() {
        tracing::debug!("the caller keeps the connection after the answer");
    }
}
