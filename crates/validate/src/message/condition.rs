use serde_json::Value;

use crate::excerpt;

/// What an `if` says about an object that passed it: "`type` is `PHYSICAL_ROOM`". Where the schema
/// names no value, what the object holds is told.
pub(super) fn phrase(test: &Value, object: Option<&Value>) -> String {
    let found = |name: &str| object.and_then(|object| object.get(name));
    let properties = test.get("properties").and_then(Value::as_object);
    let tested = properties.into_iter().flatten().map(|(name, rule)| {
        let quoted = excerpt::quote(name);
        match (found(name), rule.get("const"), rule.get("enum")) {
            (None, ..) => format!("{quoted} is left out"),
            (_, Some(only), _) => format!("{quoted} is {}", excerpt::show(only)),
            (_, _, Some(Value::Array(values))) => {
                format!("{quoted} is {}", excerpt::list(values, excerpt::show))
            }
            (Some(value), ..) => format!("{quoted} is {}", excerpt::describe(value)),
        }
    });
    let required = test.get("required").and_then(Value::as_array);
    let present = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| properties.is_none_or(|properties| !properties.contains_key(*name)))
        .map(|name| format!("{} is present", excerpt::quote(name)));
    let phrases: Vec<String> = tested.chain(present).collect();
    if phrases.is_empty() {
        "the other fields are as they are".to_owned()
    } else {
        phrases.join(" and ")
    }
}
