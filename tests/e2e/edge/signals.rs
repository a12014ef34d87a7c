//! Signals: a reload takes all or nothing, an interrupt ends at once, a termination when the last
//! request is done.

use std::time::{Duration, Instant};

use sandbox::{Config, Fault, FaultKind, When};

use crate::support::eventually;
use crate::support::gateway::CONTRACT;
use crate::support::{Gateway, Sandboxed};

/// Rewrites the contract and settings of a running gateway.
fn rewrite(gateway: &Gateway, file: &str, change: impl FnOnce(String) -> String) {
    let path = gateway.folder().join(file);
    let text = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(path, change(text)).expect("writable");
}

fn digest(gateway: &Gateway) -> String {
    gateway.admin_get("/status").json()["contract"]["digest"]
        .as_str()
        .expect("a digest")
        .to_owned()
}

#[test]
fn a_good_configuration_replaces_the_running_one() {
    let gateway = Sandboxed::start();
    let before = digest(&gateway);
    // Not judged by the document that was served at the start.
    let get = |target: &str| gateway.client().request("GET", target, &[], b"");
    assert_eq!(get("/v2/rooms/2101").status, 404);
    rewrite(&gateway, "contract.yaml", |text| {
        text.replace("/v1/", "/v2/")
    });
    rewrite(&gateway, "gateway.yaml", |text| {
        format!("limits: {{request_target: 100B}}\n{text}")
    });
    gateway.signal("HUP");
    gateway.wait_for_log("reloaded");
    assert_eq!(get("/v2/rooms/2101").json()["id"], "2101");
    assert_eq!(get("/v1/rooms/2101").status, 404);
    assert_eq!(
        get(&format!("/{}", "a".repeat(100))).status,
        414,
        "the settings too"
    );
    assert_ne!(digest(&gateway), before);
    assert!(
        get("/openapi.json").json()["paths"]
            .get("/v2/rooms")
            .is_some()
    );
}

#[test]
fn a_bad_configuration_never_replaces_a_good_one() {
    let gateway = Sandboxed::start();
    let before = digest(&gateway);
    let (settings, contract) = ("gateway.yaml", "contract.yaml");
    let good = std::fs::read_to_string(gateway.folder().join(settings)).expect("it is there");
    let changes: [(&str, String, &str); 5] = [
        (
            contract,
            CONTRACT.replacen("encoding: form", "ecnoding: form", 1),
            "ecnoding",
        ),
        (
            contract,
            CONTRACT[..CONTRACT.len() / 2].to_owned(),
            "contract.yaml",
        ),
        (settings, format!("deadlin: 1s\n{good}"), "deadlin"),
        (
            settings,
            good.replace("NETEX_TOKEN", "NOT_SET_ANYWHERE"),
            "NOT_SET_ANYWHERE",
        ),
        (settings, String::new(), "gateway.yaml"),
    ];
    for (index, (file, text, named)) in changes.into_iter().enumerate() {
        std::fs::write(gateway.folder().join(settings), &good).expect("writable");
        std::fs::write(gateway.folder().join(contract), CONTRACT).expect("writable");
        std::fs::write(gateway.folder().join(file), text).expect("writable");
        gateway.signal("HUP");
        eventually(named, || {
            gateway.log().matches("reload refused").count() > index
        });
        let log = gateway.log();
        let line = log
            .lines()
            .rfind(|line| line.contains("reload refused"))
            .expect("waited for");
        assert!(line.contains(named), "{named}: {line}");
        assert_eq!(digest(&gateway), before);
        assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    }
    // And a good one is taken afterwards.
    std::fs::write(gateway.folder().join(settings), &good).expect("writable");
    std::fs::write(gateway.folder().join(contract), CONTRACT).expect("writable");
    gateway.signal("HUP");
    gateway.wait_for_log("reloaded");
}

#[test]
fn reloads_under_load_fail_no_request() {
    let gateway = Sandboxed::start();
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = gateway.client();
                    (0..100)
                        .filter(|_| client.request("GET", "/v1/rooms/2101", &[], b"").status != 200)
                        .count()
                })
            })
            .collect();
        for _ in 0..10 {
            gateway.signal("HUP");
            std::thread::sleep(Duration::from_millis(20));
        }
        for caller in callers {
            assert_eq!(caller.join().expect("it ends"), 0);
        }
    });
}

#[test]
fn an_interrupt_ends_the_process_at_once_even_with_work_under_way() {
    let mut gateway = Sandboxed::start();
    gateway
        .sandbox
        .add_fault(Fault::every("netex.get", When::Before, FaultKind::Hang));
    let mut waiting = gateway.client();
    waiting.send("GET", "/v1/rooms/2101", &[], b"");
    eventually("the call", || !gateway.sandbox.ledger().is_empty());
    gateway.signal("INT");
    let started = Instant::now();
    assert_eq!(gateway.wait(), 0);
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "it did not wait for the vendor's deadline"
    );
}

#[test]
fn a_termination_ends_an_idle_process_with_0() {
    let mut gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!("drain: {{delay: 0s, limit: 20s}}\n{}", setup.settings);
        setup
    });
    let mut idle = gateway.client();
    assert_eq!(idle.request("GET", "/v1/rooms/2101", &[], b"").status, 200);
    gateway.signal("TERM");
    assert_eq!(gateway.wait(), 0, "{}", gateway.log());
    assert!(!gateway.log().contains("panicked"), "{}", gateway.log());
}

#[test]
fn a_termination_waits_for_the_last_request_and_no_longer() {
    let mut gateway = Sandboxed::with(Config::default(), |mut setup| {
        setup.settings = format!("drain: {{delay: 0s, limit: 60s}}\n{}", setup.settings);
        setup
    });
    gateway.sandbox.add_fault(Fault::next(
        "netex.get",
        When::Before,
        FaultKind::Delay { ms: 700 },
    ));
    let mut waiting = gateway.client();
    waiting.send("GET", "/v1/rooms/2101", &[], b"");
    eventually("the call", || !gateway.sandbox.ledger().is_empty());
    gateway.signal("TERM");
    let answer = waiting.read(false).expect("an answer");
    assert_eq!(answer.status, 200, "{answer:?}");
    let answered = Instant::now();
    assert_eq!(gateway.wait(), 0, "{}", gateway.log());
    // Far from the limit and from Pingora's own grace period.
    assert!(answered.elapsed() < Duration::from_secs(20));
}
