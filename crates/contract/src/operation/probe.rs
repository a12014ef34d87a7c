//! `probe` of a vendor: the read of `check --online`.

use std::sync::Arc;

use serde_json::Value;

use crate::code::Code;
use crate::interface::Interface;
use crate::interface::parameter::Declared;
use crate::keywords::{CONSTANT, PROBE};
use crate::model::Model;
use crate::operation::value_source::constant;
use crate::plan::{Operation, Probe};
use crate::source::Node;

/// The query parameter by which a later page is named.
const CURSOR: &str = "cursor";

/// Reads the probes of all vendors. `operations` are the compiled ones, `None` where something was reported.
pub(crate) fn probes(
    root: &Node<'_>,
    model: &Model<'_>,
    operations: &[Option<Operation>],
) -> Vec<Probe> {
    let vendors = root.get("x-vendors");
    let vendors = vendors.iter().flat_map(Node::members);
    vendors
        .filter_map(|(vendor, node)| probe(vendor, &node.get("probe")?, model, operations))
        .collect()
}

fn probe(
    vendor: &str,
    node: &Node<'_>,
    model: &Model<'_>,
    operations: &[Option<Operation>],
) -> Option<Probe> {
    node.object(&PROBE)?;
    let named = node.get("operation")?;
    let target = model.operation(&named)?;
    let compiled = operations.get(target.index.0).and_then(Option::as_ref);
    suits(vendor, &named, target, compiled)?;
    let with = with(node, target);
    let healthy = node.get("healthy");
    let healthy = healthy.map(|list| healthy_problems(&list, model, target, compiled));
    Some(Probe {
        upstream: Arc::from(vendor),
        operation: target.index,
        with: with?,
        healthy: healthy.unwrap_or_default(),
    })
}

/// A read of this vendor.
fn suits(
    vendor: &str,
    node: &Node<'_>,
    target: &Interface<'_>,
    compiled: Option<&Operation>,
) -> Option<()> {
    let elsewhere = compiled.is_some_and(|operation| *operation.binding.upstream != *vendor);
    let reason = if !target.is_read() {
        "is no read"
    } else if elsewhere {
        "belongs to another vendor"
    } else {
        return Some(());
    };
    node.report_help(
        Code::BadFollowUp,
        format!("`{}` {reason}", target.id),
        "a probe is a GET of the vendor that it stands at: it changes nothing",
    );
    None
}

/// The constants of `with`: each parameter is the operation's, and each required one is there.
fn with(node: &Node<'_>, target: &Interface<'_>) -> Option<Vec<(String, Value)>> {
    let with = node.get("with");
    if let Some(with) = &with {
        with.map()?;
    }
    let mut whole = true;
    let mut given: Vec<(String, Value)> = Vec::new();
    for (name, entry) in with.iter().flat_map(Node::members) {
        match target.parameters.iter().find(|one| one.name == name) {
            Some(parameter) => match value(&entry, parameter, target) {
                Some(value) => given.push((name.to_owned(), value)),
                None => whole = false,
            },
            None => {
                whole = false;
                entry.key().report_unknown(
                    Code::UnknownParameter,
                    format!("`{}` has no parameter `{name}`", target.id),
                    name,
                    target.parameters.iter().map(|one| one.name.as_str()),
                );
            }
        }
    }
    for missing in target.parameters.iter().filter(|one| one.required) {
        if with
            .as_ref()
            .is_none_or(|with| with.get(&missing.name).is_none())
        {
            whole = false;
            let name = &missing.name;
            with.as_ref().unwrap_or(node).key().report_help(
                Code::MissingSource,
                format!("`{}` needs its parameter `{name}`", target.id),
                format!("add `{name}: {{const: …}}` under `with`; a value that nothing has will do where `healthy` says so"),
            );
        }
    }
    whole.then_some(given)
}

fn value(entry: &Node<'_>, parameter: &Declared<'_>, target: &Interface<'_>) -> Option<Value> {
    entry.object(&CONSTANT)?;
    if parameter.name == CURSOR && target.upstream_says("paging") {
        entry.key().report_help(
            Code::BadValue,
            "a cursor comes with a page, and no contract knows one",
            "ask for the first page: leave `cursor` out",
        );
        return None;
    }
    let value = constant(&entry.get("const")?)?;
    value.must_fit(&parameter.schema, entry, "the parameter");
    entry.get("const").map(|constant| constant.value.clone())
}

/// Problems that say that the thing is not there, each of which the operation can end in.
fn healthy_problems(
    list: &Node<'_>,
    model: &Model<'_>,
    target: &Interface<'_>,
    compiled: Option<&Operation>,
) -> Vec<Arc<str>> {
    let mut codes = Vec::new();
    for (_, entry) in list.strings() {
        let Some(code) = model.problem(&entry) else {
            continue;
        };
        let absent = model
            .problems
            .get(&code)
            .is_some_and(|problem| problem.status == 404);
        let errors = compiled.map(|operation| &operation.binding.answer.errors);
        let ends_in = errors.is_none_or(|errors| {
            let mut rows = errors.codes.values().chain(errors.statuses.values());
            rows.any(|row| row.problem == code)
        });
        if !absent {
            entry.report_help(
                Code::BadValue,
                format!("`{code}` does not say that something is not there"),
                "name problems of status 404: any other is no healthy answer",
            );
        } else if !ends_in {
            entry.report_help(
                Code::BadFollowUp,
                format!("`{}` never ends in `{code}`", target.id),
                "take it out, or add a row to its `errors`",
            );
        }
        codes.push(code);
    }
    codes
}
