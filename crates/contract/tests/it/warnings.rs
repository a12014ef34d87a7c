//! What loads and has a better successor.

use contract::DEPRECATED_WORDS;

use crate::support::{SHELF, compiled, repository};

/// Codes of warnings.
pub const COVERED: &[&str] = &["deprecated-keyword"];

#[test]
fn a_deprecated_word_loads_with_a_warning_at_its_place() {
    let plan = compiled("shelf.yaml", SHELF);
    let pointers: Vec<&str> = plan.warnings.iter().map(|one| &*one.pointer).collect();
    // That of a parameter is not deprecated, and stands in this document as well.
    assert_eq!(
        pointers,
        [
            "/components/schemas/NewBook/example",
            "/components/schemas/LoanUpdate/example"
        ]
    );
    let warning = &plan.warnings[0];
    assert_eq!(warning.code, "deprecated-keyword");
    let text = "      example: {kind";
    let line = SHELF.lines().position(|line| line.starts_with(text));
    let expected = format!(
        "shelf.yaml:{}:7: `example` of a schema is deprecated since 0.1.0; write `examples`, a list of them",
        line.unwrap() + 1
    );
    assert_eq!(warning.line("shelf.yaml"), expected);
}

#[test]
fn the_served_contract_uses_no_deprecated_word() {
    let plan = compiled("contract.yaml", &repository("config/contract.yaml"));
    assert_eq!(plan.warnings, []);
}

#[test]
fn every_deprecated_word_is_told_with_its_successor() {
    let page = repository("docs/compatibility.md");
    for old in DEPRECATED_WORDS {
        let row = format!(
            "| `{}` of {} | {} | {} |",
            old.word, old.place, old.since, old.instead
        );
        assert!(page.contains(&row), "docs/compatibility.md lacks {row}");
    }
}
