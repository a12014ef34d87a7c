//! `If-Match` and `If-None-Match` (RFC 9110 §13) as a request bears them.

use contract::GatewayProblem;
use http::HeaderName;
use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::request::Parts;
use validate::{At, Violation, Violations};

use crate::cache::{Condition, ETag};
use crate::engine::refusal::Refusal;

/// What a write's caller demands of the resource as it is; at least one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    pub if_match: Option<Condition>,
    pub if_none_match: Option<Condition>,
}

/// The conditions of a write; `None` where there are none. `If-Unmodified-Since` and
/// `If-Modified-Since` are none: nothing here has a modification date (RFC 9110 §13.1.3, §13.1.4).
///
/// # Errors
/// A field that cannot be read: 400, since nobody knows what its caller wants to rule out.
pub fn of_write(head: &Parts) -> Result<Option<Conditions>, Refusal> {
    let conditions = Conditions {
        if_match: read(head, &IF_MATCH, "If-Match")?,
        if_none_match: read(head, &IF_NONE_MATCH, "If-None-Match")?,
    };
    let some = conditions.if_match.is_some() || conditions.if_none_match.is_some();
    Ok(some.then_some(conditions))
}

/// The fields of both as they came, for a record.
#[must_use]
pub fn as_text(head: &Parts) -> Vec<(String, String)> {
    let fields = [IF_MATCH, IF_NONE_MATCH].into_iter();
    let lines = fields.flat_map(|name| {
        let values = head.headers.get_all(&name).iter();
        let texts = values.filter_map(|value| value.to_str().ok());
        let lines = texts.map(|text| (name.to_string(), text.to_owned()));
        lines.collect::<Vec<_>>()
    });
    lines.collect()
}

/// The `If-Match` of a read. Its `If-None-Match` asks for a 304, and one that cannot be read names
/// nothing.
///
/// # Errors
/// As [`of_write`].
pub fn of_read(head: &Parts) -> Result<Option<Condition>, Refusal> {
    read(head, &IF_MATCH, "If-Match")
}

/// 412 where `If-Match` does not name what a read found.
pub fn check_read(if_match: Option<&Condition>, etag: &ETag) -> Result<(), Refusal> {
    match if_match {
        Some(condition) if !condition.names_strongly(etag) => Err(other_tag()),
        _ => Ok(()),
    }
}

fn read(head: &Parts, field: &HeaderName, name: &str) -> Result<Option<Condition>, Refusal> {
    Condition::read(&head.headers, field).map_err(|malformed| {
        Refusal::violations(Violations::from(Violation {
            at: At::Parameter(name.to_owned()),
            code: "bad-precondition",
            detail: format!(
                "{name} is {malformed}; send the ETag of the answer as it came, with its quotes, or `*`"
            ),
        }))
    })
}

/// A precondition does not hold, and nothing was written.
pub fn failed(detail: impl Into<String>) -> Refusal {
    Refusal::new(GatewayProblem::PreconditionFailed, detail)
}

/// `If-Match` names other tags than that of what is there.
pub fn other_tag() -> Refusal {
    failed("If-Match does not hold: what is there has an entity tag that it does not name.")
}
