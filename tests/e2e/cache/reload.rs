//! A reload in the middle: what was kept, is read or is written under one contract is never mixed up
//! with another.

use std::thread;

use sandbox::{FaultKind, When};

use super::{FRESH, is_hit, lab, reads, replacement};
use crate::support::eventually;
use crate::support::lab::Lab;
use crate::support::{Gateway, Scripted, Vendor};

const ROOM: &str = "/v1/rooms/2101";
const OLD: &str = "Aula Rosalía de Castro";

/// Changes the contract, and waits until it is the one that runs.
fn change_contract(gateway: &Gateway, change: impl Fn(String) -> String) {
    let path = gateway.folder().join("contract.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(changed, text, "nothing to change");
    std::fs::write(&path, changed).unwrap();
    reload(gateway);
}

fn reload(gateway: &Gateway) {
    let series = r#"lms_gateway_config_reloads_total{result="accepted"}"#;
    let before = gateway.metric(series);
    gateway.signal("HUP");
    eventually("the reload", || gateway.metric(series) > before);
}

/// The same rooms under tags of another name: what a write of the one stamps means nothing in the other.
fn rename_tags(text: String) -> String {
    let mut changed = text;
    for kind in ["list", "id", "external_id", "*"] {
        let (room, hall) = (format!("room.{kind}"), format!("hall.{kind}"));
        changed = changed.replace(&format!("[{room}"), &format!("[{hall}"));
        changed = changed.replace(&format!("{{{room}"), &format!("{{{hall}"));
    }
    changed
}

/// The same vendor under another name: fences are by name.
fn rename_upstream(gateway: &Gateway) {
    let path = gateway.folder().join("gateway.yaml");
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, settings.replace("\n  netex:\n", "\n  rooms:\n")).unwrap();
    change_contract(gateway, |text| {
        text.replace("\n  netex:\n", "\n  rooms:\n")
            .replace("upstream: netex", "upstream: rooms")
    });
}

