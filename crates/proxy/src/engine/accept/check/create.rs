//! What is wrong with an update as the create that it may become.

use contract::Operation;
use grammar::Pointer;
use validate::{At, FlatJson, Node, Violation, Violations};

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
    sent: Option<&FlatJson>,
) -> Violations {
    let mut violations = Violations::default();
    let (Some(create), Some(body)) = (operation.binding.create_if_absent(), &input.body) else {
        return violations;
    };
    if !create
        .requires
        .iter()
        .all(|place| input.find(place).is_some())
    {
        return violations;
    }
    for (place, source) in &create.same {
        if input.find(place).map(Node::to_value) != input.resolve_typed(operation, source) {
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
        let filled = |place: &&Pointer| sent.and_then(|sent| sent.root().find(place)).is_none();
        let mut filled = create.filled.iter().filter(filled).peekable();
        if filled.peek().is_none() {
            violations.append(schema.validator.check_flat(body));
        } else {
            let mut body = body.to_value();
            filled.for_each(|place| remove(&mut body, place));
            violations.append(schema.validator.check(&body));
        }
    }
    violations
}
