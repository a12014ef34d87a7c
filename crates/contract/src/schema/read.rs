//! Reading one schema, with everything that it refers to.

use std::rc::Rc;

use serde_json::Value;

use super::{
    Example, Object, Property, Schema, SchemaKind, all_of, checks, condition, known_texts, wire,
};
use crate::code::Code;
use crate::keywords::{BESIDE_REFERENCE, SCHEMA};
use crate::source::Node;

/// Levels after references were followed. No request is nested deeper than the validator's limit,
/// and what walks a schema recurses.
const MAX_DEPTH: usize = 64;
/// Schemas after references were followed. Ten components that each name the next one ten times
/// would otherwise become ten billion.
const MAX_SCHEMAS: usize = 20_000;

/// Reads the schema at a node. What is wrong in it is reported and stands as [`SchemaKind::Broken`].
pub(crate) fn schema<'a>(node: &Node<'a>) -> Schema<'a> {
    References {
        followed: Vec::new(),
        depth: 0,
        left: MAX_SCHEMAS,
    }
    .read(node)
}

struct References {
    /// The components on the way from the root to here.
    followed: Vec<Rc<str>>,
    depth: usize,
    left: usize,
}

impl References {
    fn read<'a>(&mut self, node: &Node<'a>) -> Schema<'a> {
        if self.depth == MAX_DEPTH {
            let message = format!("the schema nests deeper than {MAX_DEPTH} levels");
            node.report(Code::TooDeep, message);
            return Schema::broken(node);
        }
        if self.left == 0 {
            let message = format!(
                "the schema has more than {MAX_SCHEMAS} parts once references are followed"
            );
            node.report(Code::TooLarge, message);
            return Schema::broken(node);
        }
        self.depth += 1;
        self.left -= 1;
        let schema = match node.object(&SCHEMA) {
            None => Schema::broken(node),
            Some(()) => match node.reference() {
                Some(reference) => self.referred(node, &reference),
                None => self.own(node),
            },
        };
        self.depth -= 1;
        schema
    }

    /// What a `$ref` leads to, with what stands beside it.
    fn referred<'a>(&mut self, node: &Node<'a>, reference: &Node<'a>) -> Schema<'a> {
        for (name, member) in node.members() {
            if !BESIDE_REFERENCE.contains(&name) && SCHEMA.names().any(|known| known == name) {
                member.key().report_help(
                    Code::MisplacedKeyword,
                    format!("`{name}` beside a `$ref` would bind only here"),
                    "write it where the reference leads to, or refer to that schema by `allOf`",
                );
            }
        }
        let Some(mut schema) = self.target(reference) else {
            return Schema::broken(node);
        };
        schema.wire = wire::beside(schema.wire.clone(), node, &schema);
        schema.read_only |= read_only(node);
        // Examples of the component are checked where it stands.
        schema.examples = examples(node);
        schema
    }

    /// The schema that a `$ref` names, unless it leads back to itself.
    fn target<'a>(&mut self, reference: &Node<'a>) -> Option<Schema<'a>> {
        let target = reference.follow("schemas")?;
        if self.followed.contains(&target.pointer) {
            reference.report_help(
                Code::RecursiveReference,
                "the reference leads back to the schema that it stands in",
                "a body has a fixed depth: write the levels out",
            );
            return None;
        }
        self.followed.push(Rc::clone(&target.pointer));
        let schema = self.read(&target);
        self.followed.pop();
        Some(schema)
    }

    fn own<'a>(&mut self, node: &Node<'a>) -> Schema<'a> {
        let mut schema = Schema::broken(node);
        let Some((name, nullable)) = declared_type(node) else {
            return schema;
        };
        schema.nullable = nullable;
        schema.read_only = read_only(node);
        schema.examples = examples(node);
        schema.known_texts = known_texts::of(node, name);
        schema.checks = checks::checks(node, name, nullable);
        schema.kind = match name {
            "string" => SchemaKind::String {
                date_time: schema
                    .check("format")
                    .is_some_and(|format| format.node.value == "date-time"),
            },
            "integer" => SchemaKind::Integer,
            "number" => SchemaKind::Number,
            "boolean" => SchemaKind::Boolean,
            "array" => self.array(node),
            _ => self.object(node, &mut schema),
        };
        misplaced(node, name);
        // `allOf` may have brought the `xml` of a part.
        schema.wire = wire::beside(schema.wire.clone(), node, &schema);
        schema
    }

    fn array<'a>(&mut self, node: &Node<'a>) -> SchemaKind<'a> {
        match node.get("items") {
            Some(items) => {
                let schema = self.read(&items);
                wire::stands_on_items(&items, &schema.wire);
                SchemaKind::Array(Box::new(schema))
            }
            None => {
                node.report(Code::MissingKeyword, "an array lacks `items`");
                SchemaKind::Broken
            }
        }
    }

    fn object<'a>(&mut self, node: &Node<'a>, schema: &mut Schema<'a>) -> SchemaKind<'a> {
        let mut object = Object::default();
        let whole = match node.get("allOf") {
            Some(parts) => {
                all_of::merge(&mut |part| self.target(part), &parts, &mut object, schema)
            }
            None => true,
        };
        if let Some(properties) = node.get("properties")
            && properties.map().is_some()
        {
            for (name, property) in properties.members() {
                if let Some(first) = object.property(name) {
                    property.key().report_beside(
                        Code::Duplicate,
                        format!("a part of `allOf` already has the property `{name}`"),
                        &first.node.key(),
                        "the part has it here",
                    );
                    continue;
                }
                let schema = self.read(&property);
                wire::stands_on_property(&property, &schema.wire);
                object.properties.push(Property {
                    name: name.to_owned(),
                    required: false,
                    node: property,
                    schema,
                });
            }
        }
        let map = self.additional(node, &mut object);
        if !whole {
            return SchemaKind::Broken;
        }
        if let Some(map) = map {
            return map;
        }
        if let Some(required) = node.get("required") {
            require(&mut object, &required);
        }
        condition::add_condition(node, &object, &mut schema.checks);
        SchemaKind::Object(object)
    }

    /// `additionalProperties`: closes the object, or makes it a map.
    fn additional<'a>(
        &mut self,
        node: &Node<'a>,
        object: &mut Object<'a>,
    ) -> Option<SchemaKind<'a>> {
        let additional = node.get("additionalProperties")?;
        match additional.value {
            Value::Bool(open) => {
                object.closed |= !open;
                None
            }
            _ if !object.properties.is_empty() => {
                additional.report_help(
                    Code::UnsupportedKeyword,
                    "an object has either `properties` or a schema for `additionalProperties`",
                    "give the free names an object of their own",
                );
                Some(SchemaKind::Broken)
            }
            _ => {
                let schema = self.read(&additional);
                wire::stands_on_values(&additional, &schema.wire);
                Some(SchemaKind::Map(Box::new(schema)))
            }
        }
    }
}

