//! `x-sensitive`: under which names the personal values of an operation stand.

use std::collections::BTreeSet;

use crate::interface::Interface;
use crate::plan::{ParameterPlace, QueryPair, Source};
use crate::schema::{Schema, SchemaKind};

/// The names of all marked properties and parameters, as callers and as the vendor write them. A name is enough: an
/// error body that repeats a field follows no schema.
pub(crate) fn of(interface: &Interface<'_>, query: &[QueryPair]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let answers = interface.responses.iter();
    let bodies = answers.filter_map(|response| response.schema.as_ref());
    for schema in bodies.chain(interface.body.as_ref().map(|body| &body.schema)) {
        collect(schema, &mut names);
    }
    let marked = interface.parameters.iter();
    for parameter in marked.filter(|one| one.schema.wire.sensitive) {
        names.insert(parameter.name.clone());
        let sent = query.iter().filter(|pair| match &pair.source {
            Source::Query(name) => {
                parameter.place == ParameterPlace::Query && *name == parameter.name
            }
            Source::Path(name) => {
                parameter.place == ParameterPlace::Path && *name == parameter.name
            }
            Source::Pointer(_) | Source::Const(_) => false,
        });
        names.extend(sent.map(|pair| pair.field.wire.clone()));
    }
    names
}

fn collect(schema: &Schema<'_>, names: &mut BTreeSet<String>) {
    match &schema.kind {
        SchemaKind::Object(object) => {
            for property in &object.properties {
                if property.schema.wire.sensitive {
                    names.insert(property.name.clone());
                    names.insert(property.wire_name().to_owned());
                    if let SchemaKind::Array(items) = &property.schema.kind {
                        names.extend(items.wire.item_name.clone());
                    }
                }
                collect(&property.schema, names);
            }
        }
        SchemaKind::Array(inner) | SchemaKind::Map(inner) => collect(inner, names),
        SchemaKind::Broken
        | SchemaKind::String { .. }
        | SchemaKind::Integer
        | SchemaKind::Number
        | SchemaKind::Boolean => {}
    }
}
