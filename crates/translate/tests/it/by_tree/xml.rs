//! XML: the tree of `roxmltree`, and then the value of the shape out of it.

use grammar::xml::{XML_NAMESPACE, XML_SPACE};
use roxmltree::Node;
use serde_json::{Map, Value};
use translate::{Array, Field, Kind, Mismatch, Object, Shape, XmlPlace};

use super::json::put;
use super::outcome::{Counts, Told, mismatch};
use super::scalar;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Element {
    pub name: String,
    pub namespace: Option<String>,
    pub attributes: Vec<Attribute>,
    pub text: String,
    pub children: Vec<Element>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub name: String,
    pub namespace: Option<String>,
    pub value: String,
}

pub fn tree(node: Node<'_, '_>) -> Element {
    let attribute = |one: roxmltree::Attribute<'_, '_>| Attribute {
        name: one.name().to_owned(),
        namespace: one.namespace().map(str::to_owned),
        value: one.value().to_owned(),
    };
    let texts = node.children().filter(Node::is_text);
    Element {
        name: node.tag_name().name().to_owned(),
        // After `xmlns=""` it says "", which is no namespace.
        namespace: node
            .tag_name()
            .namespace()
            .filter(|uri| !uri.is_empty())
            .map(str::to_owned),
        attributes: node.attributes().map(attribute).collect(),
        text: texts.filter_map(|child| child.text()).collect(),
        children: node.children().filter(Node::is_element).map(tree).collect(),
    }
}

impl Element {
    /// `xsi:nil="true"`: the element stands for no value.
    pub fn is_nil(&self) -> bool {
        self.attributes.iter().any(|attribute| {
            attribute.namespace.as_deref() == Some(XSI)
                && attribute.name == "nil"
                && matches!(attribute.value.trim_matches(XML_SPACE), "true" | "1")
        })
    }

    pub fn has_text(&self) -> bool {
        !self.text.trim_matches(XML_SPACE).is_empty()
    }

    /// All elements at a path of local names that begins with this one's.
    pub fn at_path(&self, path: &[String]) -> Vec<&Self> {
        let Some((root, rest)) = path.split_first() else {
            return vec![self];
        };
        if *self.name != **root {
            return Vec::new();
        }
        rest.iter().fold(vec![self], |found, name| {
            let children = found.into_iter().flat_map(|element| &element.children);
            children.filter(|child| *child.name == **name).collect()
        })
    }
}

/// The element that stands for the whole value. It is there, so an empty one is an empty object,
/// array or map; a nil one is null or a mismatch.
pub fn whole(
    element: &Element,
    shape: &Shape,
    holder: Option<&str>,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    match present(element, shape, holder, counts)? {
        Some(value) => Ok(value),
        None => stand_in(element, shape, counts),
    }
}

pub fn repeated(shape: &Shape) -> Mismatch {
    let expected = format!("one element with {}", shape.kind.words());
    mismatch(expected, "a repeated element")
}

/// An element's value; `None` is absence: nil, or empty under anything but a string, an array or a
/// map.
fn present(
    element: &Element,
    shape: &Shape,
    holder: Option<&str>,
    counts: &mut Counts,
) -> Result<Option<Value>, Mismatch> {
    if element.is_nil() {
        return Ok(None);
    }
    match &shape.kind {
        Kind::Object(_) if is_blank(element) => Ok(None),
        Kind::Object(object) => members_of(element, object, counts).map(Some),
        Kind::Array(array) => {
            refuse_text(element, &shape.kind)?;
            counts.unknown += foreign_attributes(element, None);
            items_of(element, array, holder, counts).map(Some)
        }
        Kind::Map(map) => {
            refuse_text(element, &shape.kind)?;
            counts.unknown += foreign_attributes(element, None);
            entries_of(element, &map.values, counts).map(Some)
        }
        kind => {
            if !element.children.is_empty() {
                return Err(mismatch(kind.words(), "child elements"));
            }
            counts.unknown += foreign_attributes(element, None);
            text_of(&element.text, kind, counts)
        }
    }
}

/// What an entry that must be there becomes where its element says nothing.
fn stand_in(element: &Element, shape: &Shape, counts: &mut Counts) -> Result<Value, Mismatch> {
    match &shape.kind {
        _ if shape.nullable => Ok(Value::Null),
        Kind::Object(object) if !element.is_nil() => members_of(element, object, counts),
        kind => Err(mismatch(kind.words(), "an empty element")),
    }
}

fn text_of(text: &str, kind: &Kind, counts: &mut Counts) -> Result<Option<Value>, Mismatch> {
    scalar::of_xml(kind, text)
        .map(|read| read.counted(counts))
        .ok_or_else(|| mismatch(kind.words(), "other text").with_excerpt(text))
}

fn members_of(element: &Element, object: &Object, counts: &mut Counts) -> Result<Value, Mismatch> {
    if element.has_text() {
        return Err(mismatch("an object", "text").with_excerpt(&element.text));
    }
    let mut known = vec![false; element.children.len()];
    let mut out = Map::new();
    for field in &object.fields {
        let value = if field.xml.attribute {
            attribute_of(element, field, counts)
        } else {
            field_of(element, field, &mut known, counts)
        };
        value
            .and_then(|value| put(&mut out, field, value))
            .map_err(|mismatch| mismatch.inside(&field.wire))?;
    }
    counts.unknown += known.iter().filter(|known| !**known).count();
    counts.unknown += foreign_attributes(element, Some(object));
    Ok(Value::Object(out))
}

