//! Answers of the vendors byte for byte: what is read without loss, and what is not read at all.

use std::time::Duration;

use serde_json::json;

use crate::support::{Answer, Gateway, Scripted, Vendor};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const VIOLATION: &str = "upstream-contract-violation";

/// A gateway before a scripted vendor, with a cache that never helps: each path is asked once.
fn pair() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    (vendor, gateway)
}

fn day(vendor: &Vendor, gateway: &Gateway, answer: Scripted) -> Answer {
    vendor.will(answer);
    let seen = vendor.seen().len();
    let id = format!("00000000-0000-4000-8000-{seen:012}");
    gateway.get(&format!("/v1/training-days/{id}"))
}

fn xml(bytes: &[u8], content_type: &str) -> Scripted {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    Scripted::Bytes([head.as_bytes(), bytes].concat())
}

#[test]
fn text_is_read_by_its_charset_without_loss() {
    let (vendor, gateway) = pair();
    let text = "Coruña «№ 3»";
    let document = |declaration: &str, text: &str| {
        format!(
            "{declaration}<response><day><dayId>a</dayId><location>{text}</location></day></response>"
        )
    };
    let utf16 = |big: bool| {
        let text = format!(
            "\u{feff}{}",
            document("<?xml version=\"1.0\" encoding=\"UTF-16\"?>", text)
        );
        let units = text.encode_utf16();
        units
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect::<Vec<u8>>()
    };
    let latin = |declaration: &str| {
        let document = document(declaration, "Coru\u{f1}a");
        document
            .chars()
            .map(|c| u8::try_from(u32::from(c)).expect("Latin 1"))
            .collect::<Vec<u8>>()
    };
    let utf8 = document("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", text);
    for (bytes, content_type, expected) in [
        (utf8.clone().into_bytes(), "application/xml", text),
        (utf8.clone().into_bytes(), "text/xml; charset=utf-8", text),
        (
            format!("\u{feff}{utf8}").into_bytes(),
            "application/xml",
            text,
        ),
        (
            document("", text).into_bytes(),
            "application/vnd.ispring+xml",
            text,
        ),
        (utf16(true), "application/xml", text),
        (utf16(false), "application/xml", text),
        (
            latin("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"),
            "application/xml",
            "Coruña",
        ),
        (latin(""), "application/xml; charset=iso-8859-1", "Coruña"),
        (
            document("", "<![CDATA[a < b]]> &amp; &#241;<!-- no -->!").into_bytes(),
            "application/xml",
            "a < b & ñ!",
        ),
    ] {
        let answer = day(&vendor, &gateway, xml(&bytes, content_type));
        assert_eq!(answer.status, 200, "{content_type}: {answer:?}");
        assert_eq!(answer.json()["location"], expected, "{content_type}");
    }
    // UTF-8 is declared, and Latin 1 is inside: refused, not bent.
    let lying = latin("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    assert_eq!(
        day(&vendor, &gateway, xml(&lying, "application/xml")).problem(),
        VIOLATION
    );
}

#[test]
fn a_hostile_document_is_not_read() {
    let (vendor, gateway) = pair();
    let wrap = |inner: &str| format!("<response><day><dayId>a</dayId>{inner}</day></response>");
    let laughs =
        "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>";
    let deep = format!("{}{}", "<x>".repeat(20_000), "</x>".repeat(20_000));
    let attributes: String = (0..20_000).map(|index| format!(" a{index}=\"\"")).collect();
    for document in [
        format!("{laughs}{}", wrap("<location>&c;</location>")),
        format!("<!DOCTYPE r SYSTEM \"file:///etc/passwd\">{}", wrap("")),
        format!(
            "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}",
            wrap("<location>&x;</location>")
        ),
        wrap("<location>&nbsp;</location>"),
        wrap("<location>a & b</location>"),
        wrap("<location>&#0;</location>"),
        wrap("<location>a</locatio>"),
        wrap("<location>a</location><location>b</location>"),
        wrap(&deep),
        wrap(&format!("<x{attributes}/>")),
        format!("{}<second/>", wrap("")),
        format!("{}text", wrap("")),
        format!("text{}", wrap("")),
        wrap("")[..30].to_owned(),
        "<other><dayId>a</dayId></other>".to_owned(),
        "<response><day><location>no id</location></day></response>".to_owned(),
        "<html><body>Login</body></html>".to_owned(),
        "{\"dayId\":\"a\"}".to_owned(),
        String::new(),
    ] {
        let answer = day(&vendor, &gateway, Scripted::xml(200, &document));
        let shown: String = document.chars().take(80).collect();
        assert_eq!(answer.status, 502, "{shown}: {answer:?}");
        let expected = if document == wrap(&deep) || document.contains(&attributes) {
            "upstream-answer-too-large"
        } else {
            VIOLATION
        };
        assert_eq!(answer.problem(), expected, "{shown}");
        assert!(!answer.text().contains("root:"), "{shown}");
    }
    let good = day(
        &vendor,
        &gateway,
        Scripted::xml(200, &wrap("<later/><x>new</x>")),
    );
    assert_eq!(
        good.json(),
        json!({"day_id": "a"}),
        "what is new is skipped"
    );
}