/// `required`: each name must be a property.
fn require(object: &mut Object<'_>, required: &Node<'_>) {
    for (name, entry) in required.strings() {
        match object
            .properties
            .iter_mut()
            .find(|property| property.name == name)
        {
            Some(property) => property.required = true,
            None => {
                let known = object
                    .properties
                    .iter()
                    .map(|property| property.name.as_str());
                let message = format!("`required` names `{name}`, which is no property");
                entry.report_unknown(Code::UnknownField, message, name, known);
            }
        }
    }
}

/// The type, and whether null is admitted. `None`: reported.
fn declared_type<'a>(node: &Node<'a>) -> Option<(&'a str, bool)> {
    const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];
    let Some(declared) = node.get("type") else {
        node.report_help(
            Code::MissingKeyword,
            "a schema lacks `type`",
            "the translation reads it: whether something is a string or a number is never guessed",
        );
        return None;
    };
    let names: Vec<&str> = match declared.value {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let (name, nullable) = match names[..] {
        [name] if declared.value.is_string() => (name, false),
        [name, "null"] | ["null", name] if name != "null" => (name, true),
        _ => {
            declared.report(
                Code::BadValue,
                "`type` takes one type, or a list of one type and 'null'",
            );
            return None;
        }
    };
    if TYPES.contains(&name) {
        return Some((name, nullable));
    }
    let message = format!("there is no type `{name}`");
    declared.report_unknown(Code::BadValue, message, name, TYPES.into_iter());
    None
}

/// Words that speak of another type have no effect.
fn misplaced(node: &Node<'_>, type_name: &str) {
    const OF_OBJECTS: [&str; 6] = [
        "properties",
        "required",
        "additionalProperties",
        "allOf",
        "if",
        "then",
    ];
    let foreign = OF_OBJECTS
        .into_iter()
        .filter(|_| type_name != "object")
        .chain(["items"].into_iter().filter(|_| type_name != "array"));
    for word in foreign {
        if let Some(member) = node.get(word) {
            let message = format!("`{word}` says nothing about type {type_name}");
            member.key().report(Code::MisplacedKeyword, message);
        }
    }
}

fn read_only(node: &Node<'_>) -> bool {
    node.get("readOnly")
        .and_then(|flag| flag.boolean())
        .unwrap_or(false)
}

fn examples<'a>(node: &Node<'a>) -> Vec<Example<'a>> {
    let single = ["example", "default"].into_iter().filter_map(|word| {
        let node = node.get(word)?;
        Some(Example { word, node })
    });
    let list = node
        .get("examples")
        .filter(|examples| examples.list().is_some());
    let entries = list.into_iter().flat_map(|list| list.entries());
    let entries = entries.map(|node| Example {
        word: "examples",
        node,
    });
    single.chain(entries).collect()
}
