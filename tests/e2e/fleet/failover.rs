//! Another server takes the place of the primary.

use std::time::Duration;

use sandbox::Room;

use crate::support::eventually;
use crate::support::fleet::{Fleet, patient};
use crate::support::ports::free_port;
use crate::support::redis::{Kind, Sentinel, store, tunnel};

struct Watched(u64);

impl Watched {
    fn put(fleet: &Fleet) -> Self {
        Self(fleet.sandbox.put_room(Room::new(0, "watched", "first")).id)
    }

    fn by_hand(&self, fleet: &Fleet, name: &str) {
        let mut room = fleet.sandbox.room(self.0).expect("it is there");
        room.name = name.to_owned();
        fleet.sandbox.put_room(room);
    }

    fn rename(&self, fleet: &Fleet, door: usize, name: &str) -> u16 {
        let body = format!(r#"{{"external_id":"watched","name":"{name}"}}"#);
        let target = format!("/v1/rooms/{}", self.0);
        fleet.gateways[door].request("PUT", &target, &body).status
    }

    fn warm(&self, fleet: &Fleet) {
        for gateway in &fleet.gateways {
            eventually("a hit", || {
                let answer = gateway.request("GET", &format!("/v1/rooms/{}", self.0), "");
                answer.is_hit().then_some(()).ok_or(answer.cache_status)
            });
        }
    }

    #[track_caller]
    fn expect(&self, fleet: &Fleet, name: &str) {
        for (door, gateway) in fleet.gateways.iter().enumerate() {
            let answer = gateway.request("GET", &format!("/v1/rooms/{}", self.0), "");
            let member = format!(r#""name":"{name}""#);
            assert!(
                answer.body.contains(&member),
                "door {door}, not {name}: {}",
                answer.body
            );
        }
    }
}

/// Each half of the fleet has a primary of its own.
#[test]
fn with_replicas_a_split_brain_is_coherent() {
    for kind in Kind::ALL {
        let old = store(kind);
        let new = old.replica(free_port());
        let (one, other) = (tunnel(&old), tunnel(&old));
        let mut plan = patient();
        plan.shared = Some("replicas: 1, writes_without_store: refuse, budget: 1s".to_owned());
        let fleet = plan.start(&[&one.url(), &one.url(), &other.url()]);
        fleet.settle();
        let watched = Watched::put(&fleet);
        watched.warm(&fleet);
        assert_eq!(watched.rename(&fleet, 0, "whole"), 204);
        watched.expect(&fleet, "whole");
        watched.warm(&fleet);
        new.promote();
        other.lead_to(new.address);
        eventually("that the old one lacks its replica", || {
            old.info("replication").contains("connected_slaves:0")
        });
        for door in 0..3 {
            assert_eq!(
                watched.rename(&fleet, door, "half"),
                503,
                "{kind:?}, door {door}"
            );
        }
        eventually("no lease in either half", || {
            !fleet.gateways.iter().any(|door| door.has_lease())
        });
        watched.by_hand(&fleet, "by hand");
        watched.expect(&fleet, "by hand");
        old.demote(&new);
        one.lead_to(new.address);
        fleet.settle();
        assert_eq!(watched.rename(&fleet, 0, "whole again"), 204);
        watched.expect(&fleet, "whole again");
        watched.warm(&fleet);
        assert_eq!(watched.rename(&fleet, 2, "from the other half"), 204);
        watched.expect(&fleet, "from the other half");
    }
}

#[test]
fn members_follow_the_sentinel_to_the_promoted_replica() {
    let mut primary = store(Kind::Redis);
    let replica = primary.replica(free_port());
    let silence = Duration::from_millis(300);
    let sentinel = Sentinel::start(free_port(), "main", &primary, (1, silence));
    eventually("that it knows the replica", || sentinel.replicas() == 1);
    let mut plan = patient();
    plan.members = 2;
    plan.shared = Some(format!(
        "writes_without_store: refuse, budget: 1s, sentinel: {{master: main, addresses: ['{}']}}",
        sentinel.address
    ));
    let fleet = plan.start(&[""]);
    fleet.settle();
    let watched = Watched::put(&fleet);
    watched.warm(&fleet);
    assert_eq!(watched.rename(&fleet, 0, "before"), 204);
    watched.expect(&fleet, "before");
    primary.kill();
    assert_eq!(watched.rename(&fleet, 0, "between"), 503);
    eventually("the promotion", || {
        sentinel.primary() == Some(replica.address)
    });
    fleet.settle();
    assert_eq!(watched.rename(&fleet, 0, "after"), 204);
    watched.expect(&fleet, "after");
    watched.warm(&fleet);
    assert_eq!(watched.rename(&fleet, 1, "and after"), 204);
    watched.expect(&fleet, "and after");
}
