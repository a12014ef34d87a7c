//! `response`: which vendor answers are a success, and what callers get for each.

use translate::Encoding;
use translate::answer::{AnswerPlan, BodyRule, ErrorRow, FailsIf, Missing, Produced, Success};

use crate::code::Code;
use crate::keywords::{ANSWER, EMIT, FAILS_IF, SUCCESS};
use crate::operation::producer::{self, Written};
use crate::operation::scope::Scope;
use crate::operation::{answer_check, error_map, request};
use crate::schema::{Kind, Schema, sayable};
use crate::source::Node;
use crate::vendor::{Vendor, element_path};
use crate::{Emit, OperationIndex};

/// What was read of `response` and `errors`.
#[derive(Debug, Default)]
pub(crate) struct Answers<'a> {
    /// `None` where something was reported.
    pub(crate) plan: Option<AnswerPlan>,
    pub(crate) emits: Vec<Emit>,
    /// Statuses that some entry sends, also those of entries that are not whole.
    pub(crate) emitted: Vec<u16>,
    /// Problems that the vendor's answer can end in.
    pub(crate) problems: Vec<String>,
    /// Fields with `missing: look_up`.
    pub(crate) look_ups: Vec<(Vec<String>, Node<'a>)>,
}

/// Reads `response` and `errors` of `x-upstream`. `paged`: the gateway adds `next_cursor`.
pub(crate) fn read<'a>(
    scope: &Scope<'_, 'a>,
    upstream: &Node<'a>,
    vendor: Option<&Vendor>,
    paged: bool,
) -> Answers<'a> {
    let mut answers = Answers::default();
    let errors = error_map::read(scope, upstream, vendor);
    let rows = errors.codes.values().chain(errors.statuses.values());
    answers.problems.extend(rows.map(|row| row.problem.to_string()));
    let Some(node) = upstream.get("response").and_then(|node| node.resolve("x-responses")) else {
        return answers;
    };
    if node.object(&ANSWER).is_none() {
        return answers;
    }
    let encoding = request::encoding(&node, &["json", "xml"]);
    let Some(list) = node.get("success").filter(|list| list.list().is_some()) else {
        return answers;
    };
    let mut entries = Vec::new();
    let mut taken: Vec<u16> = Vec::new();
    for entry in list.entries() {
        let reader = Reader { scope, encoding, paged };
        let read = reader.entry(&entry, &mut taken, &mut answers);
        if let Some((success, emit)) = read {
            entries.push(success);
            answers.emits.push(emit);
        }
    }
    answers.plan = encoding.zip(vendor).map(|(encoding, vendor)| AnswerPlan {
        encoding,
        success: entries,
        errors,
        vendor: vendor.errors.clone(),
    });
    answers
}

struct Reader<'r, 's, 'a> {
    scope: &'r Scope<'s, 'a>,
    encoding: Option<Encoding>,
    paged: bool,
}

impl<'a> Reader<'_, '_, 'a> {
    fn entry(
        &self,
        node: &Node<'a>,
        taken: &mut Vec<u16>,
        answers: &mut Answers<'a>,
    ) -> Option<(Success, Emit)> {
        node.object(&SUCCESS)?;
        let statuses = node.get("status").map(|status| statuses(&status, taken));
        let body = node.get("body").and_then(|body| body_rule(&body));
        let emit = node.get("emit");
        let emit_status = emit.as_ref().and_then(|emit| self.emitted(emit, answers));
        let schema = emit_status.and_then(|status| self.scope.operation.response(status)?.schema.as_ref());
        let fails_if = node.get("fails_if").and_then(|fails| self.fails_if(&fails, body, answers));
        let value = node.get("value");
        let written = match (&value, schema, body) {
            (Some(value), Some(schema), Some(body)) => {
                let written = producer::read_all(self.scope, value, body, schema);
                answer_check::check(self.scope, node, &written, body, schema, self.paged);
                written
            }
            (Some(value), None, _) if emit_status.is_some() => {
                value.key().report(Code::MisplacedKeyword, "the emitted status has no content");
                Vec::new()
            }
            (None, Some(schema), _) if !schema.is_broken() => {
                node.report_help(
                    Code::MissingKeyword,
                    "the emitted status has content, and `value` does not say what it is made from",
                    "add `value`, or leave `content` out of the response",
                );
                Vec::new()
            }
            _ => Vec::new(),
        };
        self.wire_names(&written, schema);
        self.collect_look_ups(&written, answers);
        let at = self.at(node, &written);
        let location = emit.and_then(|emit| self.location(&emit, schema));
        let left_out: &[Vec<String>] = if self.paged { &[vec!["next_cursor".to_owned()]] } else { &[] };
        let shape = match schema {
            Some(schema) => Some(schema.shape(left_out)?),
            None => None,
        };
        let success = Success {
            statuses: statuses?,
            body: body?,
            at,
            fails_if,
            producers: written.into_iter().map(|written| written.producer).collect(),
            shape,
        };
        Some((success, Emit { status: emit_status?, location }))
    }

    /// `emit.status`; it must have an entry under `responses`.
    fn emitted(&self, emit: &Node<'a>, answers: &mut Answers<'a>) -> Option<u16> {
        emit.object(&EMIT)?;
        let node = emit.get("status")?;
        let status = success_status(&node)?;
        if self.scope.operation.response(status).is_none() {
            let known: Vec<String> =
                self.scope.operation.responses.iter().map(|one| one.status.to_string()).collect();
            node.report_help(
                Code::MissingResponse,
                format!("`responses` of `{}` has no '{status}'", self.scope.operation.id),
                match known.is_empty() {
                    true => format!("add '{status}'"),
                    false => format!("add it, or emit one of {}", known.join(", ")),
                },
            );
            return None;
        }
        if !answers.emitted.contains(&status) {
            answers.emitted.push(status);
        }
        Some(status)
    }

