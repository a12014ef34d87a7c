//! Path and query parameters of the unified interface.

use validate::Validator;

use crate::code::Code;
use crate::interface::segment;
use crate::keywords::PARAMETER;
use crate::plan::{Parameter, ParameterPlace};
use crate::schema::{self, ReadOnly, Schema, SchemaKind, example};
use crate::source::Node;

#[derive(Debug, Clone)]
pub(crate) struct Declared<'a> {
    pub(crate) node: Node<'a>,
    pub(crate) name: String,
    pub(crate) place: ParameterPlace,
    pub(crate) required: bool,
    pub(crate) schema: Schema<'a>,
}

/// The parameters of an operation: those of its path first, each replaced by one of its own with the
/// same name and place.
///
/// Also: whether all of them could be read.
pub(crate) fn parameters<'a>(
    path_item: &Node<'a>,
    operation: &Node<'a>,
) -> (Vec<Declared<'a>>, bool) {
    let (mut declared, mut whole) = list(path_item);
    let (own, own_whole) = list(operation);
    whole &= own_whole;
    for own in own {
        declared.retain(|shared| shared.name != own.name || shared.place != own.place);
        declared.push(own);
    }
    (declared, whole)
}

/// Reads one parameter object that may be a reference.
pub(crate) fn parameter<'a>(node: &Node<'a>) -> Option<Declared<'a>> {
    let target = node.resolve("parameters")?;
    target.object(&PARAMETER)?;
    let name = target.get("name")?.string()?.to_owned();
    let place = place(&target.get("in")?)?;
    let required = target
        .get("required")
        .and_then(|flag| flag.boolean())
        .unwrap_or(false);
    let schema_node = target.get("schema")?;
    let mut schema = schema::schema(&schema_node);
    example::check_examples(&schema);
    example::check_examples_beside(&schema, &target);
    if place == ParameterPlace::Path && !required {
        target.report_help(
            Code::BadValue,
            format!("the path parameter `{name}` is not required"),
            "add `required: true`: a path without it is another path",
        );
    }
    if !check_type(&schema, &schema_node, place) {
        schema = Schema::broken(&schema_node);
    }
    if place == ParameterPlace::Path {
        segment::check_segment(&name, &schema, &schema_node);
    }
    Some(Declared {
        node: node.clone(),
        name,
        place,
        required,
        schema,
    })
}

fn list<'a>(owner: &Node<'a>) -> (Vec<Declared<'a>>, bool) {
    let mut declared: Vec<Declared<'a>> = Vec::new();
    let Some(parameters) = owner.get("parameters") else {
        return (declared, true);
    };
    if parameters.list().is_none() {
        return (declared, false);
    }
    let mut whole = true;
    for entry in parameters.entries() {
        let Some(parameter) = parameter(&entry) else {
            whole = false;
            continue;
        };
        let twin =
            |other: &Declared<'_>| other.name == parameter.name && other.place == parameter.place;
        if let Some(first) = declared.iter().find(|one| twin(one)) {
            let message = format!("the parameter `{}` is declared twice", parameter.name);
            let (first, label) = (&first.node, "first declared here");
            parameter
                .node
                .report_beside(Code::Duplicate, message, first, label);
        } else {
            declared.push(parameter);
        }
    }
    (declared, whole)
}

fn place(node: &Node<'_>) -> Option<ParameterPlace> {
    match node.string()? {
        "path" => Some(ParameterPlace::Path),
        "query" => Some(ParameterPlace::Query),
        other => {
            node.report_help(
                Code::BadValue,
                format!("a parameter cannot stand in `{other}`"),
                "`path` or `query`: headers and cookies of callers never reach a vendor",
            );
            None
        }
    }
}

fn check_type(schema: &Schema<'_>, node: &Node<'_>, place: ParameterPlace) -> bool {
    let scalar = |schema: &Schema<'_>| schema.is_scalar() && !schema.nullable;
    let fits = match (&schema.kind, place) {
        (SchemaKind::Array(items), ParameterPlace::Query) => scalar(items) && !schema.nullable,
        _ => scalar(schema),
    };
    if !fits {
        let expected = match place {
            ParameterPlace::Path => "a path parameter is a scalar",
            ParameterPlace::Query => "a query parameter is a scalar or an array of scalars",
        };
        node.report_help(
            Code::TypeMismatch,
            format!("{expected}, never null"),
            "write one `type` out of string, integer, number and boolean",
        );
    }
    if schema.wire.name.is_some() || schema.wire.wire_type.is_some() {
        node.report_help(
            Code::MisplacedKeyword,
            "`x-name` and `x-type` have no effect on a parameter",
            "the vendor's name is the key under `query`, or the place in the vendor's `path`",
        );
    }
    fits
}

impl<'a> Declared<'a> {
    /// A path parameter that was not declared, which was reported.
    pub(crate) fn unknown(name: &str, node: &Node<'a>) -> Self {
        Self {
            node: node.clone(),
            name: name.to_owned(),
            place: ParameterPlace::Path,
            required: true,
            schema: Schema::broken(node),
        }
    }

    /// `None` where something was reported.
    pub(crate) fn compile(&self) -> Option<Parameter> {
        let item = match &self.schema.kind {
            SchemaKind::Array(items) => {
                Some(Validator::compile(&items.flat(ReadOnly::Binds)).ok()?)
            }
            _ => None,
        };
        Some(Parameter {
            name: self.name.clone(),
            place: self.place,
            required: self.required,
            validator: Validator::compile(&self.schema.flat(ReadOnly::Binds)).ok()?,
            item,
        })
    }
}
