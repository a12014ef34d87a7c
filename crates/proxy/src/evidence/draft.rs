//! What a request leaves behind, before it is made a record: shared bytes and names, nothing copied twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde_json::Value;
use translate::Encoding;
use validate::FlatJson;

use super::record::ContractName;
use crate::settings::Masked;
use crate::upstream::{Attempt, VendorRequest};

/// A request that is to be recorded.
pub struct Draft {
    pub contract: ContractName,
    pub time: SystemTime,
    pub trace_id: String,
    pub because: &'static str,
    pub method: String,
    pub route: String,
    pub operation: String,
    pub asked: Option<Arc<Asked>>,
    /// It came under a key whose first request ended in an unknown outcome.
    pub after_unknown: bool,
    pub calls: Vec<DraftCall>,
    pub outcome: Option<&'static str>,
    pub why: Option<String>,
    pub phases: Vec<(&'static str, Duration)>,
    pub status: u16,
    pub problem: Bytes,
    /// The names whose values are personal.
    pub personal: BTreeSet<String>,
}

/// What a caller asked for, as it was checked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: BTreeMap<String, String>,
    pub query: BTreeMap<String, Value>,
    pub body: Option<FlatJson>,
    pub conditions: Vec<(String, String)>,
    pub limit: Duration,
}

/// A vendor call with what the contract says of it.
pub struct DraftCall {
    pub step: &'static str,
    pub operation: Arc<str>,
    pub upstream: Arc<str>,
    pub base_url: String,
    pub masked: Masked,
    pub request_encoding: Option<Encoding>,
    pub answer_encoding: Encoding,
    /// Fields of the answer's head that give a personal value.
    pub personal_fields: Vec<String>,
    pub request: VendorRequest,
    pub took: Duration,
    pub attempt: Attempt,
}

impl Draft {
    /// The bytes that it keeps alive, about.
    #[must_use]
    pub fn size(&self) -> usize {
        const ALONE: usize = 1024;
        let asked = self.asked.as_ref().and_then(|asked| asked.body.as_ref());
        let calls = self.calls.iter().map(|call| {
            let answer = match &call.attempt {
                Attempt::Answered(answer) => answer.body.len(),
                Attempt::NotSent(_) | Attempt::ResponseLost(_) => 0,
            };
            ALONE + call.request.body.len() + answer
        });
        ALONE + self.problem.len() + asked.map_or(0, FlatJson::size) + calls.sum::<usize>()
    }
}
