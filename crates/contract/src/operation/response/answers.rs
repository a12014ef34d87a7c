//! `response`: which vendor answers are a success, and what callers get for each.

use grammar::Pointer;
use http::StatusCode;
use translate::Encoding;
use translate::answer::{AnswerPlan, BodyRule, Missing, Produced, Success, Successes};

use crate::code::Code;
use crate::element_path::{element_path, is_xml_path};
use crate::keywords::{ANSWER, SUCCESS};
use crate::operation::encoding::encoding;
use crate::operation::response::place::Known;
use crate::operation::response::producer::{self, Written};
use crate::operation::response::{emit, error_map, fails_if, place, promise};
use crate::operation::scope::Scope;
use crate::plan::Emit;
use crate::schema::{Schema, representable};
use crate::source::Node;
use crate::vendor::Vendor;

/// What was read of `response` and `errors`.
#[derive(Debug, Default)]
pub(crate) struct Answers<'a> {
    /// `None` where something was reported.
    pub(crate) plan: Option<AnswerPlan<Emit>>,
    /// Statuses that some entry sends, also those of entries that are not whole.
    pub(crate) emitted: Vec<u16>,
    /// An entry does not say what it sends.
    pub(crate) emits_more: bool,
    /// Every success entry could be read.
    whole: bool,
    /// Problems that the vendor's answer can end in; `None` where the error map is unreadable.
    pub(crate) problems: Option<Vec<String>>,
    /// Fields with `missing: look_up`.
    pub(crate) look_ups: Vec<(Pointer, Node<'a>)>,
}

impl Answers<'_> {
    /// Whether some success shows a field by the vendor's own words. Yes, where something was reported.
    pub(crate) fn shows(&self, field: &Pointer) -> bool {
        let plan = self.plan.as_ref().filter(|_| self.whole);
        plan.is_none_or(|plan| plan.success.iter().any(|success| success.shows(field)))
    }
}

