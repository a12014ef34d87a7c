//! Which requests are traced: the caller's flag decides, without a caller's trace the ratio.

use super::{parent, room, start};
use crate::support::{Receiver, Vendor, eventually};

const TRACED: &str = "11f92f3577b34da6a3ce929d0e0e4736";
const NOT: &str = "22f92f3577b34da6a3ce929d0e0e4736";

#[test]
fn the_flag_of_the_caller_is_kept() {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    vendor.always(room());
    let gateway = start(&vendor, &receiver, ", sample: 0");
    gateway.request(
        "GET",
        "/v1/rooms/1",
        &[("traceparent", &parent(NOT, "00"))],
        b"",
    );
    // Without a trace of the caller's the ratio decides, and it says no.
    let alone = gateway.get("/v1/rooms/2");
    assert_eq!(alone.status, 200);
    gateway.request(
        "GET",
        "/v1/rooms/3",
        &[("traceparent", &parent(TRACED, "01"))],
        b"",
    );
    receiver.wait_for(TRACED, 2);
    assert!(receiver.spans().iter().all(|span| span.trace == TRACED));
    let flags: Vec<String> = vendor
        .seen()
        .iter()
        .map(|seen| seen.header("traceparent").expect("told")[53..].to_owned())
        .collect();
    assert_eq!(flags, ["00", "00", "01"]);
}

#[test]
fn a_ratio_takes_its_share_of_the_traces_that_begin_here() {
    let (vendor, receiver) = (Vendor::start(), Receiver::start());
    vendor.always(room());
    let gateway = start(&vendor, &receiver, ", sample: 0.5");
    let mut client = gateway.client();
    for _ in 0..200 {
        client.request("GET", "/v1/rooms/1", &[], b"");
    }
    let last = [("traceparent", &*parent(TRACED, "01"))];
    gateway.request("GET", "/v1/rooms/1", &last, b"");
    receiver.wait_for(TRACED, 1);
    let count = receiver
        .spans()
        .iter()
        .filter(|span| span.kind == 2)
        .count();
    // Less likely than one in 10^15 without a mistake.
    assert!((42..=160).contains(&count), "{count}");
}

#[test]
fn a_reload_turns_traces_on_elsewhere_and_off() {
    let (vendor, first, second) = (Vendor::start(), Receiver::start(), Receiver::start());
    vendor.always(room());
    let gateway = start(&vendor, &first, "");
    let head = [("traceparent", &*parent(TRACED, "01"))];
    gateway.request("GET", "/v1/rooms/1", &head, b"");
    let path = gateway.folder().join("gateway.yaml");
    let before = std::fs::read_to_string(&path).expect("it was written");
    let reload = |text: String, count: f64| {
        std::fs::write(&path, text).expect("the folder is writable");
        gateway.signal("HUP");
        eventually("the reload", || {
            gateway.metric("lms_gateway_config_reloads_total{result=\"accepted\"}") >= count
        });
    };
    let there = |receiver: &Receiver| receiver.address().to_string();
    reload(before.replace(&there(&first), &there(&second)), 1.0);
    // What was recorded before goes where it was meant to.
    assert_eq!(first.wait_for(TRACED, 2).len(), 2);
    gateway.request("GET", "/v1/rooms/2", &head, b"");
    assert_eq!(second.wait_for(TRACED, 2).len(), 2);
    reload(before.replacen(&first.setting(""), "", 1), 2.0);
    gateway.request("GET", "/v1/rooms/3", &head, b"");
    reload(before, 3.0);
    gateway.request("GET", "/v1/rooms/4", &head, b"");
    assert_eq!(first.wait_for(TRACED, 4).len(), 4);
    assert_eq!(second.of(TRACED).len(), 2);
}
