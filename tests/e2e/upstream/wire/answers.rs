//! How answers are framed and worded (RFC 9112 §2 to §7): what is read, and what is not.

use crate::support::{Answer, Gateway, Scripted, Vendor};

const BODY: &str = r#"{"id":"1"}"#;
const TYPE: &str = "Content-Type: application/json\r\n";

fn pair() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    let patient = "    breaker: {failures: 1000, minimum_calls: 1000}\n    auth:";
    setup.settings = setup.settings.replace("    auth:", patient);
    let gateway = setup.start();
    (vendor, gateway)
}

/// A read that nothing kept could answer.
fn read(vendor: &Vendor, gateway: &Gateway, answer: Scripted) -> Answer {
    vendor.will(answer);
    gateway.get(&format!("/v1/rooms/{}", 1000 + vendor.seen().len()))
}

/// Whether one more call goes out on the connection of the call before.
fn goes_on(vendor: &Vendor, gateway: &Gateway) -> bool {
    let next = read(vendor, gateway, Scripted::json(200, BODY));
    assert_eq!(next.status, 200);
    let seen = vendor.seen();
    let [.., first, second] = seen.as_slice() else {
        panic!("two calls");
    };
    first.connection == second.connection
}

/// These bytes, then the connection goes on.
fn open(text: String) -> Scripted {
    Scripted::Bytes(text.into_bytes())
}

/// These bytes, then the connection ends.
fn ends(text: String) -> Scripted {
    Scripted::Close(text.into_bytes())
}

#[test]
fn an_answer_is_read_in_all_that_http_allows_it() {
    let (vendor, gateway) = pair();
    let whole = |head: &str| open(format!("{head}\r\n{TYPE}Content-Length: 10\r\n\r\n{BODY}"));
    let framed = |fields: &str| open(format!("HTTP/1.1 200 OK\r\n{TYPE}{fields}\r\n\r\n{BODY}"));
    let chunks = |fields: &str, body: &str| {
        open(format!(
            "HTTP/1.1 200 OK\r\n{TYPE}Transfer-Encoding: chunked\r\n{fields}\r\n{body}"
        ))
    };
    for (what, answer) in [
        ("no reason", whole("HTTP/1.1 200 ")),
        ("no blank behind the status", whole("HTTP/1.1 200")),
        ("odd reason", whole("HTTP/1.1 200 oK: 500 failed!")),
        ("reason of other letters", whole("HTTP/1.1 200 Más")),
        ("HTTP/1.0", whole("HTTP/1.0 200 OK")),
        ("an empty line before", whole("\r\n\r\nHTTP/1.1 200 OK")),
        (
            "early hints",
            whole("HTTP/1.1 103 x\r\nLink: <x>\r\n\r\nHTTP/1.1 100 x\r\n\r\nHTTP/1.1 200 OK"),
        ),
        (
            "an unknown interim answer",
            whole("HTTP/1.1 199 x\r\n\r\nHTTP/1.1 200 OK"),
        ),
        (
            "lines that end with LF",
            open(format!(
                "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 10\n\n{BODY}"
            )),
        ),
        (
            "a blank before the colon",
            framed("X-A : b\r\nContent-Length\t : 10"),
        ),
        (
            "a folded line",
            framed("X-A: b\r\n\tc\r\n  d\r\nContent-Length: 10"),
        ),
        ("a folded length", framed("Content-Length:\r\n 10")),
        (
            "equal lengths",
            framed("Content-Length: 10\r\nContent-Length: 10"),
        ),
        ("a list of equal lengths", framed("Content-Length: 10, 10")),
        (
            "fields twice",
            framed("Server: a\r\nserver: b\r\nContent-Length: 10"),
        ),
        ("an empty field", framed("X-A:\r\nContent-Length: 10")),
        (
            "a field of other letters",
            framed("X-A: ñ\r\nContent-Length: 10"),
        ),
        (
            "chunks",
            chunks("", "4\r\n{\"id\r\n6\r\n\":\"1\"}\r\n0\r\n\r\n"),
        ),
        (
            "chunks with extensions",
            chunks(
                "",
                "004;a=b;c=\"d\"\r\n{\"id\r\n6 ; x\r\n\":\"1\"}\r\n0;z\r\n\r\n",
            ),
        ),
        (
            "trailers",
            chunks(
                "Trailer: X-A\r\n",
                "A\r\n{\"id\":\"1\"}\r\n0\r\nX-A: b\r\nContent-Length: 3\r\n\r\n",
            ),
        ),
        (
            "a blank in the framing",
            open(format!(
                "HTTP/1.1 200 OK\r\n{TYPE}Transfer-Encoding : chunked\r\n\r\nA\r\n{BODY}\r\n0\r\n\r\n"
            )),
        ),
        (
            "the end of the connection",
            ends(format!("HTTP/1.1 200 OK\r\n{TYPE}\r\n{BODY}")),
        ),
        (
            "the end of it in HTTP/1.0",
            ends(format!("HTTP/1.0 200 OK\r\n{TYPE}\r\n{BODY}")),
        ),
        (
            "and a length",
            ends(format!(
                "HTTP/1.1 200 OK\r\n{TYPE}Connection: close\r\nContent-Length: 10\r\n\r\n{BODY}"
            )),
        ),
    ] {
        let answer = read(&vendor, &gateway, answer);
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
        assert_eq!(answer.json()["id"], "1", "{what}");
    }
}

