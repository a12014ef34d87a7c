//! `if` and `then`: fields that are required, bound or not allowed depending on other fields.

use serde_json::Value;

use super::{Check, Object, checks};
use crate::code::Code;
use crate::source::Node;

/// Reads `if` and `then` of an object and adds them to its checks.
pub(super) fn add_condition<'a>(node: &Node<'a>, object: &Object<'a>, found: &mut Vec<Check<'a>>) {
    let (test, consequence) = match (node.get("if"), node.get("then")) {
        (None, None) => return,
        (Some(test), Some(consequence)) => (test, consequence),
        (Some(alone), None) | (None, Some(alone)) => {
            alone.key().report(
                Code::MissingKeyword,
                "`if` and `then` stand together or not at all",
            );
            return;
        }
    };
    if found.iter().any(|check| check.word == "if") {
        test.key().report_help(
            Code::UnsupportedKeyword,
            "a part of `allOf` already has an `if`",
            "keep one of them",
        );
        return;
    }
    side(&test, object, false);
    side(&consequence, object, true);
    tests_presence(&test, object);
    found.push(Check {
        word: "if",
        node: test,
    });
    found.push(Check {
        word: "then",
        node: consequence,
    });
}

/// One side: `properties` with checks, and `required`. Only a consequence can forbid a field.
fn side(side: &Node<'_>, object: &Object<'_>, may_forbid: bool) {
    if side.map().is_none() {
        return;
    }
    let known = || {
        object
            .properties
            .iter()
            .map(|property| property.name.as_str())
    };
    let empty =
        |part: &Node<'_>| part.members().next().is_none() && part.entries().next().is_none();
    if side
        .members()
        .all(|(word, part)| matches!(word, "properties" | "required") && empty(&part))
    {
        let message = "this side of the condition says nothing";
        side.key().report(Code::DeadKeyword, message);
    }
    for (word, member) in side.members() {
        match word {
            "required" => {
                for (name, entry) in member.strings() {
                    if object.property(name).is_none() {
                        let message = format!("the object has no property `{name}`");
                        entry.report_unknown(Code::UnknownField, message, name, known());
                    }
                }
            }
            "properties" if member.map().is_some() => {
                for (name, rule) in member.members() {
                    let Some(property) = object.property(name) else {
                        let message = format!("the object has no property `{name}`");
                        rule.key()
                            .report_unknown(Code::UnknownField, message, name, known());
                        continue;
                    };
                    if matches!(rule.value, Value::Bool(false)) && may_forbid {
                        continue;
                    }
                    if !property.schema.is_broken() && rule.map().is_some() {
                        rules(&rule, property.schema.type_name(), property.schema.nullable);
                    }
                }
            }
            "properties" => {}
            other => member.key().report_unknown(
                Code::UnsupportedKeyword,
                format!("`if` and `then` do not take `{other}`"),
                other,
                ["properties", "required"].into_iter(),
            ),
        }
    }
}

/// The checks of one field inside a condition.
fn rules(rule: &Node<'_>, type_name: &str, nullable: bool) {
    let type_name = if type_name == "map" {
        "object"
    } else {
        type_name
    };
    for (word, member) in rule.members() {
        let known = checks::WORDS.iter().map(|(word, _)| *word);
        if !known.clone().any(|name| name == word) {
            member.key().report_unknown(
                Code::UnsupportedKeyword,
                format!("a field inside `if` or `then` does not take `{word}`"),
                word,
                known,
            );
        }
    }
    checks::checks(rule, type_name, nullable);
}

/// JSON Schema lets `properties` hold where the field is absent, so an `if` that forgets `required`
/// also holds for a body without the field.
fn tests_presence(test: &Node<'_>, object: &Object<'_>) {
    let required = test.get("required");
    let listed = |name: &str| {
        let mut entries = required.iter().flat_map(|list| list.entries());
        entries.any(|entry| entry.value == name)
    };
    for (name, rule) in test.get("properties").iter().flat_map(|all| all.members()) {
        let always = object
            .property(name)
            .is_none_or(|property| property.required);
        if !always && !listed(name) {
            rule.key().report_help(
                Code::VacuousCondition,
                format!("this `if` also holds where `{name}` is absent"),
                format!("add `required: [{name}]` to the `if`"),
            );
        }
    }
}
