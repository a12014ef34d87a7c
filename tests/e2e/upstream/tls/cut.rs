//! A TLS connection that ends without close_notify in the middle of an answer (RFC 8446 §6.1): what came
//! may not be all.

use super::lab::{CREATE, DAY, Files, PATCH, Place, ROOM, moved, read, trusted};
use crate::support::tls::{Door, Farewell};
use crate::support::{Gateway, Scripted, Vendor};

const ROOM_BODY: &str = r#"{"id":"2101","external_id":"pr001","name":"Aula 1"}"#;
const VIOLATION: &str = "upstream-contract-violation";

struct Lab {
    vendor: Vendor,
    gateway: Gateway,
    _door: Door,
    _files: Files,
}

/// Both vendors are one that a test scripts; where it closes, the door says `farewell`.
fn lab(farewell: Farewell) -> Lab {
    let (authority, identity) = trusted();
    let files = Files::new();
    let ca_file = files.write("ca.pem", authority.pem());
    let vendor = Vendor::start();
    let door = Door::with(vendor.address, &identity, rustls::ALL_VERSIONS, farewell);
    let mut setup = vendor.setup();
    let place = Place {
        plain: vendor.address,
        base_url: format!("https://localhost:{}", door.port),
        ca_file: Some(&ca_file),
    };
    setup.settings = format!("deadline: 3s\n{}", moved(&setup.settings, &[place]));
    Lab {
        gateway: setup.start(),
        vendor,
        _door: door,
        _files: files,
    }
}

impl Lab {
    /// How often a call came.
    fn count(&self, method: &str) -> usize {
        let seen = self.vendor.seen();
        seen.iter().filter(|seen| seen.method == method).count()
    }
}

fn closing(status: &str, framing: &str, body: &str) -> Scripted {
    let kind = if body.starts_with('<') { "xml" } else { "json" };
    Scripted::Close(
        format!("HTTP/1.1 {status}\r\nContent-Type: application/{kind}\r\n{framing}\r\n{body}")
            .into_bytes(),
    )
}

#[test]
fn a_cut_answer_to_a_read_is_never_taken_for_a_whole_one() {
    let lab = lab(Farewell::Rude);
    for (what, answer, problem) in [
        (
            "a length",
            closing("200 OK", "Content-Length: 999\r\n", ROOM_BODY),
            VIOLATION,
        ),
        (
            "chunks",
            closing(
                "200 OK",
                "Transfer-Encoding: chunked\r\n",
                &format!("{:x}\r\n{ROOM_BODY}\r\n", ROOM_BODY.len()),
            ),
            VIOLATION,
        ),
        // All of the document is there, and only a close_notify could say so.
        ("to the end", closing("200 OK", "", ROOM_BODY), VIOLATION),
        (
            "in the head",
            Scripted::Close(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()),
            "upstream-unavailable",
        ),
    ] {
        lab.vendor.always(answer);
        let answer = read(&lab.gateway, ROOM);
        assert_eq!(answer.problem(), problem, "{what}: {answer:?}");
        assert!(matches!(answer.status, 502..=504), "{what}: {answer:?}");
    }
}

#[test]
fn a_body_up_to_a_close_notify_is_whole() {
    let lab = lab(Farewell::Polite);
    lab.vendor.always(closing("200 OK", "", ROOM_BODY));
    let answer = read(&lab.gateway, ROOM);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json()["external_id"], "pr001");
}

#[test]
fn a_write_whose_answer_is_cut_is_unknown_and_not_done_twice() {
    let day = |url: &str| {
        let text = format!("<response><day><dayId>a</dayId><url>{url}</url></day></response>");
        Scripted::xml(200, &text)
    };
    let cut_body = || {
        let half = "<response><day><dayId>a</dayId>";
        closing("200 OK", "Content-Length: 200\r\n", half)
    };
    let endless = || {
        closing(
            "200 OK",
            "",
            "<response><day><dayId>a</dayId></day></response>",
        )
    };
    let cut_head = || Scripted::Close(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec());
    for (what, answer) in [
        ("the body", cut_body()),
        ("a body to the end", endless()),
        ("the head", cut_head()),
    ] {
        let lab = lab(Farewell::Rude);
        lab.vendor.will(answer);
        lab.vendor.always(day("https://a.example/old"));
        let patched = lab.gateway.send_json("PATCH", DAY, PATCH);
        assert_eq!(
            patched.problem(),
            "write-outcome-unknown",
            "{what}: {patched:?}"
        );
        assert_eq!(patched.json()["outcome"], "unknown", "{what}");
        assert_eq!(lab.count("POST"), 1, "{what}");
        assert!(lab.count("GET") > 0, "{what}: it was looked for");
    }
    // The look-up shows it.
    let lab = lab(Farewell::Rude);
    lab.vendor.will(cut_body());
    lab.vendor.always(day("https://a.example/tls"));
    let patched = lab.gateway.send_json("PATCH", DAY, PATCH);
    assert_eq!(patched.status, 200, "{patched:?}");
    assert_eq!(lab.count("POST"), 1);
}

#[test]
fn a_create_whose_answer_is_cut_is_unknown_and_not_done_twice() {
    let lab = lab(Farewell::Rude);
    lab.vendor
        .will(Scripted::Close(b"HTTP/1.1 201 Created\r\nLoc".to_vec()));
    lab.vendor
        .always(Scripted::json(404, r#"{"code":"ERR004"}"#));
    let created = lab.gateway.send_json("POST", "/v1/rooms", CREATE);
    assert_eq!(created.problem(), "write-outcome-unknown", "{created:?}");
    assert_eq!(created.json()["outcome"], "unknown");
    assert_eq!(created.json()["safe_to_repeat"], true);
    assert_eq!(lab.count("POST"), 1);
}
