use serde_json::json;

use crate::lab::{DAY, Lab, Reply};

const ABSENT: &str = "/training/day/00000000-0000-0000-0000-000000000000";
const UPDATE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<request>\n    <url>https://google.meet.com</url>\n</request>";

fn text_at(reply: &Reply, path: &[&str]) -> Option<String> {
    let document = roxmltree::Document::parse(reply.text()).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), path[0]);
    path[1..]
        .iter()
        .try_fold(root, |node, name| {
            node.children().find(|child| child.has_tag_name(*name))
        })
        .map(|node| node.text().unwrap_or_default().to_owned())
}

#[test]
fn get_answers_the_day_as_xml() {
    let lab = Lab::new();
    let reply = lab.day("GET", DAY, "");
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-type"),
        Some("application/xml; charset=utf-8")
    );
    assert!(
        reply
            .text()
            .starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    );
    for (name, value) in [
        ("dayId", "4728d47a-c96a-11ed-97ec-b6c48b3dc692"),
        ("sessionId", "1f6a2d0e-c96a-11ed-8b3c-b6c48b3dc692"),
        ("trainingId", "0c1b7a52-c96a-11ed-a1f0-b6c48b3dc692"),
        ("startTime", "2023-03-31T15:30:00-07:00"),
        ("duration", "5400"),
        ("location", "Aula Rosalía de Castro, Santiago"),
        ("url", "https://meet.example/antiga?a=1&b=2"),
    ] {
        assert_eq!(
            text_at(&reply, &["response", "day", name]).as_deref(),
            Some(value)
        );
    }
    assert_eq!(lab.last().operation, "ispring.get_day");
}

#[test]
fn optional_fields_are_left_out() {
    let reply = Lab::new().day(
        "GET",
        "/training/day/7d1e9f10-e0b2-11ed-8f27-b6c48b3dc692",
        "",
    );
    for name in ["duration", "location", "url"] {
        assert_eq!(text_at(&reply, &["response", "day", name]), None, "{name}");
    }
}

#[test]
fn update_writes_the_url_and_nothing_else() {
    let lab = Lab::new();
    let before = lab.sandbox.days().remove(0);
    let reply = lab.day(
        "POST",
        &DAY.to_ascii_uppercase()
            .replace("/TRAINING/DAY", "/training/day"),
        UPDATE,
    );
    assert_eq!(reply.status, 200);
    assert_eq!(
        text_at(&reply, &["response", "day", "url"]).as_deref(),
        Some("https://google.meet.com")
    );
    let after = lab.sandbox.day(&before.day_id).unwrap();
    let expected = sandbox::Day {
        url: Some("https://google.meet.com".to_owned()),
        version: 2,
        ..before
    };
    assert_eq!(after, expected);
    let recorded = lab.last();
    assert_eq!(
        (recorded.operation, recorded.status, recorded.applied),
        ("ispring.update_day", Some(200), true)
    );
    assert_eq!(recorded.body, UPDATE.as_bytes());
}

#[test]
fn a_missing_day_is_404_in_plain_text() {
    let lab = Lab::new();
    for method in ["GET", "POST"] {
        let reply = lab.day(method, ABSENT, UPDATE);
        assert_eq!((reply.status, reply.text()), (404, "Day not found"));
        assert_eq!(
            reply.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
    }
}

#[test]
fn a_bad_request_is_400_with_the_common_error_body() {
    let lab = Lab::new();
    for body in [
        "",
        "<request/>",
        "<request><url></url></request>",
        "{}",
        "<request><url>a</url>",
        "<request><location>a</location></request>",
    ] {
        let reply = lab.day("POST", DAY, body);
        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(
            text_at(&reply, &["response", "code"]).as_deref(),
            Some("400")
        );
        assert!(text_at(&reply, &["response", "message"]).is_some());
    }
    assert_eq!(lab.day("GET", "/training/day/4728d47a", "").status, 400);
    assert_eq!(lab.sandbox.history(), []);
}

#[test]
fn an_unauthorized_call_is_401_with_the_common_error_body() {
    let reply = Lab::new().ispring("GET", DAY, &[], "");
    assert_eq!(reply.status, 401);
    assert_eq!(
        text_at(&reply, &["response", "code"]).as_deref(),
        Some("401")
    );
}

#[test]
fn json_is_spoken_where_it_is_asked_for() {
    let lab = Lab::new();
    let token = lab.token();
    let headers = [
        ("Authorization", token.as_str()),
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
    ];
    let reply = lab.ispring("POST", DAY, &headers, r#"{"url":"https://x.example/"}"#);
    assert_eq!(reply.json()["response"]["url"], json!("https://x.example/"));
    let reply = lab.ispring("POST", DAY, &headers, r#"{"url":1}"#);
    assert_eq!(reply.json()["code"], json!(400));
}

#[test]
fn a_day_id_that_climbs_shows() {
    let lab = Lab::new();
    assert_eq!(
        lab.day("GET", "/training/day/..%2f..%2fapi%2fv3%2ftoken", "")
            .status,
        405
    );
    assert!(lab.last().escaped);
}

#[test]
fn what_is_no_call_is_404_or_405() {
    let lab = Lab::new();
    assert_eq!(lab.day("GET", "/training/days", "").status, 404);
    assert_eq!(
        lab.day("DELETE", DAY, "").header("allow"),
        Some("GET, HEAD, POST")
    );
    assert_eq!(lab.last().operation, "ispring.unknown");
}
