//! What each kind of fault puts on the wire.

use sandbox::{Fault, FaultKind, When};
use serde_json::json;

use crate::lab::{Cut, DAY, FORM, Lab, ROOMS, connect, read_reply, refused, room_request, send_on};

fn struck(kind: FaultKind) -> Lab {
    let lab = Lab::new();
    lab.sandbox
        .add_fault(Fault::next("netex.get", When::Before, kind));
    lab
}

#[test]
fn a_wrong_content_type_keeps_the_body_and_html_replaces_it() {
    let lab = struck(FaultKind::ContentType {
        value: "text/html".to_owned(),
    });
    let reply = lab.rooms("GET", "/id/2145", "");
    assert_eq!(
        (reply.header("content-type"), &reply.json()["id"]),
        (Some("text/html"), &json!(2145))
    );

    let reply = struck(FaultKind::Html { status: 200 }).rooms("GET", "/id/2145", "");
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (200, Some("text/html;charset=utf-8"))
    );
    assert!(reply.text().starts_with("<!DOCTYPE html>"));
}

#[test]
fn a_status_brings_its_headers_body_and_code() {
    let reply = struck(FaultKind::status_with(
        503,
        "Retry-After",
        "Fri, 31 Dec 1999 23:59:59 GMT",
    ))
    .rooms("GET", "/id/2145", "");
    assert_eq!((reply.status, reply.text()), (503, ""));
    assert_eq!(
        reply.header("retry-after"),
        Some("Fri, 31 Dec 1999 23:59:59 GMT")
    );

    let kind = FaultKind::Status {
        status: 500,
        body: Some("java.lang.NullPointerException".to_owned()),
        content_type: Some("text/plain".to_owned()),
        code: None,
        headers: [].into(),
    };
    let reply = struck(kind).rooms("GET", "/id/2145", "");
    assert_eq!(
        (reply.status, reply.text()),
        (500, "java.lang.NullPointerException")
    );
    assert_eq!(reply.header("content-type"), Some("text/plain"));

    let reply = struck(FaultKind::ErrorCode {
        code: "ROO005".to_owned(),
    })
    .rooms("GET", "/id/2145", "");
    assert_eq!(reply.error(), refused(400, "ROO005"));
}

#[test]
fn an_ispring_code_is_xml() {
    let lab = Lab::new();
    lab.sandbox.add_fault(Fault::next(
        "ispring.get_day",
        When::Before,
        FaultKind::ErrorCode {
            code: "7".to_owned(),
        },
    ));
    let reply = lab.day("GET", DAY, "");
    assert_eq!(reply.status, 400);
    assert!(
        reply.text().contains("<response><code>7</code><message>"),
        "{}",
        reply.text()
    );
    lab.sandbox.add_fault(Fault::next(
        "ispring.get_day",
        When::Before,
        FaultKind::Status200Ko,
    ));
    assert!(
        lab.day("GET", DAY, "")
            .text()
            .contains("<response><status>KO</status></response>")
    );
}

#[test]
fn a_redirect_and_a_ko_are_whole_answers() {
    let redirect = FaultKind::Redirect {
        location: "https://elsewhere.example/x".to_owned(),
        status: 307,
    };
    let reply = struck(redirect).rooms("GET", "/id/2145", "");
    assert_eq!(
        (reply.status, reply.header("location")),
        (307, Some("https://elsewhere.example/x"))
    );
    assert_eq!(
        struck(FaultKind::Status200Ko)
            .rooms("GET", "/id/2145", "")
            .json(),
        json!({"status": "KO"})
    );
}

#[test]
fn truncation_cuts_inside_the_body_too() {
    let whole = Lab::new().rooms("GET", "/id/2145", "");
    for missing in [1, whole.body.len()] {
        let lab = Lab::new();
        let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
        let ask = room_request("GET", &format!("{ROOMS}/id/2145"), "");
        send_on(&mut stream, &ask).unwrap();
        let length = answer_length(&lab);
        lab.sandbox.add_fault(Fault::next(
            "netex.get",
            When::Before,
            FaultKind::Truncate {
                bytes: length - missing,
            },
        ));
        let Err(Cut::Closed(seen)) = send_on(&mut stream, &ask) else {
            panic!("an answer that was not cut")
        };
        assert_eq!(seen.len(), length - missing);
        assert_eq!(lab.last().status, None);
    }
}

/// Bytes of the whole answer, head and body, found by cutting far behind its end.
fn answer_length(lab: &Lab) -> usize {
    lab.sandbox.add_fault(Fault::next(
        "netex.get",
        When::Before,
        FaultKind::Truncate { bytes: 1_000_000 },
    ));
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    std::io::Write::write_all(
        &mut stream,
        &room_request("GET", &format!("{ROOMS}/id/2145"), ""),
    )
    .unwrap();
    let mut all = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut all).unwrap();
    assert_eq!(lab.last().status, Some(200), "nothing was lost");
    all.len()
}

