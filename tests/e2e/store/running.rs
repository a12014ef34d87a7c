//! The gateway with a store: how it starts, what it tells, how it ends.

use crate::support::eventually::eventually;
use crate::support::gateway::{Gateway, Setup, command};
use crate::support::ports::free_port;
use crate::support::redis::{Kind, StoreServer, store};

/// One account.
const UPSTREAMS: &str = "upstreams:\n  netex: {base_url: 'http://127.0.0.1:9', auth: {kind: none}}\n  ispring: {base_url: 'http://127.0.0.1:9', auth: {kind: none}}\n";

fn setup(shared: &str) -> Setup {
    Setup::new(format!("{UPSTREAMS}shared: {shared}\n")).env("STORE_URL", "unset")
}

fn lines(gateway: &Gateway, text: &str) -> usize {
    gateway
        .log()
        .lines()
        .filter(|line| line.contains(text))
        .count()
}

const AWAY: &str = "the shared store is away";
const BACK: &str = "the shared store is back";

fn members(server: &StoreServer) -> usize {
    let fleets = server.keys("*:fleet:*");
    let fields = fleets
        .iter()
        .flat_map(|key| server.command(&["HKEYS", key]).list());
    fields
        .filter(|field| field.clone().text().starts_with("m:"))
        .count()
}

#[test]
fn a_gateway_starts_without_its_store_and_tells_each_absence_by_two_lines() {
    let address = free_port();
    let gateway = setup("{url: {env: STORE_URL}}")
        .env("STORE_URL", &format!("redis://us3r:passw0rd@{address}/0"))
        .start();
    gateway.wait_for_log(AWAY);
    let mut server = StoreServer::with(
        Kind::Redis,
        address,
        &["--user", "us3r on >passw0rd ~* +@all"],
    );
    let counts = |away: usize, back: usize| {
        eventually("the lines", || {
            let found = (lines(&gateway, AWAY), lines(&gateway, BACK));
            if found == (away, back) {
                Ok(())
            } else {
                Err(found)
            }
        });
    };
    counts(1, 1);
    eventually("the member", || match members(&server) {
        1 => Ok(()),
        other => Err(other),
    });
    server.kill();
    counts(2, 1);
    server.restart_empty();
    counts(2, 2);
    eventually("the member", || match members(&server) {
        1 => Ok(()),
        other => Err(other),
    });
    let log = gateway.log();
    assert!(!log.contains("passw0rd") && !log.contains("us3r"), "{log}");
    let away: Vec<&str> = log.lines().filter(|line| line.contains(AWAY)).collect();
    assert!(away[0].contains("refused"), "{away:?}");
    assert!(log.contains("away_ms"), "{log}");
}

#[test]
fn what_cannot_be_a_store_refuses_the_start_with_its_reason() {
    let cluster = StoreServer::with(Kind::Redis, free_port(), &["--cluster-enabled", "yes"]);
    for (shared, url, expected) in [
        ("{url: {env: STORE_URL}}", cluster.url(), "Redis Cluster"),
        (
            "{url: {env: STORE_URL}}",
            "redis://a,b".to_owned(),
            "several servers",
        ),
        (
            "{url: {env: STORE_URL}}",
            "http://u:passw0rd@a".to_owned(),
            "redis://",
        ),
        (
            "{url: {env: OTHER}}",
            "redis://a".to_owned(),
            "OTHER is not set",
        ),
        ("{url: 'redis-cluster://a'}", String::new(), "redis-cluster"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        setup(shared).write(folder.path(), free_port(), free_port());
        let file = folder.path().join("gateway.yaml");
        let output = command()
            .args(["serve", "--config"])
            .arg(file)
            .env("STORE_URL", &url)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{text}");
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(!text.contains("passw0rd"), "{text}");
    }
}

#[test]
fn a_member_that_is_told_to_end_leaves_the_list() {
    let server = store(Kind::Redis);
    let shared = format!("{{url: '{}'}}", server.url());
    let mut gateway = setup(&format!("{shared}\ndrain: {{delay: 0s}}")).start();
    eventually("the member", || match members(&server) {
        1 => Ok(()),
        other => Err(other),
    });
    gateway.signal("TERM");
    assert_eq!(gateway.wait(), 0);
    assert_eq!(members(&server), 0, "{}", gateway.log());
}
