//! One `Idempotency-Key` through all doors is one write.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Barrier;
use std::thread;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sandbox::{Fault, FaultKind, When};
use trials::http::Connection;

use crate::support::eventually;
use crate::support::fleet::{Stage, patient, stage};
use crate::support::redis::Kind;

const POSTS: usize = 1000;

/// What one POST is answered; `None` where its door died.
fn post(door: SocketAddr, ready: Option<&Barrier>) -> Option<(u16, String)> {
    let connection = Connection::open(door);
    if let Some(ready) = ready {
        ready.wait();
    }
    let body = r#"{"type":"PHYSICAL_ROOM","external_id":"once","name":"Aula"}"#;
    let headers = [("Idempotency-Key", "one")];
    let answer = connection.ok()?.send("POST", "/v1/rooms", &headers, body);
    answer.ok().map(|answer| (answer.status, answer.body))
}

/// A thousand connections are more than a process may have by itself.
fn allow_connections() {
    let limit = getrlimit(Resource::Nofile);
    let more = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, more).expect("a limit can be raised to its maximum");
}

fn posts(stage: &mut Stage, kill: usize) -> BTreeMap<String, usize> {
    allow_connections();
    let doors: Vec<SocketAddr> = stage.fleet.gateways.iter().map(|door| door.api).collect();
    // The vendor has it, and answers when all are there.
    stage.fleet.sandbox.add_fault(Fault::next(
        "netex.create",
        When::After,
        FaultKind::Delay { ms: 1500 },
    ));
    let ready = Barrier::new(POSTS);
    let mut told = BTreeMap::new();
    thread::scope(|scope| {
        let (ready, doors) = (&ready, &doors);
        let owner = scope.spawn(|| post(doors[0], None));
        eventually("the vendor's call", || {
            stage.fleet.calls("netex.create") == 1
        });
        let posts = (1..POSTS).map(|number| {
            let door = doors[number % doors.len()];
            let small = thread::Builder::new().stack_size(128 * 1024);
            small
                .spawn_scoped(scope, move || post(door, Some(ready)))
                .expect("a thread")
        });
        let posts: Vec<_> = posts.collect();
        ready.wait();
        stage.fleet.gateways[kill].kill();
        for post in posts.into_iter().chain([owner]) {
            let word = match post.join().expect("a caller does not panic") {
                Some((status, body)) => {
                    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
                    format!("{status} {}", body["code"].as_str().unwrap_or("-"))
                }
                None => "cut".to_owned(),
            };
            *told.entry(word).or_default() += 1;
        }
    });
    told
}

fn one_write(kind: Kind, kill: usize) {
    let mut stage = stage(kind, &patient());
    let told = posts(&mut stage, kill);
    println!("{kind:?}, door {kill} killed: {told:?}");
    for word in told.keys() {
        assert!(
            ["201 -", "409 request-in-progress", "cut"].contains(&word.as_str()),
            "{told:?}"
        );
    }
    // Whoever asks later is told of the one room, through each door that is there.
    let room = stage
        .fleet
        .sandbox
        .room_named("once")
        .expect("it was written");
    for door in (0..3).filter(|door| *door != kill) {
        let api = stage.fleet.gateways[door].api;
        let body = eventually("the answer under the key", || match post(api, None) {
            Some((201, body)) => Ok(body),
            other => Err(other),
        });
        assert!(body.contains(&format!(r#""id":"{}""#, room.id)), "{body}");
    }
    assert_eq!(
        stage.fleet.calls("netex.create"),
        1,
        "the vendor was asked twice"
    );
}

#[test]
fn a_thousand_posts_of_one_key_are_one_write_when_the_owner_dies() {
    one_write(Kind::Redis, 0);
}

#[test]
fn a_thousand_posts_of_one_key_are_one_write_when_another_door_dies() {
    one_write(Kind::Valkey, 1);
}
