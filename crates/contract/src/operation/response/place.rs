//! Places in a vendor's answer that a contract points at: whether a text can ever stand there. A predicate
//! that never holds makes a success of every failure.

use translate::Encoding;
use translate::answer::Produced;

use crate::code::Code;
use crate::element_path::is_xml_path;
use crate::operation::response::producer::Written;
use crate::schema::{Property, Schema, SchemaKind};
use crate::source::Node;

/// What the contract knows of one success entry's document.
pub(crate) struct Known<'k, 'a> {
    pub(crate) encoding: Option<Encoding>,
    /// `at` of the entry.
    pub(crate) at: &'k [Vec<String>],
    pub(crate) written: &'k [Written<'a>],
    pub(crate) schema: Option<&'k Schema<'a>>,
}

/// What stands at a place.
enum There<'k, 'a> {
    /// The contract does not say.
    Unknown,
    Text(&'k Schema<'a>),
    /// Nothing that can be read as a text, with the reason.
    Never(String),
}

/// Checks the pointer at `node`, of `fails_if`; `equals` is what it is compared with.
pub(crate) fn check_place(
    known: &Known<'_, '_>,
    node: &Node<'_>,
    tokens: &[String],
    equals: Option<(&str, &Node<'_>)>,
) {
    if known.encoding == Some(Encoding::Xml) && !is_xml_place(node, tokens) {
        return;
    }
    let places = known.places(tokens);
    if places.is_empty() || places.iter().any(|one| matches!(one, There::Unknown)) {
        if known.encoding == Some(Encoding::Json) && tokens.iter().any(|token| token == "-") {
            node.report_help(
                Code::DeadKeyword,
                "nothing ever stands here: `-` is the place behind the last item of a list (RFC 6901)",
                "name an item by its index, or end at the list, each of whose texts counts",
            );
        }
        return;
    }
    let mut kinds = Vec::new();
    let mut reasons = Vec::new();
    for there in places {
        match there {
            There::Unknown => {}
            There::Text(schema) => kinds.push(schema),
            There::Never(reason) => reasons.push(reason),
        }
    }
    if let (true, Some(reason)) = (kinds.is_empty(), reasons.into_iter().next()) {
        node.report_help(
            Code::DeadKeyword,
            format!("no text ever stands here: {reason}"),
            "point at a member that holds a text, a number, true or false",
        );
    } else if let (Some((text, node)), Some(first)) = (equals, kinds.first())
        && !kinds
            .iter()
            .any(|schema| can_be(schema, text, known.encoding))
    {
        node.report_help(
            Code::TypeMismatch,
            format!(
                "the place is of type {}, which is never this",
                first.type_name()
            ),
            "write a value of the type, or change the schema of the answer",
        );
    }
}

/// In XML a path begins with the root element, and its names are names; the last one may be an
/// attribute's, `@name`. `false`: reported.
fn is_xml_place(node: &Node<'_>, tokens: &[String]) -> bool {
    if let [only] = tokens {
        node.report_help(
            Code::BadValue,
            format!("`{only}` is the root element itself: in XML a path begins with the root"),
            format!(
                "write the root before it, such as `/response/{only}`; '' is the text of the root"
            ),
        );
        return false;
    }
    is_xml_path(node, tokens)
}

impl<'a> Known<'_, 'a> {
    /// What stands at the place, by each value that is decoded from the body.
    fn places(&self, tokens: &[String]) -> Vec<There<'_, 'a>> {
        let from_body = |one: &&Written<'_>| one.producer.from == Produced::Body;
        let mut places = Vec::new();
        for written in self.written.iter().filter(from_body) {
            let target = self
                .schema
                .and_then(|schema| schema.find(&written.producer.to).ok());
            let Some((target, _)) = target else {
                return vec![There::Unknown];
            };
            for at in self.at {
                let inside = match (at.is_empty(), self.encoding) {
                    // The root bears any name.
                    (true, Some(Encoding::Xml)) => tokens.get(1..).or(Some(tokens)),
                    _ => tokens.strip_prefix(at.as_slice()),
                };
                places.push(match inside {
                    Some(inside) if self.encoding == Some(Encoding::Xml) => xml(target, inside),
                    Some(inside) => json(target, inside),
                    None => There::Unknown,
                });
            }
        }
        places
    }
}

