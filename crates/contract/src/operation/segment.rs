//! What a path parameter may be: it becomes one segment of a vendor's path, so what would not stay
//! one is refused by its schema, or the schema is.

use serde_json::Value;
use validate::Validator;

use crate::code::Code;
use crate::schema::{Kind, ReadOnly, Schema};
use crate::source::Node;

/// Values that would leave their segment: resolved away, split, or dropped by some server.
const UNSAFE: [&str; 6] = ["", ".", "..", "a/b", "a\\b", "%2F"];

const HELP: &str = "add `format: identifier`, `format: uuid`, or a `pattern` anchored at both ends, such as '^[0-9]+$'";

/// Reports a schema that admits what is no segment.
pub(crate) fn check(name: &str, schema: &Schema<'_>, node: &Node<'_>) {
    if !matches!(schema.kind, Kind::String { .. }) {
        return;
    }
    let Ok(validator) = Validator::compile(&schema.flat(ReadOnly::Binds)) else {
        return;
    };
    let admitted = UNSAFE
        .into_iter()
        .find(|text| validator.check(&Value::from(*text)).is_empty());
    if let Some(text) = admitted {
        let message =
            format!("the path parameter `{name}` admits `{text}`, which is no segment of a path");
        node.report_help(Code::UnsafeSegment, message, HELP);
        return;
    }
    // A pattern that is not anchored is content with a part of the value: `x` admits `x/..`.
    let closed = ["format", "enum", "const"]
        .iter()
        .any(|word| schema.check(word).is_some());
    let pattern = schema
        .check("pattern")
        .and_then(|check| check.node.value.as_str());
    if !closed && !pattern.is_some_and(is_anchored) {
        let message =
            format!("the pattern of the path parameter `{name}` binds a part of the value only");
        node.report_help(Code::UnsafeSegment, message, HELP);
    }
}

/// Whether a regular expression begins with `^`, ends with `$` and has no `|` beside its groups.
fn is_anchored(pattern: &str) -> bool {
    let Some(inner) = pattern
        .strip_prefix('^')
        .and_then(|rest| rest.strip_suffix('$'))
    else {
        return false;
    };
    let (mut depth, mut in_class, mut escaped) = (0_usize, false, false);
    for character in inner.chars() {
        match character {
            _ if escaped => {
                escaped = false;
                continue;
            }
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth = depth.saturating_sub(1),
            '|' if !in_class && depth == 0 => return false,
            _ => {}
        }
    }
    // The dollar sign itself may have been escaped.
    !escaped
}

#[cfg(test)]
mod tests {
    use super::is_anchored;

    #[test]
    fn an_anchored_pattern_binds_the_whole_value() {
        for pattern in ["^[0-9]{1,19}$", "^(a|b)$", "^[|]$", "^a\\|b$", "^a\\\\$"] {
            assert!(is_anchored(pattern), "{pattern}");
        }
        for pattern in ["x", "^x", "x$", "^a|b$", "^(a|b)|c$", "^a\\$", "^a\\\\\\$"] {
            assert!(!is_anchored(pattern), "{pattern}");
        }
    }
}
