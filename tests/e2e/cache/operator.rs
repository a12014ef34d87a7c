//! In the operator's hands: purge, overrides, figures.

use std::thread;

use sandbox::{FaultKind, When};

use super::{FRESH, is_hit, lab, reads};
use crate::support::eventually;
use crate::support::gateway::run;
use crate::support::lab::Lab;
use crate::support::{Answer, Client};

const ROOM: &str = "/v1/rooms/2101";

fn post(lab: &Lab, body: &str) -> Answer {
    let headers = [("Content-Type", "application/json")];
    Client::connect(lab.gateway.admin).request("POST", "/cache/purge", &headers, body.as_bytes())
}

fn fill(lab: &Lab) {
    for target in [
        ROOM,
        "/v1/rooms/2102",
        "/v1/rooms/by-external-id/pr002",
        "/v1/rooms",
        "/v1/rooms?limit=2",
    ] {
        lab.gateway.get(target);
    }
}

#[test]
fn a_purge_says_what_went_and_leaves_the_rest() {
    let lab = lab(FRESH);
    for (body, purged) in [
        (r#"{"tag": "room.id=2101"}"#, 2),
        (r#"{"tag": "room.external_id=pr003"}"#, 1),
        (r#"{"tag": "room.list"}"#, 2),
        (r#"{"tag": "room.*"}"#, 5),
        (r#"{"all": true}"#, 5),
    ] {
        fill(&lab);
        let answer = post(&lab, body);
        assert_eq!(
            (answer.status, answer.json()),
            (200, serde_json::json!({"purged": purged})),
            "{body}"
        );
    }
    fill(&lab);
    post(&lab, r#"{"tag": "room.id=2101"}"#);
    assert!(!is_hit(&lab.gateway.get(ROOM)));
    assert!(is_hit(&lab.gateway.get("/v1/rooms/2102")));
    assert_eq!(lab.gateway.metric("lms_gateway_cache_purged_total"), 17.0);
}

#[test]
fn a_purge_that_is_none_is_refused_with_the_reason() {
    let lab = lab(FRESH);
    for (body, reason) in [
        ("", "send {\"tag\""),
        (r#"{"tag": "room"}"#, "`room` is no tag"),
        (
            r#"{"tag": "rooms.list"}"#,
            "room.external_id=VALUE, room.id=VALUE, room.list",
        ),
        (
            r#"{"tag": "room.id"}"#,
            "no cached operation bears `room.id`",
        ),
        (r#"{"all": false}"#, "send {\"tag\""),
        (r#"{"tags": []}"#, "unknown field `tags`"),
    ] {
        let answer = post(&lab, body);
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.text().contains(reason), "{body}: {}", answer.text());
    }
    let mut client = Client::connect(lab.gateway.admin);
    assert_eq!(client.request("GET", "/cache/purge", &[], b"").status, 405);
    let purge = |headers: &[(&str, &str)]| {
        let mut client = Client::connect(lab.gateway.admin);
        client.request("POST", "/cache/purge", headers, br#"{"all": true}"#)
    };
    for page in [
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
    ] {
        let answer = purge(&[page]);
        assert_eq!(
            answer.status, 403,
            "a page in a browser must not be able to purge"
        );
    }
    for kind in ["application/json", "application/x-www-form-urlencoded"] {
        assert_eq!(
            purge(&[("Content-Type", kind)]).status,
            200,
            "curl -d sends {kind}"
        );
    }
    assert_eq!(purge(&[]).status, 200);
    assert_eq!(
        post(
            &lab,
            &format!(r#"{{"tag": "room.id={}"}}"#, "7".repeat(5_000))
        )
        .status,
        413
    );
}

#[test]
fn a_read_under_way_does_not_refill_what_was_purged() {
    let lab = lab(FRESH);
    for purge in [r#"{"tag": "room.*"}"#, r#"{"all": true}"#] {
        let before = reads(&lab);
        lab.break_next("netex.get", When::After, FaultKind::Delay { ms: 700 });
        thread::scope(|scope| {
            let reader = scope.spawn(|| lab.gateway.get(ROOM));
            eventually("the vendor is asked", || reads(&lab) == before + 1);
            assert_eq!(post(&lab, purge).status, 200);
            assert_eq!(reader.join().unwrap().status, 200);
        });
        assert!(!is_hit(&lab.gateway.get(ROOM)), "{purge}");
        post(&lab, r#"{"all": true}"#);
    }
}

#[test]
fn the_command_purges() {
    let lab = lab(FRESH);
    fill(&lab);
    let admin = lab.gateway.admin.to_string();
    let command = |arguments: &[&str]| {
        let output = run(&[&["cache", "purge", "--admin", &admin], arguments].concat());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    assert_eq!(
        command(&["room.list"]),
        (Some(0), "2 entries purged\n".into(), String::new())
    );
    assert_eq!(
        command(&["--all", "--format", "json"]).1,
        "{\"purged\":3}\n"
    );
    let (code, _, wrong) = command(&["room.lst"]);
    assert_eq!(code, Some(1));
    assert!(
        wrong.contains("no cached operation bears `room.lst`"),
        "{wrong}"
    );
    assert_eq!(command(&[]).0, Some(2), "what is purged must be said");
    assert_eq!(command(&["room.list", "--all"]).0, Some(2));
}

#[test]
fn the_budget_bounds_what_is_kept_and_figures_tell() {
    let lab = lab("{budget: 20KiB, operations: {getRoom: {ttl: 1h}}}");
    for room in lab.sandbox.rooms() {
        lab.gateway.get(&format!("/v1/rooms/{}", room.id));
    }
    let bytes = lab.gateway.metric("lms_gateway_cache_bytes");
    assert!(0.0 < bytes && bytes <= 20.0 * 1024.0, "{bytes}");
    assert!(lab.gateway.metric("lms_gateway_cache_entries") >= 5.0);
    assert!(lab.gateway.metric("lms_gateway_cache_evictions_total") >= 1.0);
}

#[test]
fn the_cache_can_be_off_whole_or_for_an_operation() {
    let lab = lab("{operations: {getRoom: {enabled: false}}}");
    for _ in 0..2 {
        assert_eq!(lab.gateway.get(ROOM).header("cache-status"), None);
        lab.gateway.get("/v1/rooms");
    }
    assert_eq!(reads(&lab), 3);
    let lab = super::lab("{enabled: false}");
    for _ in 0..2 {
        assert_eq!(lab.gateway.get("/v1/rooms").header("cache-status"), None);
    }
    assert_eq!(reads(&lab), 2);
}

#[test]
fn an_override_of_nothing_is_refused() {
    let lab = lab(FRESH);
    let file = lab.gateway.folder().join("gateway.yaml");
    let text = std::fs::read_to_string(&file)
        .unwrap()
        .replace("getRoom: {ttl", "getRom: {ttl");
    std::fs::write(&file, text).unwrap();
    let output = run(&["check", "--config", file.to_str().unwrap()]);
    let text =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text.contains("the contract has no cached operation `getRom`"),
        "{text}"
    );
    assert!(text.contains("Did you mean `getRoom`?"), "{text}");
}
