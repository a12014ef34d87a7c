//! `write`: may it be sent twice, and what tells whether an unclear one happened.

use grammar::Pointer;
use http::Method;

use crate::code::Code;
use crate::interface::Interface;
use crate::keywords::{LOOK_UP, READ_BACK, WRITE};
use crate::operation::follow_up::sent::{Read, Sent};
use crate::operation::request::fields::{Field, fields};
use crate::operation::response::answers::Answers;
use crate::operation::scope::Scope;
use crate::operation::value_source;
use crate::plan::{Compare, ParameterPlace, RequestPlan, Unclear};
use crate::source::Node;

/// What `write` says.
#[derive(Debug)]
pub(crate) struct WriteWords {
    pub(crate) repeatable: bool,
    pub(crate) unclear: Option<Unclear>,
}

/// Reads `write` of `x-upstream`. `None` for a read, and where something was reported.
pub(crate) fn write_words<'a>(
    scope: &Scope<'_, 'a>,
    upstream: &Node<'a>,
    request: Option<&RequestPlan>,
) -> Option<WriteWords> {
    let Some(node) = upstream.get("write") else {
        if !scope.is_read() {
            upstream.report_help(
                Code::MissingKeyword,
                format!("`{}` is a write and lacks `write`", scope.operation.id),
                "add `write: {repeatable: false}`: it is never sent twice then",
            );
        }
        return None;
    };
    if scope.is_read() {
        node.key()
            .report(Code::MisplacedKeyword, "a GET has no `write`");
        return None;
    }
    node.object(&WRITE)?;
    let unclear = match node.get("unclear") {
        None => None,
        Some(unclear) => {
            let omit = request.map_or(&[][..], |request| &request.omit);
            let sent = Sent { scope, omit };
            Some(self::unclear(scope, &unclear, &sent)?)
        }
    };
    Some(WriteWords {
        repeatable: node.get("repeatable")?.boolean()?,
        unclear,
    })
}

fn unclear<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>, sent: &Sent<'_, '_, 'a>) -> Option<Unclear> {
    node.map()?;
    match (node.get("look_up"), node.get("read_back")) {
        (Some(operation), None) => {
            node.object(&LOOK_UP)?;
            if scope.operation.method != Method::POST {
                operation.key().report_help(
                    Code::BadFollowUp,
                    format!(
                        "`look_up` finds what a create made, and `{}` is a {}",
                        scope.operation.id, scope.operation.method
                    ),
                    "use `read_back` with `compare`",
                );
                return None;
            }
            let target = follow_up(scope, &operation)?;
            let with = value_source::covering(scope, &node.get("with")?, target);
            let different = scope.model.vendors_problem(&node.get("different")?);
            let compare = match node.get("compare") {
                Some(compare) => self::compare(scope, &compare, target, Follow::LookUp, sent)?,
                None => Compare::Returned,
            };
            Some(Unclear::LookUp {
                operation: target.index,
                with: with?,
                compare,
                different: different?,
            })
        }
        (None, Some(operation)) => {
            node.object(&READ_BACK)?;
            let target = follow_up(scope, &operation)?;
            let with = value_source::covering(scope, &node.get("with")?, target);
            let compare = compare(scope, &node.get("compare")?, target, Follow::ReadBack, sent);
            Some(Unclear::ReadBack {
                operation: target.index,
                with: with?,
                compare: compare?,
            })
        }
        _ => {
            node.report_help(
                Code::MissingKeyword,
                "`unclear` has either `look_up` or `read_back`",
                "`look_up` finds what a create made; `read_back` compares what another write changed",
            );
            None
        }
    }
}

