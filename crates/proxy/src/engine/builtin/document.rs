//! `/openapi.json`: the public document of the contract, with what only the settings know.

use bytes::Bytes;
use contract::Plan;
use serde_json::{Value, json};

use crate::engine::runtime::Runtime;

/// The document of a gateway. Where callers need keys, it says so: a generated client sends one only then.
/// The pages that need none are no operations of the document.
#[must_use]
pub fn document(plan: &Plan, has_callers: bool) -> Value {
    if has_callers {
        return contract::guarded_document(plan);
    }
    let mut document = plan.openapi.clone();
    document["security"] = json!([]);
    document
}

/// The document as it is served, written once.
#[must_use]
pub fn text(runtime: &Runtime) -> &Bytes {
    let has_callers = !runtime.settings.callers.is_empty();
    let write = || document(&runtime.plan, has_callers).to_string().into();
    runtime.openapi.get_or_init(write)
}
