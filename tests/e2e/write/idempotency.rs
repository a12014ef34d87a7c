//! `Idempotency-Key` on POST: one key, one room, one answer.

use sandbox::{FaultKind, When};
use serde_json::json;

use crate::support::eventually;
use crate::support::gateway::CONTRACT;
use crate::support::lab::{Lab, Plan};
use crate::support::{Answer, Scripted, Vendor};

fn room(name: &str) -> String {
    json!({"type": "PHYSICAL_ROOM", "external_id": name, "name": "Aula", "capacity": 9}).to_string()
}

fn post(lab: &Lab, key: &str, body: &str) -> Answer {
    post_to(lab, "/v1/rooms", &[("Idempotency-Key", key)], body)
}

fn post_to(lab: &Lab, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut all = vec![("Content-Type", "application/json")];
    all.extend(headers);
    lab.gateway.request("POST", target, &all, body.as_bytes())
}

fn creates(lab: &Lab) -> usize {
    lab.calls("netex.create").len()
}

fn is_replay_of(second: &Answer, first: &Answer) {
    assert_eq!(
        second.header("idempotent-replayed"),
        Some("true"),
        "{second:?}"
    );
    assert_eq!(first.header("idempotent-replayed"), None, "{first:?}");
    assert_eq!(second.status, first.status);
    assert_eq!(second.body, first.body);
    for name in ["location", "content-type"] {
        assert_eq!(second.header(name), first.header(name));
    }
}

#[test]
fn the_same_key_gives_the_same_answer_and_no_second_room() {
    let lab = Lab::start();
    let first = post(&lab, "\"key-1\"", &room("a"));
    assert_eq!(first.status, 201, "{first:?}");
    is_replay_of(&post(&lab, "\"key-1\"", &room("a")), &first);
    // Bare is the same key, and another order of members the same body.
    let shuffled =
        r#"{"name":"Aula", "capacity":9.0,"external_id":"\u0061","type":"PHYSICAL_ROOM"}"#;
    is_replay_of(&post(&lab, "key-1", shuffled), &first);
    assert_eq!(creates(&lab), 1);
    let other = post(&lab, "key-1", &room("b"));
    assert_eq!(other.status, 422, "{other:?}");
    assert_eq!(other.problem(), "idempotency-key-reused");
    assert_eq!(other.json()["outcome"], "not-done");
    assert_eq!(creates(&lab), 1);
    assert_eq!(post(&lab, "key-2", &room("b")).status, 201);
}

#[test]
fn a_key_that_is_none_is_refused() {
    let lab = Lab::start();
    let long = "k".repeat(256);
    for key in ["", "\"\"", "\"open", "a b", "a,b", &long] {
        let answer = post(&lab, key, &room("a"));
        assert_eq!(answer.status, 400, "{key}: {answer:?}");
        assert_eq!(
            answer.errors(),
            [(
                "Idempotency-Key".to_owned(),
                "bad-idempotency-key".to_owned()
            )]
        );
    }
    let twice = post_to(
        &lab,
        "/v1/rooms",
        &[("Idempotency-Key", "a"), ("Idempotency-Key", "b")],
        &room("a"),
    );
    assert_eq!(twice.problem(), "validation-failed");
    assert_eq!(creates(&lab), 0);
    assert_eq!(post(&lab, &"k".repeat(255), &room("a")).status, 201);
}

#[test]
fn a_key_that_runs_is_told_so() {
    let lab = Lab::start();
    lab.break_next("netex.create", When::After, FaultKind::Delay { ms: 700 });
    std::thread::scope(|scope| {
        let first = scope.spawn(|| post(&lab, "key", &room("a")));
        eventually("the create", || creates(&lab) == 1);
        let second = post(&lab, "key", &room("a"));
        assert_eq!(second.status, 409, "{second:?}");
        assert_eq!(second.problem(), "request-in-progress");
        assert_eq!(second.header("retry-after"), Some("1"));
        let other = post(&lab, "key", &room("b"));
        assert_eq!(other.problem(), "idempotency-key-reused");
        let first = first.join().expect("it ends");
        is_replay_of(&post(&lab, "key", &room("a")), &first);
    });
    assert_eq!(creates(&lab), 1);
}

/// The create once more, on a path and under a name of its own.
fn second_create() -> String {
    let start = CONTRACT
        .find("    post:\n      operationId: createRoom")
        .expect("a create");
    let block = &CONTRACT[start..];
    let end = block.find("\n  /v1/rooms/{id}:").expect("the next path");
    let block = block[..end].replace("operationId: createRoom", "operationId: createOther");
    CONTRACT.replacen(
        "\npaths:\n",
        &format!("\npaths:\n  /v1/other-rooms:\n{block}\n"),
        1,
    )
}

