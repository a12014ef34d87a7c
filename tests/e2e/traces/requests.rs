//! What one request becomes: its own span, and below it those of its calls.

use super::{CALLER, line, parent, room, start};
use crate::support::vendor::Scripted;
use crate::support::{Receiver, Vendor};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[test]
fn a_trace_goes_on_from_the_caller_to_the_vendor_and_into_the_log() {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    let gateway = start(&vendor, &receiver, "");
    vendor.will(room());
    let headers = [("traceparent", parent(TRACE, "01"))];
    let headers = headers
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = gateway.request("GET", "/v1/rooms/2101", &headers, b"");
    assert_eq!(answer.status, 200, "{answer:?}");
    let spans = receiver.wait_for(TRACE, 2);
    assert_eq!(spans.len(), 2, "{spans:?}");
    let server = spans
        .iter()
        .find(|span| span.kind == 2)
        .expect("a server span");
    let client = spans
        .iter()
        .find(|span| span.kind == 3)
        .expect("a client span");
    assert_eq!(server.parent, CALLER);
    assert_eq!(client.parent, server.id);
    assert_ne!(client.id, server.id);
    let told = vendor.seen()[0].header("traceparent").map(str::to_owned);
    assert_eq!(told, Some(format!("00-{TRACE}-{}-01", client.id)));
    assert_eq!(line(&gateway, TRACE)["trace_id"], TRACE);
    // The parent of the request is the caller's and remote, that of the call is ours.
    assert_eq!((server.flags, client.flags), (0x301, 0x101));
    let (begun, ended) = server.times;
    assert!(
        begun <= client.times.0 && client.times.0 <= client.times.1,
        "{spans:?}"
    );
    assert!(client.times.1 <= ended, "{spans:?}");
    assert!(
        begun > 1_700_000_000_000_000_000,
        "nanoseconds since the epoch"
    );

    assert_eq!(server.name, "GET /v1/rooms/{id}");
    for (key, value) in [
        ("http.request.method", "GET"),
        ("http.route", "/v1/rooms/{id}"),
        ("http.response.status_code", "200"),
        ("url.scheme", "http"),
        ("server.address", "127.0.0.1"),
        ("server.port", &gateway.api.port().to_string()),
        ("error.type", ""),
        ("lms_gateway.operation", "getRoom"),
        ("lms_gateway.upstream", "netex"),
        ("lms_gateway.cache.result", "miss"),
        ("lms_gateway.problem.code", ""),
    ] {
        assert_eq!(server.get(key), value, "{key} of {server:?}");
    }
    let (method, template) = client.name.split_once(' ').expect("two words");
    assert_eq!(method, "GET");
    for (key, value) in [
        ("http.request.method", "GET"),
        ("url.template", template),
        ("http.response.status_code", "200"),
        ("server.address", "127.0.0.1"),
        ("server.port", &vendor.address.port().to_string()),
        ("lms_gateway.upstream", "netex"),
        ("lms_gateway.call", "read"),
    ] {
        assert_eq!(client.get(key), value, "{key} of {client:?}");
    }
    for (key, value) in [
        ("service.name", "lms-gateway"),
        ("service.version", env!("CARGO_PKG_VERSION")),
    ] {
        assert_eq!(server.resource[key], value);
    }
    assert_eq!(server.resource["service.instance.id"].len(), 36);
    // A hit has no call.
    let hit = "aaf92f3577b34da6a3ce929d0e0e4736";
    gateway.request(
        "GET",
        "/v1/rooms/2101",
        &[("traceparent", &parent(hit, "01"))],
        b"",
    );
    let spans = receiver.wait_for(hit, 1);
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].get("lms_gateway.cache.result"), "hit");
    assert_eq!(spans[0].parent, CALLER);
}

