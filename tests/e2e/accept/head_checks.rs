//! Methods and representations: what HTTP lets a caller ask of a resource.

use crate::support::{Answer, Sandboxed};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const NEW: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"new-1","name":"Aula"}"#;

/// Header fields that a HEAD must share with its GET.
fn representation(answer: &Answer) -> Vec<(String, String)> {
    let shared = |name: &str| !["date", "age", "cache-status", "connection"].contains(&name);
    let fields = answer.headers.iter();
    fields
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .filter(|(name, _)| shared(name))
        .collect()
}

#[test]
fn head_is_its_get_without_the_body() {
    let gateway = Sandboxed::start();
    for target in [
        "/v1/rooms/2101",
        "/v1/rooms?limit=3",
        "/v1/rooms/by-external-id/pr002",
        DAY,
        "/openapi.json",
        "/docs",
        "/problems",
        "/problems/validation-failed",
    ] {
        let get = gateway.get(target);
        let head = gateway.request("HEAD", target, &[], b"");
        assert_eq!(head.status, 200, "{target}");
        assert_eq!(representation(&head), representation(&get), "{target}");
        let length = head.header("content-length").expect("a length");
        assert_eq!(length, get.body.len().to_string(), "{target}");
        assert!(head.body.is_empty());
    }
    // Problems differ in their trace id only, which has one length.
    for target in ["/v1/rooms/1", "/v1/rooms/x", "/nothing"] {
        let get = gateway.get(target);
        let head = gateway.request("HEAD", target, &[], b"");
        assert_eq!(head.status, get.status, "{target}");
        assert_eq!(representation(&head), representation(&get), "{target}");
    }
}

#[test]
fn the_connection_goes_on_after_a_head() {
    let gateway = Sandboxed::start();
    let mut client = gateway.client();
    for _ in 0..3 {
        assert_eq!(
            client.request("HEAD", "/v1/rooms/2101", &[], b"").status,
            200
        );
        assert_eq!(
            client.request("GET", "/v1/rooms/2101", &[], b"").status,
            200
        );
    }
}

