//! Vendors' errors, in every form they may take.

use std::collections::BTreeMap;
use std::sync::Arc;

use translate::answer::{
    AnswerPlan, BodyRule, ErrorMap, ErrorRow, Success, Successes, VendorErrors,
};
use translate::{
    Answer, AnswerLimits, Called, Context, Encoding, MatchedBy, VendorError, Verdict, judge,
};

use crate::shapes::{path, place};

fn row(problem: &str) -> ErrorRow {
    ErrorRow {
        problem: Arc::from(problem),
        pointer: None,
        outcome_unknown: false,
    }
}

/// No status of the tests, so that each is an error or unexpected.
fn elsewhere() -> Success<()> {
    Success {
        statuses: vec![299],
        body: BodyRule::Ignored,
        at: Vec::new(),
        namespace: None,
        fails_if: None,
        producers: Vec::new(),
        shape: None,
        emit: (),
    }
}

fn plan() -> AnswerPlan<()> {
    AnswerPlan {
        encoding: Encoding::Json,
        success: Successes::new([elsewhere()]).unwrap(),
        errors: ErrorMap {
            codes: BTreeMap::from([
                ("ERR001".to_owned(), row("validation-failed")),
                ("ERR006".to_owned(), row("external-id-taken")),
                ("401".to_owned(), row("a-number")),
            ]),
            statuses: BTreeMap::from([(404, row("room-not-found")), (304, row("not-modified"))]),
        },
        vendor: VendorErrors {
            code_json: vec![place("code"), place("errors/0/code"), place("error")],
            code_xml: vec![path("response/code")],
            scan: Some("AAA999".to_owned()),
            message_json: vec![place("message")],
            message_xml: vec![path("response/message")],
            catalogue: vec![
                "ERR001".to_owned(),
                "ERR006".to_owned(),
                "ERR777".to_owned(),
            ],
        },
    }
}

fn judged(
    plan: &AnswerPlan<()>,
    status: u16,
    content_type: Option<&str>,
    body: &[u8],
) -> Verdict<()> {
    let answer = Answer {
        status,
        content_type,
        header: &|_| None,
        body,
        whole: true,
        limits: AnswerLimits::default(),
    };
    let base = "https://vendor.example".parse().unwrap();
    let context = Context {
        request: None,
        path: &BTreeMap::new(),
        called: Some(Called {
            base: &base,
            target: "",
        }),
        usable_segment: &|_| true,
    };
    judge(plan, &answer, &context)
}