#[test]
fn a_body_that_the_close_ends_is_whole_and_the_connection_is_not_used_again() {
    let (vendor, gateway) = pair();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    vendor.will(Scripted::Close(
        format!("{head}{{\"id\":\"1\"}}").into_bytes(),
    ));
    assert_eq!(gateway.get("/v1/rooms/1").json()["id"], "1");
    let closing = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"id\":\"2\"}";
    vendor.will(Scripted::Bytes(closing.as_bytes().to_vec()));
    assert_eq!(gateway.get("/v1/rooms/2").json()["id"], "2");
    vendor.will(Scripted::json(200, r#"{"id":"3"}"#));
    vendor.will(Scripted::json(200, r#"{"id":"4"}"#));
    gateway.get("/v1/rooms/3");
    gateway.get("/v1/rooms/4");
    let connections: Vec<usize> = vendor.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(
        connections,
        [0, 1, 2, 2],
        "kept where the vendor keeps it, and only there"
    );
}

#[test]
fn a_head_beyond_all_measure_is_refused() {
    let (vendor, gateway) = pair();
    let long = "x".repeat(200_000);
    let many: String = (0..500).map(|index| format!("X-{index}: a\r\n")).collect();
    for (target, head) in [
        ("/v1/rooms/1", format!("X-Long: {long}\r\n")),
        ("/v1/rooms/2", many),
    ] {
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n{head}\r\n{{\"id\":\"1\"}}"
        );
        vendor.will(Scripted::Bytes(answer.into_bytes()));
        assert_eq!(gateway.get(target).problem(), VIOLATION, "{target}");
    }
    vendor.always(Scripted::json(200, r#"{"id":"3"}"#));
    assert_eq!(gateway.get("/v1/rooms/3").status, 200);
}

#[test]
fn a_late_answer_is_waited_for_and_silence_is_not() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings = format!("deadline: 1500ms\n{}", setup.settings);
    let gateway = setup.start();
    let late = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{}",
        r#"{"id":"1"}"#
    );
    vendor.will(Scripted::Late(
        Duration::from_millis(300),
        late.into_bytes(),
    ));
    assert_eq!(gateway.get("/v1/rooms/1").json()["id"], "1");
    vendor.will(Scripted::Silence);
    assert_eq!(gateway.get("/v1/rooms/2").problem(), "upstream-timeout");
    assert_eq!(
        vendor.seen().len(),
        2,
        "a timeout is not repeated: its time is spent"
    );
}

#[test]
fn an_answer_for_a_write_that_nobody_can_read_leaves_it_unclear() {
    let (vendor, gateway) = pair();
    vendor.will(Scripted::xml(200, "<html>done?</html>"));
    // What a look-up asks is answered no better.
    vendor.always(Scripted::xml(500, ""));
    let answer = gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#);
    assert_eq!(answer.problem(), "write-outcome-unknown", "{answer:?}");
    assert_eq!(answer.json()["outcome"], "unknown");
    let writes = vendor
        .seen()
        .iter()
        .filter(|seen| seen.method == "POST")
        .count();
    assert_eq!(writes, 1, "a write is never sent twice");
    let sent = &vendor.seen()[0];
    assert_eq!(sent.header("content-type"), Some("application/xml"));
    assert!(sent.text().contains("<url>https://a.example</url>"));
}
