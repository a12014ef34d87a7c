//! A vendor's own words: our credentials are in none of them that anybody sees, whatever form the vendor
//! gives them, and of a server error little is told.

use serde_json::json;

use crate::support::gateway::Setup;
use crate::support::{Answer, Gateway, Scripted, Vendor};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const ROOM: &str = "/v1/rooms/2101";
/// Its middle stands as it is in every form; its ends are written in another way in most.
const TOKEN: &str = r#"T/"&<kG7vQ2mWx9>&"+\z"#;
const CORE: &str = "kg7vq2mwx9";
const SHORT: &str = "p4s5";

fn start(vendor: &Vendor, token: &str) -> Gateway {
    let settings = format!(
        "log: {{level: trace}}\ncache: {{enabled: false}}\n{}",
        vendor.settings(&["netex", "ispring"]).replace(
            "    auth:",
            "    breaker: {failures: 1000000, failure_percent: 100, minimum_calls: 1000}\n    auth:"
        )
    );
    Setup::new(settings).env("VENDOR_TOKEN", token).start()
}

fn create(gateway: &Gateway) -> Answer {
    let room = r#"{"type":"PHYSICAL_ROOM","external_id":"a","name":"Aula"}"#;
    gateway.send_json("POST", "/v1/rooms", room)
}

/// Reads, by JSON and by XML.
fn read(gateway: &Gateway) -> Vec<Answer> {
    vec![
        gateway.get(ROOM),
        gateway.get("/v1/rooms?limit=3"),
        gateway.get(DAY),
    ]
}

