//! The document of a gateway whose callers need keys.

use grammar::pointer;
use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::shared::{describe_shared, with_problems};
use crate::plan::Plan;

const SCHEME: &str = "caller_key";

/// The public document with a security scheme, and with what a caller is told whose key is missing, not for an
/// operation, or used too often. A generated client sends a key only where a document says so.
#[must_use]
pub fn guarded_document(plan: &Plan) -> Value {
    let mut document = plan.openapi.clone();
    let answers = Answers {
        operations: &plan.operations,
        problems: &plan.problems,
        guarded: true,
    };
    for operation in &plan.operations {
        let method = operation.method.as_str().to_ascii_lowercase();
        let place = format!(
            "/paths/{}/{method}/responses",
            pointer::escape(&operation.path)
        );
        let Some(Value::Object(responses)) = document.pointer_mut(&place) else {
            continue;
        };
        let known = std::mem::take(responses).into_iter();
        let successes: Map<String, Value> = known
            .filter(|(status, _)| status.starts_with(['2', '3']))
            .collect();
        *responses = with_problems(successes, answers, operation);
    }
    describe_shared(&mut document, &plan.problems);
    document["security"] = json!([{SCHEME: []}]);
    document["components"]["securitySchemes"] = json!({SCHEME: {
        "type": "http",
        "scheme": "bearer",
        "description": "The key that the operator of the gateway gave the caller.",
    }});
    document
}
