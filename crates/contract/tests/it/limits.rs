//! Bounds: what is too deep, too large or too much is refused before it costs anything.

use crate::support::SHELF;

/// Codes that are covered here rather than in the table.
pub const COVERED: &[&str] = &["too-deep", "too-large", "too-many-errors"];

fn only_code(text: &str) -> &'static str {
    let findings = contract::compile(text).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings[0].code
}

#[test]
fn deep_nesting_is_refused_before_the_parser_recurses() {
    assert_eq!(only_code(&"- ".repeat(100_000)), "too-deep");
    assert_eq!(only_code(&"? ".repeat(100_000)), "too-deep");
    let brackets = contract::compile(&"[".repeat(100_000)).unwrap_err();
    assert_eq!(brackets.len(), 1);
    let staircase: String = (0..190)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(only_code(&staircase), "too-deep");
}

#[test]
fn sixty_four_levels_are_the_most() {
    let nested = |levels: usize| "[".repeat(levels) + "x" + &"]".repeat(levels);
    assert!(contract::yaml::Document::parse(&nested(64)).is_ok());
    assert_eq!(
        contract::yaml::Document::parse(&nested(65)).unwrap_err()[0].code,
        "too-deep"
    );
}

#[test]
fn a_large_file_is_refused() {
    assert_eq!(only_code(&" ".repeat(4 * 1024 * 1024 + 1)), "too-large");
}

#[test]
fn references_that_multiply_are_bounded() {
    let mut schemas = String::from("    S0: {type: string}\n");
    for level in 1..12 {
        let fields: String = (0..10)
            .map(|field| {
                format!(
                    "f{field}: {{$ref: '#/components/schemas/S{}'}}, ",
                    level - 1
                )
            })
            .collect();
        schemas += &format!("    S{level}: {{type: object, properties: {{{fields}}}}}\n");
    }
    let text = SHELF.replacen("  schemas:\n", &format!("  schemas:\n{schemas}"), 1);
    let findings = contract::compile(&text).unwrap_err();
    assert!(findings.iter().any(|finding| finding.code == "too-large"));
}

#[test]
fn a_long_chain_of_references_is_bounded() {
    let mut schemas = String::from("    S0: {type: string}\n");
    for level in 1..2_000 {
        schemas += &format!(
            "    S{level}: {{type: object, properties: {{f: {{$ref: '#/components/schemas/S{}'}}}}}}\n",
            level - 1
        );
    }
    let text = SHELF.replacen("  schemas:\n", &format!("  schemas:\n{schemas}"), 1);
    let findings = contract::compile(&text).unwrap_err();
    let (first, rest) = findings.split_at(100);
    assert!(
        first.iter().all(|finding| finding.code == "too-deep"),
        "{first:?}"
    );
    assert_eq!(rest[0].code, "too-many-errors");
}

#[test]
fn a_hundred_findings_are_listed_and_the_rest_is_counted() {
    let junk: String = (0..250).map(|index| format!("junk{index}: 1\n")).collect();
    let findings = contract::compile(&format!("{junk}{SHELF}")).unwrap_err();
    assert_eq!(findings.len(), 101);
    assert_eq!(findings[100].code, "too-many-errors");
    assert!(
        findings[100].message.starts_with("150 "),
        "{}",
        findings[100].message
    );
}

#[test]
fn a_document_without_operations_serves_nothing() {
    let text = "openapi: 3.1.0\ninfo: {title: T, version: 1.0.0}\nx-vendors: {}\npaths: {}\n";
    assert_eq!(only_code(text), "missing-keyword");
}

#[test]
fn a_contract_with_any_line_missing_is_read_to_its_end() {
    let lines: Vec<&str> = SHELF.lines().collect();
    for missing in (0..lines.len()).step_by(3) {
        let text: String = lines
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != missing)
            .map(|(_, line)| format!("{line}\n"))
            .collect();
        // Found or harmless, and never the finding that stands for a bug of ours.
        for finding in contract::compile(&text).err().unwrap_or_default() {
            assert!(
                !finding.message.contains("was not recorded"),
                "without line {}",
                missing + 1
            );
            assert!(
                finding
                    .render("contract.yaml", &text)
                    .contains(finding.code)
            );
        }
    }
}
