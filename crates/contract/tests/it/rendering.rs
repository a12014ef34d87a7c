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
   = help: did you mean `needs`?

error[unknown-name]: `x-vendors` has no `desc`
   --> contract.yaml:160:19
    |
160 |         upstream: desc
    |                   ^^^^
    = help: did you mean `desk`?

error[missing-code-row]: `codes` has no row for `SHF001` of `shelf`
   --> contract.yaml:188:7
    |
188 |       codes:
    |       ^^^^^
    = help: every code of the vendor's catalogue needs one: nobody would notice that it is unmapped

";
    assert_eq!(rendered("contract.yaml", &text, &findings), expected);
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
