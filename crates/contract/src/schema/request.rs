//! What binds the schemas of requests.

use super::{Schema, SchemaKind};
use crate::code::Code;

/// Refuses objects that admit unknown fields: a misspelled field would be dropped in silence.
pub(crate) fn closed(schema: &Schema<'_>) {
    match &schema.kind {
        SchemaKind::Object(object) => {
            if !object.closed {
                schema.node.report_help(
                    Code::OpenRequest,
                    "an object of a request admits unknown fields",
                    "add `additionalProperties: false`",
                );
            }
            for property in &object.properties {
                closed(&property.schema);
            }
        }
        SchemaKind::Array(inner) | SchemaKind::Map(inner) => closed(inner),
        _ => {}
    }
}