#[test]
fn an_answer_that_is_not_http_is_not_guessed_at() {
    let (vendor, gateway) = pair();
    let framed = |fields: &str| open(format!("HTTP/1.1 200 OK\r\n{TYPE}{fields}\r\n\r\n{BODY}"));
    let long = format!("X-A: {}\r\nContent-Length: 10", "b".repeat(70_000));
    let many = format!("{}Content-Length: 10", "X-A: b\r\n".repeat(101));
    for (what, answer) in [
        (
            "another protocol",
            open(format!(
                "ICY 200 OK\r\n{TYPE}Content-Length: 10\r\n\r\n{BODY}"
            )),
        ),
        (
            "its name in small letters",
            open(format!(
                "http/1.1 200 OK\r\n{TYPE}Content-Length: 10\r\n\r\n{BODY}"
            )),
        ),
        (
            "a status of two digits",
            open("HTTP/1.1 20 OK\r\n\r\n".to_owned()),
        ),
        (
            "a status below 100",
            open("HTTP/1.1 099 OK\r\n\r\n".to_owned()),
        ),
        (
            "another protocol from here on",
            open("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n".to_owned()),
        ),
        (
            "two lengths",
            framed("Content-Length: 10\r\nContent-Length: 11"),
        ),
        ("a list of two lengths", framed("Content-Length: 10, 11")),
        ("a length below zero", framed("Content-Length: -1")),
        ("a length with a sign", framed("Content-Length: +10")),
        ("no length", framed("Content-Length: ")),
        ("no colon", framed("X-A\r\nContent-Length: 10")),
        ("a NUL", framed("X-A: \0\r\nContent-Length: 10")),
        ("a lone CR", framed("X-A: a\rb\r\nContent-Length: 10")),
        (
            "chunks in HTTP/1.0",
            open(format!(
                "HTTP/1.0 200 OK\r\n{TYPE}Transfer-Encoding: chunked\r\n\r\nA\r\n{BODY}\r\n0\r\n\r\n"
            )),
        ),
        (
            "a chunk of no size",
            open(format!(
                "HTTP/1.1 200 OK\r\n{TYPE}Transfer-Encoding: chunked\r\n\r\nten\r\n{BODY}\r\n0\r\n\r\n"
            )),
        ),
        (
            "a chunk that is too long",
            open(format!(
                "HTTP/1.1 200 OK\r\n{TYPE}Transfer-Encoding: chunked\r\n\r\n5\r\n{BODY}\r\n0\r\n\r\n"
            )),
        ),
        ("a head of 70,000 bytes", framed(&long)),
        ("a head of 102 fields", framed(&many)),
    ] {
        let answer = read(&vendor, &gateway, answer);
        assert_eq!(
            answer.problem(),
            "upstream-contract-violation",
            "{what}: {answer:?}"
        );
    }
}

