//! A broken contract as `check` prints it.

use contract::Diagnostic;

use crate::support::{SHELF, rendered};

fn broken() -> (String, Vec<Diagnostic>) {
    let text = SHELF
        .replacen(
            "upstream: desk\n        method: POST",
            "upstream: desc\n        method: POST",
            1,
        )
        .replacen("needs: [/isbn, /title]", "neds: [/isbn, /title]", 1)
        .replacen("        SHF001: validation-failed\n", "", 1);
    let findings = contract::compile(&text).unwrap_err();
    (text, findings)
}

#[test]
fn all_errors_are_printed_at_once_in_the_order_of_the_text() {
    let (text, findings) = broken();
    let expected = "\
error[unknown-keyword]: `request` has no keyword `neds`
  --> contract.yaml:34:11
   |
34 |           neds: [/isbn, /title]
   |           ^^^^
   |
   = help: did you mean `needs`?

error[unknown-name]: `x-vendors` has no `desc`
   --> contract.yaml:160:19
    |
160 |         upstream: desc
    |                   ^^^^
    |
    = help: did you mean `desk`?

error[missing-code-row]: `codes` has no row for `SHF001` of `shelf`
   --> contract.yaml:188:7
    |
188 |       codes:
    |       ^^^^^
    |
    = help: every code of the vendor's catalogue needs one: nobody would notice that it is unmapped

";
    assert_eq!(rendered("contract.yaml", &text, &findings), expected);
}

#[test]
fn what_stands_twice_is_shown_twice() {
    let text = SHELF.replacen("operationId: listBooks", "operationId: createBook", 1);
    let findings = contract::compile(&text).unwrap_err();
    let twice = findings.iter().find(|one| one.code == "duplicate").unwrap();
    let drawn = twice.render("contract.yaml", &text);
    let labelled: Vec<&str> = drawn
        .lines()
        .filter(|line| line.ends_with("first declared here"))
        .collect();
    assert_eq!(labelled.len(), 1, "{drawn}");
    assert_eq!(
        drawn.matches("operationId: createBook").count(),
        2,
        "{drawn}"
    );
    assert_eq!(
        twice.to_json("f")["related"][0]["message"],
        "first declared here"
    );
    // A key of YAML as well.
    let text = format!("{SHELF}openapi: 3.1.0\n");
    let findings = contract::compile(&text).unwrap_err();
    let twice = findings
        .iter()
        .find(|one| one.code == "duplicate-key")
        .unwrap();
    assert!(
        twice.render("f", &text).contains("- first stands here"),
        "{}",
        twice.render("f", &text)
    );
}

#[test]
fn a_finding_as_data_names_file_place_and_pointer() {
    let (_, findings) = broken();
    assert_eq!(
        findings[0].to_json("contract.yaml"),
        serde_json::json!({
            "file": "contract.yaml", "line": 34, "column": 11, "length": 4,
            "code": "unknown-keyword", "message": "`request` has no keyword `neds`",
            "pointer": "/paths/~1v1~1books/post/x-upstream/request/neds",
            "help": "did you mean `needs`?",
        })
    );
}
