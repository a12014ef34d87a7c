//! Three gateways that count and remember together: keys, quotas, the rate towards a vendor.

use std::sync::Mutex;

use crate::support::eventually;
use crate::support::gateway::{Gateway, Setup};
use crate::support::http::Answer;
use crate::support::lab::{Lab, Plan};
use crate::support::redis::{Kind, Reply, StoreServer, store};

struct House {
    lab: Lab,
    others: [Gateway; 2],
    store: StoreServer,
}

impl House {
    fn new(kind: Kind, (settings, upstreams): (&str, &str)) -> Self {
        let store = store(kind);
        let settings = format!(
            "deadline: 5s\nshared: {{url: '{}', budget: 1s}}\n{settings}",
            store.url()
        );
        let plan = Plan::default().settings(&settings).upstreams(upstreams);
        let mut others = None;
        let lab = plan.start_with(|setup| {
            let setup = setup.env("KEY_A", "key-a-0123456789");
            let another = || {
                let mut another = Setup::new(setup.settings.clone());
                another.env.clone_from(&setup.env);
                another.start()
            };
            others = Some([another(), another()]);
            setup
        });
        let house = Self {
            lab,
            others: others.unwrap(),
            store,
        };
        for door in house.doors() {
            eventually("all three know each other", || {
                door.metric(r#"lms_gateway_shared_members{upstream="netex"}"#) == 3.0
            });
        }
        house
    }

    fn doors(&self) -> [&Gateway; 3] {
        [&self.lab.gateway, &self.others[0], &self.others[1]]
    }
}

fn keyed(door: &Gateway, id: &str) -> Answer {
    let body = format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"{id}","name":"Aula"}}"#);
    let headers = [
        ("Content-Type", "application/json"),
        ("Idempotency-Key", id),
    ];
    door.request("POST", "/v1/rooms", &headers, body.as_bytes())
}

fn is_replay(answer: &Answer) -> bool {
    answer.header("idempotent-replayed") == Some("true")
}

#[test]
fn a_key_is_one_vendor_write_through_whichever_door() {
    let house = House::new(Kind::Redis, ("", ""));
    let answers = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for number in 0..60 {
            let (door, answers) = (house.doors()[number % 3], &answers);
            scope.spawn(move || {
                let answer = keyed(door, "k-1");
                answers.lock().unwrap().push(answer);
            });
        }
    });
    let answers = answers.into_inner().unwrap();
    let (done, running): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    for answer in &running {
        assert_eq!(answer.problem(), "request-in-progress", "{answer:?}");
    }
    let first: Vec<_> = done.iter().filter(|answer| !is_replay(answer)).collect();
    assert_eq!(first.len(), 1, "{done:?}");
    assert_eq!(house.lab.calls("netex.create").len(), 1);
    for door in house.doors() {
        let again = keyed(door, "k-1");
        assert!(is_replay(&again), "{again:?}");
        assert_eq!(
            (&again.body, again.header("location")),
            (&first[0].body, first[0].header("location"))
        );
    }
    let keys = house.store.keys("lms-gateway:key:*");
    assert_eq!(keys.len(), 1);
    let Reply::Number(left) = house.store.command(&["PTTL", &keys[0]]) else {
        panic!("it has no expiry");
    };
    assert!((86_000_000..=86_400_000).contains(&left), "{left}");
}

#[test]
fn without_the_store_a_key_is_refused_and_nothing_is_sent() {
    let mut house = House::new(Kind::Valkey, ("", ""));
    assert_eq!(keyed(house.doors()[0], "k-1").status, 201);
    house.store.kill();
    for door in house.doors() {
        for id in ["k-1", "k-2"] {
            let refused = keyed(door, id);
            assert_eq!(refused.status, 503);
            assert_eq!(refused.problem(), "coordination-unavailable");
            assert_eq!(refused.json()["outcome"], "not-done");
            assert!(refused.header("retry-after").is_some());
        }
    }
    assert_eq!(house.lab.calls("netex.create").len(), 1);
    let body = r#"{"type":"PHYSICAL_ROOM","external_id":"k-3","name":"Aula"}"#;
    let without = house.doors()[0].send_json("POST", "/v1/rooms", body);
    assert_eq!(without.status, 201, "without a key nobody has to be asked");
}

#[test]
fn a_quota_is_that_of_all_doors_together_also_for_hits() {
    let callers = "callers: [{name: a, key: {env: KEY_A}, quota: {requests: 12, per: 1000s}}]\n";
    let mut house = House::new(Kind::Redis, (callers, ""));
    let key = [("Authorization", "Bearer key-a-0123456789")];
    let get = |door: &Gateway| door.request("GET", "/v1/rooms/2101", &key, b"");
    let answers: Vec<_> = (0..30)
        .map(|number| get(house.doors()[number % 3]))
        .collect();
    let served = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(served, 12);
    let refused = answers.last().unwrap();
    assert_eq!(refused.problem(), "rate-limited");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((80..=84).contains(&wait), "{wait}");
    house.store.kill();
    for door in house.doors() {
        let alone = get(door);
        // The share of what is left is nothing, and three share what comes.
        assert_eq!(alone.problem(), "rate-limited");
        let wait: u64 = alone.header("retry-after").unwrap().parse().unwrap();
        assert!((80..=250).contains(&wait), "{wait}");
    }
}

#[test]
fn a_vendor_gets_the_rate_of_one_from_all_doors_together() {
    let upstreams = "    rate: {requests: 6, per: 1000s}\n    queue: {wait: 100ms}\n";
    let house = House::new(Kind::Redis, ("cache: {enabled: false}\n", upstreams));
    let answers: Vec<_> = (0..15)
        .map(|number| house.doors()[number % 3].get("/v1/rooms/2101"))
        .collect();
    let served = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((served, house.lab.calls("netex.get").len()), (6, 6));
    let refused = answers.last().unwrap();
    assert_eq!(refused.problem(), "upstream-unavailable");
    let by_store = r#"lms_gateway_shared_rate_decisions_total{by="store",of="upstream"}"#;
    assert_eq!(house.lab.gateway.metric(by_store), 5.0);
}
