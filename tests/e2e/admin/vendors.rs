//! `/status` and `lms-gateway status` of vendors that fail, and of the cache.

use sandbox::{Config, Fault, FaultKind, When};
use serde_json::Value;

use crate::support::gateway::run;
use crate::support::{Sandboxed, eventually};

fn vendor(gateway: &Sandboxed, name: &str) -> Value {
    let status = gateway.admin_get("/status").json();
    let list = status["upstreams"].as_array().expect("a list");
    let found = list.iter().find(|one| one["name"] == name);
    found.expect("it is there").clone()
}

fn failing(gateway: &Sandboxed) {
    let fault = Fault::every("*", When::Before, FaultKind::Refuse);
    gateway.sandbox.add_fault(fault);
}

#[test]
fn a_vendor_is_up_degraded_down_and_up_again_with_the_reason() {
    let gateway = Sandboxed::plain();
    let quiet = vendor(&gateway, "netex");
    assert_eq!(quiet["state"], "up");
    assert_eq!(quiet["reason"], "no call in the last five minutes");
    assert_eq!(quiet["recent"]["p95_ms"], Value::Null);
    gateway.get("/v1/rooms/2101");
    let answered = vendor(&gateway, "netex");
    assert_eq!(answered["reason"], "1 of the last 1 calls were answered");
    assert_eq!(answered["circuit"]["state"], "closed");
    assert_eq!(answered["queue"]["in_use"], 0);
    assert!(
        answered["recent"]["p50_ms"]
            .as_f64()
            .is_some_and(|time| time > 0.0)
    );
    assert_eq!(answered["token_remaining_seconds"], Value::Null);
    failing(&gateway);
    // A write is not repeated: one failure.
    let room = r#"{"type":"PHYSICAL_ROOM","external_id":"new","name":"Aula"}"#;
    gateway.send_json("POST", "/v1/rooms", room);
    let degraded = vendor(&gateway, "netex");
    assert_eq!(degraded["state"], "degraded", "{degraded}");
    assert_eq!(degraded["reason"], "the last call failed (connect)");
    for _ in 0..2 {
        gateway.send_json("POST", "/v1/rooms", room);
    }
    let down = vendor(&gateway, "netex");
    assert_eq!(down["state"], "down", "{down}");
    assert_eq!(down["reason"], "the last 3 calls failed (connect)");
    assert_eq!(down["since"], degraded["since"], "since the first of them");
    assert_eq!(down["recent"]["error_share"], 0.75);
    assert_eq!(vendor(&gateway, "ispring")["state"], "up");
    gateway.sandbox.clear_faults();
    assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    let page = gateway.admin_get("/status.html").text();
    assert!(page.contains("degraded"), "its failures are still recent");
    assert!(page.len() < 30_000, "{} bytes", page.len());
}

#[test]
fn an_open_circuit_is_down_and_problems_of_ours_are_told() {
    let gateway = Sandboxed::start();
    failing(&gateway);
    eventually("an open circuit", || {
        gateway.get("/v1/rooms/1");
        let netex = vendor(&gateway, "netex");
        if netex["circuit"]["state"] == "closed" {
            Err(netex)
        } else {
            Ok(())
        }
    });
    let netex = vendor(&gateway, "netex");
    assert_eq!(netex["state"], "down");
    let reason = netex["reason"].as_str().unwrap_or_default();
    assert!(reason.starts_with("circuit open (connect); "), "{netex}");
    let problems = &gateway.admin_get("/status").json()["problems"];
    assert_eq!(problems[0]["code"], "upstream-unavailable");
    assert_eq!(problems[0]["upstream"], "netex");
}

#[test]
fn a_token_s_life_and_credentials_that_are_rejected_are_told() {
    let gateway = Sandboxed::start();
    assert_eq!(vendor(&gateway, "ispring")["token_remaining_seconds"], 0);
    let day = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
    assert_eq!(gateway.get(day).status, 200);
    let life = vendor(&gateway, "ispring")["token_remaining_seconds"].as_u64();
    assert!(life.is_some_and(|seconds| seconds > 60), "{life:?}");
    let wrong = Sandboxed::with(Config::default(), |setup| {
        setup.env("NETEX_TOKEN", "canary-wrong-token")
    });
    assert_eq!(
        wrong.get("/v1/rooms/2101").problem(),
        "upstream-credentials-rejected"
    );
    let netex = vendor(&wrong, "netex");
    assert_eq!(
        netex["reason"],
        "the last call failed (our credentials are rejected)"
    );
    assert!(!wrong.admin_get("/status").text().contains("canary"));
}

#[test]
fn the_cache_and_its_shares_are_told() {
    let gateway = Sandboxed::start();
    assert_eq!(
        gateway.admin_get("/status").json()["cache"]["shares"],
        Value::Null
    );
    for _ in 0..4 {
        assert_eq!(gateway.get("/v1/rooms/2101").status, 200);
    }
    let cache = eventually("an entry", || {
        let cache = gateway.admin_get("/status").json()["cache"].clone();
        if cache["entries"] == 1 {
            Ok(cache)
        } else {
            Err(cache)
        }
    });
    assert_eq!(cache["enabled"], true);
    assert_eq!(
        (&cache["requests"]["hit"], &cache["requests"]["miss"]),
        (&3.into(), &1.into())
    );
    assert_eq!(cache["shares"]["hit"], 0.75);
    assert_eq!(cache["budget_bytes"], 64 << 20);
}

#[test]
fn the_terminal_tells_the_same_and_reloads() {
    let gateway = Sandboxed::start();
    gateway.get("/v1/rooms/999999");
    let config = gateway.folder().join("gateway.yaml");
    let config = config.to_str().expect("a text");
    let admin = gateway.admin.to_string();
    for place in [["--config", config], ["--admin", admin.as_str()]] {
        let ran = run(&[&["status"][..], &place].concat());
        assert_eq!(ran.status.code(), Some(0));
        let text = String::from_utf8_lossy(&ran.stdout).into_owned();
        for word in [
            "netex",
            "up",
            "room-not-found",
            "no reload since the start",
            "digest",
        ] {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
    let ran = run(&["status", "--admin", &admin, "--format", "json"]);
    let told: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    assert_eq!(told["upstreams"][1]["name"], "netex");
    let reload = || run(&["reload", "--admin", &admin]);
    let ran = reload();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(ran.status.code(), Some(0), "{text}");
    assert!(
        text.starts_with("last reload accepted, by request"),
        "{text}"
    );
    std::fs::write(gateway.folder().join("contract.yaml"), "openapi: [\n").expect("writable");
    let ran = reload();
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{text}");
    assert!(text.contains("contract.yaml:"), "{text}");
}
