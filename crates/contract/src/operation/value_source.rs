//! Sources: where a value that is not the caller's body comes from.

use serde_json::Value;
use translate::{FormStyle, Shape, WireType};

use crate::code::Code;
use crate::interface::Interface;
use crate::keywords::SOURCE;
use crate::operation::scope::Scope;
use crate::plan::{ParameterPlace, Source};
use crate::schema::{Schema, SchemaKind};
use crate::source::Node;

/// A source that was read, with what it gives.
#[derive(Debug)]
pub(crate) struct Sourced<'s, 'a> {
    pub(crate) source: Source,
    given: Given<'s, 'a>,
    /// The value is there in every request.
    pub(crate) certain: bool,
}

#[derive(Debug)]
enum Given<'s, 'a> {
    Schema(&'s Schema<'a>),
    Const(&'a Value),
}

/// Reads a pointer, `{from: path}`, `{from: query}` or `{const: …}`. `name` defaults to the key that
/// the source stands under. `None`: reported.
pub(crate) fn value_source<'s, 'a>(
    scope: &Scope<'s, 'a>,
    node: &Node<'a>,
    key: &str,
) -> Option<Sourced<'s, 'a>> {
    if node.value.is_string() {
        let pointer = node.json_pointer()?;
        let (schema, certain) = scope.field(&pointer, node)?;
        return Some(Sourced {
            source: Source::Pointer(pointer),
            given: Given::Schema(schema),
            certain,
        });
    }
    if !node.value.is_object() {
        node.report_help(
            Code::WrongType,
            "this is no source",
            "a JSON Pointer into the request, `{from: path}`, `{from: query}` or `{const: …}`",
        );
        return None;
    }
    node.object(&SOURCE)?;
    match (node.get("from"), node.get("const")) {
        (Some(from), None) => parameter(scope, node, &from, key),
        (None, Some(value)) => {
            if let Some(name) = node.get("name") {
                name.key()
                    .report(Code::MisplacedKeyword, "a constant has no `name`");
            }
            constant(&value)
        }
        _ => {
            node.report(
                Code::MissingKeyword,
                "a source has either `from` or `const`",
            );
            None
        }
    }
}

/// The value of `const`. `None`: reported.
pub(crate) fn constant<'s, 'a>(node: &Node<'a>) -> Option<Sourced<'s, 'a>> {
    if matches!(node.value, Value::Null | Value::Array(_) | Value::Object(_)) {
        node.report(
            Code::WrongType,
            "a constant is a string, a number, true or false",
        );
        return None;
    }
    Some(Sourced {
        source: Source::Const(node.value.clone()),
        given: Given::Const(node.value),
        certain: true,
    })
}

fn parameter<'s, 'a>(
    scope: &Scope<'s, 'a>,
    node: &Node<'a>,
    from: &Node<'a>,
    key: &str,
) -> Option<Sourced<'s, 'a>> {
    let place = match from.string()? {
        "path" => ParameterPlace::Path,
        "query" => ParameterPlace::Query,
        other => {
            let message = format!("a source cannot be from `{other}`");
            from.report_unknown(
                Code::BadValue,
                message,
                other,
                ["path", "query"].into_iter(),
            );
            return None;
        }
    };
    let named = node.get("name");
    let name = match &named {
        Some(name) => name.string()?,
        None => key,
    };
    let declared = scope.parameter(place, name, named.as_ref().unwrap_or(from))?;
    let source = match place {
        ParameterPlace::Path => Source::Path(name.to_owned()),
        ParameterPlace::Query => Source::Query(name.to_owned()),
    };
    Some(Sourced {
        source,
        given: Given::Schema(&declared.schema),
        certain: declared.required || place == ParameterPlace::Path,
    })
}

/// A mapping of names to sources that must cover exactly the path parameters of another operation.
pub(crate) fn covering<'s, 'a>(
    scope: &Scope<'s, 'a>,
    node: &Node<'a>,
    target: &Interface<'a>,
) -> Option<Vec<(String, Source)>> {
    node.map()?;
    let mut with = Vec::new();
    let mut whole = true;
    for (name, entry) in node.members() {
        let Some(parameter) = target.parameter(ParameterPlace::Path, name) else {
            let message = format!("`{}` has no path parameter `{name}`", target.id);
            entry.key().report_unknown(
                Code::UnknownParameter,
                message,
                name,
                target.path_parameters(),
            );
            whole = false;
            continue;
        };
        let Some(sourced) = value_source(scope, &entry, name) else {
            whole = false;
            continue;
        };
        sourced.must_fit(&parameter.schema, &entry, "the path parameter");
        let alone =
            matches!(&sourced.source, Source::Pointer(field) if scope.lacks_body_alone(field));
        if !sourced.certain && !alone {
            entry.report_help(
                Code::MissingSource,
                format!("`{name}` may be absent from the request, and the read needs it"),
                "point at a required field, or fill it by `set`",
            );
        }
        with.push((name.to_owned(), sourced.source));
    }
    for name in target.path_parameters() {
        if node.get(name).is_none() {
            let message = format!("`{}` needs its path parameter `{name}`", target.id);
            node.report_help(
                Code::MissingSource,
                message,
                format!("add `{name}` with a source"),
            );
            whole = false;
        }
    }
    whole.then_some(with)
}

impl Sourced<'_, '_> {
    /// Reports a source whose values are not of the target's type, and a constant that the target's
    /// schema does not take: no request would be checked for what no caller sent.
    pub(crate) fn must_fit(&self, target: &Schema<'_>, node: &Node<'_>, what: &str) {
        let (fits, given) = match &self.given {
            Given::Schema(schema) => (schema.fits(target), schema.type_name()),
            Given::Const(value) => constant_fits(value, target),
        };
        if !fits {
            let expected = target.type_name();
            node.report(
                Code::TypeMismatch,
                format!("the source gives type {given}, {what} is of type {expected}"),
            );
        } else if let Given::Const(value) = &self.given {
            constant_is_valid(value, target, node, what);
        }
    }

