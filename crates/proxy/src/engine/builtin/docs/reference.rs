//! What a `$ref` of the served document leads to.

use serde_json::Value;

const SCHEMAS: &str = "#/components/schemas/";

/// A reference that leads to a reference and so on, at most so often: one that leads to itself ends as well.
const HOPS: usize = 16;

/// A value of the document, and under which name it stands if it is one of `components.schemas`.
#[derive(Debug, Clone, Copy)]
pub struct Resolved<'d> {
    pub name: Option<&'d str>,
    pub value: &'d Value,
}

/// Follows `$ref` as far as it leads. One that leads nowhere is the value itself.
pub fn resolve<'d>(document: &'d Value, value: &'d Value) -> Resolved<'d> {
    let mut found = Resolved { name: None, value };
    for _ in 0..HOPS {
        let Some(reference) = found.value.get("$ref").and_then(Value::as_str) else {
            break;
        };
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer));
        let Some(target) = target else { break };
        found = Resolved {
            name: reference.strip_prefix(SCHEMAS),
            value: target,
        };
    }
    found
}

/// The text at a pointer; empty where there is none.
pub fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_chain_is_followed_and_a_circle_ends() {
        let document = json!({"components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"type": "string"},
            "C": {"$ref": "#/components/schemas/C"},
        }}});
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let (a, c, lost) = (to("A"), to("C"), to("X"));
        let found = resolve(&document, &a);
        assert_eq!(
            (found.name, found.value),
            (Some("B"), &json!({"type": "string"}))
        );
        assert_eq!(resolve(&document, &c).name, Some("C"));
        assert_eq!(resolve(&document, &lost).value, &lost);
    }
}
