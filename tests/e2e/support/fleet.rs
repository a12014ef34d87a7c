//! Several gateways over one store and one sandbox.

use sandbox::Room;
pub use trials::fleet::{Fleet, Plan};
pub use trials::oracle::Verdict;
pub use trials::stage::Stage;
pub use trials::trouble::{Trouble, other_contract};

use super::eventually;
use super::http::Client;
use super::ports::free_port;
use super::redis::Kind;

/// Three members that refuse writes without a store; what a young epoch may have lost is over within seconds.
pub fn plan() -> Plan {
    Plan::new(env!("CARGO_BIN_EXE_lms-gateway"), free_port)
}

/// The same with a store that is waited for on a machine that is busy: what is told to nobody is refused.
pub fn patient() -> Plan {
    let mut plan = plan();
    plan.shared = Some("writes_without_store: refuse, budget: 1s".to_owned());
    plan
}

/// Over a store of its own, each with a lease.
pub fn stage(kind: Kind, plan: &Plan) -> Stage {
    Stage::new(kind, plan)
}

/// How a room is read: by each of its names, in the list, in a page.
pub struct Watched {
    pub id: u64,
    targets: [String; 4],
}

impl Watched {
    /// A room that is there from the start.
    pub fn put(stage: &Stage) -> Self {
        let room = Room::new(0, "watched", "first");
        let id = stage.fleet.sandbox.put_room(room).id;
        Self {
            id,
            targets: [
                format!("/v1/rooms/{id}"),
                "/v1/rooms/by-external-id/watched".to_owned(),
                "/v1/rooms".to_owned(),
                "/v1/rooms?limit=3".to_owned(),
            ],
        }
    }

    /// Reads all through a door until each read is served from its cache.
    pub fn warm(&self, stage: &Stage, door: usize) {
        for target in &self.targets {
            eventually("a hit", || {
                let answer = stage.fleet.gateways[door].request("GET", target, "");
                assert_eq!(answer.status, 200, "{}", answer.body);
                answer.is_hit().then_some(()).ok_or(answer.cache_status)
            });
        }
    }

    /// Renames it through a door; what that is answered.
    pub fn rename(&self, stage: &Stage, door: usize, name: &str) -> u16 {
        let body = format!(r#"{{"external_id":"watched","name":"{name}"}}"#);
        let target = &self.targets[0];
        let answer = stage.fleet.gateways[door].request("PUT", target, &body);
        answer.status
    }

    /// Every read through a door shows the name.
    #[track_caller]
    pub fn expect(&self, stage: &Stage, door: usize, name: &str) {
        for target in &self.targets {
            let answer = stage.fleet.gateways[door].request("GET", target, "");
            self.expect_in(&answer.body, name, &format!("{target} at door {door}"));
        }
    }

    #[track_caller]
    fn expect_in(&self, body: &str, name: &str, what: &str) {
        let member = format!(r#""name":"{name}""#);
        assert!(body.contains(&member), "{what}, not {name}: {body}");
    }

    /// Sends every read to a door that stands still; they are answered when it goes on.
    pub fn send(&self, stage: &Stage, door: usize) -> Waiting<'_> {
        let clients = self.targets.iter().map(|target| {
            let mut client = Client::connect(stage.fleet.gateways[door].api);
            client.send("GET", target, &[], b"");
            client
        });
        Waiting {
            watched: self,
            clients: clients.collect(),
        }
    }
}

/// Reads that arrived.
pub struct Waiting<'w> {
    watched: &'w Watched,
    clients: Vec<Client>,
}

impl Waiting<'_> {
    /// Each is answered with the name.
    #[track_caller]
    pub fn expect(self, name: &str) {
        for (mut client, target) in self.clients.into_iter().zip(&self.watched.targets) {
            let answer = client.read(false).expect("an answer");
            self.watched.expect_in(&answer.text(), name, target);
        }
    }
}

/// The sum over all members of writes that were coordinated so.
pub fn writes(stage: &Stage, coordination: &str) -> f64 {
    stage.fleet.metric(&format!(
        r#"lms_gateway_shared_writes_total{{coordination="{coordination}",upstream="netex"}}"#
    ))
}
