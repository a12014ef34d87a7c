//! `paging`: a vendor's list in pages, behind `limit`, `cursor` and `next_cursor`.

use crate::code::Code;
use crate::keywords::PAGING;
use crate::operation::scope::Scope;
use crate::plan::{LAST_INDEX, Paging, ParameterPlace};
use crate::schema::{Object, Schema, SchemaKind};
use crate::source::Node;

/// Reads `paging` of `x-upstream`. `None` without one, and where something was reported.
pub(crate) fn paging<'a>(scope: &Scope<'_, 'a>, upstream: &Node<'a>) -> Option<Paging> {
    let node = upstream.get("paging")?;
    scope.mark(ParameterPlace::Query, "limit");
    scope.mark(ParameterPlace::Query, "cursor");
    if !scope.is_read() {
        node.key()
            .report(Code::MisplacedKeyword, "`paging` stands on a GET");
        return None;
    }
    if let Some(style) = node.get("style") {
        let text = style.string()?;
        if text != "offset" {
            // The other words, and what the answer has to have, would be those of that style.
            style.report_help(
                Code::BadValue,
                format!("there is no style `{text}`"),
                "`offset` is the only one there is",
            );
            return None;
        }
    }
    parameters(scope, &node);
    let items = items(scope);
    node.object(&PAGING)?;
    own_cursor(&node, upstream);
    let first = node.get("first").and_then(|first| self::first(&first));
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
            if !scope.operation.parameters_whole {
                continue;
            }
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
        if name == "cursor" {
            cursor(schema);
        } else if bound("minimum").unwrap_or(0) == 0 || bound("maximum").is_none() {
            schema.node.report_help(
                Code::BadPaging,
                "`limit` has no bounds",
                "add `minimum: 1` and a `maximum`: a page of none never ends, one of millions is no page",
            );
        }
    }
}

/// What a cursor takes where it carries nothing but the page; the parameters of the first page come on top.
const SHORTEST_CURSOR: u64 = 64;

/// The cursor is the gateway's own text, so a schema may bound its length, and must let it through.
fn cursor(schema: &Schema<'_>) {
    let help = "bound it by `maxLength` alone: the text of a cursor is the gateway's own";
    for word in ["enum", "const", "pattern", "format"] {
        if let Some(check) = schema.check(word) {
            let message =
                format!("`{word}` on the cursor would refuse those that the gateway makes");
            check.node.key().report_help(Code::BadPaging, message, help);
        }
    }
    let bound = |word| {
        let check = schema.check(word)?;
        Some((check.node.value.as_u64()?, check.node.clone()))
    };
    if let Some((least, node)) = bound("minLength")
        && least > 1
    {
        node.report_help(Code::BadPaging, "a cursor can be shorter", help);
    }
    if let Some((most, node)) = bound("maxLength")
        && most < SHORTEST_CURSOR
    {
        node.report_help(
            Code::BadPaging,
            format!("a cursor takes up to {SHORTEST_CURSOR} characters, and more where it carries other parameters"),
            "512 is a good bound",
        );
    }
}

/// Reports sources that name the cursor: what it says is the gateway's own.
fn own_cursor(node: &Node<'_>, upstream: &Node<'_>) {
    let query = upstream.get("query");
    for (key, source) in query.iter().flat_map(|query| query.members()) {
        let named = source
            .get("name")
            .map_or(Some(key), |name| name.value.as_str());
        let from_query = source.get("from").is_some_and(|from| from.value == "query");
        if from_query && named == Some("cursor") {
            source.report_help(
                Code::BadPaging,
                "the cursor is the gateway's own, and no vendor can read it",
                format!(
                    "`{}` sends what it stands for",
                    node.get("start")
                        .and_then(|start| start.value.as_str())
                        .unwrap_or("start")
                ),
            );
        }
    }
}

fn first(node: &Node<'_>) -> Option<u64> {
    let first = node.whole()?;
    if first > LAST_INDEX / 2 {
        node.report_help(
            Code::BadValue,
            format!("{first} is no index of a first item"),
            "0 or 1: what the vendor calls its first item",
        );
    }
    Some(first)
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
        Some((_, SchemaKind::Broken)) => None,
        Some((schema, SchemaKind::Object(object))) => items_of(schema, object),
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
        schema.is_broken() || matches!(schema.kind, SchemaKind::String { .. }) && schema.nullable
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
        .filter(|one| matches!(one.schema.kind, SchemaKind::Array(_)));
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
