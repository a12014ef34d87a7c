//! Validators and preconditions (RFC 9110 §8.8, §13) in the public document.

use serde_json::{Map, Value, json};

use super::header::text_header;

/// What the answers of a read bear; `cached` ones say more.
pub(super) fn validators(cached: bool) -> Map<String, Value> {
    let all = [
        (
            "ETag",
            "A strong entity tag, for `If-None-Match` and `If-Match`.",
        ),
        (
            "Cache-Control",
            "How long the answer may be kept by its caller.",
        ),
        (
            "Age",
            "Seconds since the vendor was asked; only where the answer was kept.",
        ),
        ("Cache-Status", "What the cache did (RFC 9211)."),
    ];
    all.into_iter()
        .take(if cached { 4 } else { 2 })
        .map(|(name, description)| (name.to_owned(), text_header(description)))
        .collect()
}

pub(super) fn not_modified(cached: bool) -> Value {
    let description = "Not modified: `If-None-Match` names the entity tag.";
    json!({"description": description, "headers": validators(cached)})
}

pub(super) fn if_match() -> Value {
    parameter(
        "If-Match",
        "The `ETag` of the GET of this path: the write is done only if it is still that of a fresh read (else 412). \
         `*`: only if there is something.",
    )
}

pub(super) fn if_none_match() -> Value {
    parameter(
        "If-None-Match",
        "`*`: the write is done only if there is nothing yet (else 412).",
    )
}

fn parameter(name: &str, description: &str) -> Value {
    json!({
        "name": name, "in": "header", "required": false, "description": description,
        "schema": {"type": "string"},
    })
}
