//! `paging`: a vendor's list in pages, behind `limit`, `cursor` and `next_cursor`.

use crate::code::Code;
use crate::keywords::PAGING;
use crate::operation::scope::Scope;
use crate::schema::{Kind, Object, Schema};
use crate::source::Node;
use crate::{Paging, ParameterPlace};

/// Reads `paging` of `x-upstream`. `None` without one, and where something was reported.
pub(crate) fn read<'a>(scope: &Scope<'_, 'a>, upstream: &Node<'a>) -> Option<Paging> {
    let node = upstream.get("paging")?;
    scope.mark(ParameterPlace::Query, "limit");
    scope.mark(ParameterPlace::Query, "cursor");
    if !scope.is_read() {
        node.key()
            .report(Code::MisplacedKeyword, "`paging` stands on a GET");
        return None;
    }
    parameters(scope, &node);
    let items = items(scope);
    node.object(&PAGING)?;
    if let Some(style) = node.get("style")
        && style.string().is_some_and(|style| style != "offset")
    {
        style.report_help(
            Code::BadValue,
            "there is no such style",
            "`offset` is the only one there is",
        );
    }
    let first = node.get("first").and_then(|first| first.whole());
    let start = node
        .get("start")
        .and_then(|name| vendor_name(&name, upstream));
    let count = node
        .get("count")
        .and_then(|name| vendor_name(&name, upstream));
    if start.is_some() && start == count {
        node.report(
            Code::Duplicate,
            "`start` and `count` are one vendor parameter",
        );
    }
    let end = node.get("end").map(|end| statuses(&end));
    Some(Paging {
        start: start?,
        first: first?,
        count: count?,
        end: end?,
        items: items?,
    })
}

/// `limit` is a positive integer with a maximum, `cursor` a string; neither is required.
fn parameters(scope: &Scope<'_, '_>, node: &Node<'_>) {
    for (name, wanted) in [("limit", "integer"), ("cursor", "string")] {
        let Some(declared) = scope.operation.parameter(ParameterPlace::Query, name) else {
            node.report_help(
                Code::BadPaging,
                format!("`paging` needs the query parameter `{name}`"),
                format!("declare `{{name: {name}, in: query, schema: {{type: {wanted}, …}}}}`"),
            );
            continue;
        };
        let schema = &declared.schema;
        if schema.is_broken() {
            continue;
        }
        if schema.type_name() != wanted || declared.required {
            let message =
                format!("for `paging` the parameter `{name}` is of type {wanted} and not required");
            schema.node.report(Code::BadPaging, message);
        }
        let bound = |word| {
            schema
                .check(word)
                .and_then(|check| check.node.value.as_u64())
        };
        if name == "limit" && (bound("minimum").unwrap_or(0) == 0 || bound("maximum").is_none()) {
            schema.node.report_help(
                Code::BadPaging,
                "`limit` has no bounds",
                "add `minimum: 1` and a `maximum`: a page of none never ends, one of millions is no page",
            );
        }
    }
}

/// The one array of the answer, beside `next_cursor`.
fn items(scope: &Scope<'_, '_>) -> Option<String> {
    for response in &scope.operation.responses {
        if response.status != 200 {
            // The page that ends a list is made without a success entry, as a 200.
            let message = "a paged operation answers 200 alone";
            response.node.key().report(Code::BadPaging, message);
        }
    }
    // Without a 200 an `emit` or the line above was reported.
    let response = scope.operation.response(200)?;
    match response
        .schema
        .as_ref()
        .map(|schema| (schema, &schema.kind))
    {
        Some((_, Kind::Broken)) => None,
        Some((schema, Kind::Object(object))) => items_of(schema, object),
        _ => {
            let message = "the answer of a paged operation is an object";
            response.node.report(Code::BadPaging, message);
            None
        }
    }
}

fn items_of(schema: &Schema<'_>, object: &Object<'_>) -> Option<String> {
    let cursor = object.property("next_cursor");
    let nullable_string = |schema: &Schema<'_>| {
        schema.is_broken() || matches!(schema.kind, Kind::String { .. }) && schema.nullable
    };
    if !cursor.is_some_and(|cursor| nullable_string(&cursor.schema)) {
        schema.node.report_help(
            Code::BadPaging,
            "the answer of a paged operation has no `next_cursor` that may be null",
            "add `next_cursor: {type: [string, 'null']}`",
        );
    }
    let arrays = object
        .properties
        .iter()
        .filter(|one| matches!(one.schema.kind, Kind::Array(_)));
    let names: Vec<&str> = arrays.map(|property| property.name.as_str()).collect();
    match names[..] {
        [name] => Some(name.to_owned()),
        _ => {
            let message = "the answer of a paged operation has exactly one array, its items";
            schema.node.report(Code::BadPaging, message);
            None
        }
    }
}

fn vendor_name(node: &Node<'_>, upstream: &Node<'_>) -> Option<String> {
    let name = node.string()?;
    let query = upstream.get("query");
    if name.is_empty() {
        node.report(
            Code::BadValue,
            "the name of a vendor's parameter is not empty",
        );
    } else if query.is_some_and(|query| query.get(name).is_some()) {
        node.report(Code::Duplicate, format!("`query` has `{name}` already"));
    }
    Some(name.to_owned())
}

/// Vendor statuses, quoted: after the first page they mean that there is no more.
fn statuses(node: &Node<'_>) -> Vec<u16> {
    let mut found = Vec::new();
    for (text, entry) in node.strings() {
        match text.parse::<u16>() {
            Ok(status @ (204 | 300..=599)) => found.push(status),
            Ok(200..=299) => entry.report_help(
                Code::DeadKeyword,
                format!("`{text}` brings a page, so it ends nothing"),
                "take it out: an empty page is the end by itself; of the 2xx only '204' means that there is no more",
            ),
            _ => entry.report(Code::BadValue, format!("`{text}` is no HTTP status")),
        }
    }
    found
}
