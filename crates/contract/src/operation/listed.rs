//! `x-extensible-enum` in answers: the decoders take any text, so a new one can be told only by who knows the others.

use crate::interface::Interface;
use crate::plan::Listed;
use crate::schema::{Schema, SchemaKind};

/// The fields of all answers whose schemas know their texts.
pub(crate) fn of(interface: &Interface<'_>) -> Vec<Listed> {
    let mut found = Vec::new();
    for response in &interface.responses {
        if let Some(schema) = &response.schema {
            collect(schema, response.status, String::new(), &mut found);
        }
    }
    found
}

fn collect(schema: &Schema<'_>, status: u16, at: String, found: &mut Vec<Listed>) {
    match &schema.kind {
        SchemaKind::Object(object) => {
            for property in &object.properties {
                let at = grammar::pointer::child(&at, &property.name);
                collect(&property.schema, status, at, found);
            }
        }
        SchemaKind::Array(inner) | SchemaKind::Map(inner) => {
            collect(inner, status, at + "/*", found);
        }
        SchemaKind::String { .. } => {
            if schema.known_texts.is_empty() {
                return;
            }
            found.push(Listed {
                status,
                at,
                texts: schema.known_texts.clone(),
            });
        }
        SchemaKind::Broken | SchemaKind::Integer | SchemaKind::Number | SchemaKind::Boolean => {}
    }
}
