//! `POST /cache/purge`: `{"tag": "room.list"}` or `{"all": true}` → `{"purged": N}`.

use std::net::IpAddr;

use http::header::ORIGIN;
use http::request::Parts;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use crate::cache::Tag;
use crate::engine::{BodyError, BodySource, Engine, Purge};

pub const PATH: &str = "/cache/purge";

/// A tag's value is at most as long as an identifier; more is no purge.
const MAX_BODY: usize = 4096;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    tag: Option<String>,
    all: Option<bool>,
}

/// Status and text of a refusal.
type Refused = (StatusCode, String);

/// Reads the request and drops what it names.
///
/// # Errors
/// Why it is none, for the operator.
pub async fn answer(
    engine: &Engine,
    head: &Parts,
    peer: IpAddr,
    body: &mut dyn BodySource,
) -> Result<Vec<u8>, Refused> {
    if head.method != Method::POST {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "only POST".to_owned()));
    }
    if !is_local(peer) {
        return Err((
            StatusCode::FORBIDDEN,
            "the cache is purged from the gateway's own machine or container only".to_owned(),
        ));
    }
    // A page in the operator's browser can send this as well; browsers then say where it is from.
    if head.headers.contains_key(ORIGIN) || head.headers.contains_key("sec-fetch-site") {
        let text = "no page of a browser purges the cache".to_owned();
        return Err((StatusCode::FORBIDDEN, text));
    }
    let limit = engine.runtime().settings.timeouts.body;
    let text = timeout(limit, read(body)).await.map_err(|_| late())??;
    let purge = parse(&text)?;
    let purged = engine
        .purge(&purge)
        .map_err(|error| bad(error.to_string()))?;
    Ok(format!("{}\n", json!({"purged": purged})).into_bytes())
}

async fn read(body: &mut dyn BodySource) -> Result<Vec<u8>, Refused> {
    let mut text = Vec::new();
    loop {
        match body.chunk().await {
            Ok(Some(chunk)) if text.len() + chunk.len() <= MAX_BODY => {
                text.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => {
                let text = format!("the body is larger than {MAX_BODY} bytes");
                return Err((StatusCode::PAYLOAD_TOO_LARGE, text));
            }
            Ok(None) => return Ok(text),
            Err(BodyError::Broken(_)) => {
                return Err(bad("the body ended early or is framed wrongly".to_owned()));
            }
            Err(BodyError::Timeout) => return Err(late()),
        }
    }
}

fn late() -> Refused {
    let text = "the body did not come in time".to_owned();
    (StatusCode::REQUEST_TIMEOUT, text)
}

/// The admin port is often opened to a network for those who scrape it. They may read; an empty cache
/// is load on the vendors, and none of theirs to make.
fn is_local(peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback()
}

fn parse(body: &[u8]) -> Result<Purge, Refused> {
    let body: Body = serde_json::from_slice(body)
        .map_err(|error| bad(format!("the body is not as expected: {error}; {USAGE}")))?;
    match body {
        Body {
            tag: Some(tag),
            all: None,
        } => Tag::parse(&tag)
            .map(Purge::Tag)
            .map_err(|error| bad(error.to_string())),
        Body {
            tag: None,
            all: Some(true),
        } => Ok(Purge::All),
        _ => Err(bad(USAGE.to_owned())),
    }
}

const USAGE: &str = r#"send {"tag": "name.kind=value"} or {"all": true}"#;

fn bad(text: String) -> Refused {
    (StatusCode::BAD_REQUEST, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_purges() {
        for (address, local) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("10.0.0.7", false),
            ("::ffff:10.0.0.7", false),
            ("fe80::1", false),
        ] {
            assert_eq!(is_local(address.parse().unwrap()), local, "{address}");
        }
    }

    #[test]
    fn one_tag_or_everything() {
        let tag = Tag::parse("room.id=7").unwrap();
        assert_eq!(parse(br#"{"tag": "room.id=7"}"#), Ok(Purge::Tag(tag)));
        assert_eq!(parse(br#"{"all": true}"#), Ok(Purge::All));
        for bad in [
            "",
            "{}",
            "[]",
            r#"{"all": false}"#,
            r#"{"tag": "room"}"#,
            r#"{"tag": 7}"#,
            r#"{"tag": "room.list", "all": true}"#,
            r#"{"tags": ["room.list"]}"#,
        ] {
            let refused = parse(bad.as_bytes()).unwrap_err();
            assert_eq!(refused.0, StatusCode::BAD_REQUEST, "{bad}");
            assert!(!refused.1.is_empty(), "{bad}");
        }
    }
}
