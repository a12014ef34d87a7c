//! The compiled contract: what the engine runs. Nothing in here refers back to the document.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::Diagnostic;

mod binding;
mod cache;
mod effect;
mod id;
mod index;
mod operation;
mod path;
mod probe;
mod problem;
pub mod router;
mod source;

pub use binding::{Binding, Emit};
pub use cache::{CacheRule, TagReach, TagSource};
pub use effect::{
    Compare, CreateIfAbsent, Effect, LAST_INDEX, LOOK_UPS, Paging, ReadPlan, Unclear, WritePlan,
};
pub use id::OperationId;
pub use index::OperationIndex;
pub use operation::{Deprecation, Listed, Operation, Parameter, ParameterPlace, RequestBody};
pub use path::{VendorPath, VendorSegment, placeholder};
pub use probe::Probe;
pub use problem::Problem;
pub use router::{Captured, Route, Router};
pub use source::{QueryPair, RequestPlan, SetField, Source};

/// A whole contract, resolved and checked.
#[derive(Debug)]
pub struct Plan {
    /// Hex SHA-256 over the document, order included: where anything differs that a caller could see,
    /// the digests differ.
    pub digest: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// In the order of the contract; an [`OperationIndex`] points into them.
    pub operations: Vec<Operation>,
    /// From raw paths and methods to operations.
    pub router: Router,
    /// The gateway's own problems and the contract's, by code.
    pub problems: BTreeMap<Arc<str>, Problem>,
    /// At most one for each vendor.
    pub probes: Vec<Probe>,
    /// The keys of `x-vendors`: each needs an entry under `upstreams` in `gateway.yaml`.
    pub upstreams: Vec<String>,
    /// The document without its internals, as `/openapi.json` serves it.
    pub openapi: Value,
    /// What loads and has a better successor, in the order of the text.
    pub warnings: Vec<Diagnostic>,
}

impl Plan {
    /// The read of an operation's path, however the two name its parameters.
    #[must_use]
    pub fn read_of(&self, operation: &Operation) -> Option<OperationIndex> {
        read_of(&self.operations, operation).map(OperationIndex)
    }
}

/// Where among the operations the read of an operation's path stands.
pub(crate) fn read_of(operations: &[Operation], operation: &Operation) -> Option<usize> {
    // A parameter meets any other.
    let segments = |of: &Operation| -> Vec<Option<String>> {
        let literal = |segment: &str| placeholder(segment).is_none().then(|| segment.to_owned());
        of.path.split('/').map(literal).collect()
    };
    let path = segments(operation);
    operations
        .iter()
        .position(|other| !other.binding.is_write() && segments(other) == path)
}
