//! A schema of the document, read once: references followed, `allOf` flattened, every word known.
//!
//! From this tree come the JSON Schema that requests are checked with ([`flat`]) and the shape that
//! directs the translation ([`shape`]). What could not be read is [`SchemaKind::Broken`]: it was reported,
//! and whatever is asked of it afterwards says yes, so that one mistake is told once.

mod all_of;
mod checks;
mod condition;
pub(crate) mod example;
mod flat;
mod known_texts;
mod namespace;
mod read;
pub(crate) mod representable;
pub(crate) mod request;
mod shape;
mod tree;
mod wire;
mod xml_name;

pub(crate) use flat::ReadOnly;
pub(crate) use read::schema;
pub(crate) use tree::{Check, Example, Object, Property, Schema, SchemaKind, Wire};
pub(crate) use xml_name::is_xml_name;