#[test]
fn a_key_belongs_to_its_operation_and_its_caller() {
    let callers = "callers: [{name: anna, key: {env: ANNA}}, {name: berta, key: {env: BERTA}}]\n";
    let lab = Plan::default().settings(callers).start_with(|setup| {
        setup
            .contract(second_create())
            .env("ANNA", "key-of-anna-0123456789")
            .env("BERTA", "key-of-berta-0123456789")
    });
    let as_caller = |target: &str, caller: &str, name: &str| {
        let authorization = format!("Bearer key-of-{caller}-0123456789");
        let headers = [
            ("Idempotency-Key", "key"),
            ("Authorization", &authorization),
        ];
        post_to(&lab, target, &headers, &room(name))
    };
    let first = as_caller("/v1/rooms", "anna", "a");
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(as_caller("/v1/rooms", "berta", "b").status, 201);
    assert_eq!(as_caller("/v1/other-rooms", "anna", "c").status, 201);
    is_replay_of(&as_caller("/v1/rooms", "anna", "a"), &first);
    assert_eq!(creates(&lab), 3);
}

#[test]
fn what_the_vendor_refuses_is_kept() {
    let lab = Lab::start();
    post(&lab, "first", &room("a"));
    let refused = post(&lab, "key", &room("a"));
    assert_eq!(refused.problem(), "external-id-taken");
    lab.sandbox
        .remove_room(lab.sandbox.room_named("a").expect("there").id);
    is_replay_of(&post(&lab, "key", &room("a")), &refused);
    assert_eq!(creates(&lab), 2);
}

#[test]
fn what_the_gateway_refuses_is_forgotten() {
    let lab = Lab::start();
    let bad = post(&lab, "key", "{}");
    assert_eq!(bad.status, 400);
    lab.break_all(&["netex.*"], When::Before, |_| FaultKind::Refuse);
    let refused = post(&lab, "key", &room("a"));
    assert_eq!(refused.problem(), "upstream-unavailable");
    lab.sandbox.clear_faults();
    // Of our account and of the moment, not of this request.
    for (kind, problem) in [
        (FaultKind::status(401), "upstream-credentials-rejected"),
        (FaultKind::status(403), "upstream-access-denied"),
        (FaultKind::status(500), "upstream-error"),
        (FaultKind::status(429), "upstream-unavailable"),
    ] {
        lab.break_next("netex.create", When::Before, kind);
        assert_eq!(post(&lab, "key", &room("a")).problem(), problem);
    }
    let done = eventually("the end of the silence of the 429", || {
        let answer = post(&lab, "key", &room("a"));
        if answer.status == 201 {
            Ok(answer)
        } else {
            Err(answer)
        }
    });
    assert_eq!(done.header("idempotent-replayed"), None);
}

/// The first attempt of a key ends in an unknown outcome.
fn lose(lab: &Lab, when: When, kind: FaultKind) {
    lab.break_next("netex.create", when, kind);
    let answer = post(lab, "key", &room("a"));
    assert_eq!(answer.problem(), "write-outcome-unknown", "{answer:?}");
}

#[test]
fn after_an_unknown_outcome_it_is_looked_for_and_sent_where_it_is_not() {
    let lab = Lab::start();
    lose(&lab, When::Before, FaultKind::Reset);
    lab.sandbox.clear_ledger();
    let second = post(&lab, "key", &room("a"));
    assert_eq!(second.status, 201, "{second:?}");
    let operations: Vec<_> = lab
        .sandbox
        .ledger()
        .iter()
        .map(|seen| seen.operation)
        .collect();
    assert_eq!(operations, ["netex.get", "netex.create"]);
    is_replay_of(&post(&lab, "key", &room("a")), &second);
    assert_eq!(
        post(&lab, "key", &room("b")).problem(),
        "idempotency-key-reused"
    );
}

#[test]
fn after_an_unknown_outcome_it_is_not_sent_where_it_came_late() {
    let lab = Lab::start();
    lose(&lab, When::Before, FaultKind::Delay { ms: 2_200 });
    eventually("the room", || lab.sandbox.room_named("a").is_some());
    let second = post(&lab, "key", &room("a"));
    assert_eq!(second.status, 201, "{second:?}");
    let id = lab.sandbox.room_named("a").expect("there").id;
    assert_eq!(
        second.header("location"),
        Some(format!("/v1/rooms/{id}").as_str())
    );
    assert_eq!(creates(&lab), 1);
    is_replay_of(&post(&lab, "key", &room("a")), &second);
}

