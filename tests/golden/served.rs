//! Every answer against the OpenAPI document that the gateway serves, read with the plain
//! `jsonschema` crate as a client would: nothing of the gateway's own schema code takes part.

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Response};
use jsonschema::Draft;
use serde_json::{Value, json};

/// An operation's documented success: its id and status.
pub type Served = (String, u16);

/// What the document says against an answer, and which documented success it is.
pub fn check(
    document: &Bytes,
    head: &Parts,
    response: &Response<Bytes>,
) -> (Vec<String>, Option<Served>) {
    let document: Value = serde_json::from_slice(document).unwrap();
    let status = response.status().as_u16();
    let operation = operation(&document, head);
    let mut wrong = framing(response);
    if status >= 400 {
        let declared = match operation {
            Some(found) => found["responses"].get(status.to_string()),
            None => Some(&document["components"]["responses"]["Problem"]),
        };
        if let (Some(operation), Some(declared)) = (operation, declared) {
            wrong.extend(undeclared_problem(operation, declared, response));
        }
        wrong.extend(match declared {
            Some(declared) => content(&document, declared, response),
            None => vec![format!("{status} is not declared for this operation")],
        });
        return (wrong, None);
    }
    let Some(operation) = operation else {
        return (wrong, None); // OPTIONS and our own pages are not in the document
    };
    match operation["responses"].get(status.to_string()) {
        Some(declared) => wrong.extend(content(&document, resolved(&document, declared), response)),
        None => wrong.push(format!("{status} is not declared for this operation")),
    }
    let id = operation["operationId"].as_str().unwrap().to_owned();
    (wrong, Some((id, status)))
}

/// Every documented success of the document.
pub fn successes(document: &Value) -> Vec<Served> {
    let operations = document["paths"].as_object().unwrap().values();
    let operations = operations.flat_map(|item| item.as_object().unwrap().values());
    let successes = operations.flat_map(|operation| {
        let id = operation["operationId"].as_str();
        let statuses = operation["responses"].as_object().into_iter().flatten();
        statuses.filter_map(move |(status, _)| {
            let status = status.parse().ok().filter(|status| *status < 400)?;
            Some((id?.to_owned(), status))
        })
    });
    successes.collect()
}

/// What a problem has and its response does not name: its code, which has an example, and its fields.
fn undeclared_problem(
    operation: &Value,
    declared: &Value,
    response: &Response<Bytes>,
) -> Vec<String> {
    let problem: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let code = problem["code"].as_str().unwrap_or_default();
    let media_type = &declared["content"]["application/problem+json"];
    let mut wrong = Vec::new();
    // Of a path that nothing serves, though its operation seems to be there.
    if media_type["examples"].get(code).is_none() && code != "route-not-found" {
        wrong.push(format!(
            "{code} is not declared for {}",
            operation["operationId"]
        ));
    }
    let names = response.headers().keys().map(http::HeaderName::as_str);
    let framing = ["content-type", "content-length", "connection"];
    for name in names.filter(|name| !framing.contains(name)) {
        let fields = declared["headers"].as_object().into_iter().flatten();
        if !fields
            .map(|(known, _)| known)
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            wrong.push(format!("the field {name} is not declared"));
        }
    }
    wrong
}

fn framing(response: &Response<Bytes>) -> Vec<String> {
    let length = response.headers().get("content-length");
    let length = length.map(|value| value.to_str().unwrap().to_owned());
    // RFC 9110 §8.6: none in a 204; one in a 304 would be the length of the 200.
    let bodiless = [204, 304].contains(&response.status().as_u16());
    let expected = (!bodiless).then(|| response.body().len().to_string());
    if length == expected {
        Vec::new()
    } else {
        vec![format!(
            "Content-Length is {length:?}, and {expected:?} is right"
        )]
    }
}

/// The operation of a request, by the document alone. A literal segment beats a parameter.
fn operation<'d>(document: &'d Value, head: &Parts) -> Option<&'d Value> {
    let method = match &head.method {
        &Method::HEAD => "get".to_owned(),
        method => method.as_str().to_ascii_lowercase(),
    };
    let segments: Vec<&str> = head.uri.path().split('/').collect();
    let paths = document["paths"].as_object()?.iter();
    let fitting = paths.filter(|(template, _)| {
        let template: Vec<&str> = template.split('/').collect();
        template.len() == segments.len()
            && template.iter().zip(&segments).all(|(wanted, found)| {
                if wanted.starts_with('{') {
                    !found.is_empty()
                } else {
                    wanted == found
                }
            })
    });
    let (_, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(&method)
}

fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let reference = value.get("$ref").and_then(Value::as_str);
    match reference.and_then(|text| text.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap(),
        None => value,
    }
}

/// An answer against a response object.
fn content(document: &Value, declared: &Value, response: &Response<Bytes>) -> Vec<String> {
    let body = response.body();
    let content_type = response.headers().get("content-type");
    let content_type = content_type.map(|value| value.to_str().unwrap());
    let mut wrong = Vec::new();
    if response.headers().contains_key("location") && declared["headers"].get("Location").is_none()
    {
        wrong.push("Location is not declared".to_owned());
    }
    let Some(types) = declared.get("content") else {
        if !body.is_empty() || content_type.is_some() {
            wrong.push("no content is declared, and there is some".to_owned());
        }
        return wrong;
    };
    let Some(media_type) = content_type.and_then(|text| types.get(text)) else {
        wrong.push(format!("the content type {content_type:?} is not declared"));
        return wrong;
    };
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => {
            let schema = &media_type["schema"];
            wrong.extend(violations(document, schema, &value));
            undeclared(document, schema, &value, "", &mut wrong);
        }
        Err(error) => wrong.push(format!("the body is not JSON: {error}")),
    }
    wrong
}

fn violations(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": document["components"],
        "allOf": [schema],
    });
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true)
        .build(&whole)
        .unwrap();
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("at `{}`: {error}", error.instance_path()))
        .collect()
}

/// Members that the document does not name: answers' schemas are open, so that clients bear with
/// new ones, and a plain validator lets an undocumented one pass.
fn undeclared(document: &Value, schema: &Value, value: &Value, at: &str, wrong: &mut Vec<String>) {
    let schema = resolved(document, schema);
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match schema["properties"].get(name) {
                    Some(inner) => {
                        undeclared(document, inner, member, &format!("{at}/{name}"), wrong);
                    }
                    None => wrong.push(format!("`{at}/{name}` is not declared")),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                undeclared(
                    document,
                    &schema["items"],
                    item,
                    &format!("{at}/{index}"),
                    wrong,
                );
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn document() -> Bytes {
        let plan = contract::compile(include_str!("../../config/contract.yaml")).unwrap();
        plan.openapi.to_string().into()
    }

    fn against(target: &str, status: u16, content_type: &str, body: &str) -> Vec<String> {
        let (head, ()) = Request::get(target).body(()).unwrap().into_parts();
        let response = Response::builder()
            .status(status)
            .header("content-type", content_type)
            .header("content-length", body.len())
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap();
        check(&document(), &head, &response).0
    }

    #[test]
    fn an_answer_that_the_document_does_not_promise_is_noticed() {
        let json = "application/json";
        let problem = "application/problem+json";
        assert_eq!(against("/v1/rooms/1", 200, json, r#"{"id":"1"}"#), [""; 0]);
        for (target, status, content_type, body) in [
            ("/v1/rooms/1", 200, json, r#"{"id":1}"#),
            ("/v1/rooms/1", 200, json, "{}"),
            ("/v1/rooms/1", 200, json, r#"{"id":"1","seats":2}"#),
            ("/v1/rooms/1", 200, json, "{"),
            ("/v1/rooms/1", 200, "text/plain", r#"{"id":"1"}"#),
            ("/v1/rooms/1", 202, json, r#"{"id":"1"}"#),
            ("/v1/rooms", 200, json, r#"{"items":[{"name":"no id"}]}"#),
            ("/v1/rooms", 200, json, r#"{"items":[{"id":"1","x":1}]}"#),
            (
                "/v1/training-days/x",
                200,
                json,
                r#"{"day_id":"x","start_time":"noon"}"#,
            ),
            ("/v1/rooms/1", 404, problem, r#"{"code":"room-not-found"}"#),
            (
                "/nowhere",
                404,
                problem,
                r#"{"type":"a","title":"b","status":404,"code":"nonsense"}"#,
            ),
        ] {
            let found = against(target, status, content_type, body);
            assert!(!found.is_empty(), "{status} {body}");
        }
    }
}
