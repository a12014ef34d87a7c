//! `check --online` of the store that replicas share.

use std::net::SocketAddr;
use std::process::Output;

use serde_json::Value;

use crate::support::eventually;
use crate::support::gateway::{Setup, command, free_port};
use crate::support::redis::{Kind, StoreServer, store};

const PASSWORD: &str = "canary-password-81c2";

/// Vendors that are not there: they are not what this is about.
const VENDORS: &str = "upstreams:\n  netex:\n    base_url: http://127.0.0.1:1\n    auth: {kind: none}\n  ispring:\n    base_url: http://127.0.0.1:1\n    auth: {kind: none}\n";

fn check(shared: &str, env: &[(&str, &str)]) -> (Output, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = Setup::new(format!("shared: {shared}\n{VENDORS}"));
    setup.write(folder.path(), free_port(), free_port());
    let output = command()
        .args(["check", "--online", "--format", "json", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .envs(env.iter().copied())
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!text.contains(PASSWORD), "{text}");
    let report = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output, report)
}

fn open(address: SocketAddr) -> String {
    format!("{{url: 'redis://{address}'}}")
}

/// The steps of the store: name and verdict.
fn steps(report: &Value) -> Vec<(&str, &str)> {
    let steps = report["store"]["steps"].as_array().expect("steps").iter();
    let word = |step: &'_ Value, name: &str| step[name].as_str().map(str::to_owned);
    steps
        .map(|step| {
            assert_eq!(
                word(step, "verdict").as_deref() == Some("failed"),
                step["fix"].is_string()
            );
            (
                step["step"].as_str().unwrap(),
                step["verdict"].as_str().unwrap(),
            )
        })
        .collect()
}

/// The one step that failed: its name, and what was found.
fn failed(report: &Value) -> (String, String) {
    let report = &report["store"];
    assert_eq!(report["healthy"], false, "{report}");
    let steps = report["steps"].as_array().expect("steps").iter();
    let mut failed = steps.filter(|step| step["verdict"] == "failed");
    let step = failed.next().unwrap_or_else(|| panic!("{report}"));
    assert!(failed.next().is_none(), "{report}");
    let text = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
    (text("step"), text("detail"))
}

#[test]
fn a_good_store_passes_each_step_and_keeps_nothing_of_it() {
    for kind in Kind::ALL {
        let server = store(kind);
        let (_, report) = check(&open(server.address), &[]);
        assert_eq!(report["store"]["address"], server.address.to_string());
        assert_eq!(report["store"]["healthy"], true, "{}", report["store"]);
        let expected = [
            ("secrets", "ok"),
            ("connect", "ok"),
            ("server", "ok"),
            ("memory", "ok"),
            ("replicas", "skipped"),
            ("rights", "ok"),
        ];
        assert_eq!(steps(&report), expected);
        assert!(server.keys("*").is_empty(), "{:?}", server.keys("*"));
        let replica = server.replica(free_port());
        eventually("that it follows", || {
            server.info("replication").contains("state=online")
        });
        let shared = format!("{{url: 'redis://{}', replicas: 1}}", server.address);
        let (_, report) = check(&shared, &[]);
        assert!(
            steps(&report).iter().all(|(_, verdict)| *verdict == "ok"),
            "{}",
            report["store"]
        );
        let (_, report) = check(&open(replica.address), &[]);
        let (step, detail) = failed(&report);
        assert_eq!(step, "connect");
        assert!(detail.contains("it is a replica"), "{detail}");
    }
}

#[test]
fn what_makes_a_store_useless_is_told_with_its_step() {
    let nobody = free_port();
    for (arguments, shared, step, what) in [
        (
            &["--cluster-enabled", "yes"][..],
            "{url: 'redis://ADDRESS'}",
            "connect",
            "Redis Cluster",
        ),
        (
            &["--maxmemory-policy", "allkeys-lru"],
            "{url: 'redis://ADDRESS'}",
            "memory",
            "allkeys-lru",
        ),
        (
            &[],
            "{url: 'redis://ADDRESS', replicas: 2}",
            "replicas",
            "0 follow",
        ),
        (
            &["--requirepass", PASSWORD],
            "{url: 'redis://ADDRESS'}",
            "connect",
            "NOAUTH",
        ),
        (
            &["--requirepass", PASSWORD],
            "{url: 'redis://ADDRESS', password: {env: WRONG}}",
            "connect",
            "the login was refused",
        ),
        (
            &[
                "--user",
                "default on nopass ~lms-gateway:* -@all +hello +select +ping +info +eval +evalsha +time",
            ],
            "{url: 'redis://ADDRESS'}",
            "rights",
            "can't run this command",
        ),
        (
            &["--maxmemory", "1"],
            "{url: 'redis://ADDRESS'}",
            "rights",
            "no memory left",
        ),
        (&[], "{url: 'redis://NOBODY'}", "connect", "refused"),
        (&[], "{url: {env: NOT_THERE}}", "secrets", "NOT_THERE"),
    ] {
        let server = StoreServer::with(Kind::Redis, free_port(), arguments);
        let shared = shared
            .replace("ADDRESS", &server.address.to_string())
            .replace("NOBODY", &nobody.to_string());
        let (output, report) = check(&shared, &[("WRONG", "canary-wrong")]);
        assert_eq!(output.status.code(), Some(1));
        let (failed_at, detail) = failed(&report);
        assert_eq!(failed_at, step, "{report}");
        assert!(detail.contains(what), "{what}: {detail}");
    }
}
