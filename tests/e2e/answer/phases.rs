//! Whose fault it is: what the log line of a request says of its time.

use std::time::Duration;

use sandbox::{Fault, FaultKind, When};
use serde_json::Value;

use crate::support::gateway::{Gateway, Setup};
use crate::support::vendor::{Scripted, Vendor};
use crate::support::{Sandboxed, eventually};

const ROOM: &str = r#"{"id": 1, "external_id": "pr001", "name": "Sala 1"}"#;
const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

/// The phases of the request of a route, by their names, longest first; they are its whole duration.
fn phases(gateway: &Gateway, operation: &str) -> Vec<String> {
    let mut found = Value::Null;
    eventually("its line", || {
        let log = gateway.log();
        let mut lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let line = lines.find(|line| line["operation"] == operation && line["target"] == "access");
        found = line.unwrap_or_default();
        !found.is_null()
    });
    let nanos = |value: &Value| (value.as_f64().expect("a number") * 1e6).round() as u64;
    let members = found["phases_ms"].as_object().expect("an object");
    let mut times: Vec<(u64, String)> = members
        .iter()
        .map(|(name, time)| (nanos(time), name.clone()))
        .collect();
    let sum: u64 = times.iter().map(|(time, _)| time).sum();
    assert_eq!(sum, nanos(&found["duration_ms"]), "{found}");
    assert!(times.iter().all(|(time, _)| *time > 0), "{found}");
    times.sort_unstable();
    times.into_iter().rev().map(|(_, name)| name).collect()
}

fn late(ms: u64) -> Scripted {
    let Scripted::Bytes(bytes) = Scripted::json(200, ROOM) else {
        unreachable!("a whole answer is bytes")
    };
    Scripted::Late(Duration::from_millis(ms), bytes)
}

#[test]
fn a_slow_vendor_and_the_queue_before_it_are_told_apart() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings = setup
        .settings
        .replace("    auth:", "    queue: {concurrency: 1}\n    auth:");
    let gateway = setup.start();
    vendor.will(late(600)).will(Scripted::json(200, ROOM));
    std::thread::scope(|scope| {
        scope.spawn(|| gateway.get("/v1/rooms/1"));
        eventually("the first call", || vendor.seen().len() == 1);
        gateway.get("/v1/rooms/by-external-id/pr001");
    });
    assert_eq!(phases(&gateway, "getRoom")[0], "vendor");
    assert_eq!(phases(&gateway, "getRoomByExternalId")[0], "queue");
}

#[test]
fn a_slow_token_endpoint_is_told_from_the_vendor() {
    let gateway = Sandboxed::plain();
    let slow = FaultKind::Delay { ms: 600 };
    gateway
        .sandbox
        .add_fault(Fault::next("ispring.token", When::Before, slow));
    assert_eq!(gateway.get(DAY).status, 200);
    let named = phases(&gateway, "getTrainingDay");
    assert_eq!(named[0], "token");
    // The token was fetched over the connection that the call then took.
    for phase in ["queue", "vendor", "translate", "validate", "other"] {
        assert!(named.iter().any(|name| name == phase), "{phase}: {named:?}");
    }
}

#[test]
fn a_vendor_that_is_not_there_was_never_asked() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("it is bound");
    drop(free);
    let upstream =
        |name: &str| format!("  {name}: {{base_url: 'http://{address}', auth: {{kind: none}}}}\n");
    let settings = format!("upstreams:\n{}{}", upstream("netex"), upstream("ispring"));
    let gateway = Setup::new(settings).start();
    assert_eq!(gateway.get("/v1/rooms/1").status, 503);
    let named = phases(&gateway, "getRoom");
    assert_eq!(named[0], "connect", "with the pause before the second try");
    assert!(!named.contains(&"vendor".to_owned()), "{named:?}");
}

#[test]
fn a_body_is_read_and_a_page_of_ours_is_only_that() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    gateway.get("/problems");
    assert_eq!(phases(&gateway, "problems"), ["other"]);
    gateway.send_json("POST", "/v1/rooms", "{}");
    let named = phases(&gateway, "createRoom");
    assert!(named.contains(&"read".to_owned()), "{named:?}");
    assert!(named.contains(&"validate".to_owned()), "{named:?}");
}
