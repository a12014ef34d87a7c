//! `errors`: vendor codes and statuses to problems.

use std::rc::Rc;

use translate::answer::{ErrorMap, ErrorRow};

use crate::code::Code;
use crate::keywords::{ERRORS, ROW};
use crate::operation::scope::Scope;
use crate::source::Node;
use crate::vendor::Vendor;

/// Reads the error map of an operation. A row that cannot be read is reported and left out; `None`
/// where there is no map at all, reported.
pub(crate) fn error_map<'a>(
    scope: &Scope<'_, 'a>,
    upstream: &Node<'a>,
    vendor: Option<&Vendor>,
) -> Option<ErrorMap> {
    let node = upstream.get("errors")?.resolve("x-errors")?;
    node.object(&ERRORS)?;
    let mut map = ErrorMap::default();
    if let Some(codes) = node.get("codes").filter(|codes| codes.map().is_some()) {
        if let Some(vendor) = vendor {
            match_catalogue(&codes, vendor);
        }
        for (code, row) in codes.members() {
            if let Some(row) = error_row(scope, &row) {
                map.codes.insert(code.to_owned(), row);
            }
        }
    }
    if let Some(statuses) = node
        .get("statuses")
        .filter(|statuses| statuses.map().is_some())
    {
        for (status, row) in statuses.members() {
            let known = status
                .parse()
                .ok()
                .filter(|status| (300..600).contains(status));
            if known.is_none() {
                row.key().report_help(
                    Code::BadValue,
                    format!("`{status}` is no error status"),
                    "a status from '300' to '599', quoted",
                );
            }
            if let (Some(status), Some(row)) = (known, error_row(scope, &row)) {
                map.statuses.insert(status, row);
            }
        }
    }
    Some(map)
}

/// Each code of the catalogue has a row, and each row a code of the catalogue.
fn match_catalogue(codes: &Node<'_>, vendor: &Vendor) {
    let catalogue = &vendor.errors.catalogue;
    if !vendor.tells_codes() {
        codes.key().report_help(
            Code::DeadKeyword,
            format!("nothing reads codes from the answers of `{}`", vendor.name),
            "say in `x-vendors` where an `error_code` stands",
        );
    }
    let missing: Vec<String> = catalogue
        .iter()
        .filter(|code| codes.get(code).is_none())
        .map(|code| format!("`{code}`"))
        .collect();
    if !missing.is_empty() {
        codes.report_help(
            Code::MissingCodeRow,
            format!("`codes` has no row for {} of `{}`", missing.join(", "), vendor.name),
            "every code of the vendor's catalogue needs one: nobody would notice that it is unmapped",
        );
    }
    if catalogue.is_empty() || vendor.broken {
        return;
    }
    for (code, row) in codes.members() {
        if !catalogue.iter().any(|known| known == code) {
            row.key().report_unknown(
                Code::NotInCatalogue,
                format!("the catalogue of `{}` has no code `{code}`", vendor.name),
                code,
                catalogue.iter().map(String::as_str),
            );
        }
    }
}

fn error_row<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>) -> Option<ErrorRow> {
    if node.value.is_string() {
        let problem = scope.model.vendors_problem(node)?;
        return Some(ErrorRow {
            problem,
            pointer: None,
            outcome_unknown: false,
        });
    }
    node.object(&ROW)?;
    let problem = scope.model.vendors_problem(&node.get("problem")?);
    let pointer = node
        .get("pointer")
        .and_then(|pointer| field(scope, &pointer));
    let outcome_unknown = outcome(node) && !scope.is_read();
    Some(ErrorRow {
        problem: problem?,
        pointer,
        outcome_unknown,
    })
}

/// `outcome: unknown`.
pub(crate) fn outcome(node: &Node<'_>) -> bool {
    let Some(outcome) = node.get("outcome") else {
        return false;
    };
    match outcome.string() {
        Some("unknown") => true,
        Some(other) => {
            outcome.report_help(
                Code::BadValue,
                format!("an outcome cannot be `{other}`"),
                "`unknown` is the only word; an error without it means that nothing was done",
            );
            false
        }
        None => false,
    }
}

/// The field of a row, if this operation's request has it. A map is shared: that none of its
/// operations has the field is reported in the end.
fn field<'a>(scope: &Scope<'_, 'a>, node: &Node<'a>) -> Option<String> {
    let pointer = node.json_pointer()?;
    let found = scope
        .operation
        .body
        .as_ref()
        .is_some_and(|body| body.schema.find(&pointer).is_ok());
    let mut rows = scope.model.row_pointers.borrow_mut();
    let entry = rows
        .entry(Rc::clone(&node.pointer))
        .or_insert_with(|| (node.clone(), false));
    entry.1 |= found;
    found.then(|| pointer.to_string())
}