const TWINS: &str = r"
openapi: 3.1.0
info: {title: twins, version: 1.0.0}
x-vendors: {shelf: {}}
x-problems: {}
paths:
  /v1/a:
    get:
      operationId: getA
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
      x-upstream:
        upstream: shelf
        method: GET
        path: /a
        response:
          encoding: json
          success: [{status: [200], body: required, value: [{from: body}], emit: {status: 200}}]
        errors: {}
        cache: {ttl: 1h, tags: [thing.list]}
  /v1/b:
    get:
      operationId: getB
      responses: {'200': {description: It., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
      x-upstream:
        upstream: shelf
        method: GET
        path: /b
        response:
          encoding: json
          success: [{status: [200], body: required, value: [{from: body}], emit: {status: 200}}]
        errors: {}
        cache: {ttl: 1h, tags: [thing.list]}
components:
  schemas:
    Thing:
      type: object
      properties:
        name: {type: string}
        place: {type: string}
";

fn twins() -> (Vendor, Gateway) {
    let vendor = Vendor::start();
    let mut setup = vendor.setup().contract(TWINS);
    setup.settings = vendor.settings(&["shelf"]);
    let gateway = setup.start();
    (vendor, gateway)
}

/// The blocks of the two paths in the other order.
fn swap_paths(text: String) -> String {
    let (a, b) = (
        text.find("  /v1/a:").unwrap(),
        text.find("  /v1/b:").unwrap(),
    );
    let end = text.find("components:").unwrap();
    let (first, second) = (a.min(b), a.max(b));
    [
        &text[..first],
        &text[second..end],
        &text[first..second],
        &text[end..],
    ]
    .concat()
}

#[test]
fn operations_that_change_places_keep_their_own_answers() {
    let (vendor, gateway) = twins();
    let thing = |name: &str| Scripted::json(200, &format!(r#"{{"name": "{name}", "place": "p"}}"#));
    vendor.will(thing("a")).will(thing("b"));
    assert_eq!(gateway.get("/v1/a").json()["name"], "a");
    change_contract(&gateway, swap_paths);
    assert_eq!(gateway.get("/v1/b").json()["name"], "b");
}

#[test]
fn properties_that_change_places_do_so_at_once() {
    let (vendor, gateway) = twins();
    vendor.always(Scripted::json(200, r#"{"name": "a", "place": "p"}"#));
    assert_eq!(gateway.get("/v1/a").text(), r#"{"name":"a","place":"p"}"#);
    let digest = || gateway.admin_get("/status").json()["contract"]["digest"].clone();
    let before = digest();
    change_contract(&gateway, |text| {
        text.replace(
            "        name: {type: string}\n        place: {type: string}\n",
            "        place: {type: string}\n        name: {type: string}\n",
        )
    });
    assert_ne!(digest(), before);
    assert_eq!(gateway.get("/v1/a").text(), r#"{"place":"p","name":"a"}"#);
}

#[test]
fn a_smaller_limit_of_answers_holds_for_what_was_kept() {
    let (vendor, gateway) = twins();
    let long = format!(r#"{{"name": "{}"}}"#, "n".repeat(4_000));
    vendor.always(Scripted::json(200, &long));
    assert_eq!(gateway.get("/v1/a").status, 200);
    let path = gateway.folder().join("gateway.yaml");
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("limits: {{answer: 1KiB}}\n{settings}")).unwrap();
    reload(&gateway);
    assert_eq!(gateway.get("/v1/a").status, 502);
}

/// A write that ends under another contract. `write` sends it on a connection of its own, and gives
/// what its caller was told; the vendor is slow to apply it.
fn across(lab: &Lab, change: impl Fn(&Gateway), operation: &str, write: impl Fn() + Sync) {
    lab.break_next(operation, When::Before, FaultKind::Delay { ms: 1_200 });
    let before = lab.calls(operation).len();
    thread::scope(|scope| {
        let writer = scope.spawn(&write);
        eventually("the write is at the vendor", || {
            lab.calls(operation).len() > before
        });
        change(&lab.gateway);
        // Kept under the new contract, before the write is done.
        assert_eq!(lab.gateway.get(ROOM).json()["name"], OLD);
        assert!(is_hit(&lab.gateway.get(ROOM)));
        writer.join().unwrap();
    });
}

#[test]
fn a_write_that_ends_under_another_contract_voids_everything() {
    type Change = fn(&Gateway);
    let changes: [Change; 3] = [
        |gateway| change_contract(gateway, rename_tags),
        rename_upstream,
        |gateway| {
            change_contract(gateway, rename_tags);
            change_contract(gateway, |text| {
                text.replace("version: 1.0.0", "version: 1.0.1")
            });
        },
    ];
    for change in changes {
        let lab = lab(FRESH);
        across(&lab, change, "netex.replace", || {
            let body = replacement("pr002", "new");
            assert_eq!(lab.gateway.send_json("PUT", ROOM, &body).status, 204);
        });
        assert_eq!(lab.gateway.get(ROOM).json()["name"], "new");
    }
}

#[test]
fn so_does_the_create_of_an_upsert() {
    let lab = lab(FRESH);
    let target = "/v1/rooms/by-external-id/brand-new";
    assert_eq!(lab.gateway.get("/v1/rooms").status, 200);
    across(
        &lab,
        |gateway| {
            change_contract(gateway, rename_tags);
            // Kept under the new contract without the room.
            assert!(!lab.gateway.get("/v1/rooms").text().contains("brand-new"));
            assert!(is_hit(&lab.gateway.get("/v1/rooms")));
        },
        "netex.create",
        || {
            let body = r#"{"type": "PHYSICAL_ROOM", "name": "n"}"#;
            assert_eq!(lab.gateway.send_json("PUT", target, body).status, 201);
        },
    );
    assert!(lab.gateway.get("/v1/rooms").text().contains("brand-new"));
}

#[test]
fn a_write_whose_outcome_nobody_knows_holds_everything_across_a_reload() {
    let cache = "{unknown_hold: 1h, operations: {getRoom: {ttl: 1h}}}";
    // The reload comes before or after the write is given up.
    for early in [true, false] {
        let lab = lab(cache);
        lab.break_all(&["netex.replace"], When::Before, |_| FaultKind::Hang);
        let body = replacement("pr002", "late");
        let told = thread::scope(|scope| {
            let writer = scope.spawn(|| lab.gateway.send_json("PUT", ROOM, &body));
            eventually("the write is at the vendor", || {
                !lab.calls("netex.replace").is_empty()
            });
            if early {
                change_contract(&lab.gateway, rename_tags);
                lab.gateway.get(ROOM);
            }
            writer.join().unwrap()
        });
        assert_eq!(told.problem(), "write-outcome-unknown", "{told:?}");
        if !early {
            change_contract(&lab.gateway, rename_tags);
        }
        for _ in 0..2 {
            let answer = lab.gateway.get(ROOM);
            assert!(
                super::cache_status(&answer).contains("fwd=bypass"),
                "{answer:?}"
            );
        }
        // The vendor applies it at last.
        let mut room = lab.sandbox.room(2101).unwrap();
        room.name = "late".to_owned();
        lab.sandbox.put_room(room);
        assert_eq!(lab.gateway.get(ROOM).json()["name"], "late", "{early}");
    }
}

#[test]
fn back_at_the_old_contract_nothing_old_is_served() {
    let lab = lab(FRESH);
    lab.gateway.get(ROOM);
    assert!(is_hit(&lab.gateway.get(ROOM)));
    let first = std::fs::read_to_string(lab.gateway.folder().join("contract.yaml")).unwrap();
    change_contract(&lab.gateway, rename_tags);
    // This write knows the other contract's tags alone.
    let body = replacement("pr002", "new");
    assert_eq!(lab.gateway.send_json("PUT", ROOM, &body).status, 204);
    change_contract(&lab.gateway, |_| first.clone());
    assert_eq!(lab.gateway.get(ROOM).json()["name"], "new");
}

#[test]
fn a_call_under_way_is_not_joined_or_kept_by_another_contract() {
    let lab = lab(FRESH);
    lab.break_next("netex.get", When::After, FaultKind::Delay { ms: 1_000 });
    let mut early = lab.gateway.client();
    early.send("GET", ROOM, &[], b"");
    eventually("the vendor is asked", || reads(&lab) == 1);
    change_contract(&lab.gateway, rename_tags);
    let fresh = lab.gateway.get(ROOM);
    assert!(
        !super::cache_status(&fresh).contains("collapsed"),
        "{fresh:?}"
    );
    assert_eq!(reads(&lab), 2);
    let late = early.read(false).expect("an answer");
    assert_eq!(late.status, 200);
    assert!(!super::cache_status(&late).contains("stored"), "{late:?}");
    assert!(is_hit(&lab.gateway.get(ROOM)));
}

#[test]
fn a_refresh_under_way_puts_nothing_into_another_contract() {
    let lab = lab("{operations: {getRoom: {ttl: 200ms, stale_while_revalidate: 1h}}}");
    lab.gateway.get(ROOM);
    lab.break_next("netex.get", When::After, FaultKind::Delay { ms: 800 });
    eventually("a stale answer", || {
        super::cache_status(&lab.gateway.get(ROOM)).contains("stale-while-revalidate")
    });
    eventually("the refresh is at the vendor", || reads(&lab) == 2);
    change_contract(&lab.gateway, rename_tags);
    let body = replacement("pr002", "new");
    assert_eq!(lab.gateway.send_json("PUT", ROOM, &body).status, 204);
    assert_eq!(lab.gateway.get(ROOM).json()["name"], "new");
}

#[test]
fn a_replay_of_a_key_under_another_contract_counts_as_the_write() {
    let lab = lab(FRESH);
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "k1"),
    ];
    let body = br#"{"type": "PHYSICAL_ROOM", "external_id": "keyed", "name": "n"}"#;
    let send = || lab.gateway.request("POST", "/v1/rooms", &headers, body);
    lab.break_next("netex.create", When::Before, FaultKind::Delay { ms: 1_200 });
    thread::scope(|scope| {
        let writer = scope.spawn(send);
        eventually("the write is at the vendor", || {
            !lab.calls("netex.create").is_empty()
        });
        change_contract(&lab.gateway, rename_tags);
        assert!(!lab.gateway.get("/v1/rooms").text().contains("keyed"));
        assert_eq!(writer.join().unwrap().status, 201);
    });
    assert_eq!(send().header("idempotent-replayed"), Some("true"));
    assert!(lab.gateway.get("/v1/rooms").text().contains("keyed"));
}
