//! The public document: the contract without its internals, with the problem of every operation.

use std::collections::BTreeMap;
use std::sync::Arc;

use header::{location, with_headers};
use http::Method;
use serde_json::{Map, Value, json};

use crate::plan;
use crate::plan::{Operation, Problem};

mod conditions;
mod header;
mod parts;
mod problem;
mod schema;

/// The document as `/openapi.json` serves it. `document` has been compiled without a finding.
pub(crate) fn public(
    document: &Value,
    operations: &[Operation],
    problems: &BTreeMap<Arc<str>, Problem>,
) -> Value {
    let schemas = document
        .pointer("/components/schemas")
        .unwrap_or(&Value::Null);
    let writer = Writer {
        document,
        schemas,
        operations,
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
    public.insert("servers".to_owned(), json!([{"url": "/"}]));
    Value::Object(public)
}

struct Writer<'d> {
    document: &'d Value,
    /// `components.schemas`, for what `allOf` refers to.
    schemas: &'d Value,
    operations: &'d [Operation],
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
            self.add_conditions(compiled, &mut public);
        }
        Value::Object(public)
    }

    /// The preconditions that a write keeps: those of a resource that a GET shows.
    fn add_conditions(&self, operation: &Operation, public: &mut Map<String, Value>) {
        let writes = matches!(
            operation.method,
            Method::PUT | Method::PATCH | Method::DELETE
        );
        if !writes || plan::read_of(self.operations, operation).is_none() {
            return;
        }
        let parameters = public.entry("parameters").or_insert_with(|| json!([]));
        if let Some(list) = parameters.as_array_mut() {
            list.push(conditions::if_match());
            if operation.binding.create_if_absent().is_some() {
                list.push(conditions::if_none_match());
            }
        }
        let responses = public.get_mut("responses").and_then(Value::as_object_mut);
        if let Some(responses) = responses {
            let default = responses.shift_remove("default");
            responses.insert("412".to_owned(), problem::reference());
            responses.extend(default.map(|default| ("default".to_owned(), default)));
        }
    }

    fn responses(&self, responses: &Value, operation: Option<&Operation>) -> Value {
        let cached = operation.is_some_and(|operation| operation.binding.cache().is_some());
        let read = operation.is_some_and(|operation| !operation.binding.is_write());
        let mut public = Map::new();
        let documented = responses.as_object().into_iter().flatten();
        // The contract may have written `default` itself; it is the same everywhere.
        for (status, response) in documented.filter(|(status, _)| *status != "default") {
            let mut written = self.response(response);
            let mut headers = Map::new();
            if operation.is_some_and(|operation| self.has_location(operation, status)) {
                headers.insert("Location".to_owned(), location());
            }
            if cached || (read && status == "200") {
                headers.extend(conditions::validators(cached));
            }
            if !headers.is_empty() {
                written = with_headers(self.response(self.resolved(response)), headers);
            }
            public.insert(status.clone(), written);
        }
        if read && public.contains_key("200") {
            public.insert("304".to_owned(), conditions::not_modified(cached));
        }
        public.insert("default".to_owned(), problem::reference());
        Value::Object(public)
    }

    /// Whether the operation, or the create that it may become, sends `Location` with a status.
    fn has_location(&self, operation: &Operation, status: &str) -> bool {
        let create = operation.binding.create_if_absent();
        let create = create.and_then(|create| self.operations.get(create.operation.0));
        let emits = [Some(operation), create]
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
