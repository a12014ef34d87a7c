//! The store away in each way: reads are right, writes are what the setting says, the log has one line for its begin
//! and one for its end, metrics say so, and readiness says nothing of it.

use std::time::Duration;

use crate::support::eventually;
use crate::support::fleet::{Stage, Watched, plan, stage, writes};
use crate::support::redis::{Kind, Network};

struct Way {
    name: &'static str,
    begin: fn(&mut Stage),
    end: fn(&mut Stage),
}

const WAYS: [Way; 7] = [
    Way {
        name: "refused",
        begin: |stage| {
            stage.tunnel.set(Network::Refused);
            stage.tunnel.cut();
        },
        end: |stage| stage.tunnel.set(Network::Open),
    },
    Way {
        name: "dead",
        begin: |stage| stage.store.kill(),
        end: |stage| stage.store.restart_empty(),
    },
    Way {
        name: "hanging",
        begin: |stage| stage.store.stop(),
        end: |stage| stage.store.go_on(),
    },
    Way {
        name: "silent",
        begin: |stage| stage.tunnel.set(Network::Silent),
        end: |stage| stage.tunnel.set(Network::Open),
    },
    Way {
        name: "slow",
        begin: |stage| stage.tunnel.set(Network::Slow(Duration::from_millis(400))),
        end: |stage| stage.tunnel.set(Network::Open),
    },
    Way {
        name: "read-only",
        begin: |stage| stage.store.refuse_writes(true),
        end: |stage| stage.store.refuse_writes(false),
    },
    Way {
        name: "out of memory",
        begin: |stage| stage.store.fill_memory(true),
        end: |stage| stage.store.fill_memory(false),
    },
];

const AWAY: &str = "the shared store is away";
const BACK: &str = "the shared store is back";

fn each_way(kind: Kind, setting: &str) {
    let mut plan = plan();
    plan.members = 2;
    plan.shared = Some(format!("writes_without_store: {setting}"));
    let mut stage = stage(kind, &plan);
    let watched = Watched::put(&stage);
    for (turn, way) in WAYS.iter().enumerate() {
        println!("{kind:?}, {setting}: {}", way.name);
        for door in 0..2 {
            watched.warm(&stage, door);
        }
        let lines = |stage: &Stage, text: &str| {
            let logs = stage.fleet.gateways.iter().map(|door| door.log());
            logs.map(|log| log.matches(text).count())
                .collect::<Vec<_>>()
        };
        assert_eq!(lines(&stage, BACK), [turn; 2], "{}", way.name);
        (way.begin)(&mut stage);
        while_away(&stage, &watched, way, setting);
        eventually("one line of the begin", || {
            let lines = lines(&stage, AWAY);
            (lines == [turn + 1; 2]).then_some(()).ok_or(lines)
        });
        (way.end)(&mut stage);
        stage.fleet.settle();
        eventually("one line of the end", || {
            let lines = lines(&stage, BACK);
            (lines == [turn + 1; 2]).then_some(()).ok_or(lines)
        });
        assert_eq!(lines(&stage, AWAY), [turn + 1; 2], "{}", way.name);
        for door in 0..2 {
            assert_eq!(up(&stage, door), 1.0, "{}", way.name);
        }
        let name = format!("after {}", way.name);
        // A machine that is busy takes longer than the budget now and then.
        eventually("a write", || watched.rename(&stage, 0, &name) == 204);
        for door in 0..2 {
            watched.expect(&stage, door, &name);
        }
    }
}

fn up(stage: &Stage, door: usize) -> f64 {
    stage.fleet.gateways[door].metric("lms_gateway_shared_up")
}

fn while_away(stage: &Stage, watched: &Watched, way: &Way, setting: &str) {
    let fleet = &stage.fleet;
    let (refused, alone) = (writes(stage, "refused"), writes(stage, "uncoordinated"));
    let sent = fleet.calls("netex.replace");
    let name = format!("while {}", way.name);
    let status = watched.rename(stage, 0, &name);
    if setting == "refuse" {
        assert_eq!(status, 503, "{}", way.name);
        assert_eq!(fleet.calls("netex.replace"), sent, "{}", way.name);
        assert_eq!(writes(stage, "refused"), refused + 1.0, "{}", way.name);
    } else {
        assert_eq!(status, 204, "{}", way.name);
        watched.expect(stage, 0, &name);
        assert_eq!(writes(stage, "uncoordinated"), alone + 1.0, "{}", way.name);
    }
    eventually("no lease", || {
        !fleet.gateways.iter().any(|door| door.has_lease())
    });
    // Nobody is told of what is written by hand: only the vendor can show it.
    let mut room = fleet.sandbox.room(watched.id).unwrap();
    room.name = format!("by hand, {}", way.name);
    let name = fleet.sandbox.put_room(room).name;
    for door in 0..2 {
        watched.expect(stage, door, &name);
        assert_eq!(up(stage, door), 0.0, "{}", way.name);
        let ready = fleet.gateways[door].admin_get("/readyz").unwrap();
        assert_eq!(ready.status, 200, "{}", way.name);
    }
}

/// At once, since most of it is waiting.
#[test]
fn without_a_store_reads_are_right_and_writes_are_as_the_setting_says() {
    std::thread::scope(|scope| {
        scope.spawn(|| each_way(Kind::Redis, "refuse"));
        scope.spawn(|| each_way(Kind::Valkey, "allow"));
    });
}

#[test]
fn a_refused_write_says_that_nothing_was_sent() {
    let mut plan = plan();
    plan.members = 1;
    let mut stage = stage(Kind::Redis, &plan);
    let watched = Watched::put(&stage);
    stage.store.kill();
    let target = format!("/v1/rooms/{}", watched.id);
    let answer =
        stage.fleet.gateways[0].request("PUT", &target, r#"{"external_id":"x","name":"y"}"#);
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(
        answer.body.contains(r#""code":"coordination-unavailable""#),
        "{}",
        answer.body
    );
    assert!(answer.is_not_done(), "{}", answer.body);
    assert_eq!(stage.fleet.calls("netex.replace"), 0);
}