/// The problem, what led to it, the code.
fn told(content_type: Option<&str>, body: &str) -> (String, Option<MatchedBy>, Option<String>) {
    match judged(&plan(), 400, content_type, body.as_bytes()) {
        Verdict::Problem {
            row, by, vendor, ..
        } => (row.problem.to_string(), Some(by), vendor.code),
        Verdict::Unmapped { vendor } => ("unmapped".to_owned(), None, vendor.code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_is_found_in_every_form_of_an_error_body() {
    for (content_type, body) in [
        (
            Some("application/json"),
            r#"{"code":"ERR006","message":"ya existe"}"#,
        ),
        (
            Some("application/json"),
            r#"{"errors":[{"code":"ERR006"}]}"#,
        ),
        (Some("text/plain"), r#"{"error":"ERR006"}"#),
        (None, "ERR006"),
        (Some("application/json"), "ERR006"),
        (Some("application/json"), "\"ERR006\""),
        (Some("text/html"), "<html><body>Error: ERR006.</body>"),
        (
            Some("application/xml"),
            "<response><code>ERR006</code></response>",
        ),
        (None, "  <response><code> ERR006\n</code></response>"),
        (
            Some("application/json"),
            r#"{"status":"BAD","detail":"ERR006: duplicado (ABC123)"}"#,
        ),
        (
            Some("application/json"),
            r#"{"code":400,"message":"ERR006"}"#,
        ),
        (
            Some("application/json"),
            r#"{"error":"Bad Request","text":"ERR006"}"#,
        ),
        (Some("application/json"), "{\"truncated\": \"ERR006"),
        (
            Some("application/json"),
            r#"{"code":"ERR006","message":"not ERR001"}"#,
        ),
    ] {
        let expected = (
            "external-id-taken".to_owned(),
            Some(MatchedBy::Code),
            Some("ERR006".to_owned()),
        );
        assert_eq!(told(content_type, body), expected, "{body}");
    }
}

#[test]
fn a_numeric_code_goes_by_its_lexeme() {
    let expected = (
        "a-number".to_owned(),
        Some(MatchedBy::Code),
        Some("401".to_owned()),
    );
    assert_eq!(told(None, r#"{"code":401}"#), expected);
    assert_eq!(
        told(None, r#"{"code":4.01e2}"#).2.as_deref(),
        Some("4.01e2")
    );
    let long = "123456789012345678901234567890";
    assert_eq!(
        told(None, &format!("{{\"code\":{long}}}")).2.as_deref(),
        Some(long)
    );
}

#[test]
fn a_member_that_is_known_or_of_the_pattern_is_preferred() {
    let known = r#"{"code":"xyz","error":"401"}"#;
    assert_eq!(told(None, known).2.as_deref(), Some("401"), "it has a row");
    let catalogued = r#"{"code":"ROO999","error":"ERR777"}"#;
    assert_eq!(told(None, catalogued).2.as_deref(), Some("ERR777"));
    let shaped = r#"{"code":"ROO999","text":"see ABC123"}"#;
    assert_eq!(told(None, shaped).2.as_deref(), Some("ROO999"));
}

#[test]
fn an_error_page_of_megabytes_is_not_parsed() {
    let page = |filler: usize| {
        let body = format!(
            "{{\"message\":\"x\",\"filler\":\"{}\"}}",
            "y".repeat(filler)
        );
        match judged(&plan(), 500, Some("application/json"), body.as_bytes()) {
            Verdict::Unmapped { vendor } => vendor.message,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(page(1000).as_deref(), Some("x"));
    assert_eq!(page(256 * 1024), None);
}

#[test]
fn contradicting_codes_leave_the_decision_to_the_status() {
    for body in ["ERR001 and ERR006", "ABC001 or ABC002"] {
        assert_eq!(told(None, body), ("unmapped".to_owned(), None, None));
        let verdict = judged(&plan(), 404, None, body.as_bytes());
        assert!(
            matches!(verdict, Verdict::Problem { row, by: MatchedBy::Status, vendor, .. }
            if &*row.problem == "room-not-found" && vendor.code.is_none())
        );
    }
}

#[test]
fn a_code_without_a_row_falls_back_to_the_status_and_is_kept() {
    for (status, by) in [(404, Some(MatchedBy::Status)), (400, None)] {
        let verdict = judged(&plan(), status, None, b"{\"code\":\"ROO999\"}");
        let (found, vendor) = match verdict {
            Verdict::Problem { by, vendor, .. } => (Some(by), vendor),
            Verdict::Unmapped { vendor } => (None, vendor),
            other => panic!("{other:?}"),
        };
        assert_eq!((found, vendor.code.as_deref()), (by, Some("ROO999")));
    }
    assert_eq!(
        told(None, "{\"error\":\"Bad Request\"}").2,
        None,
        "a sentence is no code"
    );
    assert_eq!(
        told(None, "{\"error\":\"bad_request\"}").2.as_deref(),
        Some("bad_request")
    );
    assert_eq!(told(None, ""), ("unmapped".to_owned(), None, None));
}

#[test]
fn only_a_declared_member_becomes_the_message() {
    let vendor =
        |content_type, body: &str| match judged(&plan(), 503, content_type, body.as_bytes()) {
            Verdict::Unmapped { vendor } => vendor,
            other => panic!("{other:?}"),
        };
    let json = r#"{"message":"línea 1\r\n\u0000línea 2 \u202e","detail":"at com.netex.Rooms"}"#;
    assert_eq!(
        vendor(Some("application/json"), json),
        VendorError {
            status: 503,
            code: None,
            message: Some("línea 1 línea 2".to_owned()),
        }
    );
    let xml = "<response><code>7</code><message>x</message></response>";
    assert_eq!(vendor(Some("text/xml"), xml).message.as_deref(), Some("x"));
    assert_eq!(vendor(Some("text/xml"), xml).code.as_deref(), Some("7"));
    assert_eq!(vendor(Some("text/plain"), "Day not found").message, None);
    assert_eq!(
        vendor(Some("text/html"), "<html><message>x</message></html>").message,
        None
    );
    let long = format!("{{\"message\":\"{}\"}}", "ñ".repeat(1000));
    assert_eq!(vendor(None, &long).message.unwrap().chars().count(), 300);
}

#[test]
fn the_scan_ends_after_4_kib() {
    let at = |offset: usize| told(None, &format!("{} ERR006 ", "x".repeat(offset))).2;
    assert_eq!(at(4000).as_deref(), Some("ERR006"));
    assert_eq!(at(4089), None, "touches the end: perhaps half a word");
    assert_eq!(at(5000), None);
}

#[test]
fn bytes_that_are_no_text_are_no_obstacle() {
    for body in [
        &b"\xff\xfe\xfd ERR006 \x80"[..],
        b"\xf1 ERR006",
        b"{\"code\":\"\xf1\"} ERR006",
    ] {
        let verdict = judged(&plan(), 400, Some("application/json"), body);
        let found = !body.starts_with(b"\xff\xfe"); // a UTF-16 mark makes other text of it
        assert_eq!(
            matches!(
                verdict,
                Verdict::Problem {
                    by: MatchedBy::Code,
                    ..
                }
            ),
            found
        );
    }
    let latin = Some("application/json;charset=ISO-8859-1");
    let verdict = judged(&plan(), 400, latin, b"{\"message\":\"Coru\xf1a\"}");
    assert!(
        matches!(verdict, Verdict::Unmapped { vendor } if vendor.message.as_deref() == Some("Coruña"))
    );
}

#[test]
fn below_400_a_code_is_no_error_and_an_unknown_status_is_unclear() {
    assert!(matches!(
        judged(&plan(), 304, None, b"ERR006"),
        Verdict::Problem {
            by: MatchedBy::Status,
            ..
        }
    ));
    for status in [200, 202, 302] {
        let verdict = judged(&plan(), status, None, b"ERR006");
        assert!(matches!(verdict, Verdict::Unclear(m) if m.found == format!("status {status}")));
    }
}

mod any_answer {
    use proptest::prelude::*;

    use super::*;

    /// Pieces of answers, so that more than the first byte is looked at.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..6),
            proptest::sample::select(vec![
                "{",
                "}",
                "[",
                "]",
                "\"",
                ":",
                ",",
                "\"code\"",
                "\"message\"",
                "ERR006",
                "<response>",
                "</response>",
                "<code>",
                "</code>",
                "<",
                ">",
                "&#",
                ";",
                "<?xml ",
                "?>",
                "encoding='",
                "\u{feff}",
                "ñ",
                "\\u",
                "1e9",
            ])
            .prop_map(|text| text.as_bytes().to_vec()),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever comes with an error status, its verdict is a problem or unmapped, and what is
        /// shown of it is short and on one line.
        #[test]
        fn has_a_verdict(body in body(), status in 400..600u16, content_type in proptest::sample::select(vec![
            None, Some("application/json"), Some("text/xml; charset=utf-16"), Some("text/html"), Some(";;=\""),
        ])) {
            let vendor = match judged(&plan(), status, content_type, &body) {
                Verdict::Problem { vendor, .. } | Verdict::Unmapped { vendor } => vendor,
                other => panic!("{other:?}"),
            };
            let shown = [vendor.code, vendor.message];
            for text in shown.into_iter().flatten() {
                prop_assert!(!text.is_empty() && text.chars().count() <= 300);
                prop_assert!(!text.chars().any(char::is_control), "{:?}", text);
            }
        }
    }
}