fn field_of(
    element: &Element,
    field: &Field,
    known: &mut [bool],
    counts: &mut Counts,
) -> Result<Option<Value>, Mismatch> {
    let mut find = |name: &str, place: &XmlPlace| {
        let mut found = Vec::new();
        for (child, known) in element.children.iter().zip(known.iter_mut()) {
            if bears(child, name, place) {
                *known = true;
                found.push(child);
            }
        }
        found
    };
    match &field.shape.kind {
        Kind::Array(array) if !field.xml.wrapped => {
            let items = find(item_name(array, &field.wire), item_place(array, field));
            items_from(items.into_iter(), array, &field.wire, counts).map(Some)
        }
        kind => match find(&field.wire, &field.xml).as_slice() {
            // None, one and many are arrays, and without a wrapper there are none.
            [] if matches!(kind, Kind::Array(_)) => Ok(Some(Value::Array(Vec::new()))),
            [] => Ok(None),
            [child] => {
                let value = present(child, &field.shape, Some(&field.wire), counts)?;
                let must = field.required && !field.shape.nullable;
                match (kind, value) {
                    (Kind::Object(object), None) if must && !child.is_nil() => {
                        counts.lenient += 1;
                        members_of(child, object, counts).map(Some)
                    }
                    (Kind::Array(_), None) if must => {
                        counts.lenient += 1;
                        Ok(Some(Value::Array(Vec::new())))
                    }
                    (Kind::Map(_), None) if must => {
                        counts.lenient += 1;
                        Ok(Some(Value::Object(Map::new())))
                    }
                    (_, value) => Ok(value),
                }
            }
            _ => Err(repeated(&field.shape)),
        },
    }
}

/// The items inside a wrapper.
fn items_of(
    wrapper: &Element,
    array: &Array,
    holder: Option<&str>,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    let name = array.item_name.as_deref().or(holder);
    let is_item = |child: &&Element| match name {
        Some(name) => bears(child, name, &array.item_xml),
        None => true,
    };
    let items: Vec<&Element> = wrapper.children.iter().filter(is_item).collect();
    counts.unknown += wrapper.children.len() - items.len();
    items_from(
        items.into_iter(),
        array,
        name.unwrap_or(&wrapper.name),
        counts,
    )
}

fn items_from<'e>(
    items: impl Iterator<Item = &'e Element>,
    array: &Array,
    holder: &str,
    counts: &mut Counts,
) -> Result<Value, Mismatch> {
    items
        .enumerate()
        .map(|(index, item)| {
            let holder = Some(item_name(array, holder));
            whole(item, &array.items, holder, counts)
                .map_err(|mismatch| mismatch.inside(&index.to_string()))
        })
        .collect()
}

/// A map's entries, named by their elements. An entry that says nothing is absent.
fn entries_of(element: &Element, values: &Shape, counts: &mut Counts) -> Result<Value, Mismatch> {
    let mut out = Map::new();
    for child in &element.children {
        if out.contains_key(&child.name) {
            return Err(repeated(values).inside(&child.name));
        }
        let value = present(child, values, Some(&child.name), counts)
            .map_err(|mismatch| mismatch.inside(&child.name))?;
        if let Some(value) = value.or_else(|| values.nullable.then_some(Value::Null)) {
            out.insert(child.name.to_string(), value);
        }
    }
    Ok(Value::Object(out))
}

fn attribute_of(
    element: &Element,
    field: &Field,
    counts: &mut Counts,
) -> Result<Option<Value>, Mismatch> {
    match element
        .attributes
        .iter()
        .find(|attribute| is_of(attribute, field))
    {
        Some(attribute) => text_of(&attribute.value, &field.shape.kind, counts),
        None => Ok(None),
    }
}

fn is_of(attribute: &Attribute, field: &Field) -> bool {
    // Without a declared namespace an attribute means the one that has none, as everyone writes it.
    field.xml.attribute
        && *attribute.name == *field.wire
        && attribute.namespace.as_deref() == field.xml.namespace.as_deref()
}

/// Elements go by their local name; by their namespace as well where the schema declares one.
fn bears(element: &Element, name: &str, place: &XmlPlace) -> bool {
    *element.name == *name
        && place
            .namespace
            .as_deref()
            .is_none_or(|namespace| element.namespace.as_deref() == Some(namespace))
}

/// Neither elements nor text nor attributes of its own.
fn is_blank(element: &Element) -> bool {
    element.children.is_empty() && !element.has_text() && foreign_attributes(element, None) == 0
}

/// Attributes that no field takes; those of XML itself and of XML Schema instances mean nothing to
/// a schema.
fn foreign_attributes(element: &Element, object: Option<&Object>) -> usize {
    let fields = object.map_or(&[][..], |object| &object.fields);
    element
        .attributes
        .iter()
        .filter(|attribute| !matches!(attribute.namespace.as_deref(), Some(XSI | XML_NAMESPACE)))
        .filter(|attribute| !fields.iter().any(|field| is_of(attribute, field)))
        .count()
}

fn refuse_text(element: &Element, kind: &Kind) -> Result<(), Mismatch> {
    if element.has_text() {
        Err(mismatch(kind.words(), "text").with_excerpt(&element.text))
    } else {
        Ok(())
    }
}

fn item_name<'a>(array: &'a Array, holder: &'a str) -> &'a str {
    array.item_name.as_deref().unwrap_or(holder)
}

/// Unwrapped items stand in the place of the property itself.
fn item_place<'a>(array: &'a Array, field: &'a Field) -> &'a XmlPlace {
    if array.item_xml.namespace.is_none() && !field.xml.wrapped {
        &field.xml
    } else {
        &array.item_xml
    }
}
