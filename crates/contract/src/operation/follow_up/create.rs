//! `create_if_absent`: what an update becomes where there is nothing to update.

use std::sync::Arc;

use grammar::Pointer;
use http::Method;

use crate::code::Code;
use crate::interface::Interface;
use crate::keywords::CREATE_IF_ABSENT;
use crate::operation::request::fields::{fields, key_pointer};
use crate::operation::response::answers::Answers;
use crate::operation::scope::Scope;
use crate::operation::value_source::value_source;
use crate::plan::{CreateIfAbsent, ParameterPlace, RequestPlan, Source};
use crate::schema::{ReadOnly, Schema};
use crate::source::Node;

/// Reads `create_if_absent` of `x-upstream`. `request` and `own` are what the update sends and gets;
/// `answers` are those of all operations, by index.
pub(crate) fn create_if_absent<'a>(
    scope: &Scope<'_, 'a>,
    upstream: &Node<'a>,
    request: Option<&RequestPlan>,
    answers: &[&Answers<'a>],
) -> Option<CreateIfAbsent> {
    let node = upstream.get("create_if_absent")?;
    if scope.operation.body.is_none() {
        node.key().report(
            Code::MisplacedKeyword,
            "`create_if_absent` creates from the request body, and the operation has none",
        );
        return None;
    }
    node.object(&CREATE_IF_ABSENT)?;
    let requires = node
        .get("requires")
        .map(|requires| fields(scope, &requires));
    let same = same(scope, &node);
    let own = answers.get(scope.operation.index.0)?;
    let when = node
        .get("when")
        .map(|when| problems(scope, &when, own, scope.operation.id));
    let operation = node.get("operation")?;
    let target = scope.model.operation(&operation)?;
    let theirs = answers.get(target.index.0)?;
    suits(scope, &operation, target)?;
    answers_match(scope, &operation, target, theirs);
    let again_when = match node.get("again_when") {
        None => Vec::new(),
        Some(again) => problems(scope, &again, theirs, target.id),
    };
    Some(CreateIfAbsent {
        filled: filled(request, target),
        operation: target.index,
        when: when?,
        requires: requires?.into_iter().map(|field| field.pointer).collect(),
        same,
        again_when,
    })
}

/// What this operation's `set` fills and the create's schema calls read-only.
fn filled(request: Option<&RequestPlan>, target: &Interface<'_>) -> Vec<Pointer> {
    let set = request.into_iter().flat_map(|request| &request.set);
    let read_only = |filled: &&Pointer| {
        let schema = target.body.as_ref().map(|body| &body.schema);
        let tokens = filled.tokens();
        (1..=tokens.len()).any(|steps| {
            let field: Pointer = tokens.iter().take(steps).cloned().collect();
            schema.is_some_and(|schema| schema.find(&field).is_ok_and(|(field, _)| field.read_only))
        })
    };
    set.map(|field| &field.field)
        .filter(read_only)
        .cloned()
        .collect()
}

fn same<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>) -> Vec<(Pointer, Source)> {
    let mut pairs = Vec::new();
    let Some(same) = node.get("same").filter(|same| same.map().is_some()) else {
        return pairs;
    };
    for (text, entry) in same.members() {
        let Some(field) = key_pointer(text, &entry.key()) else {
            continue;
        };
        let Some((schema, _)) = scope.field(&field, &entry.key()) else {
            continue;
        };
        let Some(sourced) = value_source(scope, &entry, field.last()) else {
            continue;
        };
        sourced.must_fit(schema, &entry, "the field");
        pairs.push((field, sourced.source));
    }
    pairs
}

/// Problems, each of which an operation's vendor call can end in.
fn problems(
    scope: &Scope<'_, '_>,
    list: &Node<'_>,
    answers: &Answers<'_>,
    id: &str,
) -> Vec<Arc<str>> {
    let mut codes = Vec::new();
    for (_, entry) in list.strings() {
        let Some(code) = scope.model.problem(&entry) else {
            continue;
        };
        if let Some(possible) = &answers.problems
            && !possible.iter().any(|one| **one == *code)
        {
            entry.report_unknown(
                Code::BadFollowUp,
                format!("`{id}` never ends in `{code}`"),
                &code,
                possible.iter().map(String::as_str),
            );
        }
        codes.push(code);
    }
    codes
}

/// A create by POST at the same vendor, that needs nothing but the body.
fn suits<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>, target: &Interface<'a>) -> Option<()> {
    let reason = if target.method != Method::POST {
        "is no POST"
    } else if target.body.is_none() {
        "has no request body"
    } else if target
        .parameters
        .iter()
        .any(|one| one.required || one.place == ParameterPlace::Path)
    {
        "needs parameters that this operation cannot give"
    } else if scope.model.differ_in_vendor(target, scope.operation) {
        "belongs to another vendor"
    } else if target.upstream_says("create_if_absent") {
        "has a `create_if_absent` of its own"
    } else {
        return Some(());
    };
    node.report_help(
        Code::BadFollowUp,
        format!("`{}` {reason}", target.id),
        "a create is a POST of the same vendor that needs nothing but the body",
    );
    None
}

/// The answer is the create's, so what it emits must be documented here alike.
fn answers_match<'a>(
    scope: &Scope<'_, 'a>,
    node: &Node<'a>,
    target: &Interface<'a>,
    theirs: &Answers<'a>,
) {
    for status in &theirs.emitted {
        let Some(documented) = target.response(*status) else {
            continue;
        };
        let Some(ours) = scope.operation.response(*status) else {
            node.report_help(
                Code::MissingResponse,
                format!(
                    "`{}` emits {status}, which `responses` here lacks",
                    target.id
                ),
                format!("add '{status}' with the schema that it has there"),
            );
            continue;
        };
        let flat = |schema: &Schema<'_>| schema.flat(ReadOnly::Ignored);
        let broken = |schema: &Schema<'_>| schema.is_broken();
        let either_broken = ours.schema.as_ref().is_some_and(broken)
            || documented.schema.as_ref().is_some_and(broken);
        if !either_broken && ours.schema.as_ref().map(flat) != documented.schema.as_ref().map(flat)
        {
            ours.node.report_help(
                Code::TypeMismatch,
                format!(
                    "the answer of `{}` has another schema for {status}",
                    target.id
                ),
                "give both the same `$ref`",
            );
        }
    }
}
