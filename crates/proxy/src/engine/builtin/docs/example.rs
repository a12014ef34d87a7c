//! An example of a body.

use serde_json::Value;

use super::reference::resolve;

/// The first example of a media type (`example`, `examples`, or its schema's).
pub fn example<'d>(document: &'d Value, media: &'d Value) -> Option<&'d Value> {
    let named = media.get("examples").and_then(Value::as_object);
    let named = named.and_then(|examples| examples.values().next());
    let schema = media
        .get("schema")
        .map(|schema| resolve(document, schema).value);
    media
        .get("example")
        .or_else(|| resolve(document, named?).value.get("value"))
        .or_else(|| schema?.get("example"))
        .or_else(|| schema?.get("examples")?.as_array()?.first())
}
