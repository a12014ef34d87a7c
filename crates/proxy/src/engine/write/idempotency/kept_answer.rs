//! An answer as the store keeps it: one line of JSON with status and head, then the body as it is.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use crate::engine::answer::reply::Reply;

/// A larger answer is not kept: ten thousand of a megabyte each would fill the store, which has no room for keys then.
const LARGEST: usize = 1024 * 1024;

/// What the store has of a request that ended.
#[derive(Debug)]
pub enum KeptAnswer {
    /// With the code of its problem, if it is one.
    Whole(Box<Reply>, Option<Arc<str>>),
    /// It ended, and what it was answered is not there: it was too large, or a later version wrote it.
    Lost,
}

/// Members that a later version adds are passed over.
#[derive(Serialize, Deserialize)]
struct Head {
    /// `None`: the answer was too large.
    status: Option<u16>,
    code: Option<String>,
    /// Each byte of a value is one character.
    headers: Vec<(String, String)>,
    has_body: bool,
}

/// An answer, and the code of its problem, if it is one.
#[must_use]
pub fn encode(reply: &Reply, code: Option<&str>) -> Vec<u8> {
    let large = reply.size() > LARGEST;
    let text = |value: &HeaderValue| value.as_bytes().iter().copied().map(char::from).collect();
    let headers = reply.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value)));
    let head = Head {
        status: (!large).then(|| reply.status.as_u16()),
        code: code.filter(|_| !large).map(str::to_owned),
        headers: headers.filter(|_| !large).collect(),
        has_body: !large && reply.body.is_some(),
    };
    // Texts and numbers alone: that is written in any case.
    let mut written = serde_json::to_vec(&head).unwrap_or_default();
    written.push(b'\n');
    if let (false, Some(body)) = (large, &reply.body) {
        written.extend_from_slice(body);
    }
    written
}

#[must_use]
pub fn decode(bytes: &[u8]) -> KeptAnswer {
    whole(bytes).map_or(KeptAnswer::Lost, |(reply, code)| {
        KeptAnswer::Whole(Box::new(reply), code)
    })
}

fn whole(bytes: &[u8]) -> Option<(Reply, Option<Arc<str>>)> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (head, body) = (bytes.get(..end)?, bytes.get(end + 1..)?);
    let head: Head = serde_json::from_slice(head).ok()?;
    let mut headers = HeaderMap::new();
    for (name, text) in head.headers {
        let value: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
        let value = HeaderValue::from_bytes(&value.ok()?).ok()?;
        headers.append(HeaderName::from_bytes(name.as_bytes()).ok()?, value);
    }
    let reply = Reply {
        status: StatusCode::from_u16(head.status?).ok()?,
        headers,
        body: head.has_body.then(|| Bytes::copy_from_slice(body)),
    };
    Some((reply, head.code.map(Arc::from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<(Reply, Option<Arc<str>>)> {
        match decode(bytes) {
            KeptAnswer::Whole(reply, code) => Some((*reply, code)),
            KeptAnswer::Lost => None,
        }
    }

    #[test]
    fn an_answer_reads_as_it_was_written() {
        let mut reply = Reply::content(
            StatusCode::CREATED,
            "application/json",
            "{\"a\":\n\"é\"}\n".into(),
        );
        reply.locate("/v1/rooms/1");
        let odd = HeaderValue::from_bytes(b"\xff\xe9 a").unwrap();
        reply.headers.append("x-odd", odd.clone());
        reply.headers.append("x-odd", HeaderValue::from_static("b"));
        let (again, code) = read(&encode(&reply, None)).unwrap();
        assert_eq!((again.status, code), (reply.status, None));
        assert_eq!((again.headers, again.body), (reply.headers, reply.body));
        let empty = Reply::empty(StatusCode::NO_CONTENT);
        let (again, code) = read(&encode(&empty, Some("room-reserved"))).unwrap();
        assert_eq!((again.body, code.as_deref()), (None, Some("room-reserved")));
    }

    #[test]
    fn what_is_too_large_or_of_another_version_is_lost() {
        let large = Reply::content(
            StatusCode::CREATED,
            "application/json",
            vec![b' '; LARGEST].into(),
        );
        let written = encode(&large, None);
        assert!(written.len() < 200 && read(&written).is_none());
        for bad in [&b""[..], b"{}\n", b"\xff", b"{\"status\":201}\n", b"null\n"] {
            assert!(read(bad).is_none());
        }
        let later = br#"{"status":201,"code":null,"headers":[],"has_body":true,"more":1}"#;
        assert!(read(&[&later[..], b"\nbody"].concat()).is_some());
    }
}
