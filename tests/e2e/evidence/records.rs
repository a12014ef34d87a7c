//! What a record holds, and what it never holds.

use serde_json::{Value, json};

use super::record;
use crate::support::gateway::run;
use crate::support::{Client, Scripted, Vendor, eventually};

/// Planted in the request, in the vendor's answers, in their heads and their error texts.
const PERSONAL: [&str; 8] = [
    "juan.perez@netex.example",
    "juan.perez%40netex.example",
    "+34981523698",
    "%2B34981523698",
    "Icaria",
    "Ana Souto",
    "ana@souto.example",
    "667788990",
];

const ROOM: &str = r#"{"type": "EXTERNAL_PHYSICAL_ROOM", "external_id": "pr 1", "name": "Sala 1", "capacity": 12,
    "address": "Calle Icaria 30", "telephone": "+34981523698", "contact_email": "juan.perez@netex.example",
    "observations": "Ask Ana Souto"}"#;

const ECHO: &str = r#"{"message": "vendor-token refused juan.perez@netex.example, call +34981523698 or Calle Icaria 30",
    "sent": {"telephone": "+34981523698", "contactEmail": "ana@souto.example", "token": "vendor-token", "name": "Sala 1"},
    "list": [{"telephone": 667788990, "observations": ["Ana Souto", 7]}]}"#;

