//! Contracts with one thing wrong: what is found, and where it points.

use std::collections::BTreeSet;

use contract::{CODES, Diagnostic};

use crate::support::{NOTES, POST, SHELF, rendered};

mod cache;
mod document;
mod follow_ups;
mod interface;
mod notes;
mod post;
mod schemas;
mod upstream;
mod yaml;

/// A patch of a document that compiles and what must be found: code and the text that the place shows.
pub struct Case {
    pub find: &'static str,
    pub put: &'static str,
    pub found: &'static [(&'static str, &'static str)],
}

const fn case(
    find: &'static str,
    put: &'static str,
    found: &'static [(&'static str, &'static str)],
) -> Case {
    Case { find, put, found }
}

const TABLES: &[(&str, &[Case])] = &[
    (SHELF, document::CASES),
    (SHELF, interface::CASES),
    (SHELF, schemas::CASES),
    (SHELF, upstream::CASES),
    (SHELF, follow_ups::CASES),
    (SHELF, cache::CASES),
    (SHELF, yaml::CASES),
    (NOTES, notes::CASES),
    (POST, post::CASES),
];

fn cases() -> impl Iterator<Item = (&'static str, &'static Case)> {
    TABLES
        .iter()
        .flat_map(|(base, cases)| cases.iter().map(move |case| (*base, case)))
}

fn patched(base: &str, case: &Case) -> String {
    assert!(
        base.contains(case.find),
        "the document has no {:?}",
        case.find
    );
    base.replacen(case.find, case.put, 1)
}

/// The text that a finding's place shows.
fn shown<'t>(finding: &Diagnostic, text: &'t str) -> &'t str {
    let place = finding.place;
    let line = text.split('\n').nth(place.line - 1).unwrap_or_default();
    let mut starts = line
        .char_indices()
        .map(|(offset, _)| offset)
        .skip(place.column - 1);
    let from = starts.next().unwrap_or(line.len());
    let to = starts.nth(place.length - 1).unwrap_or(line.len());
    &line[from..to]
}

#[test]
fn each_mistake_is_found_at_its_place_and_nothing_else_is() {
    let mut failures = String::new();
    for (base, case) in cases() {
        let text = patched(base, case);
        let findings = contract::compile(&text).err().unwrap_or_default();
        let found: Vec<(&str, &str)> = findings
            .iter()
            .map(|one| (one.code, shown(one, &text)))
            .collect();
        if found != case.found {
            let got = rendered("contract.yaml", &text, &findings);
            failures += &format!("--- {:?}\n{:?}\n{found:?}\n{got}", case.put, case.found);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_finding_says_where_and_how_to_mend_it() {
    for (base, case) in cases() {
        let text = patched(base, case);
        for finding in contract::compile(&text).err().unwrap_or_default() {
            let data = finding.to_json("contract.yaml");
            for member in ["line", "column", "length"] {
                assert!(data[member].as_u64().is_some_and(|n| n > 0), "{data}");
            }
            let help = data["help"].as_str().unwrap_or_default();
            assert!(!help.trim().is_empty(), "{data}");
            assert!(!shown(&finding, &text).is_empty(), "{data}");
            let rendered = finding.render("contract.yaml", &text);
            assert!(rendered.contains("= help: "), "{rendered}");
        }
    }
}

#[test]
fn every_code_has_a_case() {
    let found = cases().flat_map(|(_, case)| case.found);
    let mut covered: BTreeSet<&str> = found.map(|(code, _)| *code).collect();
    covered.extend(crate::limits::COVERED);
    covered.extend(crate::warnings::COVERED);
    let missing: Vec<&str> = CODES
        .iter()
        .map(|(code, _)| *code)
        .filter(|code| !covered.contains(code))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
