//! The five minutes of docs/fleet.md, typed as they stand there, and what else of the page can be held to the program.

use std::net::SocketAddr;

use sandbox::{Config, Sandbox};

use super::typed::{ask, compare, typed};
use crate::support::gateway::{Gateway, Setup};
use crate::support::redis::{Kind, store};
use crate::support::{Client, eventually};

const PAGE: &str = include_str!("../../../docs/fleet.md");

/// Between two markers of the page.
fn between(start: &str, end: &str) -> &'static str {
    let rest = PAGE.split(start).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("docs/fleet.md lacks {start:?}"));
    rest.split(end).next().expect("there is a first part")
}

/// Of each account: whether there is a lease, and nothing is held.
fn leases(admin: SocketAddr) -> Vec<bool> {
    let told = Client::connect(admin)
        .request("GET", "/status.json", &[], b"")
        .json();
    let fleets = told["shared"]["fleets"].as_array().cloned();
    let held = |fleet: &serde_json::Value| fleet["lease_held"] == true && fleet["writes_held"] == 0;
    fleets.unwrap_or_default().iter().map(held).collect()
}

#[test]
fn the_five_minutes_are_true() {
    let mut server = store(Kind::Redis);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let sandbox = runtime.block_on(Sandbox::start(Config::default())).unwrap();
    let settings = between("```yaml\ncontract: contract.yaml\n", "```");
    let settings = settings
        .replace("127.0.0.1:8101", &sandbox.netex_addr().to_string())
        .replace("127.0.0.1:8102", &sandbox.ispring_addr().to_string())
        .replace("127.0.0.1:6379", &server.address.to_string());
    let variables = between("export ", "\n").split(' ');
    let gateway = || -> Gateway {
        let setup = variables
            .clone()
            .fold(Setup::new(settings.clone()), |setup, one| {
                let (name, value) = one.split_once('=').expect("NAME=VALUE");
                setup.env(name, value)
            });
        setup.start()
    };
    let (first, second) = (gateway(), gateway());
    let address = |host: &str| match host {
        "localhost:8080" => first.api,
        "localhost:8081" => second.api,
        "localhost:9466" => second.admin,
        other => panic!("nothing listens on {other}"),
    };
    for gateway in [&first, &second] {
        eventually("leases", || leases(gateway.admin) == [true, true]);
    }
    let (with, without) = PAGE
        .split_once("redis-cli shutdown nosave")
        .expect("its end");
    for (part, count) in [(with, 4), (without, 2)] {
        let commands = typed(part);
        assert_eq!(commands.len(), count);
        if part == without {
            server.kill();
            for gateway in [&first, &second] {
                eventually("their end", || leases(gateway.admin) == [false, false]);
            }
        }
        for shown in &commands {
            let line = shown.command.split(" | ").next().unwrap_or_default();
            let (answer, head) = ask(line, &address);
            compare(shown, &answer, head);
        }
    }
}

#[test]
fn the_page_has_the_user_of_the_deployment() {
    let users = include_str!("../../../deploy/store/users.acl");
    assert_eq!(between("```text\n", "```"), users);
}
