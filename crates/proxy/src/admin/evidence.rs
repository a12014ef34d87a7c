//! `GET /evidence` and `GET /evidence/{trace_id}`.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use super::answer::{json, refused, text};
use super::page::Page;
use crate::engine::Engine;

/// The records, the newest first, and how much is kept.
pub fn list(engine: &Engine) -> Response<Bytes> {
    match engine.evidence().held() {
        Some(held) => {
            let records = engine.evidence().list();
            json(StatusCode::OK, &json!({"held": held, "records": records}))
        }
        None => off(),
    }
}

/// The record that a path names, as it is kept.
pub fn record(engine: &Engine, path: &str) -> Response<Bytes> {
    if engine.evidence().held().is_none() {
        return off();
    }
    let found = Page::trace_id(path).and_then(|trace_id| engine.evidence().get(trace_id));
    match found {
        Some(record) => text(StatusCode::OK, "application/json", record.into()),
        None => {
            let why = "there is no record of this trace id; it may be gone already";
            refused(StatusCode::NOT_FOUND, why)
        }
    }
}

fn off() -> Response<Bytes> {
    let why = "no evidence is kept; `evidence: {}` in gateway.yaml turns it on";
    refused(StatusCode::NOT_FOUND, why)
}
