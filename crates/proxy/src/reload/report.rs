//! What became of a reload.

use std::time::{Duration, SystemTime};

use serde::{Serialize, Serializer};

use crate::time_of_day::rfc3339;

/// Who asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// SIGHUP.
    Signal,
    /// `POST /reload`.
    Request,
    /// `serve --watch` saw that a file had changed.
    Change,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// What was read runs now.
    Accepted,
    /// What ran before goes on.
    Refused,
    /// A bug of ours; what ran before goes on.
    Failed,
}

/// One thing that is wrong, as `check` would tell it. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Empty where it is about this machine and no file (a secret that is missing); so are the other places.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    pub message: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help: String,
}

impl Finding {
    /// Of no file.
    #[must_use]
    pub fn of_machine(message: impl Into<String>) -> Self {
        Self {
            file: String::new(),
            line: None,
            column: None,
            code: None,
            message: message.into(),
            help: String::new(),
        }
    }
}

/// What a reload says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub outcome: Outcome,
    /// The digest of the contract that was read; `None` where it could not be.
    pub contract_digest: Option<String>,
    /// Why it was refused.
    pub findings: Vec<Finding>,
    /// Things that work and are probably not meant, and what only a restart changes.
    pub warnings: Vec<String>,
}

impl Report {
    #[must_use]
    pub fn refused(findings: Vec<Finding>) -> Self {
        Self {
            outcome: Outcome::Refused,
            contract_digest: None,
            findings,
            warnings: Vec::new(),
        }
    }

    pub(super) fn failed() -> Self {
        Self {
            outcome: Outcome::Failed,
            ..Self::refused(Vec::new())
        }
    }
}

/// The last reload, and when it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastReload {
    pub trigger: Trigger,
    /// When it ended.
    #[serde(serialize_with = "as_rfc3339")]
    pub at: SystemTime,
    #[serde(rename = "duration_ms", serialize_with = "as_milliseconds")]
    pub duration: Duration,
    #[serde(flatten)]
    pub report: Report,
}

fn as_rfc3339<S: Serializer>(time: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&rfc3339(*time))
}

fn as_milliseconds<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}
