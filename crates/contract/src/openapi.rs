//! The public document: the contract without its internals, with the problem of every operation.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::plan::{Operation, Problem};
use answers::Answers;
use facts::operation_shows;
use shared::{describe_shared, with_problems};

mod answers;
mod facts;
mod guarded;
mod header;
mod parts;
mod problem;
mod request_fields;
mod schema;
mod shared;
mod texts;

pub use guarded::guarded_document;

/// The document as `/openapi.json` serves it. `document` has been compiled without a finding.
pub(crate) fn public(
    document: &Value,
    operations: &[Operation],
    problems: &BTreeMap<Arc<str>, Problem>,
) -> Value {
    let schemas = document
        .pointer("/components/schemas")
        .unwrap_or(&Value::Null);
    let answers = Answers {
        operations,
        problems,
        guarded: false,
    };
    let writer = Writer {
        document,
        schemas,
        answers,
    };
    let mut public = without_internals(document);
    if let Some(paths) = document.get("paths").and_then(Value::as_object) {
        let paths: Map<String, Value> = paths
            .iter()
            .map(|(path, item)| (path.clone(), writer.path_item(path, item)))
            .collect();
        public.insert("paths".to_owned(), Value::Object(paths));
    }
    public.insert("components".to_owned(), writer.components(problems));
    // Relative to the document itself: the contract does not know where the gateway stands.
    let here = json!([{"url": "/", "description": "The gateway that serves this document."}]);
    public.insert("servers".to_owned(), here);
    let mut public = Value::Object(public);
    texts::describe(&mut public);
    describe_shared(&mut public, problems);
    public
}

struct Writer<'d> {
    document: &'d Value,
    /// `components.schemas`, for what `allOf` refers to.
    schemas: &'d Value,
    answers: Answers<'d>,
}

impl Writer<'_> {
    fn components(&self, problems: &BTreeMap<Arc<str>, Problem>) -> Value {
        let own = self.document.get("components").unwrap_or(&Value::Null);
        let section = |name: &str, write: &dyn Fn(&Value) -> Value| -> Map<String, Value> {
            let members = own
                .get(name)
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            members
                .map(|(name, value)| (name.clone(), write(value)))
                .collect()
        };
        let parameters = section("parameters", &|value| self.parameter(value));
        let mut responses = section("responses", &|value| self.response(value));
        let mut schemas = section("schemas", &|value| schema::public(value, self.schemas));
        let parts = parts::of(self.document);
        schemas.retain(|name, _| !parts.contains(name));
        responses.insert("Problem".to_owned(), problem::response());
        schemas.insert("Problem".to_owned(), problem::schema(problems));
        let mut components = Map::new();
        if !parameters.is_empty() {
            components.insert("parameters".to_owned(), Value::Object(parameters));
        }
        components.insert("responses".to_owned(), Value::Object(responses));
        components.insert("schemas".to_owned(), Value::Object(schemas));
        Value::Object(components)
    }

    fn path_item(&self, path: &str, item: &Value) -> Value {
        let write = |(word, value): (&String, &Value)| {
            let public = match word.as_str() {
                "parameters" => self.parameters(value),
                "get" | "post" | "put" | "patch" | "delete" => self.operation(path, word, value),
                _ => value.clone(),
            };
            (word.clone(), public)
        };
        Value::Object(item.as_object().into_iter().flatten().map(write).collect())
    }

    fn operation(&self, path: &str, method: &str, value: &Value) -> Value {
        let compiled = self
            .answers
            .operations
            .iter()
            .find(|one| one.path == path && one.method.as_str().eq_ignore_ascii_case(method));
        let mut public = without_internals(value);
        for (word, member) in &mut public {
            match word.as_str() {
                "parameters" => *member = self.parameters(member),
                "requestBody" => *member = self.response(member),
                "responses" => *member = self.responses(member, compiled),
                _ => {}
            }
        }
        if let Some(compiled) = compiled {
            let fields = request_fields::of(self.answers, compiled);
            let parameters = public.entry("parameters").or_insert_with(|| json!([]));
            parameters
                .as_array_mut()
                .into_iter()
                .for_each(|list| list.extend(fields.clone()));
        }
        Value::Object(public)
    }

    fn responses(&self, responses: &Value, operation: Option<&Operation>) -> Value {
        let mut public = Map::new();
        let documented = responses.as_object().into_iter().flatten();
        // The contract may have written `default` itself; it is the same everywhere.
        for (status, response) in documented.filter(|(status, _)| *status != "default") {
            let fields = operation.map_or_else(Vec::new, |one| self.fields(one, status));
            let written = match fields.is_empty() {
                true => self.response(response),
                false => header::with_headers(
                    self.response(self.resolved(response)),
                    header::references(&fields),
                ),
            };
            public.insert(status.clone(), written);
        }
        let Some(operation) = operation else {
            return Value::Object(public);
        };
        if operation_shows(operation) && public.contains_key("200") {
            let description = "Not modified: `If-None-Match` names the entity tag.";
            let fields = header::references(&self.fields(operation, "304"));
            public.insert(
                "304".to_owned(),
                json!({"description": description, "headers": fields}),
            );
        }
        Value::Object(with_problems(public, self.answers, operation))
    }

    /// The fields of an answer that is no problem.
    fn fields(&self, operation: &Operation, status: &str) -> Vec<&'static str> {
        let cached = operation.binding.cache().is_some();
        let mut names = header::of_success(operation, self.has_location(operation, status));
        if cached || (!operation.binding.is_write() && matches!(status, "200" | "304")) {
            names.extend(["ETag", "Cache-Control"]);
        }
        if cached {
            names.extend(["Age", "Cache-Status"]);
        }
        names.extend(header::of_all(operation));
        names
    }

    /// Whether the operation, or the create that it may become, sends `Location` with a status.
    fn has_location(&self, operation: &Operation, status: &str) -> bool {
        let emits = [Some(operation), self.answers.create_of(operation)]
            .into_iter()
            .flatten()
            .flat_map(|one| one.binding.answer.success.iter())
            .map(|success| success.emit);
        emits
            .into_iter()
            .any(|emit| emit.location.is_some() && emit.status.as_str() == status)
    }

    fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
        let target = value
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|text| text.strip_prefix('#'));
        target
            .and_then(|pointer| self.document.pointer(pointer))
            .unwrap_or(value)
    }

    fn parameters(&self, list: &Value) -> Value {
        Value::Array(
            list.as_array()
                .into_iter()
                .flatten()
                .map(|one| self.parameter(one))
                .collect(),
        )
    }

    fn parameter(&self, value: &Value) -> Value {
        self.with_schema(value)
    }

    /// A response or a request body: its `content`.
    fn response(&self, value: &Value) -> Value {
        let mut public = value.clone();
        if let Some(content) = public.get_mut("content").and_then(Value::as_object_mut) {
            for media_type in content.values_mut() {
                *media_type = self.with_schema(media_type);
            }
        }
        public
    }

    fn with_schema(&self, value: &Value) -> Value {
        let mut public = value.clone();
        if let Some(inner) = public.get_mut("schema") {
            *inner = schema::public(inner, self.schemas);
        }
        public
    }
}

fn without_internals(value: &Value) -> Map<String, Value> {
    let members = value.as_object().into_iter().flatten();
    members
        .filter(|(name, _)| !name.starts_with("x-"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
