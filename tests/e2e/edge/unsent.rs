//! At the drain limit a write is unknown only where a byte of it may have left; any other was not done.

use std::net::TcpListener;
use std::time::Duration;

use sandbox::{FaultKind, When};

use crate::support::eventually;
use crate::support::gateway::Setup;
use crate::support::lab::{Lab, Plan};
use crate::support::tls::Authority;
use crate::support::{Answer, Client, Gateway, Scripted, Vendor};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
const ROOM: &str = r#"{"type":"PHYSICAL_ROOM","external_id":"neu","name":"Aula"}"#;
const JSON: (&str, &str) = ("Content-Type", "application/json");
const DRAIN: &str = "deadline: 20s\ndrain: {delay: 0s, limit: 600ms}\n";

/// One call at once, so that a second one waits.
fn narrow() -> Lab {
    Plan::default()
        .settings(DRAIN)
        .upstreams("    queue: {concurrency: 1, waiting: 8, wait: 20s}\n")
        .start()
}

fn send(gateway: &Gateway, method: &str, target: &str, body: &str) -> Client {
    let mut client = gateway.client();
    let headers: &[_] = if body.is_empty() { &[] } else { &[JSON] };
    client.send(method, target, headers, body.as_bytes());
    client
}

fn under_way(gateway: &Gateway, count: f64) {
    eventually("the request", || {
        gateway.metric("lms_gateway_requests_in_flight") == count
    });
}

/// What they are told at the drain limit.
fn leave(gateway: &mut Gateway, clients: &mut [Client]) -> Vec<Answer> {
    gateway.signal("TERM");
    let answers = clients.iter_mut();
    let answers = answers.map(|client| client.read(false).expect("an answer"));
    let answers = answers.collect();
    assert_eq!(gateway.wait(), 0);
    answers
}

fn is_not_done(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.problem(), "shutting-down");
    assert_eq!(answer.json()["outcome"], "not-done", "{answer:?}");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    assert_eq!(answer.header("connection"), Some("close"), "{answer:?}");
}

fn is_unknown(answer: &Answer) {
    assert_eq!(answer.problem(), "write-outcome-unknown", "{answer:?}");
    assert_eq!(answer.json()["outcome"], "unknown");
}

#[test]
fn half_a_body_is_not_done() {
    let mut lab = narrow();
    let mut client = lab.gateway.client();
    client.send_raw(b"POST /v1/rooms HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"type\":");
    under_way(&lab.gateway, 1.0);
    let answers = leave(&mut lab.gateway, &mut [client]);
    is_not_done(&answers[0]);
    assert_eq!(lab.sandbox.ledger(), []);
}

#[test]
fn what_waits_in_the_queue_is_not_done_and_what_is_out_is_unknown() {
    let mut lab = narrow();
    lab.break_next("netex.create", When::Before, FaultKind::Hang);
    let out = send(&lab.gateway, "POST", "/v1/rooms", ROOM);
    eventually("the call", || !lab.calls("netex.create").is_empty());
    let queued = send(&lab.gateway, "DELETE", "/v1/rooms/2101", "");
    let mut keyed = lab.gateway.client();
    let other = ROOM.replace("neu", "keyed");
    let headers = [JSON, ("Idempotency-Key", "key")];
    keyed.send("POST", "/v1/rooms", &headers, other.as_bytes());
    under_way(&lab.gateway, 3.0);
    let answers = leave(&mut lab.gateway, &mut [out, queued, keyed]);
    is_unknown(&answers[0]);
    is_not_done(&answers[1]);
    is_not_done(&answers[2]);
    assert!(lab.sandbox.room(2101).is_some());
}

