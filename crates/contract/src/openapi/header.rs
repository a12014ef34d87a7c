//! Header objects of responses.

use serde_json::{Map, Value, json};

pub(super) fn with_headers(mut response: Value, headers: Map<String, Value>) -> Value {
    if let Some(members) = response.as_object_mut() {
        members.insert("headers".to_owned(), Value::Object(headers));
    }
    response
}

pub(super) fn location() -> Value {
    text_header("The path of the resource; left out where its id could not be learned.")
}

pub(super) fn text_header(description: &str) -> Value {
    json!({"description": description, "schema": {"type": "string"}})
}