#[test]
fn nothing_of_a_caller_or_a_credential_stands_in_a_span() {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    let gateway = start(&vendor, &receiver, "");
    let head = [
        ("traceparent", parent(TRACE, "01")),
        ("tracestate", "planted=tracestate-of-a-caller".to_owned()),
        ("User-Agent", "planted-agent".to_owned()),
        ("Authorization", "Bearer planted-key".to_owned()),
        ("Content-Type", "application/json".to_owned()),
    ];
    let head = head.each_ref().map(|(name, value)| (*name, value.as_str()));
    vendor.will(Scripted::json(
        400,
        r#"{"code":"ERR006","message":"planted-words"}"#,
    ));
    let body = br#"{"type":"PHYSICAL_ROOM","external_id":"planted-id","name":"planted-name"}"#;
    gateway.request("POST", "/v1/rooms?planted=query", &head, body);
    gateway.request("POST", "/v1/rooms", &head, body);
    gateway.request(
        "GET",
        "/v1/rooms/by-external-id/planted-path",
        &head[..1],
        b"",
    );
    gateway.request("GET", "/planted/nowhere", &head, b"");
    gateway.request("PLANTED", "/v1/rooms", &head, b"");
    let spans = receiver.wait_for(TRACE, 7);
    for export in receiver.exports() {
        let text = export.text();
        for word in ["planted", "PLANTED", "vendor-token", "ERR006"] {
            assert!(!text.contains(word), "{word}: {spans:?}");
        }
    }
    let refused = spans
        .iter()
        .find(|span| span.get("lms_gateway.problem.code") == "external-id-taken");
    let refused = refused.unwrap_or_else(|| panic!("{spans:?}"));
    assert_eq!(refused.name, "POST /v1/rooms");
    assert_eq!(refused.get("lms_gateway.outcome"), "not-done");
    assert!(!refused.failed, "a 4xx is the caller's");
    let call = spans
        .iter()
        .find(|span| span.parent == refused.id)
        .expect("its call");
    assert!(call.failed && call.get("error.type") == "400", "{call:?}");
    let nowhere = spans
        .iter()
        .find(|span| span.name == "GET")
        .expect("no route fits");
    assert_eq!(nowhere.get("http.route"), "");
    assert!(
        spans
            .iter()
            .any(|span| span.get("http.request.method") == "_OTHER")
    );
}

#[test]
fn a_write_that_ends_unclear_shows_its_look_ups() {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    let gateway = start(&vendor, &receiver, "");
    vendor.will(Scripted::Close(Vec::new()));
    vendor.always(Scripted::json(
        200,
        r#"{"id":7,"type":"PHYSICAL_ROOM","externalId":"x","name":"Aula"}"#,
    ));
    let head = [
        ("traceparent", parent(TRACE, "01")),
        ("Content-Type", "application/json".to_owned()),
    ];
    let head = head.each_ref().map(|(name, value)| (*name, value.as_str()));
    let body = br#"{"type":"PHYSICAL_ROOM","external_id":"x","name":"Aula"}"#;
    gateway.request("POST", "/v1/rooms", &head, body);
    let spans = receiver.wait_for(TRACE, 3);
    let server = spans
        .iter()
        .find(|span| span.kind == 2)
        .expect("a server span");
    let calls: Vec<_> = spans.iter().filter(|span| span.kind == 3).collect();
    assert!(
        calls.iter().all(|call| call.parent == server.id),
        "{spans:?}"
    );
    assert_eq!(calls[0].get("lms_gateway.call"), "write");
    assert_eq!(calls[0].get("error.type"), "closed");
    assert_eq!(calls[0].get("http.response.status_code"), "");
    assert_eq!(calls[1].get("lms_gateway.call"), "look-up");
    assert_eq!(calls[1].get("lms_gateway.operation"), "getRoomByExternalId");
    // Each of them told the vendor of itself.
    for (seen, call) in vendor.seen().iter().zip(&calls) {
        let told = seen.header("traceparent").expect("it is told");
        assert_eq!(told, format!("00-{TRACE}-{}-01", call.id));
    }
}

#[test]
fn a_read_that_is_sent_twice_has_two_spans() {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    let gateway = start(&vendor, &receiver, "");
    vendor.will(Scripted::answer(503, &[], "")).will(room());
    let head = [("traceparent", &*parent(TRACE, "01"))];
    gateway.request("GET", "/v1/rooms/2101", &head, b"");
    let spans = receiver.wait_for(TRACE, 3);
    let calls: Vec<_> = spans.iter().filter(|span| span.kind == 3).collect();
    assert_eq!(calls.len(), 2, "{spans:?}");
    assert_ne!(calls[0].id, calls[1].id);
    let resends: Vec<_> = calls
        .iter()
        .map(|call| call.get("http.request.resend_count"))
        .collect();
    assert_eq!(resends, ["", "1"]);
    for (seen, call) in vendor.seen().iter().zip(&calls) {
        assert!(seen.header("traceparent").expect("told").contains(&call.id));
    }
}