fn json<'k, 'a>(schema: &'k Schema<'a>, inside: &[String]) -> There<'k, 'a> {
    match (&schema.kind, inside.split_first()) {
        (SchemaKind::Broken, _) => There::Unknown,
        // A list gives each of its texts.
        (SchemaKind::Array(items), None) => end(items),
        (_, None) => end(schema),
        (SchemaKind::Object(object), Some((name, rest))) => {
            match object.properties.iter().find(|one| one.wire_name() == name) {
                Some(property) => json(&property.schema, rest),
                None => There::Unknown,
            }
        }
        (SchemaKind::Map(values), Some((_, rest))) => json(values, rest),
        (SchemaKind::Array(items), Some((index, rest))) => match index.parse::<usize>() {
            Ok(_) => json(items, rest),
            Err(_) => There::Never(format!("`{index}` is no index of the list before it")),
        },
        (_, Some((name, _))) => There::Never(format!(
            "`{name}` is inside of type {}, which has nothing inside",
            schema.type_name()
        )),
    }
}

fn xml<'k, 'a>(schema: &'k Schema<'a>, inside: &[String]) -> There<'k, 'a> {
    match (&schema.kind, inside.split_first()) {
        (SchemaKind::Broken, _) => There::Unknown,
        (_, None) => end(schema),
        (_, Some((name, []))) if name.starts_with('@') => {
            let name = name.trim_start_matches('@');
            let found = match &schema.kind {
                SchemaKind::Object(object) => {
                    object.properties.iter().find(|one| one.wire_name() == name)
                }
                _ => None,
            };
            match found {
                Some(property) if !property.schema.wire.xml.attribute => There::Never(format!(
                    "`{name}` is an element by the schema, not an attribute"
                )),
                Some(property) => end(&property.schema),
                None => There::Unknown,
            }
        }
        (SchemaKind::Object(object), Some((name, rest))) => {
            match object
                .properties
                .iter()
                .find(|one| element_name(one) == name)
            {
                Some(property) => match &property.schema.kind {
                    SchemaKind::Array(items) if !property.schema.wire.xml.wrapped => {
                        xml(items, rest)
                    }
                    _ => xml(&property.schema, rest),
                },
                None => There::Unknown,
            }
        }
        (SchemaKind::Array(items), Some((_, rest))) => xml(items, rest),
        (SchemaKind::Map(values), Some((_, rest))) => xml(values, rest),
        (_, Some((name, _))) => There::Never(format!(
            "`{name}` is inside of type {}, which has nothing inside",
            schema.type_name()
        )),
    }
}

/// The children of an unwrapped array bear the items' name.
fn element_name<'p>(property: &'p Property<'_>) -> &'p str {
    match &property.schema.kind {
        SchemaKind::Array(items) if !property.schema.wire.xml.wrapped => items
            .wire
            .item_name
            .as_deref()
            .unwrap_or(property.wire_name()),
        _ => property.wire_name(),
    }
}

fn end<'k, 'a>(schema: &'k Schema<'a>) -> There<'k, 'a> {
    if schema.is_broken() {
        There::Unknown
    } else if schema.is_scalar() {
        There::Text(schema)
    } else {
        There::Never(format!("it is of type {}", schema.type_name()))
    }
}

/// Whether a place of the type can say the text.
fn can_be(schema: &Schema<'_>, text: &str, encoding: Option<Encoding>) -> bool {
    match schema.kind {
        SchemaKind::Integer => text
            .parse::<f64>()
            .is_ok_and(|number| number.fract() == 0.0),
        SchemaKind::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
        SchemaKind::Boolean if encoding == Some(Encoding::Json) => matches!(text, "true" | "false"),
        SchemaKind::Boolean => matches!(text, "true" | "false" | "1" | "0"),
        _ => true,
    }
}

/// Reports an `at` that is never tried: where it is, so is an earlier one, which leads to it or to
/// something around it.
pub(crate) fn report_shadowed(paths: &[(Vec<String>, Node<'_>)]) {
    for (index, (path, node)) in paths.iter().enumerate() {
        let earlier = paths
            .iter()
            .take(index)
            .find(|(other, _)| path.starts_with(other));
        if let Some((other, _)) = earlier {
            node.report_help(
                Code::DeadKeyword,
                format!(
                    "this place is never tried: `{}` before it is always there as well",
                    other.join("/")
                ),
                "write the inner place first",
            );
        }
    }
}
