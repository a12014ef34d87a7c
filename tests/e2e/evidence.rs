//! What is kept of requests that failed, and what it comes to when it is run again.

mod records;
mod replay;

use serde_json::Value;

use crate::support::{Answer, Gateway, eventually};

/// The record of an answer's trace, once it is there, and its text.
fn record(gateway: &Gateway, answer: &Answer) -> (Value, String) {
    let trace_id = answer.json()["trace_id"].as_str().unwrap().to_owned();
    let text = eventually("the record", || {
        let answer = gateway.admin_get(&format!("/evidence/{trace_id}"));
        match answer.status {
            200 => Ok(answer.text()),
            _ => Err(answer.text()),
        }
    });
    (serde_json::from_str(&text).unwrap(), text)
}
