//! From the text of a contract to its plan.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Place};
use crate::interface::{self, parameter, response};
use crate::keywords::{COMPONENTS, DOCUMENT, INFO};
use crate::model::Model;
use crate::operation::{binding, probe};
use crate::plan::Plan;
use crate::schema::{self, example};
use crate::source::{Node, Source};
use crate::yaml::Document;
use crate::{digest, openapi, problem, vendor};

/// Findings that are listed; the rest is counted. A file of another kind would print thousands.
const MAX_FINDINGS: usize = 100;

/// Compiles a contract (YAML or JSON text).
///
/// # Errors
/// Everything that is wrong with it, at once, in the order of the text: at most 100 findings, then
/// one with the count of the others.
pub fn compile(text: &str) -> Result<Plan, Vec<Diagnostic>> {
    let (document, refused) = Document::read(text)?;
    let source = Source::new(document, refused);
    let plan = plan(&source.root());
    let (findings, warnings) = source.into_findings();
    match (plan, findings) {
        (Some(plan), findings) if findings.is_empty() => Ok(Plan { warnings, ..plan }),
        (None, findings) if findings.is_empty() => Err(vec![incomplete()]),
        (_, findings) => Err(bounded(findings)),
    }
}

fn plan(root: &Node<'_>) -> Option<Plan> {
    root.object(&DOCUMENT)?;
    let (title, version) = info(root);
    components(root);
    let (operations, router) = interface::operations(root);
    let model = Model {
        vendors: vendor::vendors(root),
        vendors_readable: root
            .get("x-vendors")
            .is_some_and(|vendors| vendors.value.is_object()),
        problems: problem::problems(root),
        problems_readable: root
            .get("x-problems")
            .is_none_or(|problems| problems.value.is_object())
            && !root.misspells(&DOCUMENT, "x-problems"),
        operations,
        row_pointers: Default::default(),
    };
    let operations = binding::bound_operations(&model);
    model.report_row_pointers();
    let probes = probe::probes(root, &model, &operations);
    let operations = operations.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Plan {
        digest: digest::digest(root.value),
        title: title?,
        version: version?,
        router,
        probes,
        upstreams: model
            .vendors
            .iter()
            .map(|vendor| vendor.name.to_string())
            .collect(),
        openapi: openapi::public(root.value, &operations, &model.problems),
        operations,
        problems: model.problems,
        warnings: Vec::new(),
    })
}

fn info(root: &Node<'_>) -> (Option<String>, Option<String>) {
    if let Some(version) = root.get("openapi")
        && version
            .string()
            .is_some_and(|text| text != "3.1" && !text.starts_with("3.1."))
    {
        version.report_help(
            Code::BadValue,
            "the document is not OpenAPI 3.1",
            "write `openapi: 3.1.0`; 3.0 says `nullable` and 3.2 says more than the gateway reads",
        );
    }
    let Some(info) = root.get("info") else {
        return (None, None);
    };
    if info.object(&INFO).is_none() {
        return (None, None);
    }
    let text = |word: &str| {
        info.get(word)
            .and_then(|text| text.string())
            .map(str::to_owned)
    };
    (text("title"), text("version"))
}

/// Reads every component, also those that no operation uses.
fn components(root: &Node<'_>) {
    let Some(components) = root.get("components") else {
        return;
    };
    if components.object(&COMPONENTS).is_none() {
        return;
    }
    let section = |name: &str| {
        let section = components
            .get(name)
            .filter(|section| section.map().is_some());
        section.into_iter().flat_map(|section| section.members())
    };
    for (name, node) in section("schemas") {
        reserved(name, &node);
        example::check_examples(&schema::schema(&node));
    }
    for (_, node) in section("parameters") {
        parameter::parameter(&node);
    }
    for (name, node) in section("responses") {
        reserved(name, &node);
        response::check_component(&node);
    }
    if root
        .get("paths")
        .is_none_or(|paths| paths.members().next().is_none())
    {
        return; // nothing can refer to anything, which was reported
    }
    let mut used = BTreeSet::new();
    references(root.value, &mut used);
    for word in ["x-errors", "x-responses"] {
        for (name, node) in section(word) {
            if !used.contains(format!("#{}", node.pointer).as_str()) {
                node.key().report_help(
                    Code::DeadKeyword,
                    format!("nothing refers to `{name}`"),
                    "take it out: what no operation uses is not checked",
                );
            }
        }
    }
}

fn reserved(name: &str, node: &Node<'_>) {
    if name == "Problem" {
        node.key().report_help(
            Code::ReservedName,
            "`Problem` is injected by the gateway",
            "choose another name, or leave it out",
        );
    }
}

/// The texts of all `$ref`s.
fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(entries) => entries.iter().for_each(|entry| references(entry, found)),
        _ => {}
    }
}

fn bounded(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if findings.len() > MAX_FINDINGS {
        let more = findings.len() - MAX_FINDINGS;
        let next = findings.get(MAX_FINDINGS).map(|one| one.place);
        findings.truncate(MAX_FINDINGS);
        findings.push(Diagnostic::new(
            Code::TooManyErrors,
            format!("{more} more errors are not listed"),
            "",
            next.unwrap_or(Place::START),
            None,
        ));
    }
    findings
}

/// A part was given up without a finding: a bug of this crate, which must not pass as success.
fn incomplete() -> Diagnostic {
    Diagnostic::new(
        Code::BadValue,
        "the contract could not be compiled, for a reason that was not recorded",
        "",
        Place::START,
        Some("this is a bug of lms-gateway: please report it with the contract".to_owned()),
    )
}
