//! From the raw text of a parameter to the value that its schema is checked against.

use serde_json::{Number, Value};

use crate::violation::{At, Violation, Violations};
use crate::{code, excerpt, text};
use grammar::number;

/// `raws` are the values given under one name. A text with forbidden characters goes no further.
pub(crate) fn read(schema: &Value, name: &str, raws: &[&str]) -> Result<Value, Violations> {
    let forbidden: Violations = raws
        .iter()
        .filter_map(|raw| text::describe_forbidden(raw))
        .map(|found| {
            let detail = format!(
                "{} holds the control character {found}; remove it",
                excerpt::quote(name)
            );
            violation(name, code::CONTROL_CHARACTER, detail)
        })
        .collect();
    if !forbidden.is_empty() {
        return Err(forbidden);
    }
    match (type_of(schema), raws) {
        (Some("array"), raws) => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            let mut violations = Violations::new();
            let mut values = Vec::new();
            for raw in raws {
                match one(items, name, raw) {
                    Ok(value) => values.push(value),
                    Err(violation) => violations.push(violation),
                }
            }
            if violations.is_empty() {
                Ok(Value::Array(values))
            } else {
                Err(violations)
            }
        }
        (_, [raw]) => one(schema, name, raw).map_err(Violations::from),
        (_, raws) => {
            let detail = format!(
                "{} must be given once, found {}",
                excerpt::quote(name),
                excerpt::count(raws.len(), "value")
            );
            Err(violation(name, code::TYPE, detail).into())
        }
    }
}

fn one(schema: &Value, name: &str, raw: &str) -> Result<Value, Violation> {
    let wrong = |wanted: &str| {
        let quoted = excerpt::quote(name);
        let found = excerpt::describe(&Value::from(raw));
        violation(
            name,
            code::TYPE,
            format!("{quoted} must be {wanted}, found {found}"),
        )
    };
    match type_of(schema) {
        Some("integer") if !is_integer(raw) => Err(wrong(
            "an integer, in digits without `+`, blanks or leading zeros",
        )),
        Some("number") if !number::is_json(raw) => Err(wrong("a number, such as `1.5`")),
        Some("integer" | "number") => number(name, raw),
        Some("boolean") => match raw {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(wrong("`true` or `false`")),
        },
        Some(structured @ ("object" | "array")) => Err(wrong(&format!(
            "an {structured}, which a parameter cannot carry"
        ))),
        _ => Ok(Value::from(raw)),
    }
}

fn number(name: &str, raw: &str) -> Result<Value, Violation> {
    crate::exact_number::exact(raw)
        .map(|number: Number| Value::Number(number))
        .map_err(|reason| {
            let detail = format!(
                "{}: the number {} {reason}",
                excerpt::quote(name),
                excerpt::quote(raw)
            );
            violation(name, code::NUMBER_OUT_OF_RANGE, detail)
        })
}

fn violation(name: &str, code: &'static str, detail: String) -> Violation {
    Violation {
        at: At::Parameter(name.to_owned()),
        code,
        detail,
    }
}

/// Whether the raw text of a parameter is its value, as it is.
pub(crate) fn is_text(schema: &Value) -> bool {
    let other = ["integer", "number", "boolean", "object", "array"];
    type_of(schema).is_none_or(|name| !other.contains(&name))
}

/// The one type that is not `null`; `None` where the schema names none.
fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .find(|name| *name != "null"),
        _ => None,
    }
}

/// One spelling for each integer, so that one resource has one URL: `-0` is not among them.
fn is_integer(raw: &str) -> bool {
    number::is_integer(raw) && !number::has_leading_zero(raw) && raw != "-0"
}