/// The operation of a follow-up: a read of one thing, at the same vendor.
fn follow_up<'s, 'a>(scope: &Scope<'s, 'a>, node: &Node<'a>) -> Option<&'s Interface<'a>> {
    let target = scope.model.operation(node)?;
    let reason = if !target.is_read() {
        "is no read"
    } else if target.upstream_says("paging") {
        "reads pages, not one thing"
    } else if target
        .parameters
        .iter()
        .any(|one| one.place == ParameterPlace::Query && one.required)
    {
        "needs query parameters"
    } else if scope.model.differ_in_vendor(target, scope.operation) {
        "belongs to another vendor"
    } else {
        return Some(target);
    };
    node.report(Code::BadFollowUp, format!("`{}` {reason}", target.id));
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follow {
    LookUp,
    ReadBack,
}

fn compare<'a>(
    scope: &Scope<'_, 'a>,
    node: &Node<'a>,
    target: &Interface<'a>,
    follow: Follow,
    sent: &Sent<'_, '_, 'a>,
) -> Option<Compare> {
    if !node.value.is_string() {
        let fields = fields(scope, node);
        for Field { pointer, node, .. } in &fields {
            if !target.shows(pointer) {
                let message = format!("the answer of `{}` has no field `{pointer}`", target.id);
                node.report(Code::UnknownField, message);
            } else {
                sent.must_be(pointer, node);
            }
        }
        let pointers: Vec<Pointer> = fields.into_iter().map(|field| field.pointer).collect();
        return (!pointers.is_empty()).then_some(Compare::Pointers(pointers));
    }
    let delete = scope.operation.method == Method::DELETE && follow == Follow::ReadBack;
    match node.string()? {
        "absent" if follow == Follow::LookUp => {
            node.report_help(
                Code::BadFollowUp,
                "a look-up compares what is there: `absent` proves no create",
                "`returned`, or a list of pointers",
            );
            None
        }
        "absent" if delete => Some(Compare::Absent),
        "absent" => {
            let help = "`returned`, or a list of pointers";
            node.report_help(Code::BadFollowUp, "`compare: absent` is for deletes", help);
            None
        }
        "returned" if scope.operation.body.is_some() => Some(Compare::Returned),
        "returned" if scope.body_missed.replace(true) => None,
        "returned" => {
            node.report_help(
                Code::BadFollowUp,
                "`compare: returned` compares what was sent, and the operation has no body",
                "a delete compares `absent`",
            );
            None
        }
        other => {
            let message = format!("`compare` cannot be `{other}`");
            let help = "`returned`, `absent`, or a list of pointers";
            node.report_help(Code::BadValue, message, help);
            None
        }
    }
}

/// Reports a follow-up whose read shows nothing that tells what became of the write, and fields with
/// `missing: look_up` that no look-up can find. `answers` are those of all operations, by index.
pub(crate) fn check_follow_up<'a>(
    scope: &Scope<'_, 'a>,
    upstream: &Node<'a>,
    write: &WriteWords,
    request: Option<&RequestPlan>,
    answers: &[&Answers<'a>],
) {
    let Some(unclear) = &write.unclear else {
        return;
    };
    let (operation, _) = unclear.read();
    let own = answers.get(scope.operation.index.0);
    let (Some(interface), Some(answers)) = (
        scope.model.operations.get(operation.0),
        answers.get(operation.0),
    ) else {
        return;
    };
    let read = Read { interface, answers };
    let omit = request.map_or(&[][..], |request| &request.omit);
    let sent = Sent { scope, omit };
    let node = |word: &str| upstream.get("write")?.get("unclear")?.get(word);
    match unclear {
        Unclear::LookUp { with, compare, .. } => {
            if let Some(node) = node("look_up") {
                sent.shown_by_look_up(&node, &read, with, compare);
            }
            for (pointer, node) in own.iter().flat_map(|own| &own.look_ups) {
                if !read.shows(pointer) {
                    let message = format!(
                        "the look-up by `{}` does not give `{pointer}`",
                        interface.id
                    );
                    node.report(Code::UnknownField, message);
                }
            }
        }
        Unclear::ReadBack { compare, .. } => {
            if let Some(node) = node("read_back") {
                sent.shown_by_read_back(&node, &read, compare);
            }
        }
    }
}

/// Reports fields with `missing: look_up` of an operation without a look-up.
pub(crate) fn check_look_ups<'a>(
    write: Option<&WriteWords>,
    look_ups: &[(Pointer, Node<'a>)],
    upstream: &Node<'a>,
) {
    match write.and_then(|write| write.unclear.as_ref()) {
        Some(Unclear::LookUp { .. }) => return,
        // Something in `unclear` was reported.
        None if upstream
            .get("write")
            .is_some_and(|write| write.get("unclear").is_some()) =>
        {
            return;
        }
        _ => {}
    }
    for (_, node) in look_ups {
        node.report_help(
            Code::BadFollowUp,
            "`missing: look_up` without `write.unclear.look_up`",
            "say there how the look-up is done, or say `missing: omit`",
        );
    }
}
