//! `/openapi.json`: the public document of the contract, with what only the settings know.

use bytes::Bytes;
use contract::Plan;
use serde_json::{Value, json};

use crate::engine::runtime::{OwnPage, Runtime};

/// SHA-256 of the contract, the same that `/status` and the metrics show: by it one sees from outside which
/// contract a gateway serves, and that several serve the same.
const DIGEST: &str = "x-contract-digest";

/// The document of a gateway. Where callers need keys, it says so: a generated client sends one only then.
/// The pages that need none are no operations of the document.
#[must_use]
pub fn document(plan: &Plan, has_callers: bool) -> Value {
    let mut document = if has_callers {
        contract::guarded_document(plan)
    } else {
        let mut open = plan.openapi.clone();
        open["security"] = json!([]);
        open
    };
    document["info"][DIGEST] = json!(plan.digest);
    document
}

/// The document as it is served, written once.
#[must_use]
pub fn page(runtime: &Runtime) -> &OwnPage {
    runtime
        .openapi
        .get_or_init(|| OwnPage::new(served(runtime).to_string()))
}

/// The body of [`page`].
#[must_use]
pub fn text(runtime: &Runtime) -> &Bytes {
    &page(runtime).body
}

/// The document with what this gateway's settings say.
#[must_use]
pub fn served(runtime: &Runtime) -> Value {
    document(&runtime.plan, !runtime.settings.callers.is_empty())
}