/// Reads `response` and `errors` of `x-upstream`. `paged`: the gateway adds `next_cursor`.
pub(crate) fn answers<'a>(
    scope: &Scope<'_, 'a>,
    upstream: &Node<'a>,
    vendor: Option<&Vendor>,
    paged: bool,
) -> Answers<'a> {
    let mut answers = Answers::default();
    let read = error_map::error_map(scope, upstream, vendor);
    answers.problems = read.as_ref().map(|errors| {
        let rows = errors.codes.values().chain(errors.statuses.values());
        rows.map(|row| row.problem.to_string()).collect()
    });
    let errors = read.unwrap_or_default();
    let Some(node) = upstream
        .get("response")
        .and_then(|node| node.resolve("x-responses"))
    else {
        return answers;
    };
    if node.object(&ANSWER).is_none() {
        return answers;
    }
    let encoding = encoding(&node, &["json", "xml"]);
    let Some(list) = node.get("success").filter(|list| list.list().is_some()) else {
        return answers;
    };
    let mut entries = Vec::new();
    let mut taken: Vec<u16> = Vec::new();
    for entry in list.entries() {
        let reader = Reader {
            scope,
            encoding,
            paged,
        };
        entries.extend(reader.entry(&entry, &mut taken, &mut answers));
    }
    answers.whole = entries.len() == list.entries().count();
    let known = (Successes::new(entries), encoding, vendor);
    if let (Some(success), Some(encoding), Some(vendor)) = known {
        answers.plan = Some(AnswerPlan {
            encoding,
            success,
            errors,
            vendor: vendor.errors.clone(),
        });
    }
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
    ) -> Option<Success<Emit>> {
        node.object(&SUCCESS)?;
        let statuses = node.get("status").map(|status| statuses(&status, taken));
        let body = node.get("body").and_then(|body| body_rule(&body));
        if let (Some(statuses), Some(BodyRule::Required)) = (&statuses, body) {
            let empty = statuses.iter().find(|status| matches!(status, 204 | 205));
            if let (Some(status), Some(body)) = (empty, node.get("body")) {
                body.report_help(
                    Code::DeadKeyword,
                    format!("a {status} never has the body that is required"),
                    "give it an entry of its own, with `body: ignored`",
                );
            }
        }
        let emit_node = node.get("emit");
        let emit_status = emit_node
            .as_ref()
            .and_then(|emit| emit::status(self.scope, emit));
        match emit_status {
            Some(status) if !answers.emitted.contains(&status) => answers.emitted.push(status),
            Some(_) => {}
            None => answers.emits_more = true,
        }
        let schema =
            emit_status.and_then(|status| self.scope.operation.response(status)?.schema.as_ref());
        let fails_if = node.get("fails_if").and_then(|fails| {
            fails_if::fails_if(self.scope, &fails, body, answers.problems.as_mut())
        });
        let value = node.get("value");
        let written = match (&value, schema, body) {
            (Some(value), Some(schema), Some(body)) => {
                let written = producer::producers(self.scope, value, body, schema);
                if let Some(written) = &written {
                    let promises = promise::Promises {
                        scope: self.scope,
                        entry: node,
                        written,
                        body,
                        paged: self.paged,
                    };
                    promises.check(schema);
                }
                written
            }
            (Some(value), None, _) if emit_status.is_some() => {
                value
                    .key()
                    .report(Code::MisplacedKeyword, "the emitted status has no content");
                None
            }
            (None, Some(schema), _) if !schema.is_broken() => {
                node.report_help(
                    Code::MissingKeyword,
                    "the emitted status has content, and `value` does not say what it is made from",
                    "add `value`, or leave `content` out of the response",
                );
                None
            }
            (None, None, _) if emit_status.is_some() => Some(Vec::new()),
            _ => None,
        };
        let at = self.at(node, written.as_deref());
        if let (Some(fails_if), Some(node)) = (&fails_if, node.get("fails_if")) {
            let known = Known {
                encoding: self.encoding,
                at: &at,
                written: written.as_deref().unwrap_or_default(),
                schema,
            };
            fails_if::check_reach(&node, fails_if, &known, statuses.as_deref());
        }
        let location = emit_node
            .filter(|_| emit_status.is_some())
            .and_then(|emit| emit::location(self.scope, &emit, schema));
        let written = written?;
        self.wire_names(&written, schema);
        self.collect_look_ups(&written, answers);
        let next_cursor = Pointer::root().child("next_cursor");
        let left_out = if self.paged {
            std::slice::from_ref(&next_cursor)
        } else {
            &[]
        };
        let shape = match schema {
            Some(schema) => Some(schema.shape(left_out)?),
            None => None,
        };
        Some(Success {
            statuses: statuses?,
            body: body?,
            at,
            namespace: schema.and_then(|schema| schema.wire.xml.namespace.clone()),
            fails_if,
            producers: written
                .into_iter()
                .map(|written| written.producer)
                .collect(),
            shape,
            emit: Emit {
                status: StatusCode::from_u16(emit_status?).ok()?,
                location,
            },
        })
    }

    /// `at`: where the value stands; the whole document where it is not given.
    fn at(&self, node: &Node<'a>, written: Option<&[Written<'a>]>) -> Vec<Vec<String>> {
        let Some(at) = node.get("at") else {
            return vec![Vec::new()];
        };
        let unread = |written: &[Written<'a>]| {
            written
                .iter()
                .all(|one| one.producer.from != Produced::Body)
        };
        // In XML it also names the roots that a body may have, beside that of `fails_if`.
        let roots = self.encoding == Some(Encoding::Xml) && node.get("fails_if").is_some();
        if !roots && written.is_some_and(unread) {
            at.key().report(
                Code::DeadKeyword,
                "`at` has no effect without a value `from: body`",
            );
        }
        let entries = match at.value.as_str() {
            Some(text) => vec![(text, at)],
            None => at.strings(),
        };
        let paths: Vec<(Vec<String>, Node<'_>)> = entries
            .into_iter()
            .filter_map(|(text, entry)| Some((self.path(text, &entry)?, entry)))
            .collect();
        place::report_shadowed(&paths);
        paths.into_iter().map(|(path, _)| path).collect()
    }

    fn path(&self, text: &str, node: &Node<'_>) -> Option<Vec<String>> {
        if text.is_empty() {
            return Some(Vec::new());
        }
        let names = element_path(text, node)?;
        if self.encoding != Some(Encoding::Xml) {
            return Some(names);
        }
        if names.iter().any(|name| name.starts_with('@')) {
            node.report_help(
                Code::BadValue,
                "`at` names an element, and an attribute stands for no value",
                "read the attribute as a field with `xml: {attribute: true}`",
            );
            return None;
        }
        is_xml_path(node, &names).then_some(names)
    }

    fn wire_names(&self, written: &[Written<'a>], schema: Option<&Schema<'a>>) {
        let (Some(encoding), Some(schema)) = (self.encoding, schema) else {
            return;
        };
        for one in written
            .iter()
            .filter(|one| one.producer.from == Produced::Body)
        {
            if let Ok((target, _)) = schema.find(&one.producer.to) {
                representable::answer(target, encoding);
            }
        }
    }

    fn collect_look_ups(&self, written: &[Written<'a>], answers: &mut Answers<'a>) {
        for one in written {
            if matches!(
                one.producer.from,
                Produced::Location {
                    missing: Missing::LookUp,
                    ..
                }
            ) {
                answers
                    .look_ups
                    .push((one.producer.to.clone(), one.node.clone()));
            }
        }
    }
}

fn statuses(node: &Node<'_>, taken: &mut Vec<u16>) -> Vec<u16> {
    let mut found = Vec::new();
    if node.list().is_none() {
        return found;
    }
    for entry in node.entries() {
        let Some(status) = emit::success_status(&entry) else {
            continue;
        };
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

fn body_rule(node: &Node<'_>) -> Option<BodyRule> {
    match node.string()? {
        "ignored" => Some(BodyRule::Ignored),
        "optional" => Some(BodyRule::Optional),
        "required" => Some(BodyRule::Required),
        other => {
            let words = ["ignored", "optional", "required"];
            node.report_unknown(
                Code::BadValue,
                format!("`body` cannot be `{other}`"),
                other,
                words.into_iter(),
            );
            None
        }
    }
}
