//! The parameters of a path: decoded once, and checked.

use std::collections::BTreeMap;

use contract::{Operation, ParameterPlace};
use grammar::PathSegment;
use grammar::segment::is_segment;
use validate::{At, Violation, Violations};

use super::decode::{badly_encoded, decode};
use super::find::find;

/// The values by name; what is wrong with them goes to `violations`.
pub fn path(
    operation: &Operation,
    raw: &[(&str, &str)],
    violations: &mut Violations,
) -> BTreeMap<String, PathSegment> {
    let mut values = BTreeMap::new();
    for (name, raw) in raw {
        let Some(parameter) = find(operation, name, ParameterPlace::Path) else {
            continue;
        };
        let Some(text) = decode(raw) else {
            violations.push(badly_encoded(name));
            continue;
        };
        match parameter.validator.judge_parameter(name, &text) {
            // The contract's own check of its parameters cannot see through every pattern.
            Ok(()) => match PathSegment::new(text) {
                Ok(segment) => {
                    values.insert((*name).to_owned(), segment);
                }
                Err(_) => violations.push(no_segment(name)),
            },
            Err(found) => violations.append(found),
        }
    }
    values
}

fn no_segment(name: &str) -> Violation {
    Violation {
        at: At::Parameter(name.to_owned()),
        code: validate::code::IDENTIFIER,
        detail: format!(
            "`{name}` must be one segment of a path: not empty, `.` or `..`, and without `/`, `\\` and control characters"
        ),
    }
}

/// Whether an operation's route takes a text as its path parameter.
#[must_use]
pub fn takes(target: &Operation, name: &str, text: &str) -> bool {
    let mut parameters = target
        .parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Path && parameter.name == name);
    is_segment(text)
        && parameters.all(|parameter| parameter.validator.judge_parameter(name, text).is_ok())
}
