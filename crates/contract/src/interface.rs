//! The public side of an operation: everything but `x-upstream`.

use grammar::Pointer;
use http::Method;

use crate::code::Code;
use crate::keywords::{OPERATION, PATH_ITEM};
use crate::plan::router::Router;
use crate::plan::{Deprecation, OperationId, OperationIndex, ParameterPlace};
use crate::schema::{Schema, SchemaKind};
use crate::source::Node;

pub(crate) mod body;
mod deprecation;
pub(crate) mod parameter;
pub(crate) mod path;
pub(crate) mod response;
mod segment;

use body::Body;
use parameter::Declared;
use response::Response;

#[derive(Debug)]
pub(crate) struct Interface<'a> {
    pub(crate) index: OperationIndex,
    pub(crate) node: Node<'a>,
    /// As it is written; empty where it is not.
    pub(crate) id: &'a str,
    pub(crate) summary: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) parameters: Vec<Declared<'a>>,
    /// Whether all parameters could be read; what seems to be missing may be one that could not.
    pub(crate) parameters_whole: bool,
    pub(crate) body: Option<Body<'a>>,
    pub(crate) responses: Vec<Response<'a>>,
    pub(crate) deprecation: Option<Deprecation>,
}

const METHODS: [(&str, Method); 5] = [
    ("get", Method::GET),
    ("post", Method::POST),
    ("put", Method::PUT),
    ("patch", Method::PATCH),
    ("delete", Method::DELETE),
];

/// Reads all operations, in the order of the text, and their routes.
pub(crate) fn operations<'a>(root: &Node<'a>) -> (Vec<Interface<'a>>, Router) {
    let mut operations: Vec<Interface<'a>> = Vec::new();
    let mut router = Router::default();
    let Some(paths) = root.get("paths") else {
        return (operations, router);
    };
    if paths.map().is_none() {
        return (operations, router);
    }
    for (template, item) in paths.members() {
        let placeholders = path::placeholders(template, &item.key());
        if item.object(&PATH_ITEM).is_none() {
            continue;
        }
        if !METHODS.iter().any(|(word, _)| item.get(word).is_some()) {
            item.key()
                .report(Code::MissingKeyword, "a path has no operation");
        }
        for (word, node) in item.members() {
            let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == word) else {
                continue;
            };
            let index = OperationIndex(operations.len());
            if node.object(&OPERATION).is_none() {
                continue;
            }
            if placeholders.is_some()
                && let Err(OperationIndex(taken)) = router.add(method, template, index)
            {
                let by = operations.get(taken);
                let name = by.map_or("another operation", |other| other.id);
                let message = format!("`{name}` already has {method} on this route");
                match by {
                    Some(other) => node.key().report_beside(
                        Code::RouteTaken,
                        message,
                        &other.node.key(),
                        "the other one",
                    ),
                    None => node.key().report(Code::RouteTaken, message),
                }
            }
            let mut operation = operation(index, method, template, &item, &node);
            if let Some(placeholders) = &placeholders {
                operation.match_placeholders(placeholders);
            }
            let twin = operations.iter().find(|other| other.id == operation.id);
            if let Some(first) = twin.filter(|first| !first.id.is_empty()) {
                let id = |node: &Node<'a>| node.get("operationId").unwrap_or_else(|| node.clone());
                id(&node).report_beside(
                    Code::Duplicate,
                    format!("two operations are `{}`", operation.id),
                    &id(&first.node),
                    "first declared here",
                );
            }
            operations.push(operation);
        }
    }
    if paths.members().next().is_none() {
        paths.report(Code::MissingKeyword, "`paths` has no operation");
    }
    (operations, router)
}

fn operation<'a>(
    index: OperationIndex,
    method: &Method,
    template: &str,
    item: &Node<'a>,
    node: &Node<'a>,
) -> Interface<'a> {
    let id = node
        .get("operationId")
        .and_then(|id| identifier(&id))
        .unwrap_or_default();
    let (parameters, parameters_whole) = parameter::parameters(item, node);
    Interface {
        index,
        node: node.clone(),
        id,
        summary: node
            .get("summary")
            .and_then(|text| text.string())
            .unwrap_or_default()
            .to_owned(),
        method: method.clone(),
        path: template.to_owned(),
        parameters,
        parameters_whole,
        body: body::request_body(node, method),
        responses: response::responses(node),
        deprecation: deprecation::deprecation(node),
    }
}

fn identifier<'a>(node: &Node<'a>) -> Option<&'a str> {
    let id = node.string()?;
    if OperationId::parse(id).is_none() {
        node.report_help(
            Code::BadValue,
            format!("`{id}` cannot be an operationId"),
            format!(
                "a letter, then letters, digits, `_` and `-`; at most {}",
                OperationId::LONGEST
            ),
        );
    }
    Some(id)
}

impl<'a> Interface<'a> {
    /// A GET, which is safe (RFC 9110 §9.2.1). Any other says what it may change, by `write`.
    pub(crate) fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    pub(crate) fn parameter(&self, place: ParameterPlace, name: &str) -> Option<&Declared<'a>> {
        self.parameters
            .iter()
            .find(|one| one.place == place && one.name == name)
    }

    /// The names of the path parameters.
    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &str> + Clone {
        let in_path = |one: &&Declared<'_>| one.place == ParameterPlace::Path;
        self.parameters
            .iter()
            .filter(in_path)
            .map(|one| one.name.as_str())
    }

    pub(crate) fn response(&self, status: u16) -> Option<&Response<'a>> {
        self.responses
            .iter()
            .find(|response| response.status == status)
    }

    /// The answers that are objects.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Schema<'a>> {
        let schemas = self
            .responses
            .iter()
            .filter_map(|response| response.schema.as_ref());
        schemas.filter(|schema| matches!(schema.kind, SchemaKind::Object(_) | SchemaKind::Broken))
    }

    /// Whether `x-upstream` has a word.
    pub(crate) fn upstream_says(&self, word: &str) -> bool {
        self.node
            .get("x-upstream")
            .is_some_and(|upstream| upstream.get(word).is_some())
    }

    /// Whether an answer can be read as one object with the given field.
    pub(crate) fn shows(&self, pointer: &Pointer) -> bool {
        self.objects()
            .any(|schema| schema.is_broken() || schema.find(pointer).is_ok())
    }

    /// Reports placeholders and path parameters that have no counterpart. From then on the path's own
    /// words count: a placeholder without a parameter is one of unknown type.
    fn match_placeholders(&mut self, placeholders: &[String]) {
        for name in placeholders {
            if self.parameter(ParameterPlace::Path, name).is_none() {
                if self.parameters_whole {
                    self.node.key().report_help(
                        Code::UnknownParameter,
                        format!("the path has `{{{name}}}`, and no path parameter is called so"),
                        format!("declare `{{name: {name}, in: path, required: true, schema: …}}`"),
                    );
                }
                self.parameters.push(Declared::unknown(name, &self.node));
            }
        }
        self.parameters.retain(|parameter| {
            let stands =
                parameter.place != ParameterPlace::Path || placeholders.contains(&parameter.name);
            if !stands {
                parameter.node.report_unknown(
                    Code::UnknownParameter,
                    format!("the path has no `{{{}}}`", parameter.name),
                    &parameter.name,
                    placeholders.iter().map(String::as_str),
                );
            }
            stands
        });
    }
}
