//! Tags: `name.kind`, `name.kind` with the value of a source, and `name.*`.

use std::sync::Arc;

use grammar::tag::is_word;

use crate::code::Code;
use crate::operation::scope::Scope;
use crate::operation::value_source::{must_name, value_source};
use crate::plan::{Source, TagReach, TagSource};
use crate::source::Node;

/// A tag with the place to speak of when it does not suit others.
#[derive(Debug)]
pub(crate) struct Tagged<'a> {
    pub(crate) tag: TagSource,
    pub(crate) node: Node<'a>,
}

/// The tags of a list; `None` where something was reported. A read's pointers read the answer, a
/// write's the request.
pub(crate) fn tags<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>) -> Option<Vec<Tagged<'a>>> {
    node.list()?;
    let mut tags: Vec<Tagged<'a>> = Vec::new();
    let mut whole = true;
    for entry in node.entries() {
        let Some(tag) = tag(scope, &entry) else {
            whole = false;
            continue;
        };
        if tags.iter().any(|known| known.tag == tag) {
            entry.report(Code::Duplicate, "the tag stands twice in the list");
        }
        tags.push(Tagged { tag, node: entry });
    }
    whole.then_some(tags)
}

fn tag<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>) -> Option<TagSource> {
    if node.value.is_string() {
        return name(node, node.string()?);
    }
    let mut members = node.members();
    let (Some((text, entry)), None) = (members.next(), members.next()) else {
        node.report_help(
            Code::WrongType,
            "this is no tag",
            "`name.kind`, `name.*`, or a mapping of one `name.kind` to the source of its value",
        );
        return None;
    };
    let tag = name(&entry.key(), text)?;
    let TagReach::Kind { kind, .. } = tag.reach else {
        entry.key().report_help(
            Code::BadValue,
            format!("`{text}` stands for all values and takes none"),
            format!("write it as a plain entry of the list: `{text}`"),
        );
        return None;
    };
    let source = source(scope, &entry, &kind)?;
    let reach = TagReach::Kind {
        kind,
        value: Some(source),
    };
    Some(TagSource { reach, ..tag })
}

fn name(node: &Node<'_>, text: &str) -> Option<TagSource> {
    let word = is_word;
    let (name, reach) = match text.split_once('.') {
        Some((name, "*")) if word(name) => (name, TagReach::All),
        Some((name, kind)) if word(name) && word(kind) => {
            let kind = Arc::from(kind);
            (name, TagReach::Kind { kind, value: None })
        }
        _ => {
            node.report_help(
                Code::BadValue,
                format!("`{text}` is no tag"),
                "write `name.kind` or `name.*`, of letters, digits, `_` and `-`",
            );
            return None;
        }
    };
    Some(TagSource {
        name: Arc::from(name),
        reach,
    })
}

/// The source of a tag's value: one scalar.
fn source<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>, kind: &str) -> Option<Source> {
    if scope.is_read() && node.value.is_string() {
        return answer_field(scope, node);
    }
    // What only a tag names does not reach the vendor, so it stays unused.
    let sourced = scope.unmarked(|| value_source(scope, node, kind))?;
    sourced.must_name(node)?;
    Some(sourced.source)
}

fn answer_field(scope: &Scope<'_, '_>, node: &Node<'_>) -> Option<Source> {
    let pointer = node.json_pointer()?;
    if !scope.operation.shows(&pointer) {
        let message = format!(
            "the answer of `{}` has no field `{pointer}`",
            scope.operation.id
        );
        node.report(Code::UnknownField, message);
        return None;
    }
    let field = scope
        .operation
        .objects()
        .find_map(|schema| schema.find(&pointer).ok());
    if let Some((schema, _)) = field {
        must_name(schema, node)?;
    }
    Some(Source::Pointer(pointer))
}
