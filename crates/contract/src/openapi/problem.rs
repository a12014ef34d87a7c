//! The problem of RFC 9457 in the public document.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::plan::Problem;

pub(super) const MEDIA_TYPE: &str = "application/problem+json";

pub(super) fn response() -> Value {
    json!({
        "description": "A problem (RFC 9457). `code` says which; `/problems` explains each.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    })
}

/// What stands for it in the responses of an operation.
pub(super) fn reference() -> Value {
    json!({"$ref": "#/components/responses/Problem"})
}

/// An entry of `components.examples`: what is the same in each occurrence.
pub(super) fn example(problem: &Problem) -> Value {
    let mut value = json!({
        "type": format!("/problems/{}", problem.code),
        "title": problem.title,
        "status": problem.status,
        "code": &*problem.code,
    });
    if let Some(hint) = &problem.hint {
        value["hint"] = json!(hint);
    }
    json!({"summary": problem.title, "description": problem.description, "value": value})
}

/// The members of every problem; `code` is one of the catalogue.
pub(super) fn schema(problems: &BTreeMap<Arc<str>, Problem>) -> Value {
    let codes: Vec<&str> = problems.keys().map(|code| &**code).collect();
    json!({
        "type": "object",
        "description": "What went wrong, and what to do about it.",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string", "description": "`/problems/{code}`: the page that explains the problem."},
            "title": {"type": "string", "description": "A short name, the same for every occurrence."},
            "status": {"type": "integer", "minimum": 400, "maximum": 599, "description": "The HTTP status."},
            "code": {"type": "string", "enum": codes, "description": "The problem, for programs."},
            "detail": {"type": "string", "description": "What went wrong this time."},
            "instance": {"type": "string", "description": "The path of the request."},
            "errors": {
                "type": "array",
                "description": "Every violation, at most 100; each names a place in the body or a parameter.",
                "items": {
                    "type": "object",
                    "required": ["code", "detail"],
                    "properties": {
                        "pointer": {"type": "string", "description": "JSON Pointer (RFC 6901) into the body."},
                        "parameter": {"type": "string", "description": "Name of a path or query parameter."},
                        "code": {"type": "string", "description": "The rule, for programs."},
                        "detail": {"type": "string", "description": "The rule and how to meet it."},
                    },
                },
            },
            "more_errors": {"type": "integer", "minimum": 1, "description": "How many violations were found beyond those listed."},
            "upstream": {
                "type": "object",
                "description": "What the vendor said, where it said anything.",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "description": "The vendor."},
                    "status": {"type": "integer", "description": "Its HTTP status."},
                    "code": {"type": "string", "description": "Its error code."},
                    "message": {"type": "string", "description": "Its message, one line, shortened."},
                },
            },
            "outcome": {
                "type": "string",
                "enum": ["not-done", "unknown"],
                "description": "Of a write: whether it is sure that nothing was changed.",
            },
            "safe_to_repeat": {
                "type": "boolean",
                "description": "Of a write whose outcome is unknown: repeating it makes no second one.",
            },
            "trace_id": {"type": "string", "description": "Finds the request in the logs."},
            "hint": {"type": "string", "description": "What to do."},
        },
    })
}