#[test]
fn a_record_has_what_was_said_and_neither_secrets_nor_what_is_personal() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings.insert_str(0, "evidence: {}\n");
    let gateway = setup.start();
    let head = [
        ("Content-Type", "application/json"),
        ("X-Echo", "vendor-token for juan.perez%40netex.example"),
        ("Set-Cookie", "session=4711-cookie"),
    ];
    vendor.will(Scripted::answer(500, &head, ECHO));
    vendor.will(Scripted::answer(
        502,
        &[("Content-Type", "text/html")],
        "<html>no room of juan.perez@netex.example (JUAN.PEREZ&#64;netex.example)</html>",
    ));
    let answer = gateway.send_json("POST", "/v1/rooms", ROOM);
    assert_eq!(answer.problem(), "write-outcome-unknown");
    let (record, text) = record(&gateway, &answer);
    for word in PERSONAL.iter().chain(&["vendor-token", "4711-cookie"]) {
        let lower = text.to_lowercase();
        assert!(!lower.contains(&word.to_lowercase()), "{word}: {text}");
    }
    assert_eq!(record["format"], "lms-gateway-evidence/1");
    assert_eq!(record["because"], "problem");
    assert_eq!(
        record["request"],
        json!({
            "method": "POST", "route": "/v1/rooms", "operation": "createRoom", "path": {}, "query": {},
            "body": {"type": "EXTERNAL_PHYSICAL_ROOM", "external_id": "pr 1", "name": "Sala 1", "capacity": 12,
                "address": "Xxxxx Xxxxxx 00", "telephone": "+00000000000", "contact_email": "xxxx.xxxxx@xxxxx.xxxxxxx",
                "observations": "Xxx Xxx Xxxxx"},
            "time_limit_ms": record["request"]["time_limit_ms"],
        })
    );
    let [write, look_up, ..] = record["calls"].as_array().unwrap().as_slice() else {
        panic!("{text}")
    };
    assert_eq!(
        (&write["step"], &look_up["step"]),
        (&json!("write"), &json!("look_up"))
    );
    assert_eq!(write["request"]["method"], "POST");
    assert_eq!(
        write["request"]["body"]["text"],
        "type=EXTERNAL_PHYSICAL_ROOM&external_id=pr+1&name=Sala+1&capacity=12&address=Xxxxx+Xxxxxx+00&telephone=%2B00000000000&observations=Xxx+Xxx+Xxxxx&contactEmail=xxxx.xxxxx%40xxxxx.xxxxxxx"
    );
    assert_eq!(write["request"]["credential"], json!(["x-auth-token: ***"]));
    assert_eq!(write["answer"]["status"], 500);
    let fields = write["answer"]["fields"].to_string();
    assert!(fields.contains(r#"["set-cookie","***"]"#), "{fields}");
    assert_eq!(
        look_up["request"]["path"],
        "/admin/rest/administration/api/physicalrooms/externalid/pr%201"
    );
    assert_eq!(record["verdict"]["outcome"], "unknown");
    assert_eq!(record["problem"]["trace_id"], record["trace_id"]);
    assert!(record["phases"]["vendor"].as_f64().is_some(), "{text}");
    // In the log and the problem they are not either.
    assert!(!gateway.log().contains("vendor-token"), "{}", gateway.log());
}

#[test]
fn xml_is_blanked_in_both_directions() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings.insert_str(0, "evidence: {}\n");
    let gateway = setup.start();
    let id = "4728d47a-c96a-11ed-97ec-b6c48b3dc692";
    vendor.will(Scripted::xml(
        200,
        "<response><status>KO</status><url>https://meet.example/Ana</url></response>",
    ));
    let day = format!(
        "<response><day><dayId>{id}</dayId><location>Calle Icaria</location><url>https://meet.example/ana</url></day></response>"
    );
    for _ in 0..3 {
        vendor.will(Scripted::xml(200, &day));
    }
    let body = r#"{"url": "https://meet.example/Ana"}"#;
    let answer = gateway.send_json("PATCH", &format!("/v1/training-days/{id}"), body);
    assert_eq!(answer.problem(), "write-outcome-unknown");
    let (record, text) = record(&gateway, &answer);
    for word in ["meet.example", "Ana", "ana<", "Icaria"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    let calls = record["calls"].as_array().unwrap();
    let steps: Vec<&Value> = calls.iter().map(|call| &call["step"]).collect();
    assert_eq!(steps, ["write", "read_back", "read_back", "read_back"]);
    let sent = calls[0]["request"]["body"]["text"].as_str().unwrap();
    assert!(
        sent.contains("<url>xxxxx://xxxx.xxxxxxx/Xxx</url>"),
        "{sent}"
    );
    // Another value has another blank, also where only the case of a letter differs.
    let read = calls[1]["answer"]["body"]["text"].as_str().unwrap();
    assert!(
        read.contains("<url>xxxxx://xxxx.xxxxxxx/xxx</url>"),
        "{read}"
    );
    assert!(read.contains(&format!("<dayId>{id}</dayId>")), "{read}");
}

#[test]
fn a_code_without_a_row_is_kept_too_and_the_commands_show_it() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings.insert_str(0, "evidence: {}\n");
    let gateway = setup.start();
    vendor.will(Scripted::json(422, r#"{"code": "ROO777"}"#));
    let answer = gateway.send_json("PUT", "/v1/rooms/7/status", r#"{"status": "active"}"#);
    assert_eq!(answer.problem(), "validation-failed");
    let (kept, _) = record(&gateway, &answer);
    assert_eq!(kept["because"], "unmapped-code");
    // One that has a row leaves none.
    vendor.will(Scripted::json(404, r#"{"code": "ERR004"}"#));
    let known = gateway.send_json("PUT", "/v1/rooms/7/status", r#"{"status": "active"}"#);
    assert_eq!(known.problem(), "room-not-found");
    let admin = gateway.admin.to_string();
    let list = run(&["evidence", "list", "--admin", &admin, "--format", "json"]);
    let list: Value = serde_json::from_slice(&list.stdout).unwrap();
    let [only] = list["records"].as_array().unwrap().as_slice() else {
        panic!("{list}")
    };
    assert_eq!(only["trace_id"], kept["trace_id"]);
    assert_eq!(only["operation"], "setRoomStatus");
    let trace_id = only["trace_id"].as_str().unwrap();
    let show = run(&["evidence", "show", trace_id, "--admin", &admin]);
    assert_eq!(serde_json::from_slice::<Value>(&show.stdout).unwrap(), kept);
    let none = run(&["evidence", "show", "0af7", "--admin", &admin]);
    assert_eq!(none.status.code(), Some(1));
    let table = String::from_utf8(run(&["evidence", "list", "--admin", &admin]).stdout).unwrap();
    assert!(table.starts_with(trace_id), "{table}");
}

#[test]
fn nothing_is_kept_where_it_is_off_and_a_page_of_a_browser_reads_none() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    vendor.will(Scripted::json(422, r#"{"code": "ROO777"}"#));
    gateway.send_json("PUT", "/v1/rooms/7/status", r#"{"status": "active"}"#);
    let answer = gateway.admin_get("/evidence");
    assert_eq!(answer.status, 404);
    assert!(answer.text().contains("evidence: {}"), "{answer:?}");
    let mut client = Client::connect(gateway.admin);
    client.send_raw(b"GET /evidence HTTP/1.1\r\nHost: a.example\r\n\r\n");
    assert_eq!(client.read(false).unwrap().status, 421);
}

#[test]
fn a_thousand_failures_stay_within_the_budget() {
    let vendor = Vendor::start();
    vendor.always(Scripted::json(
        422,
        &format!(r#"{{"code": "ROO777", "filler": "{}"}}"#, "x".repeat(3000)),
    ));
    let mut setup = vendor.setup();
    setup
        .settings
        .insert_str(0, "evidence: {budget: 256KiB, keep: 1h}\n");
    let gateway = setup.start();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = gateway.client();
                for _ in 0..250 {
                    let answer = client.request(
                        "PUT",
                        "/v1/rooms/7/status",
                        &[("Content-Type", "application/json")],
                        br#"{"status": "active"}"#,
                    );
                    assert_eq!(answer.status, 400, "{answer:?}");
                }
            });
        }
    });
    eventually("every record to be kept or dropped", || {
        let list = gateway.admin_get("/evidence").json();
        let held = &list["held"];
        let number = |name: &str| held[name].as_u64().unwrap();
        assert!(number("bytes") <= 256 << 10, "{held}");
        let listed = list["records"].as_array().unwrap().len() as u64;
        assert_eq!(listed, number("records"));
        match number("recorded") + number("dropped") {
            1000 if number("records") > 10 => Ok(()),
            _ => Err(held.to_string()),
        }
    });
}
