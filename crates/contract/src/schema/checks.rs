//! Words that are checked and not translated.

use serde_json::{Value, json};
use validate::Validator;

use super::Check;
use crate::code::Code;
use crate::source::Node;

const STRING: &[&str] = &["string"];
const NUMBER: &[&str] = &["integer", "number"];
const ARRAY: &[&str] = &["array"];
const OBJECT: &[&str] = &["object"];
const SCALAR: &[&str] = &["string", "integer", "number", "boolean"];

/// Each word with the types it says something about.
pub(super) const WORDS: &[(&str, &[&str])] = &[
    ("enum", SCALAR),
    ("const", SCALAR),
    ("pattern", STRING),
    ("format", STRING),
    ("minLength", STRING),
    ("maxLength", STRING),
    ("minimum", NUMBER),
    ("maximum", NUMBER),
    ("exclusiveMinimum", NUMBER),
    ("exclusiveMaximum", NUMBER),
    ("minItems", ARRAY),
    ("maxItems", ARRAY),
    ("minProperties", OBJECT),
    ("maxProperties", OBJECT),
];

const BOUNDS: [(&str, &str); 4] = [
    ("minLength", "maxLength"),
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

/// Reads the check words of a schema of the given type.
pub(super) fn checks<'a>(node: &Node<'a>, type_name: &str, nullable: bool) -> Vec<Check<'a>> {
    let declared = match nullable {
        true => json!([type_name, "null"]),
        false => json!(type_name),
    };
    let mut checks = Vec::new();
    for (name, member) in node.members() {
        let Some((word, types)) = WORDS.iter().find(|(word, _)| *word == name) else {
            continue;
        };
        if !types.contains(&type_name) {
            let message = format!("`{word}` says nothing about type {type_name}");
            member.key().report(Code::MisplacedKeyword, message);
        } else if holds(&member, word, &declared) {
            checks.push(Check { word, node: member });
        }
    }
    for (least, most) in BOUNDS {
        let bound = |word| node.get(word).and_then(|bound| bound.value.as_f64());
        if let (Some(low), Some(high), Some(member)) = (bound(least), bound(most), node.get(least))
            && low > high
        {
            let message = format!("`{least}` is above `{most}`: nothing can be valid");
            member.report(Code::BadValue, message);
        }
    }
    checks
}

/// Whether the validator takes the word; otherwise reported in its terms.
fn holds(member: &Node<'_>, word: &str, declared: &Value) -> bool {
    let single = json!({"type": declared, word: member.value});
    if let Err(error) = Validator::compile(&single) {
        member.report(Code::BadValue, error.detail);
        return false;
    }
    let values = match word {
        "enum" => member.entries().collect(),
        "const" => vec![member.clone()],
        _ => Vec::new(),
    };
    let Ok(typed) = Validator::compile(&json!({"type": declared})) else {
        return true;
    };
    for (index, value) in values.iter().enumerate() {
        if !typed.check(value.value).is_empty() {
            let message = format!("the value can never be valid: the type is {declared}");
            let help = "write a value of the type, in quotes for a string; or change `type`";
            value.report_help(Code::TypeMismatch, message, help);
        }
        let mut before = values.iter().take(index);
        if let Some(first) = before.find(|other| other.value == value.value) {
            let message = "the value stands twice in the list";
            value.report_beside(Code::Duplicate, message, first, "first stands here");
        }
    }
    true
}