#[test]
fn garbage_may_be_any_bytes() {
    let raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc";
    let lab = struck(FaultKind::Garbage {
        raw: Some(raw.to_owned()),
    });
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    std::io::Write::write_all(
        &mut stream,
        &room_request("GET", &format!("{ROOMS}/id/2145"), ""),
    )
    .unwrap();
    let mut all = String::new();
    std::io::Read::read_to_string(&mut stream, &mut all).unwrap();
    assert_eq!(all, raw);
}

#[test]
fn members_are_set_and_taken_away_in_each_room() {
    let set = |raw: Option<&str>| FaultKind::SetMember {
        name: "name".to_owned(),
        raw: raw.map(str::to_owned),
    };
    assert_eq!(
        struck(set(Some("[1]"))).rooms("GET", "/id/2145", "").json()["name"],
        json!([1])
    );
    let lab = Lab::new();
    lab.sandbox
        .add_fault(Fault::next("netex.list", When::Before, set(None)));
    let list = lab.rooms("GET", "", "").json();
    assert!(
        list.as_array()
            .unwrap()
            .iter()
            .all(|room| room.get("name").is_none() && room.get("id").is_some())
    );
}

#[test]
fn token_answers_can_be_odd() {
    let lab = Lab::new();
    let ask = || {
        let body =
            "client_id=sandbox-client&client_secret=sandbox-secret&grant_type=client_credentials";
        lab.ispring("POST", "/api/v3/token", &[("Content-Type", FORM)], body)
    };
    for raw in ["0", "-1", "\"1800\"", "1e400"] {
        lab.sandbox.add_fault(Fault::next(
            "ispring.token",
            When::After,
            FaultKind::expires_in(Some(raw)),
        ));
        assert!(ask().text().contains(&format!("\"expires_in\":{raw},")));
    }
    assert_eq!(lab.sandbox.valid_tokens(), 4, "each was issued");
    lab.sandbox.add_fault(Fault::next(
        "ispring.token",
        When::Before,
        FaultKind::expires_in(None),
    ));
    assert!(!ask().text().contains("expires_in"));
    assert_eq!(lab.sandbox.valid_tokens(), 5, "an odd answer is an answer");
    lab.sandbox.add_fault(Fault::next(
        "ispring.token",
        When::Before,
        FaultKind::Html { status: 200 },
    ));
    assert!(ask().text().starts_with("<!DOCTYPE html>"));
    lab.sandbox.add_fault(Fault::next(
        "ispring.token",
        When::Before,
        FaultKind::Delay { ms: 1 },
    ));
    assert_eq!(ask().status, 200);
}

#[test]
fn padding_stretches_the_body() {
    let reply = struck(FaultKind::Pad { bytes: 100_000 }).rooms("GET", "/id/2145", "");
    assert_eq!(
        (reply.body.len(), &reply.json()["id"]),
        (100_000, &json!(2145))
    );
}

#[test]
fn answer_then_close_promises_to_stay_and_goes() {
    let lab = struck(FaultKind::AnswerThenClose);
    let mut stream = connect(lab.sandbox.netex_addr()).unwrap();
    let reply = send_on(
        &mut stream,
        &room_request("GET", &format!("{ROOMS}/id/2145"), ""),
    )
    .unwrap();
    assert_eq!((reply.status, reply.header("connection")), (200, None));
    assert_eq!(read_reply(&mut stream, false), Err(Cut::Closed(vec![])));
}

#[test]
fn skip_and_times_count_calls_of_the_pattern() {
    let lab = Lab::new();
    lab.sandbox.add_fault(Fault {
        times: Some(2),
        skip: 1,
        ..Fault::every("netex.*", When::Before, FaultKind::status(503))
    });
    let statuses: Vec<u16> = (0..4)
        .map(|_| lab.rooms("GET", "/id/2145", "").status)
        .collect();
    assert_eq!(statuses, [200, 503, 503, 200]);
}

#[test]
fn a_fault_before_leaves_no_trace_of_the_rehearsal() {
    let lab = Lab::new();
    let before = lab.sandbox.rooms();
    let cut = FaultKind::Truncate { bytes: 1_000_000 };
    lab.sandbox
        .add_fault(Fault::next("netex.create", When::Before, cut));
    let form = "type=PHYSICAL_ROOM&external_id=nova&name=Nova";
    let rehearsed = lab.rooms("POST", "", form);
    assert_eq!(lab.sandbox.rooms(), before);
    assert_eq!(lab.sandbox.history(), []);
    assert_eq!(
        lab.rooms("POST", "", form),
        rehearsed,
        "the id was not spent"
    );
}

#[test]
fn a_token_of_a_fault_before_is_not_known() {
    let lab = Lab::new();
    let cut = FaultKind::Truncate { bytes: 1_000_000 };
    lab.sandbox
        .add_fault(Fault::next("ispring.token", When::Before, cut));
    lab.token();
    assert_eq!(lab.sandbox.valid_tokens(), 0);
}
