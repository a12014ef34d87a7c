//! The read that the contract names as a vendor's probe, made as for a caller, past the cache.

use std::time::Duration;

use contract::Probe;
use http::HeaderMap;
use serde_json::Value;
use tokio::time::Instant;

use super::given::Given;
use crate::engine::accept::check::{RawRequest, check};
use crate::engine::accept::invocation::Invocation;
use crate::engine::call::budget::{CallBudget, CallTally};
use crate::engine::call::dispatch;
use crate::engine::refusal::Refusal;
use crate::engine::runtime::Runtime;
use crate::engine::trace::Trace;
use crate::phases::Phases;

/// How a healthy vendor answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Healthy {
    /// By a success, of which a caller would have got this status.
    Success(u16),
    /// That the thing is not there, which the contract calls healthy: the code of that problem.
    NotThere(String),
}

/// Makes the read; it ends after `limit`.
///
/// # Errors
/// What a caller would be told.
pub async fn probe(
    runtime: &Runtime,
    probe: &Probe,
    limit: Duration,
) -> Result<Healthy, Box<Refusal>> {
    let operation = runtime.operation(probe.operation);
    let with: Vec<(&str, String)> = probe
        .with
        .iter()
        .map(|(name, value)| (name.as_str(), text(value)))
        .collect();
    // Their names are the operation's: the contract was checked.
    let given = Given::of(
        operation,
        with.iter().map(|(name, value)| (*name, value.as_str())),
    );
    let given = given.unwrap_or_default();
    let raw = RawRequest {
        path: &given.path(),
        query: Some(&given.query),
        body: None,
    };
    let input = check(runtime, probe.operation, raw)?;
    let invocation = Invocation {
        runtime,
        index: probe.operation,
        input: &input,
    };
    let trace = Trace::from_headers(&HeaderMap::new(), None);
    let mut tally = CallTally::default();
    let phases = Phases::default();
    let mut budget = CallBudget {
        trace: &trace,
        deadline: Instant::now() + limit,
        tally: &mut tally,
        phases: &phases,
        store: None,
    };
    match dispatch::read(invocation, &mut budget).await {
        Ok(result) => Ok(Healthy::Success(result.entry.emit.status.as_u16())),
        Err(refusal) if probe.healthy.contains(&refusal.code) => {
            Ok(Healthy::NotThere(refusal.code.to_string()))
        }
        Err(refusal) => Err(Box::new(refusal)),
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
