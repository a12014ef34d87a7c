//! An external id at its doors: the body of a create, the body of a replacement, the path. What could
//! address something else never reaches the vendor; everything else reaches it as itself.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::support::{Answer, Sandboxed};

/// The whole text as `%XX`, so that nothing of it is special on the way to us.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn must_be_refused(answer: &Answer, place: &str, code: Option<&str>, value: &str) {
    assert_eq!(answer.status, 400, "{value:?}: {answer:?}");
    assert_eq!(
        answer.problem(),
        "validation-failed",
        "{value:?}: {answer:?}"
    );
    let errors = answer.errors();
    assert_eq!(errors.len(), 1, "{value:?}: {answer:?}");
    assert_eq!(errors[0].0, place, "{value:?}");
    if let Some(code) = code {
        assert_eq!(errors[0].1, code, "{value:?}");
    }
}

#[test]
fn a_bad_identifier_is_stopped_at_every_door() {
    let gateway = Sandboxed::start();
    let long = "a".repeat(256);
    for value in [
        "a/b",
        "/",
        "\\",
        "a\\b",
        "..\\..",
        "../users/1",
        "a%2Fb",
        "a%2fb",
        "%2F",
        "a%5Cb",
        "a%5cb",
        "a%252Fb",
        "a%25252Fb",
        "%2%46",
        ".",
        "..",
        "%2e",
        "%2E%2E",
        ".%2e",
        "..;",
        "..;/x",
        ".;a=b",
        "a／b",
        "a＼b",
        "．",
        "．．",
        "‥",
        "․․",
        "℅",
        "℀",
        "％2Ｆ",
        "",
        " ",
        " a",
        "a ",
        "\u{a0}a",
        "a\u{3000}",
        "a\0b",
        "a\rb",
        "a\nb",
        "a\r\nb",
        "a\tb",
        "a\u{7f}",
        "a\u{85}b",
        "a\u{9f}",
        "a\u{2028}b",
        &long,
    ] {
        let create =
            json!({"type": "PHYSICAL_ROOM", "external_id": value, "name": "Aula"}).to_string();
        must_be_refused(
            &gateway.send_json("POST", "/v1/rooms", &create),
            "/external_id",
            None,
            value,
        );
        let replace = json!({"external_id": value, "name": "Aula"}).to_string();
        must_be_refused(
            &gateway.send_json("PUT", "/v1/rooms/2101", &replace),
            "/external_id",
            None,
            value,
        );
        must_be_refused(
            &gateway.send_json("PUT", "/v1/rooms/by-external-id/pr002", &replace),
            "/external_id",
            None,
            value,
        );

        let path = format!("/v1/rooms/by-external-id/{}", encoded(value));
        must_be_refused(&gateway.get(&path), "external_id", None, value);
        must_be_refused(
            &gateway.request("DELETE", &path, &[], b""),
            "external_id",
            None,
            value,
        );
        must_be_refused(
            &gateway.send_json("PUT", &path, r#"{"name":"Aula"}"#),
            "external_id",
            None,
            value,
        );
        must_be_refused(
            &gateway.send_json("PUT", &format!("{path}/status"), r#"{"status":"active"}"#),
            "external_id",
            None,
            value,
        );
    }
    assert_eq!(gateway.sandbox.ledger(), [], "none reached the vendor");
}

#[test]
fn a_path_is_checked_however_it_is_spelled() {
    let gateway = Sandboxed::start();
    for (segment, code) in [
        ("a%2Fb", "identifier"),
        ("a%2fb", "identifier"),
        ("a%5Cb", "identifier"),
        ("a%252Fb", "identifier"),
        ("a%255cb", "identifier"),
        ("a%25252Fb", "identifier"),
        (".", "identifier"),
        ("..", "identifier"),
        ("%2e", "identifier"),
        ("%2e%2e", "identifier"),
        (".%2e", "identifier"),
        ("..;", "identifier"),
        ("..;a=b", "identifier"),
        ("%2e%2e;jsessionid=1", "identifier"),
        ("%00", "control-character"),
        ("%0d%0a", "identifier"),
        ("a%0D%0ASet-Cookie:%20x", "identifier"),
        ("%20", "identifier"),
        ("", "identifier"),
        ("a\\b", "identifier"),
        ("%ff", "bad-encoding"),
        ("%C0%AF", "bad-encoding"),
        ("%E0%80%AF", "bad-encoding"),
        ("%ED%A0%80", "bad-encoding"),
        ("a%", "bad-encoding"),
        ("a%2", "bad-encoding"),
        ("a%zz", "bad-encoding"),
        ("%u002f", "bad-encoding"),
    ] {
        let target = format!("/v1/rooms/by-external-id/{segment}");
        must_be_refused(&gateway.get(&target), "external_id", Some(code), segment);
        must_be_refused(
            &gateway.request("DELETE", &target, &[], b""),
            "external_id",
            Some(code),
            segment,
        );
    }
    for segment in ["a/b", "a//b", "../2101", "..//"] {
        let answer = gateway.get(&format!("/v1/rooms/by-external-id/{segment}"));
        assert_eq!(
            answer.problem(),
            "route-not-found",
            "{segment}: more segments are another route"
        );
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn the_other_parameters_of_paths_are_checked_as_well() {
    let gateway = Sandboxed::start();
    for segment in [
        "x",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "0x1",
        "12345678901234567890",
        "%31%2F",
        "..",
        "%2e%2e",
        "2101;a",
        "%D9%A3",
        "",
    ] {
        let answer = gateway.get(&format!("/v1/rooms/{segment}"));
        must_be_refused(&answer, "id", None, segment);
    }
    for segment in [
        "x",
        "4728d47a-c96a-11ed-97ec-b6c48b3dc69",
        "4728d47ac96a11ed97ecb6c48b3dc692",
        "..",
        "%2e%2e%2fx",
    ] {
        let answer = gateway.get(&format!("/v1/training-days/{segment}"));
        must_be_refused(&answer, "day_id", None, segment);
    }
    assert_eq!(gateway.sandbox.ledger(), []);
    assert_eq!(
        gateway.get("/v1/rooms/%32101").json()["id"],
        "2101",
        "decoded once"
    );
}

#[test]
fn an_odd_identifier_reaches_the_vendor_as_itself() {
    let gateway = Sandboxed::start();
    let (long, emoji) = ("x".repeat(255), "🏛".repeat(255));
    for value in [
        "a;b",
        "a;jsessionid=1",
        "a%3Fb",
        "a%b",
        "%",
        "%%",
        "100%",
        "#",
        "a#b",
        "?",
        "a?b",
        "+",
        "a+b",
        "a b",
        "&",
        "a&b=c",
        "=",
        "~",
        "'",
        "\"",
        "<a>",
        "{}",
        "[x]",
        "|",
        "^",
        "`",
        "@",
        ":",
        "!",
        "$",
        "*",
        "(",
        ")",
        ",",
        "...",
        "..a",
        "a..",
        ".a",
        "CON",
        "NUL",
        "status",
        "id",
        "externalid",
        "by-external-id",
        "true",
        "null",
        "1e3",
        "007",
        "-1",
        "é",
        "e\u{301}",
        "ñ",
        "Ω",
        "Ω",
        "ß",
        "日本",
        "a\u{200b}b",
        "\u{202e}abc",
        "¥",
        "∕",
        "⁄",
        "🏛",
        "👩‍🏫",
        &long,
        &emoji,
    ] {
        gateway.sandbox.clear_ledger();
        let create =
            json!({"type": "PHYSICAL_ROOM", "external_id": value, "name": "Aula"}).to_string();
        let created = gateway.send_json("POST", "/v1/rooms", &create);
        assert_eq!(created.status, 201, "{value:?}: {created:?}");
        let room = gateway
            .sandbox
            .room_named(value)
            .unwrap_or_else(|| panic!("{value:?} is not there as itself"));

        let segment = utf8_percent_encode(value, NON_ALPHANUMERIC);
        let target = format!("/v1/rooms/by-external-id/{segment}");
        let read = gateway.get(&target);
        assert_eq!(read.status, 200, "{value:?}: {read:?}");
        assert_eq!(read.json()["external_id"], value);
        assert_eq!(read.json()["id"], room.id.to_string());
        let status = gateway.send_json(
            "PUT",
            &format!("{target}/status"),
            r#"{"status":"inactive"}"#,
        );
        assert_eq!(status.status, 204, "{value:?}: {status:?}");
        let replaced = gateway.send_json("PUT", &target, r#"{"name":"Otra"}"#);
        assert_eq!(replaced.status, 204, "{value:?}: {replaced:?}");
        let after = gateway.sandbox.room(room.id).expect("there");
        assert_eq!(
            (after.name.as_str(), after.active),
            ("Otra", false),
            "{value:?}"
        );
        assert_eq!(after.external_id.as_deref(), Some(value));
        assert_eq!(
            gateway.request("DELETE", &target, &[], b"").status,
            204,
            "{value:?}"
        );
        assert_eq!(gateway.sandbox.room(room.id), None, "{value:?}");
        for seen in gateway.sandbox.ledger() {
            assert!(!seen.escaped, "{value:?}: {seen:?}");
            assert!(
                seen.operation.starts_with("netex.")
                    && seen.operation != "netex.users"
                    && seen.operation != "netex.unknown"
            );
        }
    }
}

#[test]
fn two_spellings_of_one_letter_are_two_names() {
    let gateway = Sandboxed::start();
    let create = |value: &str| {
        let body =
            json!({"type": "PHYSICAL_ROOM", "external_id": value, "name": value}).to_string();
        gateway.send_json("POST", "/v1/rooms", &body).status
    };
    assert_eq!(
        (create("caf\u{e9}"), create("cafe\u{301}"), create("CAFÉ")),
        (201, 201, 201)
    );
    for value in ["caf\u{e9}", "cafe\u{301}", "CAFÉ"] {
        let target = format!("/v1/rooms/by-external-id/{}", encoded(value));
        assert_eq!(gateway.get(&target).json()["name"], value);
    }
    // And every encoding of one spelling is one name.
    for target in ["pr001", "%70r001", "%70%72%30%30%31"] {
        assert_eq!(
            gateway
                .get(&format!("/v1/rooms/by-external-id/{target}"))
                .json()["id"],
            "2145"
        );
    }
}

#[test]
fn a_literal_segment_beats_a_parameter() {
    let gateway = Sandboxed::start();
    let body =
        json!({"type": "PHYSICAL_ROOM", "external_id": "status", "name": "Estado"}).to_string();
    assert_eq!(gateway.send_json("POST", "/v1/rooms", &body).status, 201);
    assert_eq!(
        gateway.get("/v1/rooms/by-external-id/status").json()["name"],
        "Estado"
    );
    assert_eq!(
        gateway.get("/v1/rooms/by-external-id").problem(),
        "validation-failed",
        "an id that cannot be one"
    );
    assert_eq!(
        gateway
            .get("/v1/rooms/by-external-id/status/status")
            .problem(),
        "method-not-allowed"
    );
}