    /// `emit.location`: the operation whose path the answer's members fill.
    fn location(&self, emit: &Node<'a>, schema: Option<&Schema<'a>>) -> Option<OperationIndex> {
        let node = emit.get("location")?;
        let target = self.scope.model.operation(&node)?;
        let Some(schema) = schema else {
            node.key().report(
                Code::MisplacedKeyword,
                "`location` is made from the answer, and the emitted status has no content",
            );
            return None;
        };
        for name in target.path_parameters() {
            match schema.find(&[name.to_owned()]) {
                Ok((field, _)) if field.is_scalar() => {}
                Ok((field, _)) => node.report(
                    Code::TypeMismatch,
                    format!("`{name}` of the answer is of type {}, no scalar", field.type_name()),
                ),
                Err(_) => node.report(
                    Code::UnknownField,
                    format!("the path of `{}` needs `{name}`, which the answer does not have", target.id),
                ),
            }
        }
        Some(target.index)
    }

    fn fails_if(
        &self,
        node: &Node<'a>,
        body: Option<BodyRule>,
        answers: &mut Answers<'a>,
    ) -> Option<FailsIf> {
        node.object(&FAILS_IF)?;
        if body == Some(BodyRule::Ignored) {
            node.key().report_help(
                Code::DeadKeyword,
                "`fails_if` looks at a body that `body: ignored` never reads",
                "say `body: optional`",
            );
        }
        let at = node.get("at").and_then(|at| at.tokens());
        let equals = node.get("equals")?;
        let text = match equals.value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Bool(_) | serde_json::Value::Number(_) => equals.value.to_string(),
            _ => {
                equals.report(Code::WrongType, "expected a string, a number, true or false");
                return None;
            }
        };
        let problem = node.get("problem");
        let row = problem.as_ref().and_then(|problem| self.scope.model.vendors_problem(problem));
        answers.problems.extend(row.iter().map(|code| code.to_string()));
        for word in ["outcome", "items"] {
            let Some(member) = node.get(word) else { continue };
            if problem.is_none() {
                member.key().report(Code::DeadKeyword, format!("`{word}` has no effect without `problem`"));
            }
            if self.scope.is_read() {
                member.key().report(Code::MisplacedKeyword, format!("`{word}` stands in writes"));
            }
        }
        let items = node.get("items").and_then(|items| {
            if self.scope.operation.body.is_none() {
                items.key().report(Code::DeadKeyword, "the operation has no body whose entries `items` could name");
            }
            items.tokens()
        });
        Some(FailsIf {
            at: at?,
            equals: text,
            row: row.map(|problem| ErrorRow { problem, pointer: None, outcome_unknown: error_map::outcome(node) }),
            items,
        })
    }

    /// `at`: where the value stands; the whole document where it is not given.
    fn at(&self, node: &Node<'a>, written: &[Written<'a>]) -> Vec<Vec<String>> {
        let Some(at) = node.get("at") else { return vec![Vec::new()] };
        if !written.iter().any(|one| one.producer.from == Produced::Body) && node.get("value").is_none() {
            at.key().report(Code::DeadKeyword, "`at` has no effect without a value `from: body`");
        }
        let path = |text: &str, node: &Node<'_>| match text {
            "" => Some(Vec::new()),
            names => element_path(names, node),
        };
        if at.value.is_string() {
            return at.string().and_then(|text| path(text, &at)).into_iter().collect();
        }
        at.strings().into_iter().filter_map(|(text, entry)| path(text, &entry)).collect()
    }

    fn wire_names(&self, written: &[Written<'a>], schema: Option<&Schema<'a>>) {
        let (Some(encoding), Some(schema)) = (self.encoding, schema) else { return };
        for one in written.iter().filter(|one| one.producer.from == Produced::Body) {
            if let Ok((target, _)) = schema.find(&one.producer.to) {
                sayable::answer(target, encoding);
            }
        }
    }

    fn collect_look_ups(&self, written: &[Written<'a>], answers: &mut Answers<'a>) {
        for one in written {
            if matches!(one.producer.from, Produced::Location { missing: Missing::LookUp, .. }) {
                answers.look_ups.push((one.producer.to.clone(), one.node.clone()));
            }
        }
    }
}

/// Whether the answers of an operation can be read as one object with the given field.
pub(crate) fn has_field(schemas: &[&Schema<'_>], tokens: &[String]) -> bool {
    schemas.iter().any(|schema| matches!(schema.kind, Kind::Broken) || schema.find(tokens).is_ok())
}

fn statuses(node: &Node<'_>, taken: &mut Vec<u16>) -> Vec<u16> {
    let mut found = Vec::new();
    if node.list().is_none() {
        return found;
    }
    for entry in node.entries() {
        let Some(status) = success_status(&entry) else { continue };
        if taken.contains(&status) {
            entry.report_help(
                Code::StatusOverlap,
                format!("{status} stands in a success entry already"),
                "the first entry whose status fits is taken, so this one would never be",
            );
        } else {
            taken.push(status);
            found.push(status);
        }
    }
    found
}

fn success_status(node: &Node<'_>) -> Option<u16> {
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

fn body_rule(node: &Node<'_>) -> Option<BodyRule> {
    match node.string()? {
        "ignored" => Some(BodyRule::Ignored),
        "optional" => Some(BodyRule::Optional),
        "required" => Some(BodyRule::Required),
        other => {
            let words = ["ignored", "optional", "required"];
            node.report_unknown(Code::BadValue, format!("`body` cannot be `{other}`"), other, words.into_iter());
            None
        }
    }
}
