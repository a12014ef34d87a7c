//! The request body of the unified interface: JSON, one schema.

use http::Method;
use validate::Validator;

use crate::code::Code;
use crate::keywords::{MEDIA_TYPE, REQUEST_BODY};
use crate::plan::RequestBody;
use crate::schema::{self, ReadOnly, Schema, SchemaKind, example, request};
use crate::source::Node;

#[derive(Debug)]
pub(crate) struct Body<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) required: bool,
    pub(crate) media_types: Vec<String>,
    pub(crate) schema: Schema<'a>,
}

/// Reads `requestBody` of an operation. A body that is there but unreadable is one of unknown shape.
pub(crate) fn request_body<'a>(operation: &Node<'a>, method: &Method) -> Option<Body<'a>> {
    let node = operation.get("requestBody")?;
    if method == Method::GET {
        node.key().report_help(
            Code::MisplacedKeyword,
            "a GET has no request body",
            "take it out; what a read needs stands in `parameters`",
        );
        return None;
    }
    let mut body = Body {
        required: true,
        media_types: Vec::new(),
        schema: Schema::broken(&node),
        node,
    };
    if body.node.object(&REQUEST_BODY).is_none() {
        return Some(body);
    }
    body.required = body
        .node
        .get("required")
        .map_or(body.node.misspells(&REQUEST_BODY, "required"), |flag| {
            flag.boolean().unwrap_or(true)
        });
    let content = body
        .node
        .get("content")
        .filter(|content| content.map().is_some());
    let mut first: Option<Schema<'a>> = None;
    for (name, media_type) in content.iter().flat_map(|content| content.members()) {
        media_type_name(name, &media_type, method);
        body.media_types.push(name.to_ascii_lowercase());
        let Some(schema) = media_type_schema(&media_type) else {
            continue;
        };
        match &first {
            None => {
                first = Some(checked(schema));
            }
            Some(other) if other.flat(ReadOnly::Binds) != schema.flat(ReadOnly::Binds) => {
                media_type.key().report_help(
                    Code::BadValue,
                    format!("`{name}` has another schema than the media type before it"),
                    "one operation has one request: give both the same `$ref`",
                );
            }
            Some(_) => {}
        }
    }
    if let Some(content) = content
        && body.media_types.is_empty()
    {
        content.report_help(
            Code::MissingKeyword,
            "`content` names no media type",
            "add `application/json`",
        );
    }
    body.schema = first.unwrap_or(body.schema);
    Some(body)
}

/// The schema of a media type object, with its examples checked. `None`: reported.
pub(crate) fn media_type_schema<'a>(media_type: &Node<'a>) -> Option<Schema<'a>> {
    media_type.object(&MEDIA_TYPE)?;
    let schema = schema::schema(&media_type.get("schema")?);
    if schema.wire.name.is_some() {
        schema.node.report_help(
            Code::MisplacedKeyword,
            "`x-name` has no effect on a whole body",
            "in XML `request.root` and `at` name its element; a field is named where it is a property",
        );
    }
    if schema.wire.sensitive {
        schema.node.report_help(
            Code::MisplacedKeyword,
            "`x-sensitive` has no effect on a whole body",
            "mark the properties whose values are personal",
        );
    }
    example::check_examples(&schema);
    example::check_examples_beside(&schema, media_type);
    Some(schema)
}

fn media_type_name(name: &str, node: &Node<'_>, method: &Method) {
    const MERGE_PATCH: &str = "application/merge-patch+json";
    let lower = name.to_ascii_lowercase();
    if lower == MERGE_PATCH && method != Method::PATCH {
        let message = format!("`{MERGE_PATCH}` is a body of PATCH (RFC 7396)");
        node.key().report(Code::BadValue, message);
    } else if lower != "application/json" && lower != MERGE_PATCH {
        node.key().report_help(
            Code::BadValue,
            format!("a request body cannot be `{name}`"),
            format!("`application/json`, and for PATCH also `{MERGE_PATCH}`; both are JSON"),
        );
    }
}

/// The schema, or a broken one in its place.
fn checked(schema: Schema<'_>) -> Schema<'_> {
    if !matches!(schema.kind, SchemaKind::Object(_) | SchemaKind::Broken) {
        let message = format!(
            "a request body is an object, not of type {}",
            schema.type_name()
        );
        let help = "wrap it into an object: `type: object` with `properties`";
        schema.node.report_help(Code::TypeMismatch, message, help);
        return Schema::broken(&schema.node);
    }
    if schema.nullable {
        schema
            .node
            .report(Code::BadValue, "a request body is never null");
    }
    request::closed(&schema);
    schema
}

impl Body<'_> {
    /// `None` where something was reported.
    pub(crate) fn compile(&self) -> Option<RequestBody> {
        Some(RequestBody {
            required: self.required,
            media_types: self.media_types.clone(),
            validator: Validator::compile(&self.schema.flat(ReadOnly::Binds)).ok()?,
        })
    }
}
