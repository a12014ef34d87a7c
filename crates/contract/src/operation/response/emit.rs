//! `emit`: the status and `Location` that callers get.

use grammar::Pointer;

use crate::code::Code;
use crate::keywords::EMIT;
use crate::operation::scope::Scope;
use crate::plan::OperationIndex;
use crate::schema::Schema;
use crate::source::Node;

/// `emit.status`; it must have an entry under `responses`.
pub(crate) fn status<'a>(scope: &Scope<'_, 'a>, emit: &Node<'a>) -> Option<u16> {
    emit.object(&EMIT)?;
    let node = emit.get("status")?;
    let status = success_status(&node)?;
    if scope.operation.response(status).is_none() {
        let known: Vec<String> = scope
            .operation
            .responses
            .iter()
            .map(|one| one.status.to_string())
            .collect();
        node.report_help(
            Code::MissingResponse,
            format!("`responses` of `{}` has no '{status}'", scope.operation.id),
            match known.is_empty() {
                true => format!("add '{status}'"),
                false => format!("add it, or emit one of {}", known.join(", ")),
            },
        );
        return None;
    }
    Some(status)
}

/// `emit.location`: the operation whose path the answer's members fill.
pub(crate) fn location<'a>(
    scope: &Scope<'_, 'a>,
    emit: &Node<'a>,
    schema: Option<&Schema<'a>>,
) -> Option<OperationIndex> {
    let node = emit.get("location")?;
    let target = scope.model.operation(&node)?;
    let Some(schema) = schema else {
        node.key().report(
            Code::MisplacedKeyword,
            "`location` is made from the answer, and the emitted status has no content",
        );
        return None;
    };
    for name in target.path_parameters() {
        match schema.find(&Pointer::root().child(name)) {
            Ok((field, _)) if field.is_scalar() => {}
            Ok((field, _)) => node.report(
                Code::TypeMismatch,
                format!(
                    "`{name}` of the answer is of type {}, no scalar",
                    field.type_name()
                ),
            ),
            Err(_) => node.report(
                Code::UnknownField,
                format!(
                    "the path of `{}` needs `{name}`, which the answer does not have",
                    target.id
                ),
            ),
        }
    }
    Some(target.index)
}

/// 200 to 299; otherwise reported.
pub(crate) fn success_status(node: &Node<'_>) -> Option<u16> {
    let status = node.whole()?;
    match u16::try_from(status) {
        Ok(status @ 200..=299) => Some(status),
        _ => {
            node.report_help(
                Code::BadValue,
                format!("{status} is no success status"),
                "200 to 299; errors of the vendor are told in `errors`",
            );
            None
        }
    }
}
