//! The file of one record: `docs/operations.md` has the table of its members.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Changes where a reader of the old could no longer read the new. Members may be added without.
pub const FORMAT: &str = "lms-gateway-evidence/1";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub format: String,
    /// The version of the gateway that wrote it.
    pub gateway: String,
    pub contract: ContractName,
    /// When the request ended, RFC 3339.
    pub time: String,
    pub trace_id: String,
    /// Why it is kept: `problem` or `unmapped-code`.
    pub because: String,
    pub request: Request,
    /// In the order in which they were made.
    pub calls: Vec<Call>,
    pub verdict: Verdict,
    /// Where the time went, in milliseconds by phase.
    #[serde(default)]
    pub phases: Map<String, Value>,
    /// Of the answer.
    pub status: u16,
    /// The answer's body, as JSON.
    pub problem: Value,
    /// The names whose values are blanked.
    #[serde(default)]
    pub blanked: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractName {
    pub title: String,
    pub version: String,
    pub digest: String,
}

/// The caller's request as it was checked: `set` is applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub method: String,
    /// The template of the path.
    pub route: String,
    pub operation: String,
    pub path: Map<String, Value>,
    pub query: Map<String, Value>,
    /// `If-Match` and `If-None-Match`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// The body was too long to be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_cut: Option<Cut>,
    /// What its vendor calls might take together.
    pub time_limit_ms: u64,
    /// It came under an `Idempotency-Key` whose first request ended in an unknown outcome.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub after_unknown: bool,
}

/// One vendor call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// `read`, `write`, `repeat`, `look_up`, `read_back` or `create_if_absent`.
    pub step: String,
    pub operation: String,
    pub upstream: String,
    pub base_url: String,
    pub request: VendorRequest,
    pub took_ms: f64,
    /// `answered`, `lost` (it may have arrived) or `not-sent`.
    pub end: String,
    /// Why there is no answer, or no whole one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<VendorAnswer>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorRequest {
    pub method: String,
    /// With the query, below the base URL.
    pub path: String,
    /// Without the credential.
    pub fields: Vec<(String, String)>,
    /// What the credential adds to fields, query and form, its values struck.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credential: Vec<String>,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorAnswer {
    pub status: u16,
    pub fields: Vec<(String, String)>,
    pub body: Body,
}

/// The bytes of a body: `text` where they are UTF-8, or else `base64`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// What is there is a part, or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
}

/// A body that is not there whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Of the whole.
    pub bytes: usize,
    /// Of the whole as it came, hex.
    pub sha256: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// As in metrics: `timeout`, `closed`, ...
    pub kind: String,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Of a write: `not-done` or `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// What the log line says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Where a replay is not what was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// A pointer into the record.
    pub at: String,
    pub recorded: String,
    pub replayed: String,
}
