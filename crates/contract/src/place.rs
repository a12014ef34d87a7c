//! Where in the document the schema of a place of an answer is written.

use grammar::pointer::unescape;
use serde_json::Value;

/// A schema with the names that lead to it from the root of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<'d> {
    /// As in an RFC 9535 normalized path.
    pub path: Vec<String>,
    /// Behind every `$ref`: where its `type` is written.
    pub schema: &'d Value,
}

/// What an operation answers with a status.
#[must_use]
pub fn answer<'d>(document: &'d Value, operation: &str, status: u16) -> Option<Placed<'d>> {
    let paths = document.get("paths")?.as_object()?;
    let mut found = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().into_iter().flatten();
        item.filter(|(_, one)| one["operationId"] == operation)
            .map(move |(method, one)| (path, method, one))
    });
    let (path, method, one) = found.next()?;
    let status = status.to_string();
    let response = one.get("responses")?.get(&status)?;
    let mut names = names(&["paths", path, method, "responses", &status]);
    let response = followed(document, response, &mut names);
    names.extend(self::names(&["content", "application/json", "schema"]));
    let schema = response
        .get("content")?
        .get("application/json")?
        .get("schema")?;
    Some(resolved(document, schema, names))
}

/// A step further: a property's name, or `*` for items and entries. Of a property that a part of `allOf` brings the
/// place is there.
#[must_use]
pub fn step<'d>(document: &'d Value, from: &Placed<'d>, token: &str) -> Option<Placed<'d>> {
    if token == "*" {
        let word = ["items", "additionalProperties"];
        let mut words = word.into_iter();
        let word = words.find(|word| from.schema.get(word).is_some_and(Value::is_object))?;
        let mut path = from.path.clone();
        path.push(word.to_owned());
        return Some(resolved(document, from.schema.get(word)?, path));
    }
    if let Some(property) = from.schema.get("properties").and_then(|all| all.get(token)) {
        let mut path = from.path.clone();
        path.extend(names(&["properties", token]));
        return Some(resolved(document, property, path));
    }
    let mut parts = parts(document, from);
    parts.find_map(|part| step(document, &part, token))
}

/// The schema, or the part of it, that lists a name as required.
#[must_use]
pub fn requires<'d>(document: &'d Value, of: &Placed<'d>, name: &str) -> Option<Placed<'d>> {
    let required = of.schema.get("required").and_then(Value::as_array);
    if required.is_some_and(|names| names.iter().any(|one| one == name)) {
        return Some(of.clone());
    }
    parts(document, of).find_map(|part| requires(document, &part, name))
}

fn parts<'d>(document: &'d Value, of: &Placed<'d>) -> impl Iterator<Item = Placed<'d>> {
    let parts = of.schema.get("allOf").and_then(Value::as_array);
    let path = of.path.clone();
    let parts = parts.into_iter().flatten().enumerate();
    parts.map(move |(index, part)| {
        let mut path = path.clone();
        path.extend(names(&["allOf", &index.to_string()]));
        resolved(document, part, path)
    })
}

fn resolved<'d>(document: &'d Value, schema: &'d Value, mut path: Vec<String>) -> Placed<'d> {
    let schema = followed(document, schema, &mut path);
    Placed { path, schema }
}

/// What a `$ref` leads to, with the names that lead there. A compiled contract has no circles.
fn followed<'d>(document: &'d Value, value: &'d Value, path: &mut Vec<String>) -> &'d Value {
    let target = value.get("$ref").and_then(Value::as_str);
    let Some(pointer) = target.and_then(|text| text.strip_prefix('#')) else {
        return value;
    };
    let Some(found) = document.pointer(pointer).filter(|found| *found != value) else {
        return value;
    };
    let steps = pointer.split('/').skip(1);
    *path = steps.map(|step| unescape(step).into_owned()).collect();
    followed(document, found, path)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_of_an_answer_is_found_behind_references_and_parts() {
        let document = json!({
            "paths": {"/v1/books": {"get": {"operationId": "listBooks", "responses": {"200": {"$ref": "#/components/responses/Books"}}}}},
            "components": {
                "responses": {"Books": {"content": {"application/json": {"schema": {"type": "object", "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}}}}}}},
                "schemas": {
                    "Book": {"type": "object", "allOf": [{"$ref": "#/components/schemas/Named"}], "properties": {"id": {"type": "string"}}},
                    "Named": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
                },
            },
        });
        let answer = answer(&document, "listBooks", 200).unwrap();
        let book = ["items", "*"]
            .iter()
            .try_fold(answer, |at, token| step(&document, &at, token));
        let book = book.unwrap();
        assert_eq!(book.path, ["components", "schemas", "Book"]);
        let name = step(&document, &book, "name").unwrap();
        assert_eq!(
            name.path,
            ["components", "schemas", "Named", "properties", "name"]
        );
        let requires = requires(&document, &book, "name").unwrap();
        assert_eq!(requires.path, ["components", "schemas", "Named"]);
        assert_eq!(step(&document, &book, "pages"), None);
    }
}