#[test]
fn options_tells_the_methods_and_calls_nobody() {
    let gateway = Sandboxed::start();
    for (target, allow) in [
        ("/v1/rooms", "GET, HEAD, POST, OPTIONS"),
        ("/v1/rooms/2101", "GET, HEAD, PUT, DELETE, OPTIONS"),
        (
            "/v1/rooms/by-external-id/a",
            "GET, HEAD, PUT, DELETE, OPTIONS",
        ),
        ("/v1/rooms/2101/status", "PUT, OPTIONS"),
        (DAY, "GET, HEAD, PATCH, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
        ("/docs", "GET, HEAD, OPTIONS"),
        ("/problems/room-not-found", "GET, HEAD, OPTIONS"),
    ] {
        let answer = gateway.request("OPTIONS", target, &[], b"");
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{answer:?}");
        assert_eq!(answer.header("allow"), Some(allow), "{target}");
        let patch = (target == DAY).then_some("application/json, application/merge-patch+json");
        assert_eq!(answer.header("accept-patch"), patch, "{target}");
    }
    assert_eq!(gateway.request("OPTIONS", "*", &[], b"").status, 204);
    assert_eq!(
        gateway.request("OPTIONS", "/nothing", &[], b"").problem(),
        "route-not-found"
    );
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn another_method_is_405_with_what_is_allowed() {
    let gateway = Sandboxed::start();
    for (method, target, allow) in [
        ("DELETE", "/v1/rooms", "GET, HEAD, POST, OPTIONS"),
        ("PATCH", "/v1/rooms/2101", "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("GET", "/v1/rooms/2101/status", "PUT, OPTIONS"),
        ("HEAD", "/v1/rooms/2101/status", "PUT, OPTIONS"),
        ("PUT", DAY, "GET, HEAD, PATCH, OPTIONS"),
        ("POST", "/openapi.json", "GET, HEAD, OPTIONS"),
    ] {
        let answer = gateway.request(method, target, &[], b"");
        assert_eq!(answer.status, 405, "{method} {target}: {answer:?}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {target}");
        if method != "HEAD" {
            assert_eq!(answer.problem(), "method-not-allowed");
        }
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn a_method_that_the_gateway_knows_nowhere_is_501() {
    let gateway = Sandboxed::start();
    // RFC 9110 §9.1: names of methods are case-sensitive, and 405 is for a method that is implemented.
    // (The target of a CONNECT is no path: RFC 9112 §3.2.3.)
    for method in ["BREW", "get", "Delete", "TRACE", "PROPFIND", "QUERY"] {
        for (target, allow) in [
            ("/v1/rooms", "GET, HEAD, POST, OPTIONS"),
            ("/docs", "GET, HEAD, OPTIONS"),
        ] {
            let answer = gateway.request(method, target, &[], b"");
            assert_eq!(answer.status, 501, "{method} {target}: {answer:?}");
            assert_eq!(answer.problem(), "method-not-implemented");
            assert_eq!(answer.header("allow"), Some(allow), "{method} {target}");
        }
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn an_unknown_path_is_404_whatever_the_method() {
    let gateway = Sandboxed::start();
    for target in [
        "/",
        "/v1",
        "/v1/rooms/",
        "/v1/rooms/2101/",
        "/v1//rooms",
        "//v1/rooms",
        "/V1/rooms",
        "/v1/Rooms",
        "/v1/rooms/2101/status/x",
        "/v1/rooms/by-external-id/a/b",
        "/v1/room%2573",
        "/v1%2Frooms",
        "/problems/",
        "/problems/nothing",
        "/metrics",
        "/livez",
    ] {
        for method in ["GET", "POST", "BREW"] {
            let answer = gateway.request(method, target, &[], b"");
            if answer.status != 404 && target == "/v1/rooms/" {
                // The empty segment is a parameter of the route, and no id.
                continue;
            }
            if target == "/problems/nothing" && method != "GET" {
                let code = match method {
                    "POST" => "method-not-allowed",
                    _ => "method-not-implemented",
                };
                assert_eq!(answer.problem(), code);
                continue;
            }
            assert_eq!(answer.status, 404, "{method} {target}: {answer:?}");
            assert_eq!(answer.problem(), "route-not-found");
        }
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn accept_is_refused_only_where_it_excludes_json() {
    let gateway = Sandboxed::start();
    let get = |accept: &str| gateway.request("GET", "/v1/rooms/2101", &[("Accept", accept)], b"");
    for accept in [
        "*/*",
        "application/json",
        "application/*",
        "text/html, */*;q=0.1",
        "application/json;q=0.001",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "text/html;q=1, application/json;q=0.5",
        "application/problem+json, application/json",
        "application/*+json",
        "application/json;v=2;q=0, */*",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        // No media ranges, which exclude nothing.
        "*/json",
        "json",
        "application/json;q=nan",
        "application/json;q=-1",
        "",
    ] {
        assert_eq!(get(accept).status, 200, "{accept}");
    }
    for accept in [
        "text/html",
        "application/xml, text/*",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=0, text/html",
        "application/json;q=0, */*",
        "application/problem+json",
        "application/vnd.lms+json",
        "text/html;x=\"a, application/json\"",
    ] {
        let answer = get(accept);
        assert_eq!(answer.status, 406, "{accept}: {answer:?}");
        assert_eq!(
            answer.problem(),
            "not-acceptable",
            "a problem is told in any case"
        );
    }
    let post = gateway.request(
        "POST",
        "/v1/rooms",
        &[
            ("Content-Type", "application/json"),
            ("Accept", "text/html"),
        ],
        NEW.as_bytes(),
    );
    assert_eq!(
        post.problem(),
        "not-acceptable",
        "before anything is written"
    );
    assert_eq!(gateway.sandbox.room_named("new-1"), None);
}

#[test]
fn an_operation_that_answers_without_content_is_acceptable_to_all() {
    let gateway = Sandboxed::start();
    let room = r#"{"external_id":"pr002","name":"Aula"}"#;
    // What clients send that were generated from the document: its one media type is the problem's.
    for accept in ["application/problem+json", "text/html", "*/*;q=0"] {
        let send = |method: &str, target: &str, body: &str| {
            let headers = [("Accept", accept), ("Content-Type", "application/json")];
            gateway.request(method, target, &headers, body.as_bytes())
        };
        let put = send("PUT", "/v1/rooms/2101", room);
        assert_eq!(put.status, 204, "{accept}: {put:?}");
        let status = send("PUT", "/v1/rooms/2101/status", r#"{"status":"active"}"#);
        assert_eq!(status.status, 204, "{accept}: {status:?}");
        let status = send(
            "PUT",
            "/v1/rooms/by-external-id/pr002/status",
            r#"{"status":"active"}"#,
        );
        assert_eq!(status.status, 204, "{accept}: {status:?}");
        // A problem is told in any case.
        let none = send("DELETE", "/v1/rooms/1", "");
        assert_eq!(none.problem(), "room-not-found", "{accept}");
        let none = send("DELETE", "/v1/rooms/by-external-id/none", "");
        assert_eq!(none.problem(), "room-not-found", "{accept}");
        // An upsert may answer with the room that it made: refused before anything is written.
        let upsert = send(
            "PUT",
            "/v1/rooms/by-external-id/pr002",
            r#"{"name":"Other"}"#,
        );
        assert_eq!(upsert.problem(), "not-acceptable", "{accept}");
    }
    let name = gateway.sandbox.room_named("pr002").map(|room| room.name);
    assert_eq!(name.as_deref(), Some("Aula"));
}

#[test]
fn a_part_of_a_body_is_never_taken_for_the_whole() {
    let gateway = Sandboxed::start();
    let room = br#"{"external_id":"pr002","name":"Aula"}"#;
    for (method, target) in [
        ("PUT", "/v1/rooms/2101"),
        ("POST", "/v1/rooms"),
        ("PATCH", DAY),
    ] {
        let headers = [
            ("Content-Type", "application/json"),
            ("Content-Range", "bytes 0-36/100"),
        ];
        let answer = gateway.request(method, target, &headers, room);
        assert_eq!(answer.status, 400, "RFC 9110 §14.5: {answer:?}");
        assert_eq!(answer.problem(), "validation-failed");
        let told = ("Content-Range".to_owned(), "partial-content".to_owned());
        assert_eq!(answer.errors(), [told]);
    }
    assert_eq!(gateway.sandbox.ledger(), []);
}

#[test]
fn a_range_is_not_served_and_the_whole_is() {
    let gateway = Sandboxed::start();
    let whole = gateway.get("/v1/rooms/2101");
    for headers in [
        vec![("Range", "bytes=0-3")],
        vec![("Range", "bytes=999999-")],
        vec![("Range", "rooms=1-2")],
        vec![("Range", "bytes=0-3"), ("If-Range", "\"x\"")],
    ] {
        let answer = gateway.request("GET", "/v1/rooms/2101", &headers, b"");
        assert_eq!(answer.status, 200, "{headers:?}");
        assert_eq!(answer.body, whole.body);
        assert_eq!(answer.header("content-range"), None);
    }
}

#[test]
fn every_answer_has_a_date() {
    let gateway = Sandboxed::start();
    for (method, target) in [
        ("GET", "/v1/rooms/2101"),
        ("OPTIONS", "/v1/rooms"),
        ("GET", "/nothing"),
        ("BREW", "/v1/rooms"),
        ("GET", "/docs"),
        ("DELETE", "/v1/rooms/2122"),
    ] {
        let answer = gateway.request(method, target, &[], b"");
        let date = answer.header("date").expect("RFC 9110 §6.6.1");
        assert!(httpdate::parse_http_date(date).is_ok(), "{date}");
    }
    let mut client = gateway.client();
    client.send_raw(b"nonsense\r\n\r\n");
    assert!(
        client
            .read(false)
            .expect("an answer")
            .header("date")
            .is_some()
    );
}

#[test]
fn the_type_of_a_body_is_one_that_the_operation_takes() {
    let gateway = Sandboxed::start();
    let post = |headers: &[(&str, &str)]| gateway.request("POST", "/v1/rooms", headers, b"{}");
    for media_type in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json; charset=US-ASCII",
        "application/json; profile=x",
        "application/json;",
    ] {
        let answer = post(&[("Content-Type", media_type)]);
        assert_eq!(
            answer.problem(),
            "validation-failed",
            "{media_type}: {answer:?}"
        );
    }
    for headers in [
        vec![],
        vec![("Content-Type", "")],
        vec![("Content-Type", "text/plain")],
        vec![("Content-Type", "text/json")],
        vec![("Content-Type", "application/x-www-form-urlencoded")],
        vec![("Content-Type", "application/merge-patch+json")],
        vec![("Content-Type", "application/json, application/json")],
        vec![
            ("Content-Type", "application/json"),
            ("Content-Type", "application/json"),
        ],
        vec![("Content-Type", "application/json; charset=utf-16")],
        vec![("Content-Type", "application/json; charset=iso-8859-1")],
        vec![
            ("Content-Type", "application/json"),
            ("Content-Encoding", "gzip"),
        ],
        vec![
            ("Content-Type", "application/json"),
            ("Content-Encoding", "identity, gzip"),
        ],
    ] {
        let answer = post(&headers);
        assert_eq!(answer.status, 415, "{headers:?}: {answer:?}");
        assert_eq!(answer.problem(), "unsupported-media-type");
        assert_eq!(
            answer.header("accept"),
            Some("application/json"),
            "RFC 9110 §15.5.16"
        );
        // RFC 9110 §12.5.3: for a coding, and for nothing else.
        let coding = headers.iter().any(|(name, _)| *name == "Content-Encoding");
        assert_eq!(
            answer.header("accept-encoding"),
            coding.then_some("identity")
        );
        assert_eq!(answer.header("accept-patch"), None, "only a PATCH has one");
    }
    for coding in ["identity", "Identity, identity", ""] {
        let headers = [
            ("Content-Type", "application/json"),
            ("Content-Encoding", coding),
        ];
        assert_eq!(post(&headers).problem(), "validation-failed", "{coding}");
    }
    let types = Some("application/json, application/merge-patch+json");
    for headers in [
        vec![("Content-Type", "text/plain")],
        vec![],
        vec![("Content-Type", "application/json-patch+json")],
    ] {
        let patch = gateway.request("PATCH", DAY, &headers, b"{}");
        assert_eq!(patch.problem(), "unsupported-media-type");
        assert_eq!(patch.header("accept"), types);
        assert_eq!(patch.header("accept-patch"), types, "RFC 5789 §2.2");
    }
    let headers = [
        ("Content-Type", "application/merge-patch+json"),
        ("Content-Encoding", "br"),
    ];
    let patch = gateway.request("PATCH", DAY, &headers, b"{}");
    assert_eq!(patch.header("accept-encoding"), Some("identity"));
    let detail = patch.json()["detail"].to_string();
    assert!(detail.contains("`br`"), "{detail}");
    assert_eq!(gateway.sandbox.ledger(), []);
}
