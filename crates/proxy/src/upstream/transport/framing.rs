//! How an answer's body is read to its end, and what its head says of the connection (RFC 9112 §6, §9).

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version};
use http_body_util::BodyExt;
use hyper::body::Body;

use super::coding::{self, Decoder};
use crate::upstream::call::failure::{Failure, FailureKind};

/// The whole body, decoded, of at most `limit` bytes.
///
/// # Errors
/// It is too large, cut, or in codings that we do not know. Nothing is no matter of codings.
pub async fn read<B>(mut body: B, headers: &HeaderMap, limit: usize) -> Result<Bytes, Failure>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Error + 'static,
{
    let codings = coding::of(headers);
    let mut pieces = Vec::new();
    let mut coded: Option<Decoder> = None;
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        // A trailer is no part of the head (RFC 9110 §6.5.1).
        let Ok(piece) = frame.map_err(|error| broken(&error))?.into_data() else {
            continue;
        };
        if !piece.has_remaining() {
            continue;
        }
        match &codings {
            Err(failure) => return Err(failure.clone()),
            Ok(codings) if codings.is_empty() => {
                length = length.saturating_add(piece.len());
                if length > limit {
                    return Err(coding::too_large(limit));
                }
                pieces.push(piece);
            }
            Ok(codings) => coded
                .get_or_insert_with(|| Decoder::new(codings, limit))
                .push(&piece)?,
        }
    }
    match coded {
        Some(decoder) => decoder.finish().map(Bytes::from),
        None if pieces.len() == 1 => Ok(pieces.pop().unwrap_or_default()),
        None => Ok(pieces.concat().into()),
    }
}

/// Why a body has no end: it was cut, or its chunks are none.
fn broken(error: &(dyn Error + 'static)) -> Failure {
    let mut cause = Some(error);
    let mut kind = FailureKind::Cut;
    while let Some(error) = cause {
        let odd = error.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
            )
        });
        if odd {
            kind = FailureKind::Garbled;
        }
        cause = error.source();
    }
    Failure::new(kind, error.to_string())
}

/// For how long the connection behind an answer may serve again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Persistence {
    /// As far as the head tells: until the vendor closes it.
    Open,
    /// As the vendor's `Keep-Alive: timeout=` says, with a margin.
    For(Duration),
    /// It ends with this answer.
    Ends,
}

/// The vendor begins to count before we do.
const MARGIN: Duration = Duration::from_secs(1);

/// What the head of an answer says of its connection (RFC 9112 §9.3, §6.3).
pub fn persistence(parts: &Parts) -> Persistence {
    let headers = &parts.headers;
    let option = |wanted: &str| {
        members(headers, &CONNECTION).any(|option| option.eq_ignore_ascii_case(wanted))
    };
    let bodiless = matches!(
        parts.status,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
    );
    let length = headers.contains_key(CONTENT_LENGTH);
    let last = members(headers, &TRANSFER_ENCODING).last();
    let chunked = last.is_some_and(|last| last.eq_ignore_ascii_case("chunked"));
    // Both are how a second answer is smuggled in (RFC 9112 §6.3); neither ends with the connection.
    let framed = bodiless || chunked != length;
    let old = parts.version == Version::HTTP_10 && !option("keep-alive");
    if !framed || old || option("close") || parts.status == StatusCode::SWITCHING_PROTOCOLS {
        return Persistence::Ends;
    }
    let timeout = members(headers, &HeaderName::from_static("keep-alive")).find_map(|member| {
        let (name, seconds) = member.split_once('=')?;
        let named = name.trim().eq_ignore_ascii_case("timeout");
        named.then(|| seconds.trim().parse().ok()).flatten()
    });
    match timeout.map(Duration::from_secs) {
        Some(keep) => Persistence::For(keep - MARGIN.min(keep / 2)),
        None => Persistence::Open,
    }
}

fn members<'h>(headers: &'h HeaderMap, field: &HeaderName) -> impl Iterator<Item = &'h str> {
    let lines = headers.get_all(field).iter();
    lines
        .filter_map(|value: &HeaderValue| value.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .filter(|member| !member.is_empty())
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;

    fn of(version: Version, status: u16, fields: &[(&str, &str)]) -> Persistence {
        let mut builder = Response::builder().version(version).status(status);
        for (name, value) in fields {
            builder = builder.header(*name, *value);
        }
        persistence(&builder.body(()).expect("a head").into_parts().0)
    }

    #[test]
    fn the_head_tells_how_long_a_connection_lasts() {
        use Persistence::{Ends, For, Open};
        let length = ("content-length", "2");
        let chunked = ("transfer-encoding", "chunked");
        for (status, fields, expected) in [
            (200, vec![length], Open),
            (200, vec![chunked], Open),
            (204, vec![], Open),
            (304, vec![], Open),
            (200, vec![], Ends),
            (205, vec![], Ends),
            (200, vec![length, chunked], Ends),
            (200, vec![("transfer-encoding", "gzip")], Ends),
            (200, vec![length, ("connection", "close")], Ends),
            (200, vec![length, ("connection", "x, Close")], Ends),
            (
                200,
                vec![
                    length,
                    ("connection", "keep-alive"),
                    ("connection", "close"),
                ],
                Ends,
            ),
            (101, vec![length], Ends),
            (
                200,
                vec![length, ("keep-alive", "timeout=20, max=100")],
                For(Duration::from_secs(19)),
            ),
            (
                200,
                vec![length, ("keep-alive", "max=5, Timeout = 1")],
                For(Duration::from_millis(500)),
            ),
            (
                200,
                vec![length, ("keep-alive", "timeout=0")],
                For(Duration::ZERO),
            ),
            (200, vec![length, ("keep-alive", "timeout=soon")], Open),
        ] {
            assert_eq!(
                of(Version::HTTP_11, status, &fields),
                expected,
                "{status} {fields:?}"
            );
        }
        assert_eq!(of(Version::HTTP_10, 200, &[length]), Ends);
        let asked = ("connection", "Keep-Alive");
        assert_eq!(of(Version::HTTP_10, 200, &[length, asked]), Open);
    }
}