#[test]
fn a_connection_serves_again_only_after_an_answer_that_says_where_it_ends() {
    let (vendor, gateway) = pair();
    for (fields, again) in [
        ("Content-Length: 10", true),
        ("Content-Length: 10\r\nKeep-Alive: timeout=60", true),
        ("Content-Length: 10\r\nConnection: close", false),
        ("Content-Length: 10\r\nConnection: x, Close", false),
        ("Content-Length: 10\r\nKeep-Alive: timeout=0", false),
        ("Transfer-Encoding: chunked\r\nContent-Length: 10", false),
    ] {
        let body = if fields.contains("chunked") {
            "A\r\n{\"id\":\"1\"}\r\n0\r\n\r\n"
        } else {
            BODY
        };
        let text = format!("HTTP/1.1 200 OK\r\n{TYPE}{fields}\r\n\r\n{body}");
        assert_eq!(read(&vendor, &gateway, open(text)).status, 200, "{fields}");
        assert_eq!(goes_on(&vendor, &gateway), again, "{fields}");
    }
    // HTTP/1.0 closes unless it says otherwise.
    for (fields, again) in [("", false), ("Connection: keep-alive\r\n", true)] {
        let text = format!("HTTP/1.0 200 OK\r\n{TYPE}{fields}Content-Length: 10\r\n\r\n{BODY}");
        assert_eq!(read(&vendor, &gateway, open(text)).status, 200);
        assert_eq!(goes_on(&vendor, &gateway), again, "{fields}");
    }
}

/// Tomcat says so after a hundred answers.
#[test]
fn a_vendor_that_announces_the_end_of_a_connection_is_not_distrusted() {
    let (vendor, gateway) = pair();
    let close = [("Connection", "close")];
    vendor.will(Scripted::answer(204, &close, ""));
    vendor.always(Scripted::answer(204, &[], ""));
    let delete = |room: usize| {
        let answer = gateway.request("DELETE", &format!("/v1/rooms/{room}"), &[], b"");
        assert_eq!(answer.status, 204, "{answer:?}");
        vendor.seen().pop().expect("a call").connection
    };
    delete(1);
    let second = delete(2);
    assert_eq!(delete(3), second, "a young connection is used again");
}

#[test]
fn a_location_that_no_field_can_hold_is_none() {
    let (vendor, gateway) = pair();
    let create = r#"{"type":"PHYSICAL_ROOM","external_id":"a","name":"Aula"}"#;
    vendor.will(Scripted::answer(201, &[("Location", "/id/\u{f1}7")], ""));
    vendor.will(Scripted::json(
        200,
        r#"{"id":"9","externalId":"a","name":"Aula"}"#,
    ));
    let made = gateway.send_json("POST", "/v1/rooms", create);
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()["id"], "9", "a look-up finds it");
}

/// RFC 9110 §15: what is in no registry means what the first of its class means.
#[test]
fn a_status_that_nobody_registered_is_the_first_of_its_class() {
    let (vendor, gateway) = pair();
    for (status, problem) in [
        (418, "validation-failed"),
        (499, "validation-failed"),
        (405, "upstream-error"),
        (520, "upstream-error"),
        (599, "upstream-error"),
        (600, "upstream-error"),
        (999, "upstream-error"),
    ] {
        let answer = Scripted::answer(status, &[], "");
        if status >= 500 {
            // As after a 500, a read goes once more.
            vendor.will(answer.clone());
        }
        let refused = read(&vendor, &gateway, answer.clone());
        assert_eq!(refused.problem(), problem, "{status}: {refused:?}");
        assert_eq!(refused.json()["upstream"]["status"], status);
        vendor.will(answer);
        if status >= 500 {
            // The room is there: it was not deleted.
            vendor.will(Scripted::json(200, BODY));
        }
        let refused = gateway.request("DELETE", "/v1/rooms/1", &[], b"");
        assert_eq!(
            refused.json()["outcome"],
            "not-done",
            "{status}: {refused:?}"
        );
    }
}
