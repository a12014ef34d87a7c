//! The read by which an operator learns whether a vendor can be used.

use std::sync::Arc;

use serde_json::Value;

use super::index::OperationIndex;

/// `probe` of a vendor: a read that changes nothing and needs nothing to be there.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The key under `x-vendors`.
    pub upstream: Arc<str>,
    /// A GET of that vendor.
    pub operation: OperationIndex,
    /// Its parameters by name, scalars that their schemas take; every required one is there.
    pub with: Vec<(String, Value)>,
    /// Problems of status 404 that are a healthy answer: the thing that is asked for need not be there.
    pub healthy: Vec<Arc<str>>,
}
