use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::rule::{Role, Rule};
use crate::code;
use crate::did_you_mean::closest;
use crate::excerpt::{count, describe, list, quote, show};
use crate::format::Format;

/// The code of a broken rule, and what is to stand behind the field's name.
pub(super) fn of(kind: &Kind, found: &Value, rule: &Rule<'_>) -> (&'static str, String) {
    let given = describe(found);
    match kind {
        Kind::Type { .. } if found.is_null() => (code::NULL_NOT_ALLOWED, null(rule)),
        Kind::Type { .. } => (
            code::TYPE,
            format!("must be {}, found {given}", type_names(rule.schema)),
        ),
        Kind::Enum { options } => (code::ENUM, not_among(options, found)),
        Kind::Constant { expected_value } => (
            code::CONST,
            format!("must be {}, found {given}", show(expected_value)),
        ),
        Kind::Minimum { limit } => (
            code::MINIMUM,
            format!("must be at least {limit}, found {given}"),
        ),
        Kind::ExclusiveMinimum { limit } => (
            code::MINIMUM,
            format!("must be more than {limit}, found {given}"),
        ),
        Kind::Maximum { limit } => (
            code::MAXIMUM,
            format!("must be at most {limit}, found {given}"),
        ),
        Kind::ExclusiveMaximum { limit } => (
            code::MAXIMUM,
            format!("must be less than {limit}, found {given}"),
        ),
        Kind::MinLength { limit } => (
            code::MIN_LENGTH,
            sized("at least", *limit, "character", characters(found)),
        ),
        Kind::MaxLength { limit } => (
            code::MAX_LENGTH,
            sized("at most", *limit, "character", characters(found)),
        ),
        Kind::MinItems { limit } => (
            code::MIN_ITEMS,
            sized("at least", *limit, "item", members(found)),
        ),
        Kind::MaxItems { limit } => (
            code::MAX_ITEMS,
            sized("at most", *limit, "item", members(found)),
        ),
        Kind::MinProperties { limit } => (
            code::MIN_PROPERTIES,
            sized("at least", *limit, "field", members(found)),
        ),
        Kind::MaxProperties { limit } => (
            code::MAX_PROPERTIES,
            sized("at most", *limit, "field", members(found)),
        ),
        Kind::Pattern { pattern } => (
            code::PATTERN,
            format!("must match the pattern {}, found {given}", quote(pattern)),
        ),
        Kind::Format { format } => misformed(format, found),
        // No schema word leads here (`schema::words` is closed); told in general terms rather than
        // dropped, since the value did not pass.
        other => (
            code::NOT_ALLOWED,
            format!("does not fit the schema's {}", quote(other.keyword())),
        ),
    }
}

fn null(rule: &Rule<'_>) -> String {
    let types = type_names(rule.schema);
    let fix = match rule.role {
        Role::Whole => "send",
        Role::Required => "it is required, so give",
        Role::Optional => "leave the field out, or give",
        Role::Item => "leave the item out, or give",
    };
    format!("must not be null; {fix} {types}")
}

/// "an integer", "a text or null".
fn type_names(schema: &Value) -> String {
    let name = |name: &Value| match name.as_str() {
        Some("string") => "a text",
        Some("integer") => "an integer",
        Some("number") => "a number",
        Some("boolean") => "true or false",
        Some("object") => "an object",
        Some("array") => "an array",
        Some("null") => "null",
        _ => "another type",
    };
    match schema.get("type") {
        Some(Value::Array(names)) => names.iter().map(name).collect::<Vec<_>>().join(" or "),
        Some(single) => name(single).to_owned(),
        None => name(&Value::Null).to_owned(),
    }
}

fn not_among(options: &Value, found: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let hint = found
        .as_str()
        .and_then(|text| closest(text, options.iter().filter_map(Value::as_str)))
        .map(|meant| format!("; did you mean {}?", quote(meant)))
        .unwrap_or_default();
    format!(
        "must be {}, found {}{hint}",
        list(options, show),
        describe(found)
    )
}

fn misformed(format: &str, found: &Value) -> (&'static str, String) {
    let text = found.as_str().unwrap_or_default();
    match Format::named(format) {
        Some(format) => {
            let predicate = format.check(text).err().unwrap_or_default();
            (
                format.name(),
                format!("{predicate}; found {}", describe(found)),
            )
        }
        None => (code::NOT_ALLOWED, format!("is not a {}", quote(format))),
    }
}

fn sized(bound: &str, limit: u64, noun: &str, found: usize) -> String {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    format!("must have {bound} {}, found {found}", count(limit, noun))
}

fn characters(found: &Value) -> usize {
    found.as_str().map_or(0, |text| text.chars().count())
}

fn members(found: &Value) -> usize {
    match found {
        Value::Array(items) => items.len(),
        Value::Object(members) => members.len(),
        _ => 0,
    }
}