/// Every way in which a vendor's answer to a write is read; what is unclear is looked up.
fn write(gateway: &Gateway) -> Vec<Answer> {
    vec![
        create(gateway),
        gateway.send_json("PUT", ROOM, r#"{"external_id":"a","name":"Aula"}"#),
        gateway.send_json(
            "PUT",
            "/v1/rooms/by-external-id/a",
            r#"{"type":"PHYSICAL_ROOM","name":"Aula"}"#,
        ),
        gateway.send_json("PUT", "/v1/rooms/2101/status", r#"{"status":"active"}"#),
        gateway.request("DELETE", ROOM, &[], b""),
        gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#),
    ]
}

/// The token as software writes it into other texts.
fn spellings() -> Vec<String> {
    let json = serde_json::to_string(TOKEN).unwrap();
    let json = json.trim_matches('"').to_owned();
    let xml = TOKEN
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let url: String = form_urlencoded::byte_serialize(TOKEN.as_bytes()).collect();
    vec![
        json.clone(),
        json.replace('/', "\\/"),
        json.replace('\\', "\\\\"),
        xml.replace('\\', "\\\\"),
        xml.replace('&', "\\u0026")
            .replace('\\', "\\\\")
            .replace("\\\\u", "\\u"),
        url.to_ascii_lowercase(),
        url,
        TOKEN
            .chars()
            .map(|c| format!("\\u{:04x}", u32::from(c)))
            .collect(),
    ]
}

fn must_not_show(what: &str, text: &str) {
    let lower = text.to_ascii_lowercase();
    let line = lower.lines().find(|line| line.contains(CORE));
    assert_eq!(line, None, "{what}");
}

#[test]
fn a_credential_in_any_form_and_place_is_told_to_nobody() {
    let vendor = Vendor::start();
    let gateway = start(&vendor, TOKEN);
    let html = format!("<html><body>{}</body></html>", TOKEN.repeat(20));
    let mut scripts = vec![
        Scripted::answer(200, &[("Content-Type", "text/html")], &html),
        Scripted::answer(500, &[("Content-Type", "text/html")], &html),
        Scripted::answer(404, &[], TOKEN),
        Scripted::answer(200, &[("Content-Type", &format!("text/{TOKEN}"))], "x"),
        Scripted::answer(
            302,
            &[(
                "Location",
                &format!("http://{}/x?k=%22{TOKEN}", vendor.address),
            )],
            &html,
        ),
        // Cut in the middle of the token by our own excerpt, and by the vendor.
        Scripted::json(
            200,
            &format!("{{\"a\":\"{}{}", "x".repeat(180), TOKEN.repeat(3)),
        ),
        Scripted::json(200, &format!("{}{}", TOKEN, "y".repeat(300))),
    ];
    for (index, spelled) in spellings().into_iter().enumerate() {
        // A vendor that asks for time, or fails, is asked again: that takes time.
        let slow: &[u16] = if index == 0 { &[429, 500, 503] } else { &[] };
        for status in [400, 401, 403, 404, 409].iter().chain(slow).copied() {
            scripts.push(Scripted::json(
                status,
                &format!(r#"{{"code":"{spelled}"}}"#),
            ));
        }
        scripts.push(Scripted::json(
            404,
            &format!(r#"{{"code":"ERR004","message":"of {spelled} no"}}"#),
        ));
        scripts.push(Scripted::json(
            500,
            &format!(r#"{{"code":"ERR001","message":"at {spelled}"}}"#),
        ));
        scripts.push(Scripted::json(
            200,
            &format!(r#"{{"id":"{spelled}","name":["{spelled}"]}}"#),
        ));
        scripts.push(Scripted::json(
            200,
            &format!(r#"[{{"id":1,"name":{{"{spelled}":1}}}}]"#),
        ));
        scripts.push(Scripted::json(200, &format!(r#"{{"x":"{spelled}",}}"#)));
        let inner = spelled.replace('<', "&lt;");
        scripts.push(Scripted::xml(
            404,
            &format!("<response><code>{inner}</code><message>{inner}</message></response>"),
        ));
        scripts.push(Scripted::xml(
            200,
            &format!("<response><{inner}/></response>"),
        ));
    }
    // Writes read the same words; each look-up takes its time.
    let count = scripts.len();
    for (index, script) in scripts.into_iter().enumerate() {
        vendor.always(script);
        let mut answers = read(&gateway);
        if index % 19 == 0 || index + 1 == count {
            answers.extend(write(&gateway));
        }
        for answer in answers {
            must_not_show("an answer", &format!("{answer:?}"));
        }
    }
    vendor.always(Scripted::answer(404, &[], ""));
    let last = gateway.get(ROOM);
    gateway.wait_for_log(last.json()["trace_id"].as_str().expect("an id"));
    must_not_show("the log", &gateway.log());
    must_not_show("the metrics", &gateway.admin_get("/metrics").text());
    must_not_show("the status", &gateway.admin_get("/status").text());
}

#[test]
fn a_code_that_is_our_token_leaves_a_mark_in_its_place() {
    let vendor = Vendor::start();
    for token in [TOKEN, SHORT, "Bearer kG7vQ2mWx9"] {
        let gateway = start(&vendor, token);
        let said = token.strip_prefix("Bearer ").unwrap_or(token);
        vendor.always(Scripted::json(
            404,
            &json!({"code": said, "message": format!("no {said}!")}).to_string(),
        ));
        let answer = gateway.get(ROOM);
        assert_eq!(answer.problem(), "room-not-found");
        let body = answer.json();
        assert_eq!(body["detail"], "netex answered *** (404).", "{body}");
        assert_eq!(body["upstream"]["code"], "***");
        assert_eq!(body["upstream"]["message"], "no ***!");
    }
}

#[test]
fn a_value_of_an_answer_is_data() {
    let vendor = Vendor::start();
    let gateway = start(&vendor, "kG7vQ2mWx9");
    vendor.always(Scripted::json(200, r#"{"id":1,"name":"kG7vQ2mWx9"}"#));
    assert_eq!(gateway.get(ROOM).json()["name"], "kG7vQ2mWx9");
}

/// A trace as Tomcat writes it.
const TRACE: &str =
    "java.lang.NullPointerException: at com.netexlearning.rooms.Dao.find(Dao.java:17)";

fn failure(status: u16, code: &str) -> Scripted {
    Scripted::json(status, &json!({"code": code, "message": TRACE}).to_string())
}

#[test]
fn of_a_server_error_only_a_known_code_is_told() {
    let vendor = Vendor::start();
    let gateway = start(&vendor, TOKEN);
    for status in [500, 501, 502, 503, 504, 599] {
        for (code, told) in [("ERR001", Some("ERR001")), ("XYZ123", None), ("", None)] {
            vendor.always(failure(status, code));
            let mut answers = read(&gateway);
            if status == 502 {
                answers.extend(write(&gateway));
            } else {
                answers.push(gateway.send_json("PATCH", DAY, r#"{"url":"https://a.example"}"#));
            }
            for answer in answers {
                let body = answer.json();
                let text = answer.text();
                assert!(!text.contains("java") && !text.contains("XYZ123"), "{text}");
                let upstream = &body["upstream"];
                assert_eq!(upstream["status"], status, "{body}");
                assert!(upstream.get("message").is_none(), "{body}");
                // iSpring has no catalogue, and no row for a code.
                let told = told.filter(|_| upstream["name"] == "netex");
                let code = upstream.get("code").and_then(|code| code.as_str());
                assert_eq!(code, told, "{body}");
            }
        }
    }
    gateway.wait_for_log("NullPointerException");
}

#[test]
fn a_look_up_that_shows_that_nothing_was_done_tells_no_more_of_it() {
    let vendor = Vendor::start();
    let gateway = start(&vendor, TOKEN);
    for (code, upstream) in [
        ("XYZ123", json!({"name": "netex", "status": 500})),
        (
            "ERR001",
            json!({"name": "netex", "status": 500, "code": "ERR001"}),
        ),
    ] {
        vendor.will(failure(500, code));
        vendor.will(Scripted::json(404, r#"{"code":"ERR005"}"#));
        let answer = create(&gateway);
        assert_eq!(answer.problem(), "upstream-error");
        let body = answer.json();
        assert_eq!(body["outcome"], "not-done");
        assert_eq!(body["upstream"], upstream);
        // Something else is there.
        vendor.will(failure(500, code));
        vendor.will(Scripted::json(
            200,
            r#"{"id":7,"externalId":"a","name":"another"}"#,
        ));
        let answer = create(&gateway);
        assert_eq!(answer.problem(), "external-id-taken");
        assert_eq!(answer.json()["upstream"], upstream);
    }
}
