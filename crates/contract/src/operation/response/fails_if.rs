//! `fails_if`: a success status whose body says that it is none.

use serde_json::Value;
use translate::answer::{BodyRule, ErrorRow, FailsIf};

use crate::code::Code;
use crate::keywords::FAILS_IF;
use crate::operation::response::error_map;
use crate::operation::response::place::{self, Known};
use crate::operation::scope::Scope;
use crate::source::Node;

/// Reads the predicate; the problem that it names joins `problems`.
pub(crate) fn fails_if<'a>(
    scope: &Scope<'_, 'a>,
    node: &Node<'a>,
    body: Option<BodyRule>,
    problems: Option<&mut Vec<String>>,
) -> Option<FailsIf> {
    node.object(&FAILS_IF)?;
    if body == Some(BodyRule::Ignored) {
        node.key().report_help(
            Code::DeadKeyword,
            "`fails_if` looks at a body that `body: ignored` never reads",
            "say `body: optional`",
        );
    }
    let at = node.get("at").and_then(|at| at.json_pointer());
    let equals = node.get("equals")?;
    let text = match equals.value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => equals.value.to_string(),
        _ => {
            equals.report(
                Code::WrongType,
                "expected a string, a number, true or false",
            );
            return None;
        }
    };
    if text.trim() != text {
        equals.report_help(
            Code::BadValue,
            "blanks around the value: texts are compared without theirs",
            format!("write '{}'", text.trim()),
        );
    }
    let problem = node.get("problem");
    let row = problem
        .as_ref()
        .and_then(|problem| scope.model.vendors_problem(problem));
    if let (Some(problems), Some(code)) = (problems, &row) {
        problems.push(code.to_string());
    }
    for word in ["outcome", "items"] {
        let Some(member) = node.get(word) else {
            continue;
        };
        if problem.is_none() {
            member.key().report(
                Code::DeadKeyword,
                format!("`{word}` has no effect without `problem`"),
            );
        }
        if scope.is_read() {
            member
                .key()
                .report(Code::MisplacedKeyword, format!("`{word}` stands in writes"));
        }
    }
    let items = node.get("items").and_then(|items| {
        if scope.operation.body.is_none() && !scope.body_missed.replace(true) {
            items.key().report(
                Code::DeadKeyword,
                "the operation has no body whose entries `items` could name",
            );
        }
        items.json_pointer()
    });
    Some(FailsIf {
        at: at?,
        equals: text,
        row: row.map(|problem| ErrorRow {
            problem,
            pointer: None,
            outcome_unknown: error_map::outcome(node),
        }),
        items,
    })
}

/// Reports a predicate that can never hold, and `items` that never name anything.
pub(crate) fn check_reach(
    node: &Node<'_>,
    fails_if: &FailsIf,
    known: &Known<'_, '_>,
    statuses: Option<&[u16]>,
) {
    let empty = |status: &u16| matches!(status, 204 | 205);
    if statuses.is_some_and(|all| !all.is_empty() && all.iter().all(empty)) {
        node.key().report_help(
            Code::DeadKeyword,
            "`fails_if` looks at a body, and a 204 or 205 never has one",
            "take it out, or name the status that bears the body",
        );
        return;
    }
    if let (Some(at), Some(equals)) = (node.get("at"), node.get("equals")) {
        let text = (fails_if.equals.as_str(), &equals);
        place::check_place(known, &at, fails_if.at.tokens(), Some(text));
    }
    if let (Some(items), Some(place)) = (node.get("items"), &fails_if.items) {
        place::check_place(known, &items, place.tokens(), None);
    }
}