    /// Reports a source whose values have no one spelling. See [`must_name`].
    pub(crate) fn must_name(&self, node: &Node<'_>) -> Option<()> {
        match &self.given {
            Given::Schema(schema) => must_name(schema, node),
            Given::Const(_) => Some(()),
        }
    }

    /// The shape and `x-form` of the value in a query. `None`: reported, or broken.
    pub(crate) fn in_query(&self, node: &Node<'_>) -> Option<(Shape, Option<FormStyle>)> {
        let schema = match &self.given {
            Given::Schema(schema) => schema,
            Given::Const(value) => {
                let kind = match value {
                    Value::Bool(_) => translate::Kind::Boolean,
                    Value::Number(number) if number.is_f64() => translate::Kind::Number,
                    Value::Number(_) => translate::Kind::Integer,
                    _ => translate::Kind::String { date_time: false },
                };
                return Some((
                    Shape {
                        kind,
                        nullable: false,
                    },
                    None,
                ));
            }
        };
        let scalar = |schema: &Schema<'_>| schema.is_scalar() && !schema.nullable;
        match &schema.kind {
            SchemaKind::Array(items) | SchemaKind::Map(items) if scalar(items) => {
                if schema.wire.form.is_none() {
                    node.report_help(
                        Code::MissingKeyword,
                        format!(
                            "the {} stands in a query without `x-form`",
                            schema.type_name()
                        ),
                        "add `x-form: repeat` to the array, or `x-form: brackets` to the map",
                    );
                }
            }
            _ if scalar(schema) => {}
            _ => {
                node.report(
                    Code::NotRepresentable,
                    "a query holds scalars, arrays and maps of scalars, never null",
                );
                return None;
            }
        }
        Some((schema.shape(&[])?, schema.wire.form))
    }
}

fn constant_is_valid(value: &Value, target: &Schema<'_>, node: &Node<'_>, what: &str) {
    let Ok(validator) = target.validator() else {
        return; // reported where the schema stands
    };
    if let Some(first) = validator.check(value).listed.first() {
        node.get("const").unwrap_or(node.clone()).report_help(
            Code::BadValue,
            format!("{what} does not take the constant: {}", first.detail),
            "write a value that the schema takes, or change the schema",
        );
    } else if target.wire.wire_type == Some(WireType::Integer) && !is_wire_integer(value) {
        node.get("const").unwrap_or(node.clone()).report_help(
            Code::BadValue,
            format!("{what} goes out as an integer, which the constant is not"),
            "write 1 to 18 digits without leading zeros",
        );
    }
}

/// What `x-type: integer` can write.
fn is_wire_integer(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    (1..=18).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

fn constant_fits(value: &Value, target: &Schema<'_>) -> (bool, &'static str) {
    let given = match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        _ => "integer",
    };
    let fits = match &target.kind {
        SchemaKind::Broken => true,
        SchemaKind::Number => matches!(given, "integer" | "number"),
        _ => given == target.type_name(),
    };
    (fits, given)
}

/// Values that have one spelling: text, integers, true and false.
pub(crate) fn must_name(schema: &Schema<'_>, node: &Node<'_>) -> Option<()> {
    if matches!(
        schema.kind,
        SchemaKind::Broken | SchemaKind::String { .. } | SchemaKind::Integer | SchemaKind::Boolean
    ) {
        return Some(());
    }
    node.report(
        Code::TypeMismatch,
        format!(
            "a tag's value is a string, an integer, true or false; the source gives type {}",
            schema.type_name()
        ),
    );
    None
}
