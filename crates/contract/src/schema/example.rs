//! Examples and defaults must fit the schema that they stand in.

use super::{Schema, SchemaKind};
use crate::code::Code;
use crate::keywords::EXAMPLE;
use crate::source::Node;

/// Checks the examples of a schema and of everything inside it that has no name of its own.
pub(crate) fn check_examples(schema: &Schema<'_>) {
    for example in &schema.examples {
        fits(schema, &example.node);
    }
    match &schema.kind {
        SchemaKind::Object(object) => object
            .properties
            .iter()
            .for_each(|property| check_examples(&property.schema)),
        SchemaKind::Array(inner) | SchemaKind::Map(inner) => check_examples(inner),
        _ => {}
    }
}

/// Checks `example` and the values of `examples` of a parameter or media type.
pub(crate) fn check_examples_beside(schema: &Schema<'_>, node: &Node<'_>) {
    if let Some(example) = node.get("example") {
        fits(schema, &example);
    }
    let Some(examples) = node.get("examples") else {
        return;
    };
    if examples.map().is_none() {
        return;
    }
    for (_, example) in examples.members() {
        if example.object(&EXAMPLE).is_some()
            && let Some(value) = example.get("value")
        {
            fits(schema, &value);
        }
    }
}

fn fits(schema: &Schema<'_>, example: &Node<'_>) {
    let Ok(validator) = schema.validator() else {
        return; // reported where the schema stands
    };
    let violations = validator.check(example.value);
    let Some(first) = violations.listed.first() else {
        return;
    };
    let place = match &first.at {
        validate::At::Pointer(pointer) if !pointer.is_empty() => format!(" at `{pointer}`"),
        _ => String::new(),
    };
    let others = violations.listed.len() + violations.more - 1;
    let more = if others == 0 {
        String::new()
    } else {
        format!(" ({others} more)")
    };
    example.key().report(
        Code::ExampleMismatch,
        format!(
            "the example does not fit its schema{place}: {}{more}",
            first.detail
        ),
    );
}
