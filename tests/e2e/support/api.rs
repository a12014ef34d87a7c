//! The served `/openapi.json` as the judge of answers.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::http::{Answer, Client};

/// The document that one gateway serves.
pub struct Api {
    pub document: Value,
    /// By the JSON of the schema: compiling one costs more than using it.
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// What the document says of a path and a method.
struct Found<'d> {
    operation: &'d Value,
    write: bool,
}

impl Api {
    pub fn fetch(address: SocketAddr) -> Self {
        let answer = Client::connect(address).request("GET", "/openapi.json", &[], b"");
        assert_eq!(answer.status, 200, "{answer:?}");
        Self {
            document: answer.json(),
            compiled: Mutex::default(),
        }
    }

    /// Panics where an answer is not what the document promises for its operation and status.
    pub fn check(&self, method: &str, target: &str, answer: &Answer) {
        let path = target.split('?').next().unwrap_or_default();
        let found = self.find(method, path);
        if answer.status >= 400 {
            self.check_problem(
                path,
                found.as_ref().is_some_and(|found| found.write),
                answer,
            );
        }
        let Some(found) = found else { return };
        let responses = &found.operation["responses"];
        let response = match responses.get(answer.status.to_string()) {
            Some(response) => response,
            // RFC 9110 §15.4.5: what a condition found unchanged has no body to describe.
            None if answer.status == 304 => return,
            None => {
                assert!(
                    answer.status >= 400,
                    "{method} {target}: {} is not declared",
                    answer.status
                );
                &responses["default"]
            }
        };
        self.check_response(
            &format!("{method} {target}"),
            method == "HEAD",
            self.resolve(response),
            answer,
        );
    }

    fn check_response(&self, what: &str, head: bool, response: &Value, answer: &Answer) {
        if answer.header("location").is_some() {
            assert!(
                response["headers"].get("Location").is_some(),
                "{what}: Location is not declared"
            );
        }
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            assert!(
                answer.body.is_empty(),
                "{what}: a body is not declared: {answer:?}"
            );
            assert_eq!(answer.header("content-type"), None, "{what}");
            return;
        };
        let media_type = answer
            .header("content-type")
            .unwrap_or_else(|| panic!("{what}: no Content-Type"));
        let schema = content
            .get(media_type)
            .unwrap_or_else(|| panic!("{what}: {media_type} is not declared"));
        if head {
            return;
        }
        let body = answer.json();
        self.check_value(what, &schema["schema"], &body);
        if answer.status < 400 {
            let mut undeclared = Vec::new();
            self.undeclared(&schema["schema"], &body, "", &mut undeclared);
            assert!(
                undeclared.is_empty(),
                "{what}: {undeclared:?} are not declared: {body}"
            );
        }
    }

    /// RFC 9457, and what DESIGN §4 promises beyond it.
    fn check_problem(&self, path: &str, write: bool, answer: &Answer) {
        if answer.body.is_empty() && answer.header("content-type").is_some() {
            return; // HEAD
        }
        let code = answer.problem();
        let body = answer.json();
        self.check_value(
            path,
            &json!({"$ref": "#/components/schemas/Problem"}),
            &body,
        );
        for member in ["type", "title", "detail", "instance", "trace_id", "hint"] {
            let text = body[member].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "no {member}: {body}");
        }
        assert_eq!(body["type"], format!("/problems/{code}"), "{body}");
        let trace = body["trace_id"].as_str().expect("checked above");
        assert!(
            trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{body}"
        );
        if write {
            assert!(
                body["outcome"].is_string(),
                "a problem of a write tells the outcome: {body}"
            );
        }
        if path.starts_with('/') && path.len() <= 512 && path.is_ascii() {
            assert_eq!(body["instance"], path, "{body}");
        }
    }

    /// A value against a schema of the document.
    pub fn check_value(&self, what: &str, schema: &Value, value: &Value) {
        let key = schema.to_string();
        let mut compiled = self.compiled.lock().expect("no check panics with the lock");
        let validator = compiled.entry(key).or_insert_with(|| {
            let whole = json!({"components": self.document["components"], "allOf": [schema]});
            let options = jsonschema::options().with_draft(Draft::Draft202012);
            Arc::new(
                options
                    .build(&whole)
                    .expect("a schema of the document compiles"),
            )
        });
        let validator = validator.clone();
        drop(compiled);
        let errors: Vec<String> = validator
            .iter_errors(value)
            .map(|error| format!("{} at {}", error, error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{what}: {errors:?} in {value}");
    }

    /// Members of an answer that no schema names: nothing of the vendor's passes unasked.
    fn undeclared(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let schema = self.resolve(schema);
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let map = schema
                        .get("additionalProperties")
                        .filter(|map| map.is_object());
                    match schema["properties"].get(name).or(map) {
                        Some(inner) => {
                            self.undeclared(inner, value, &format!("{at}/{name}"), found)
                        }
                        None => found.push(format!("{at}/{name}")),
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.undeclared(&schema["items"], item, &format!("{at}/{index}"), found);
                }
            }
            _ => {}
        }
    }

    fn resolve<'v>(&'v self, value: &'v Value) -> &'v Value {
        let pointer = value["$ref"]
            .as_str()
            .and_then(|text| text.strip_prefix('#'));
        match pointer {
            Some(pointer) => self
                .document
                .pointer(pointer)
                .expect("references lead somewhere"),
            None => value,
        }
    }

    /// The operation of a raw path; a literal segment beats a parameter.
    fn find(&self, method: &str, path: &str) -> Option<Found<'_>> {
        let method = if method == "HEAD" {
            "get".to_owned()
        } else {
            method.to_ascii_lowercase()
        };
        let given: Vec<&str> = path.split('/').collect();
        let paths = self.document["paths"]
            .as_object()
            .expect("the document has paths");
        let fitting = paths.iter().filter_map(|(template, item)| {
            let parts: Vec<&str> = template.split('/').collect();
            let fits = parts.len() == given.len()
                && parts
                    .iter()
                    .zip(&given)
                    .all(|(part, given)| part.starts_with('{') || part == given);
            let literals = parts
                .iter()
                .map(|part| !part.starts_with('{'))
                .collect::<Vec<_>>();
            fits.then_some((literals, item))
        });
        let (_, item) = fitting.max_by(|one, other| one.0.cmp(&other.0))?;
        let operation = item.get(&method)?;
        let write = method != "get";
        Some(Found { operation, write })
    }
}
