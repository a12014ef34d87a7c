//! Members come, go, stand still and are told of everything.

use trials::gateway::CONTRACT;

use crate::support::fleet::{Stage, Watched, other_contract, patient, stage, writes};
use crate::support::redis::Kind;
use crate::support::{Client, eventually};

fn start() -> (Stage, Watched) {
    let stage = stage(Kind::Redis, &patient());
    let watched = Watched::put(&stage);
    for door in 0..3 {
        watched.warm(&stage, door);
    }
    (stage, watched)
}

#[test]
fn a_write_through_one_door_is_seen_through_all() {
    let (stage, watched) = start();
    for door in 0..3 {
        let name = format!("by {door}");
        assert_eq!(watched.rename(&stage, door, &name), 204);
        for other in 0..3 {
            watched.expect(&stage, other, &name);
            watched.warm(&stage, other);
            watched.expect(&stage, other, &name);
        }
    }
    assert_eq!(writes(&stage, "acknowledged"), 3.0);
    // The vendor's own pages tell nobody.
    let mut room = stage.fleet.sandbox.room(watched.id).unwrap();
    room.name = "by hand".to_owned();
    stage.fleet.sandbox.put_room(room);
    watched.expect(&stage, 0, "by 2");
    let mut admin = Client::connect(stage.fleet.gateways[1].admin);
    let json = [("Content-Type", "application/json")];
    let purged = admin.request("POST", "/cache/purge", &json, br#"{"all": true}"#);
    assert_eq!(purged.status, 200, "{purged:?}");
    for door in 0..3 {
        watched.expect(&stage, door, "by hand");
    }
}

#[test]
fn a_member_that_stands_still_is_not_waited_for_longer_than_its_lease_and_then_shows_nothing_old() {
    let (mut stage, watched) = start();
    stage.fleet.gateways[2].stop();
    assert_eq!(watched.rename(&stage, 0, "meanwhile"), 204);
    assert_eq!(writes_of(&stage, 0, "waited"), 1.0);
    assert_eq!(watched.rename(&stage, 0, "again"), 204);
    assert_eq!(
        writes_of(&stage, 0, "acknowledged"),
        1.0,
        "the silent one was taken off the list"
    );
    let waiting = watched.send(&stage, 2);
    stage.fleet.gateways[2].go_on();
    waiting.expect("again");
    watched.expect(&stage, 2, "again");
    watched.warm(&stage, 2);
    assert_eq!(watched.rename(&stage, 0, "all three"), 204);
    watched.expect(&stage, 2, "all three");
    stage.fleet.gateways[1].kill();
    assert_eq!(watched.rename(&stage, 0, "two"), 204);
    watched.expect(&stage, 2, "two");
    stage.fleet.gateways[1].restart();
    watched.expect(&stage, 1, "two");
}

fn writes_of(stage: &Stage, door: usize, coordination: &str) -> f64 {
    stage.fleet.gateways[door].metric(&format!(
        r#"lms_gateway_shared_writes_total{{coordination="{coordination}",upstream="netex"}}"#
    ))
}

#[test]
fn a_journal_that_was_trimmed_while_a_member_stood_still_leaves_it_nothing_old() {
    let (stage, watched) = start();
    stage.fleet.gateways[1].stop();
    assert_eq!(watched.rename(&stage, 0, "told"), 204);
    stage.store.trim("*", 0);
    assert_eq!(watched.rename(&stage, 0, "trimmed"), 204);
    let waiting = watched.send(&stage, 1);
    stage.fleet.gateways[1].go_on();
    waiting.expect("trimmed");
    watched.warm(&stage, 1);
    watched.expect(&stage, 1, "trimmed");
}

#[test]
fn who_comes_late_is_one_of_them_and_who_leaves_is_not_waited_for() {
    let (mut stage, watched) = start();
    let url = stage.tunnel.url();
    stage.fleet.join(&url);
    watched.warm(&stage, 3);
    assert_eq!(watched.rename(&stage, 0, "four"), 204);
    watched.expect(&stage, 3, "four");
    // A write is under way through the door that closes.
    let target = format!("/v1/rooms/{}", watched.id);
    stage.fleet.sandbox.add_fault(sandbox::Fault::next(
        "netex.replace",
        sandbox::When::After,
        sandbox::FaultKind::Delay { ms: 300 },
    ));
    let door = stage.fleet.gateways[3].api;
    let writer = std::thread::spawn(move || {
        let body = r#"{"external_id":"watched","name":"leaving"}"#;
        let connection = trials::http::Connection::open(door);
        connection
            .unwrap()
            .send("PUT", &target, &[], body)
            .unwrap()
            .status
    });
    eventually("the vendor's call", || {
        stage.fleet.calls("netex.replace") == 2
    });
    stage.fleet.gateways[3].leave();
    assert_eq!(writer.join().unwrap(), 204);
    watched.expect(&stage, 0, "leaving");
    let waited = writes(&stage, "waited");
    assert_eq!(watched.rename(&stage, 1, "three"), 204);
    watched.expect(&stage, 0, "three");
    assert_eq!(writes(&stage, "waited"), waited, "it had left");
}

#[test]
fn two_contracts_side_by_side_void_each_others_reads() {
    let (stage, watched) = start();
    stage.fleet.gateways[1].reload(&other_contract());
    watched.warm(&stage, 1);
    for door in [0, 1] {
        let name = format!("edition {door}");
        assert_eq!(watched.rename(&stage, door, &name), 204);
        for other in 0..3 {
            watched.expect(&stage, other, &name);
            watched.warm(&stage, other);
        }
    }
    stage.fleet.gateways[1].reload(CONTRACT);
    watched.expect(&stage, 1, "edition 1");
    watched.warm(&stage, 1);
    assert_eq!(watched.rename(&stage, 0, "one edition"), 204);
    watched.expect(&stage, 1, "one edition");
}