#[test]
fn what_waits_for_a_token_is_not_done() {
    let mut lab = narrow();
    lab.break_all(&["ispring.token"], When::Before, |_| FaultKind::Hang);
    let write = send(&lab.gateway, "PATCH", DAY, r#"{"url":"https://a.example"}"#);
    eventually("the token call", || !lab.calls("ispring.token").is_empty());
    let answers = leave(&mut lab.gateway, &mut [write]);
    is_not_done(&answers[0]);
}

/// A 401 says that nothing was executed.
#[test]
fn what_waits_for_a_new_token_after_a_401_is_not_done() {
    let vendor = Vendor::start();
    let settings = vendor.settings(&["netex", "ispring"]).replacen(
        "auth: {kind: header, name: X-Auth-Token, value: {env: VENDOR_TOKEN}}",
        "auth: {kind: oauth2_client_credentials, token_path: /t, client_id: me, client_secret: {env: VENDOR_TOKEN}}",
        2,
    );
    let mut gateway = Setup::new(format!("{DRAIN}{settings}"))
        .env("VENDOR_TOKEN", "vendor-token")
        .start();
    vendor.will(Scripted::json(
        200,
        r#"{"access_token":"a","expires_in":1800}"#,
    ));
    vendor.will(Scripted::answer(401, &[], ""));
    vendor.always(Scripted::Silence);
    let write = send(&gateway, "PATCH", DAY, r#"{"url":"https://a.example"}"#);
    eventually("the 401", || vendor.seen().len() >= 2);
    let answers = leave(&mut gateway, &mut [write]);
    is_not_done(&answers[0]);
}

/// The vendor takes connections and says nothing: no byte of HTTP can leave before TLS stands.
#[test]
fn what_waits_for_a_connection_is_not_done() {
    let door = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = door.local_addr().expect("bound");
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, Authority::new("Test CA").pem()).expect("writable");
    let upstream = |name: &str| {
        format!(
            "  {name}: {{base_url: 'https://{address}', ca_file: {}, auth: {{kind: none}}}}\n",
            ca.display()
        )
    };
    let settings = format!(
        "{DRAIN}upstreams:\n{}{}",
        upstream("netex"),
        upstream("ispring")
    );
    let mut gateway = Setup::new(settings).start();
    let write = send(&gateway, "POST", "/v1/rooms", ROOM);
    let (_silent, _) = door.accept().expect("the gateway connects");
    let answers = leave(&mut gateway, &mut [write]);
    is_not_done(&answers[0]);
}

#[test]
fn what_was_sent_and_is_looked_up_is_unknown() {
    let mut lab = narrow();
    lab.break_next("netex.create", When::Before, FaultKind::Reset);
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::Hang);
    let write = send(&lab.gateway, "POST", "/v1/rooms", ROOM);
    eventually("the look-up", || !lab.calls("netex.get").is_empty());
    let answers = leave(&mut lab.gateway, &mut [write]);
    is_unknown(&answers[0]);
}

/// The update found nothing, and the create was not sent yet.
#[test]
fn an_upsert_whose_create_waits_is_not_done() {
    let mut lab = narrow();
    lab.break_next(
        "netex.replace",
        When::Before,
        FaultKind::Delay { ms: 2_000 },
    );
    lab.break_next("netex.delete", When::Before, FaultKind::Hang);
    let upsert = send(&lab.gateway, "PUT", "/v1/rooms/by-external-id/neu", ROOM);
    eventually("the update", || !lab.calls("netex.replace").is_empty());
    // It takes the place that the update frees.
    let delete = send(&lab.gateway, "DELETE", "/v1/rooms/2101", "");
    eventually("the delete", || !lab.calls("netex.delete").is_empty());
    let answers = leave(&mut lab.gateway, &mut [upsert, delete]);
    is_not_done(&answers[0]);
    is_unknown(&answers[1]);
    assert!(lab.calls("netex.create").is_empty());
}

/// The first call of a status may have done it, and its repetition waits.
#[test]
fn a_repetition_that_was_not_sent_leaves_its_first_call_unknown() {
    let vendor = Vendor::start();
    let narrow = "    queue: {concurrency: 1, waiting: 8, wait: 20s}\n    auth:";
    let settings = vendor.settings(&["netex", "ispring"]);
    let settings = settings.replace("    auth:", narrow);
    let mut gateway = Setup::new(format!("{DRAIN}{settings}"))
        .env("VENDOR_TOKEN", "vendor-token")
        .start();
    let garbled = b"this is no HTTP\r\n\r\n".to_vec();
    vendor.will(Scripted::Late(Duration::from_secs(2), garbled));
    vendor.always(Scripted::Silence);
    let target = "/v1/rooms/2102/status";
    let status = send(&gateway, "PUT", target, r#"{"status":"active"}"#);
    eventually("the status", || vendor.seen().len() == 1);
    // It takes the place that the first call frees, before the repetition.
    let delete = send(&gateway, "DELETE", "/v1/rooms/2101", "");
    eventually("the delete", || vendor.seen().len() == 2);
    let answers = leave(&mut gateway, &mut [status, delete]);
    assert_eq!(vendor.seen()[1].method, "DELETE");
    is_unknown(&answers[0]);
    is_unknown(&answers[1]);
}
