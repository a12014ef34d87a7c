//! What a path parameter may be: it becomes one segment of a vendor's path, so what would not stay
//! one is refused by its schema, or the schema is.

use grammar::segment::is_segment;
use serde_json::Value;
use validate::Validator;

use crate::code::Code;
use crate::schema::{ReadOnly, Schema, SchemaKind};
use crate::source::Node;

/// Values that would leave their segment: resolved away, split, or dropped by some server.
///
/// They are samples: that a schema refuses all of them proves nothing about the next one, so each value
/// is looked at again before it goes into a path.
const UNSAFE: [&str; 34] = [
    "", ".", "..", "/", "//", "///", "////", "/////", "\\", "\\\\", "\\\\\\", "a/", "/a", "a/b",
    "b/c", "x/y", "a/1", "1/2", "A/B", "a/b/c", "a/..", "../a", "a/b@c", "a@b/c", "a-b/c", "a.b/c",
    "a\\", "\\a", "a\\b", "1\\2", "a\\b@c", "%2F", "%5C", "%2f..",
];

const HELP: &str = "add `format: identifier`, `format: uuid`, or a `pattern` anchored at both ends, such as '^[0-9]+$'";

/// Reports a schema that admits what is no segment.
pub(crate) fn check_segment(name: &str, schema: &Schema<'_>, node: &Node<'_>) {
    if !matches!(schema.kind, SchemaKind::String { .. }) {
        return;
    }
    let Ok(validator) = Validator::compile(&schema.flat(ReadOnly::Binds)) else {
        return;
    };
    let listed = ["enum", "const"]
        .iter()
        .filter_map(|word| schema.check(word))
        .flat_map(|check| match check.node.value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        });
    let listed = listed.filter_map(Value::as_str).filter(|text| leaves(text));
    let admitted = UNSAFE
        .into_iter()
        .chain(listed)
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

/// Whether a text would not stay one segment.
fn leaves(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    !is_segment(text) || ["%2f", "%5c"].iter().any(|coded| lower.contains(coded))
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
    use super::{UNSAFE, is_anchored, leaves};

    #[test]
    fn every_sample_leaves_its_segment() {
        assert!(UNSAFE.iter().all(|text| leaves(text)));
        assert!(!leaves("a.b") && !leaves("...") && !leaves("50%"));
    }

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
