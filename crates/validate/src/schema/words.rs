use serde_json::{Map, Value};

use crate::excerpt;
use crate::format::Format;

/// A keyword that is enforced.
pub(super) struct Word {
    name: &'static str,
    pub content: Content,
    /// The types it says something about; beside another `type` it would bind nothing.
    pub binds: &'static [&'static str],
}

/// What may stand behind a keyword.
#[derive(Clone, Copy)]
pub(super) enum Content {
    /// One type, or one and `null`.
    Type,
    Schema,
    SchemaOrFlag,
    SchemaList,
    /// Names to schemas.
    Schemas,
    /// Distinct property names.
    Names,
    Pattern,
    Format,
    Count,
    Number,
    /// A list of at least one value.
    Values,
    Anything,
    Flag,
}

const TYPES: [&str; 7] = [
    "string", "integer", "number", "boolean", "object", "array", "null",
];
const OBJECT: &[&str] = &["object"];
const ARRAY: &[&str] = &["array"];
const STRING: &[&str] = &["string"];
const NUMBER: &[&str] = &["integer", "number"];
const ANY: &[&str] = &[];

const WORDS: &[Word] = &[
    word("type", Content::Type, ANY),
    word("properties", Content::Schemas, OBJECT),
    word("required", Content::Names, OBJECT),
    word("additionalProperties", Content::SchemaOrFlag, OBJECT),
    word("minProperties", Content::Count, OBJECT),
    word("maxProperties", Content::Count, OBJECT),
    word("items", Content::Schema, ARRAY),
    word("minItems", Content::Count, ARRAY),
    word("maxItems", Content::Count, ARRAY),
    word("minLength", Content::Count, STRING),
    word("maxLength", Content::Count, STRING),
    word("pattern", Content::Pattern, STRING),
    word("format", Content::Format, STRING),
    word("minimum", Content::Number, NUMBER),
    word("maximum", Content::Number, NUMBER),
    word("exclusiveMinimum", Content::Number, NUMBER),
    word("exclusiveMaximum", Content::Number, NUMBER),
    word("enum", Content::Values, ANY),
    word("const", Content::Anything, ANY),
    word("allOf", Content::SchemaList, ANY),
    word("if", Content::Schema, ANY),
    word("then", Content::Schema, ANY),
    word("readOnly", Content::Flag, ANY),
];

const ANNOTATIONS: [&str; 9] = [
    "$comment",
    "default",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
    "writeOnly",
];

const fn word(name: &'static str, content: Content, binds: &'static [&'static str]) -> Word {
    Word {
        name,
        content,
        binds,
    }
}

pub(super) fn known(name: &str) -> Option<&'static Word> {
    WORDS.iter().find(|word| word.name == name)
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|word| word.name)
}

/// Words that bind no value: OpenAPI's descriptions, and what directs the translation.
pub(super) fn is_annotation(name: &str) -> bool {
    ANNOTATIONS.contains(&name) || name == "xml" || name.starts_with("x-")
}

/// The type names that stand beside a keyword, without `null`; `None` where there is no `type`, or
/// one that is told as an error itself.
pub(super) fn types(words: &Map<String, Value>) -> Option<Vec<&str>> {
    let types = words.get("type")?;
    check_type(types).ok()?;
    let names = type_names(types).into_iter();
    Some(names.filter(|name| *name != "null").collect())
}

impl Content {
    /// `Err` says what must stand there.
    pub(super) fn check(self, value: &Value) -> Result<(), String> {
        let found = || excerpt::describe(value);
        let (fits, wanted) = match self {
            Self::Type => return check_type(value),
            Self::Format => return check_format(value),
            Self::Schema => (value.is_object(), "a schema (an object)"),
            Self::SchemaOrFlag => (
                value.is_object() || value.is_boolean(),
                "a schema, true or false",
            ),
            Self::SchemaList => (
                value.as_array().is_some_and(|parts| !parts.is_empty()),
                "a list of schemas",
            ),
            Self::Schemas => (value.is_object(), "an object of schemas"),
            Self::Names => (distinct_names(value), "a list of names, each once"),
            Self::Pattern => (value.is_string(), "a regular expression (a text)"),
            Self::Count => (value.is_u64(), "a whole number of at least 0"),
            Self::Number => (value.is_number(), "a number"),
            Self::Values => (
                value.as_array().is_some_and(|values| !values.is_empty()),
                "a list of at least one value",
            ),
            Self::Flag => (value.is_boolean(), "true or false"),
            Self::Anything => (true, "a value"),
        };
        if fits {
            Ok(())
        } else {
            Err(format!("must be {wanted}, found {}", found()))
        }
    }
}

fn check_type(value: &Value) -> Result<(), String> {
    let names = type_names(value);
    let known = names.iter().all(|name| TYPES.contains(name));
    let fits = match (value, &names[..]) {
        (Value::String(_), [_]) => true,
        (Value::Array(given), [first, second]) => {
            given.len() == 2 && first != second && names.contains(&"null")
        }
        _ => false,
    };
    if known && fits {
        Ok(())
    } else {
        let types = TYPES.join(", ");
        Err(format!(
            "must be one of {types}, or a list of one of them and null"
        ))
    }
}

fn type_names(types: &Value) -> Vec<&str> {
    match types {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn check_format(value: &Value) -> Result<(), String> {
    let known = value.as_str().and_then(Format::named);
    known.map(drop).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
        let names = excerpt::list(&names, |name| excerpt::quote(name));
        format!("must be {names}, found {}", excerpt::describe(value))
    })
}

fn distinct_names(value: &Value) -> bool {
    let Some(names) = value.as_array() else {
        return false;
    };
    let distinct: std::collections::HashSet<&str> =
        names.iter().filter_map(Value::as_str).collect();
    distinct.len() == names.len()
}
