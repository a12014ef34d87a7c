//! The answers that an operation documents: one schema for each status.

use serde_json::json;

use crate::code::Code;
use crate::interface::body::media_type_schema;
use crate::keywords::RESPONSE;
use crate::schema::Schema;
use crate::source::Node;

#[derive(Debug)]
pub(crate) struct Response<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) status: u16,
    /// `None`: no content.
    pub(crate) schema: Option<Schema<'a>>,
}

/// Reads `responses` of an operation.
pub(crate) fn responses<'a>(operation: &Node<'a>) -> Vec<Response<'a>> {
    let Some(responses) = operation.get("responses") else {
        return Vec::new();
    };
    if responses.map().is_none() {
        return Vec::new();
    }
    responses
        .members()
        .filter_map(|(status, node)| response(status, &node))
        .collect()
}

fn response<'a>(status: &str, node: &Node<'a>) -> Option<Response<'a>> {
    if status == "default" {
        default(node);
        return None;
    }
    let Some(status) = status
        .parse()
        .ok()
        .filter(|status| (200..300).contains(status))
    else {
        node.key().report_help(
            Code::BadValue,
            format!("`{status}` is no status that an operation documents"),
            "a 2xx that some `emit` sends; problems are documented by `default`",
        );
        return None;
    };
    let schema = content(node, status).unwrap_or_else(|| Some(Schema::broken(node)));
    Some(Response {
        node: node.clone(),
        status,
        schema,
    })
}

/// `default` is injected: the problem of RFC 9457. A document may say so itself.
fn default(node: &Node<'_>) {
    if *node.value != json!({"$ref": "#/components/responses/Problem"}) {
        node.key().report_help(
            Code::ReservedName,
            "`default` is injected by the gateway: the problem of RFC 9457",
            "leave it out, or write {$ref: '#/components/responses/Problem'}",
        );
    }
}

/// Checks a response component, whatever status it will stand under.
pub(crate) fn check_component(node: &Node<'_>) {
    content(node, 200);
}

/// `None`: reported.
fn content<'a>(node: &Node<'a>, status: u16) -> Option<Option<Schema<'a>>> {
    let target = node.resolve("responses")?;
    target.object(&RESPONSE)?;
    if let Some(description) = target.get("description") {
        description.string();
    }
    let Some(content) = target.get("content") else {
        return Some(None);
    };
    content.map()?;
    if matches!(status, 204 | 205) {
        content.key().report(
            Code::MisplacedKeyword,
            format!("a {status} has no content (RFC 9110)"),
        );
        return Some(None);
    }
    let mut schema = None;
    for (name, media_type) in content.members() {
        if name == "application/json" {
            schema = Some(media_type_schema(&media_type)?);
        } else {
            media_type.key().report_help(
                Code::BadValue,
                format!("an answer cannot be `{name}`"),
                "answers are `application/json`",
            );
        }
    }
    if schema.is_none() {
        content.report_help(
            Code::MissingKeyword,
            "`content` lacks `application/json`",
            "add it, or leave `content` out for an answer without a body",
        );
        return None;
    }
    Some(schema)
}
