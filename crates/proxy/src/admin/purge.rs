//! `POST /cache/purge`: `{"tag": "room.list"}` or `{"all": true}` → `{"purged": N}`; in a fleet also `all_members`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::body::{Refused, bad};
use crate::cache::Tag;
use crate::engine::{Engine, Purge};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    tag: Option<String>,
    all: Option<bool>,
}

/// Drops what the body names.
///
/// # Errors
/// Why it names nothing, for the operator.
pub async fn answer(engine: &Engine, body: &[u8]) -> Result<Value, Refused> {
    let purge = parse(body)?;
    let purged = engine.purge(&purge).await;
    let purged = purged.map_err(|error| bad(error.to_string()))?;
    let mut answer = json!({"purged": purged.entries});
    if let Some(all) = purged.all_members {
        answer["all_members"] = all.into();
    }
    Ok(answer)
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

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

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
