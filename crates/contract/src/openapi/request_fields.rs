//! The fields of requests that count, as parameters of the operations in which they do. `Accept`, `Content-Type`
//! and `Authorization` are no parameters in OpenAPI (3.1.0, "Parameter Object").

use serde_json::{Value, json};

use super::answers::Answers;
use super::facts::{has_keys, operation_shows};
use crate::plan::Operation;

/// 1 to 255 characters, bare or as a string of RFC 9651.
const IDEMPOTENCY_KEY: &str = r#"^(?:[!#-+.-:<-~-]{1,255}|"(?:[\t -!#-\[\]-~]|\\["\\]){1,255}")$"#;

/// RFC 9110 sections 8.8.3, 13.1.1 and 13.1.2: `*`, or entity tags; of an empty list none
/// is there.
const ENTITY_TAGS: &str =
    r#"^(?:\*|(?:W/)?"[!#-~\x80-\xff]*"(?:[ \t]*,[ \t]*(?:W/)?"[!#-~\x80-\xff]*")*)?$"#;

/// The parameters that an operation has besides those of the contract.
pub(super) fn of(answers: Answers<'_>, operation: &Operation) -> Vec<Value> {
    let binding = &operation.binding;
    let mut fields = Vec::new();
    if has_keys(operation) {
        fields.push(idempotency_key());
    }
    if binding.is_write() {
        if answers.read_of(operation).is_some() {
            fields.push(tags(
                "If-Match",
                "The `ETag` of the GET of this path: the write is done only if it is still that of a fresh read (else 412). \
                 `*`: only if there is something.",
            ));
            if binding.create_if_absent().is_some() {
                fields.push(tags(
                    "If-None-Match",
                    "`*`: the write is done only if there is nothing yet (else 412).",
                ));
            }
        }
    } else {
        if operation_shows(operation) {
            // Whatever names no tag is let pass.
            fields.push(text(
                "If-None-Match",
                "The `ETag` of an answer that the caller has: 304 without content where it is still that of this one.",
            ));
            fields.push(tags(
                "If-Match",
                "The `ETag` that the answer must have (else 412). `*`: any.",
            ));
        }
        fields.push(text(
            "Cache-Control",
            match binding.cache() {
                Some(_) => {
                    "What the caller takes of the cache (RFC 9111): `no-cache` asks the vendor, `max-age` and `min-fresh` bound the age in \
                     seconds, `no-store` keeps the answer out, `only-if-cached` asks nobody (else 504). The gateway's settings can turn \
                     this off."
                }
                None => {
                    "`only-if-cached` asks nobody: 504, since nothing of this operation is kept. The gateway's settings can turn this off."
                }
            },
        ));
    }
    fields.push(request_timeout());
    fields
}

fn idempotency_key() -> Value {
    parameter(
        "Idempotency-Key",
        "Of the caller's making, another for each request: the same key with the same request gets the kept answer, with another \
         request 422, and 409 while the first still runs. After an unknown outcome the gateway looks before it sends again. Bare or \
         in double quotes.",
        json!({"type": "string", "pattern": IDEMPOTENCY_KEY}),
    )
}

fn request_timeout() -> Value {
    parameter(
        "Request-Timeout",
        "Seconds that the caller waits, also with a fraction; it shortens the time that the gateway takes, and never lengthens it.",
        json!({"type": "number", "exclusiveMinimum": 0}),
    )
}

fn tags(name: &str, description: &str) -> Value {
    parameter(
        name,
        description,
        json!({"type": "string", "pattern": ENTITY_TAGS}),
    )
}

fn text(name: &str, description: &str) -> Value {
    parameter(name, description, json!({"type": "string"}))
}

fn parameter(name: &str, description: &str, schema: Value) -> Value {
    json!({"name": name, "in": "header", "required": false, "description": description, "schema": schema})
}
