//! Planted secrets are in nothing that anybody can read: a gateway with everything on, vendors that say our
//! credentials back in every spelling, and a search of all that comes out.

mod evidence;
mod outputs;
mod planted;
mod walk;

use planted::Planted;

use crate::support::gateway::Setup;
use crate::support::receiver::Receiver;
use crate::support::{Gateway, Vendor};

/// Where a vendor's credential stands in its calls.
const PLACES: [&str; 3] = [
    "{kind: header, name: X-Auth-Token, value: {env: NETEX_TOKEN}}",
    "{kind: query, name: auth_key, value: {env: NETEX_TOKEN}}",
    "{kind: headers, headers: {X-Auth-Account: account, X-Auth-Password: {env: NETEX_TOKEN}}}",
];

struct Lab {
    gateway: Gateway,
    netex: Vendor,
    ispring: Vendor,
    receiver: Receiver,
    planted: Planted,
    settings: String,
}

impl Lab {
    fn start(place: &str, log: &str) -> Self {
        let (netex, ispring) = (Vendor::start(), Vendor::start());
        let (receiver, planted) = (Receiver::start(), Planted::default());
        let settings = format!(
            "log: {{level: trace, format: {log}}}\n\
             deadline: 5s\n\
             traces: {{endpoint: 'http://{}', headers: {{X-Receiver-Key: {{env: RECEIVER_KEY}}}}}}\n\
             evidence: {{}}\n\
             callers: [{{name: tests, key: {{env: CALLER_KEY}}}}, {{name: limited, key: {{env: OTHER_KEY}}, operations: [getRoom], quota: {{requests: 1, per: 1h}}}}]\n\
             admin_keys: [{{name: ops, key: {{env: ADMIN_KEY}}}}]\n\
             upstreams:\n\
             \x20 netex:\n\
             \x20   base_url: http://{}\n\
             \x20   breaker: {{failures: 1000000, failure_percent: 100, minimum_calls: 1000}}\n\
             \x20   send_traceparent: true\n\
             \x20   auth: {place}\n\
             \x20 ispring:\n\
             \x20   base_url: http://{}\n\
             \x20   breaker: {{failures: 1000000, failure_percent: 100, minimum_calls: 1000}}\n\
             \x20   auth: {{kind: oauth2_client_credentials, token_path: /token, client_id: {{env: CLIENT_ID}}, client_secret: {{env: CLIENT_SECRET}}, client_authentication: basic}}\n",
            receiver.address(),
            netex.address,
            ispring.address
        );
        let setup = planted
            .env()
            .into_iter()
            .fold(Setup::new(settings.clone()), |setup, (name, value)| {
                setup.env(name, value)
            });
        Self {
            gateway: setup.start(),
            netex,
            ispring,
            receiver,
            planted,
            settings,
        }
    }
}

#[test]
fn nothing_that_comes_out_shows_a_secret() {
    for (place, log) in PLACES.into_iter().zip(["json", "text", "json"]) {
        let lab = Lab::start(place, log);
        // Each token that is rejected takes a second, and iSpring's is the same in all of them.
        let answered = walk::walk(&lab, place == PLACES[0]);
        for (what, text) in answered.into_iter().chain(outputs::all(&lab)) {
            lab.planted
                .must_not_stand_in(&format!("{what} ({place})"), &text);
        }
    }
}

/// The search itself finds what it looks for, in each spelling.
#[test]
fn the_search_would_find_them() {
    let planted = Planted::default();
    for secret in planted.all() {
        for spelled in planted::spellings(secret) {
            let found = std::panic::catch_unwind(|| {
                planted.must_not_stand_in("a text", &format!("x {spelled} y"))
            });
            assert!(found.is_err(), "{spelled}");
        }
    }
    planted.must_not_stand_in("a text", "*** and nothing else");
}
