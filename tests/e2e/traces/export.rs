//! What becomes of spans that the receiver does not take, or not at once: callers never feel it.

use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use prost::Message;

use super::{parent, room, spans, start};
use crate::support::ports::free_port;
use crate::support::receiver::taken;
use crate::support::tls::{Authority, Door, Life};
use crate::support::vendor::Scripted;
use crate::support::{Gateway, Receiver, Vendor, eventually};

const PAGE: &str = "/problems/room-not-found";
const TRACE: &str = "33f92f3577b34da6a3ce929d0e0e4736";

fn traced() -> (Vendor, Receiver, Gateway) {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    vendor.always(room());
    // Only what a test marks is traced.
    let gateway = start(&vendor, &receiver, ", sample: 0");
    (vendor, receiver, gateway)
}

/// A request that is one span.
fn ask(gateway: &Gateway) {
    let head = [("traceparent", &*parent(TRACE, "01"))];
    let answer = gateway.request("GET", PAGE, &head, b"");
    assert_eq!(answer.status, 200);
}

#[test]
fn what_was_recorded_is_sent_before_the_process_ends() {
    let (_vendor, receiver, mut gateway) = traced();
    ask(&gateway);
    let head = [("traceparent", &*parent(TRACE, "01"))];
    gateway.request("GET", "/v1/rooms/1", &head, b"");
    gateway.signal("TERM");
    assert_eq!(gateway.wait(), 0);
    assert_eq!(receiver.of(TRACE).len(), 3);
}

#[test]
fn a_receiver_that_says_nothing_holds_up_neither_callers_nor_the_end() {
    let (_vendor, receiver, mut gateway) = traced();
    receiver.server.always(Scripted::Silence);
    ask(&gateway);
    eventually("an export", || !receiver.exports().is_empty());
    for _ in 0..20 {
        ask(&gateway);
    }
    let begun = Instant::now();
    gateway.signal("TERM");
    assert_eq!(gateway.wait(), 0);
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "the drain is bounded"
    );
    let log = gateway.log();
    assert!(log.contains("spans were lost"), "{log}");
    assert!(log.contains("\"lost\":21"), "{log}");
}

#[test]
fn a_queue_that_is_full_drops_and_counts() {
    let (_vendor, receiver, gateway) = traced();
    receiver.server.always(Scripted::Silence);
    ask(&gateway);
    eventually("an export", || !receiver.exports().is_empty());
    let request = format!(
        "GET {PAGE} HTTP/1.1\r\nHost: gateway\r\ntraceparent: {}\r\n\r\n",
        parent(TRACE, "01")
    );
    let mut client = gateway.client();
    for _ in 0..50 {
        client.send_raw(request.repeat(100).as_bytes());
        for _ in 0..100 {
            assert_eq!(client.read(false).expect("an answer").status, 200);
        }
    }
    let lost = spans(&gateway, "queue-full");
    assert!((500.0..5_000.0).contains(&lost), "{lost}");
}

#[test]
fn a_receiver_that_is_busy_is_asked_again() {
    let (_vendor, receiver, gateway) = traced();
    let busy = |status| Scripted::answer(status, &[("Retry-After", "1")], "");
    receiver
        .server
        .will(busy(429))
        .will(busy(503))
        .will(taken());
    ask(&gateway);
    eventually("the third try", || receiver.exports().len() == 3);
    eventually("the spans", || spans(&gateway, "sent") >= 1.0);
    let bodies: Vec<_> = receiver.exports().into_iter().map(|one| one.body).collect();
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[1], bodies[2]);
    gateway.wait_for_log("spans cannot be sent");
    gateway.wait_for_log("spans are sent again");
    let log = gateway.log();
    assert_eq!(log.matches("spans cannot be sent").count(), 1, "{log}");
}

#[test]
fn what_is_refused_is_counted_and_not_sent_again() {
    let (_vendor, receiver, gateway) = traced();
    receiver
        .server
        .will(Scripted::answer(400, &[], "planted-words"));
    ask(&gateway);
    eventually("the refusal", || spans(&gateway, "refused") >= 1.0);
    // A web server that answers 200 to everything is no receiver.
    receiver
        .server
        .will(Scripted::answer(200, &[], "<html>planted-words</html>"));
    ask(&gateway);
    eventually("the refusal", || spans(&gateway, "refused") >= 2.0);
    let partial = ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess {
            rejected_spans: 1,
            error_message: "planted-words".to_owned(),
        }),
    };
    let body = String::from_utf8(partial.encode_to_vec()).expect("small numbers are text");
    receiver.server.will(Scripted::answer(200, &[], &body));
    ask(&gateway);
    eventually("the rejection", || spans(&gateway, "rejected") >= 1.0);
    ask(&gateway);
    eventually("the end", || spans(&gateway, "sent") >= 1.0);
    assert_eq!(receiver.exports().len(), 4);
    assert!(!gateway.log().contains("planted-words"));
    let status = gateway.admin_get("/status").json();
    let traces = &status["traces"];
    assert_eq!(traces["receiver"], receiver.address().to_string());
    for (result, count) in [
        ("refused", 2),
        ("rejected", 1),
        ("sent", 1),
        ("queue-full", 0),
    ] {
        assert_eq!(traces["spans"][result], count, "{traces}");
    }
    assert_eq!(
        (&traces["lost"], &traces["waiting"]),
        (&3.into(), &0.into()),
        "{traces}"
    );
    assert!(traces["failing_since"].is_null(), "{traces}");
    let error = "the receiver rejected some of the spans";
    assert_eq!(traces["last_error"], error);
    assert!(!status.to_string().contains("planted-words"));
}

#[test]
fn a_receiver_that_is_gone_is_given_up() {
    let vendor = Vendor::start();
    let gone = free_port();
    let setting = format!("traces: {{endpoint: 'http://{gone}'}}\n");
    let mut setup = vendor.setup();
    setup.settings = format!("{setting}{}", setup.settings);
    let gateway = setup.start();
    ask(&gateway);
    gateway.wait_for_log("no answer: connect");
    eventually("the loss", || spans(&gateway, "unreachable") >= 1.0);
}

#[test]
fn a_receiver_behind_tls_is_known_by_its_authority_and_sees_the_header() {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    vendor.always(room());
    let authority = Authority::new("receivers");
    let door = Door::before(
        receiver.address(),
        &authority.issue(&["localhost"], Life::Now),
    );
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), authority.pem()).expect("it can be written");
    let setting = format!(
        "traces: {{endpoint: 'https://localhost:{}', ca_file: '{}', headers: {{api-key: {{env: RECEIVER_KEY}}}}}}\n",
        door.port,
        file.path().display()
    );
    let mut setup = vendor.setup().env("RECEIVER_KEY", "receiver-secret");
    setup.settings = format!("{setting}{}", setup.settings);
    let gateway = setup.start();
    ask(&gateway);
    receiver.wait_for(TRACE, 1);
    let export = receiver.exports().remove(0);
    assert_eq!(export.header("api-key"), Some("receiver-secret"));
    assert!(!export.text().contains("receiver-secret"));
    assert!(!gateway.log().contains("receiver-secret"));
}
