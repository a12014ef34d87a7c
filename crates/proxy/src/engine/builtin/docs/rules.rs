//! What a schema allows, in words.

use serde_json::Value;

use super::html::Text;

/// The type of a value, without its rules: `string (uuid)`, `integer or null`, `array of …`.
pub fn kind(schema: &Value) -> String {
    let mut kind = match schema.get("type") {
        Some(Value::String(one)) => one.clone(),
        Some(Value::Array(several)) => {
            let names: Vec<&str> = several.iter().filter_map(Value::as_str).collect();
            names.join(" or ")
        }
        _ if schema.get("properties").is_some() => "object".to_owned(),
        _ => "any".to_owned(),
    };
    if let Some(format) = schema.get("format").and_then(Value::as_str) {
        kind.push_str(&format!(" ({format})"));
    }
    Text(&kind).to_string()
}

/// What is said elsewhere in the table or of no rule.
const TOLD_ELSEWHERE: [&str; 15] = [
    "$ref",
    "$comment",
    "type",
    "format",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "if",
    "then",
    "title",
    "description",
    "example",
    "examples",
    "externalDocs",
];

/// The rules of a schema as HTML, one a piece. A keyword that is not known here is shown as it is.
pub fn rules(schema: &Value) -> Vec<String> {
    let Some(members) = schema.as_object() else {
        return Vec::new();
    };
    let told = members
        .iter()
        .filter(|(word, _)| !TOLD_ELSEWHERE.contains(&word.as_str()));
    told.filter_map(|(word, value)| rule(word, value)).collect()
}

/// `None`: there is nothing to say.
fn rule(word: &str, value: &Value) -> Option<String> {
    let code = code(value);
    let counted = |least: &str, what: &str| {
        let one = value.as_u64() == Some(1);
        format!("{least} {code} {what}{}", if one { "" } else { "s" })
    };
    Some(match word {
        "enum" => {
            let values = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let values: Vec<String> = values.iter().map(self::code).collect();
            format!("one of {}", values.join(", "))
        }
        "const" => format!("always {code}"),
        "pattern" => format!("matches {code}"),
        "minimum" => format!("at least {code}"),
        "maximum" => format!("at most {code}"),
        "exclusiveMinimum" => format!("more than {code}"),
        "exclusiveMaximum" => format!("less than {code}"),
        "minLength" => counted("at least", "character"),
        "maxLength" => counted("at most", "character"),
        "minItems" => counted("at least", "item"),
        "maxItems" => counted("at most", "item"),
        "minProperties" => counted("at least", "field"),
        "maxProperties" => counted("at most", "field"),
        "default" => format!("{code} where it is left out"),
        "readOnly" | "deprecated" | "uniqueItems" if value == &Value::Bool(false) => return None,
        "readOnly" => "read only".to_owned(),
        "deprecated" => "<b>deprecated</b>".to_owned(),
        "uniqueItems" => "no item twice".to_owned(),
        other => format!("{}: {code}", Text(other)),
    })
}

/// A condition (`if` and `then`) in words; `None` where the schema has none.
pub fn condition(schema: &Value) -> Option<String> {
    let (test, then) = (schema.get("if")?, schema.get("then")?);
    let test = phrases(test, "is there").unwrap_or_else(|| format!("it fits {}", code(test)));
    let then =
        phrases(then, "is required").unwrap_or_else(|| format!("it must fit {}", code(then)));
    Some(format!("If {test}, {then}."))
}

/// `properties` and `required` in words; `None` where there is more, or more than a phrase says.
fn phrases(schema: &Value, required: &str) -> Option<String> {
    let members = schema.as_object()?;
    let mut phrases = Vec::new();
    let empty = serde_json::Map::new();
    let properties = match members.get("properties") {
        Some(properties) => properties.as_object()?,
        None => &empty,
    };
    if members
        .keys()
        .any(|word| word != "properties" && word != "required")
    {
        return None;
    }
    for (name, rule) in properties {
        let name = code(&Value::String(name.clone()));
        let said = match (rule, rule.as_object()) {
            (Value::Bool(false), _) => "must be left out".to_owned(),
            (Value::Bool(true), _) => continue,
            (_, Some(rule)) => match (rule.len(), rule.get("const"), rule.get("enum")) {
                (1, Some(value), _) => format!("is {}", code(value)),
                (1, _, Some(Value::Array(values))) => {
                    let values: Vec<String> = values.iter().map(code).collect();
                    format!("is {}", values.join(" or "))
                }
                _ => return None,
            },
            _ => return None,
        };
        phrases.push(format!("{name} {said}"));
    }
    let named = members.get("required").and_then(Value::as_array);
    for name in named.map(Vec::as_slice).unwrap_or_default() {
        let is_said = name.as_str().is_some_and(|name| {
            properties
                .get(name)
                .is_some_and(|rule| rule != &Value::Bool(true))
        });
        if !is_said {
            phrases.push(format!("{} {required}", code(name)));
        }
    }
    (!phrases.is_empty()).then(|| phrases.join(" and "))
}

/// A value as code: texts without their quotes.
fn code(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    format!("<code>{}</code>", Text(&text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_read_like_sentences() {
        let schema = json!({"type": "string", "minLength": 1, "maxLength": 20, "enum": ["a", null], "readOnly": true,
            "deprecated": false, "pattern": "^<a>$", "x-new": 1});
        assert_eq!(
            rules(&schema),
            [
                "at least <code>1</code> character",
                "at most <code>20</code> characters",
                "one of <code>a</code>, <code>null</code>",
                "read only",
                "matches <code>^&lt;a&gt;$</code>",
                "x-new: <code>1</code>",
            ]
        );
        assert_eq!(
            kind(&json!({"type": ["string", "null"], "format": "uuid"})),
            "string or null (uuid)"
        );
        assert_eq!(rules(&Value::Bool(true)), Vec::<String>::new());
    }

    #[test]
    fn a_condition_is_a_sentence_or_the_schema_itself() {
        let schema = json!({
            "if": {"properties": {"type": {"const": "P"}}, "required": ["type"]},
            "then": {"properties": {"email": false}, "required": ["name"]},
        });
        assert_eq!(
            condition(&schema).as_deref(),
            Some(
                "If <code>type</code> is <code>P</code>, <code>email</code> must be left out and <code>name</code> is required."
            )
        );
        let schema =
            json!({"if": {"properties": {"n": {"minimum": 3}}}, "then": {"required": ["m"]}});
        assert_eq!(
            condition(&schema).as_deref(),
            Some(
                "If it fits <code>{&quot;properties&quot;:{&quot;n&quot;:{&quot;minimum&quot;:3}}}</code>, <code>m</code> is required."
            )
        );
        assert_eq!(condition(&json!({"type": "string"})), None);
    }
}
