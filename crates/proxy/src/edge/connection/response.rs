//! An answer on the wire.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use bytes::{Buf, Bytes, BytesMut};
use http::header::{self, HeaderName};
use http::{HeaderMap, Response, StatusCode};
use tokio::io::AsyncWrite;
use tokio::time::timeout;

use crate::time_of_day;

/// What tells a caller to send its body (RFC 9110 §15.2.1).
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A body up to this size goes out in one piece with its head.
const ONE_PIECE: usize = 16 * 1024;

/// Writes head and body. HEAD keeps its `Content-Length` and loses the body. `false`: the caller is gone, or
/// took nothing for `limit`.
pub async fn write(
    stream: &mut (impl AsyncWrite + Unpin),
    response: Response<Bytes>,
    head_only: bool,
    persists: bool,
    limit: Duration,
) -> bool {
    let (parts, mut body) = response.into_parts();
    if head_only
        || matches!(
            parts.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        )
    {
        body = Bytes::new();
    }
    let mut head = head_of(parts.status, &parts.headers, persists);
    if body.len() <= ONE_PIECE {
        head.extend_from_slice(&body);
        body = Bytes::new();
    }
    write_all(stream, head.chain(body), limit).await
}

/// The deadline is for progress: who reads steadily is written to for as long as it takes.
pub async fn write_all(
    stream: &mut (impl AsyncWrite + Unpin),
    mut bytes: impl Buf,
    limit: Duration,
) -> bool {
    // Nearly each answer is taken at once, and a timer costs as much as half of the rest.
    let mut taken = poll_fn(|context| Poll::Ready(some(stream, &mut bytes, context))).await;
    loop {
        match taken {
            Poll::Ready(Ok(1..)) if !bytes.has_remaining() => return true,
            Poll::Ready(Ok(1..)) | Poll::Pending => {}
            // There was nothing to write.
            Poll::Ready(Ok(0)) if !bytes.has_remaining() => return true,
            Poll::Ready(Ok(0) | Err(_)) => {
                tracing::debug!("the caller left before its answer");
                return false;
            }
        }
        let more = poll_fn(|context| some(stream, &mut bytes, context));
        taken = match timeout(limit, more).await {
            Ok(taken) => Poll::Ready(taken),
            Err(_) => {
                tracing::debug!("the caller does not read its answer");
                return false;
            }
        };
    }
}

/// Writes as much as is taken: what lies in one piece by the cheaper of the two system calls.
fn some(
    stream: &mut (impl AsyncWrite + Unpin),
    bytes: &mut impl Buf,
    context: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let stream = Pin::new(stream);
    let taken = if bytes.chunk().len() == bytes.remaining() {
        ready!(stream.poll_write(context, bytes.chunk()))?
    } else {
        let mut slices = [IoSlice::new(&[]); 4];
        let count = bytes.chunks_vectored(&mut slices);
        let slices = slices.get(..count).unwrap_or_default();
        ready!(stream.poll_write_vectored(context, slices))?
    };
    bytes.advance(taken);
    Poll::Ready(Ok(taken))
}

fn head_of(status: StatusCode, headers: &HeaderMap, persists: bool) -> BytesMut {
    let mut head = BytesMut::with_capacity(ONE_PIECE / 8);
    head.extend_from_slice(b"HTTP/1.1 ");
    head.extend_from_slice(status.as_str().as_bytes());
    head.extend_from_slice(b" ");
    head.extend_from_slice(status.canonical_reason().unwrap_or_default().as_bytes());
    head.extend_from_slice(b"\r\n");
    let no_content = status == StatusCode::NO_CONTENT;
    for (name, value) in headers {
        // RFC 9110 §8.6: no length in a 204. The connection field is ours.
        if name == header::CONNECTION || (no_content && name == header::CONTENT_LENGTH) {
            continue;
        }
        field(&mut head, name, value.as_bytes());
    }
    // RFC 9110 §6.6.1.
    time_of_day::with_http_date(SystemTime::now(), |date| {
        field(&mut head, &header::DATE, date);
    });
    let connection: &[u8] = if persists { b"keep-alive" } else { b"close" };
    field(&mut head, &header::CONNECTION, connection);
    head.extend_from_slice(b"\r\n");
    head
}

fn field(head: &mut BytesMut, name: &HeaderName, value: &[u8]) {
    head.extend_from_slice(titled(name).as_bytes());
    head.extend_from_slice(b": ");
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

/// The spelling that people know, for those that stand in nearly every answer.
fn titled(name: &HeaderName) -> &str {
    match *name {
        header::AGE => "Age",
        header::CACHE_CONTROL => "Cache-Control",
        header::CONNECTION => "Connection",
        header::CONTENT_TYPE => "Content-Type",
        header::CONTENT_LENGTH => "Content-Length",
        header::DATE => "Date",
        _ => name.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn an_answer_is_head_and_body() {
        let answer = |head_only| async move {
            let mut wire = Vec::new();
            let mut response = Response::new(Bytes::from_static(b"{}"));
            let length = http::HeaderValue::from(2);
            response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, length);
            assert!(write(&mut wire, response, head_only, true, LIMIT).await);
            String::from_utf8(wire).unwrap()
        };
        let whole = answer(false).await;
        assert!(
            whole.starts_with("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: "),
            "{whole}"
        );
        assert!(
            whole.ends_with(" GMT\r\nConnection: keep-alive\r\n\r\n{}"),
            "{whole}"
        );
        assert!(answer(true).await.ends_with("\r\n\r\n"));
    }

    /// A byte each `pause`, from buffers that hold nearly nothing.
    async fn read_slowly(pause: Duration) -> (bool, usize) {
        let (mut near, mut far) = tokio::io::duplex(1);
        let reader = tokio::spawn(async move {
            use tokio::io::AsyncReadExt;
            let mut count = 0;
            while far.read_u8().await.is_ok() {
                count += 1;
                tokio::time::sleep(pause).await;
            }
            count
        });
        let whole = write_all(&mut near, &[b'a'; 100][..], LIMIT).await;
        drop(near);
        (whole, reader.await.unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_is_for_progress() {
        assert_eq!(
            read_slowly(LIMIT - Duration::from_secs(1)).await,
            (true, 100)
        );
        let (whole, count) = read_slowly(LIMIT * 2).await;
        assert!(!whole && count < 5, "{count}");
    }
}