#[test]
fn a_look_up_that_fails_sends_nothing() {
    let lab = Lab::start();
    lab.break_all(&["netex.get"], When::Before, |_| FaultKind::status(500));
    lose(&lab, When::After, FaultKind::Reset);
    let second = post(&lab, "key", &room("a"));
    assert_eq!(second.problem(), "write-outcome-unknown", "{second:?}");
    assert_eq!(creates(&lab), 1);
    lab.sandbox.clear_faults();
    assert_eq!(post(&lab, "key", &room("a")).status, 201);
    assert_eq!(creates(&lab), 1);
}

/// The first attempt arrives between the look-up and the second one.
#[test]
fn a_name_that_the_first_attempt_took_is_ours() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    let absent = Scripted::json(404, r#"{"code":"ERR005"}"#);
    let post = || {
        let headers = [
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "key"),
        ];
        gateway.request("POST", "/v1/rooms", &headers, room("a").as_bytes())
    };
    vendor.will(Scripted::Close(Vec::new()));
    vendor.always(absent.clone());
    assert_eq!(post().problem(), "write-outcome-unknown");
    let before = vendor.seen().len();
    vendor.will(absent);
    vendor.will(Scripted::json(400, r#"{"code":"ERR006"}"#));
    vendor.will(Scripted::json(
        200,
        r#"{"id":7,"external_id":"a","name":"Aula","capacity":9}"#,
    ));
    let answer = post();
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.header("location"), Some("/v1/rooms/7"));
    assert_eq!(vendor.seen().len(), before + 3);
}

#[test]
fn who_hangs_up_cancels_nothing_and_finds_the_outcome_under_the_key() {
    let lab = Lab::start();
    lab.break_next("netex.create", When::Before, FaultKind::Delay { ms: 500 });
    let mut client = lab.gateway.client();
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "key"),
    ];
    client.send("POST", "/v1/rooms", &headers, room("a").as_bytes());
    eventually("the create", || creates(&lab) == 1);
    drop(client);
    assert!(lab.sandbox.room_named("a").is_none(), "in the middle of it");
    let answer = eventually("the end of the first", || {
        let answer = post(&lab, "key", &room("a"));
        if answer.status == 201 {
            return Some(answer);
        }
        assert_eq!(answer.problem(), "request-in-progress", "{answer:?}");
        None
    });
    assert_eq!(answer.header("idempotent-replayed"), Some("true"));
    assert_eq!(creates(&lab), 1);
}

#[test]
fn a_put_is_idempotent_by_itself_and_its_key_is_not_read() {
    let lab = Lab::start();
    for name in ["Uno", "Dos"] {
        let body = format!(r#"{{"external_id":"pr002","name":"{name}"}}"#);
        let headers = [
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "key"),
        ];
        let answer = lab
            .gateway
            .request("PUT", "/v1/rooms/2101", &headers, body.as_bytes());
        assert_eq!(answer.status, 204, "{answer:?}");
        assert_eq!(answer.header("idempotent-replayed"), None);
        assert_eq!(lab.sandbox.room(2101).expect("there").name, name);
    }
}

/// Whatever the second attempt ends in, the first may still come.
#[test]
fn after_an_unknown_outcome_a_refusal_of_the_second_attempt_says_nothing_of_the_first() {
    let vendor = Vendor::start();
    let gateway = vendor.setup().start();
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", "key"),
    ];
    let post = || gateway.request("POST", "/v1/rooms", &headers, room("a").as_bytes());
    let absent = Scripted::json(404, r#"{"code":"ERR005"}"#);
    vendor.will(Scripted::Close(Vec::new()));
    vendor.always(absent.clone());
    assert_eq!(post().problem(), "write-outcome-unknown");
    for refusal in [
        Scripted::json(400, r#"{"code":"ERR001"}"#),
        Scripted::json(400, r#"{"code":"ERR006"}"#),
        Scripted::json(500, "{}"),
    ] {
        vendor.will(absent.clone());
        vendor.will(refusal);
        let answer = post();
        assert_eq!(answer.problem(), "write-outcome-unknown", "{answer:?}");
        assert_eq!(answer.json()["outcome"], "unknown");
        assert_eq!(answer.json()["safe_to_repeat"], true, "{answer:?}");
    }
}
