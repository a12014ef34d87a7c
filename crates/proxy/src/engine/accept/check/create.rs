//! What is wrong with an update as the create that it may become.

use contract::Operation;
use serde_json::Value;
use validate::{At, Violation, Violations};

use crate::engine::accept::input::{Input, remove};
use crate::engine::runtime::Runtime;

/// Where the request may become a create, it must be able to be one, before any vendor call.
///
/// `sent` is the body as it came: what the caller did not send and `set` fills is no mistake of theirs, also
/// where the create calls it read-only.
pub fn violations(
    runtime: &Runtime,
    operation: &Operation,
    input: &Input,
    sent: Option<&Value>,
) -> Violations {
    let mut violations = Violations::default();
    let (Some(create), Some(body)) = (operation.binding.create_if_absent(), &input.body) else {
        return violations;
    };
    if !create
        .requires
        .iter()
        .all(|place| place.find(body).is_some())
    {
        return violations;
    }
    for (place, source) in &create.same {
        if place.find(body) != input.resolve_typed(operation, source).as_ref() {
            violations.push(Violation {
                at: At::Pointer(place.to_string()),
                code: "conflicts-with-path",
                detail: format!(
                    "`{}` differs from the path: a request that may create cannot rename; leave it out, or send the same value",
                    place.tokens().join("/")
                ),
            });
        }
    }
    if let Some(schema) = &runtime.operation(create.operation).body {
        let mut body = std::borrow::Cow::Borrowed(body);
        for place in &create.filled {
            if sent.and_then(|sent| place.find(sent)).is_none() {
                remove(body.to_mut(), place);
            }
        }
        violations.append(schema.validator.check(&body));
    }
    violations
}
