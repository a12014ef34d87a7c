//! `check --online`: each vendor tried for real, and for each failure where it is and how to fix it.

use std::process::Output;

use sandbox::{Config, Fault, FaultKind, When};
use serde_json::Value;

use crate::support::gateway::{CONTRACT, Setup, command, free_port};
use crate::support::tls::{Authority, Door, Life};
use crate::support::{Sandboxed, Scripted, Vendor};

const NETEX: &str = "canary-netex-6f1d2c";
const SECRET: &str = "canary-secret-2a90fe";

/// Nobody listens to the ports of these settings: the check opens none.
fn check(contract: &str, settings: &str, env: &[(&str, &str)], format: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let setup = Setup::new(settings).contract(contract);
    setup.write(folder.path(), free_port(), free_port());
    command()
        .args(["check", "--online", "--format", format, "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .envs(env.iter().copied())
        .output()
        .expect("it runs")
}

/// The steps of a vendor by name: verdict, detail and fix.
fn steps(report: &Value, vendor: &str) -> Vec<(String, String, String, String)> {
    let vendors = report["online"].as_array().expect("a list");
    let found = vendors
        .iter()
        .find(|one| one["upstream"] == vendor)
        .expect("the vendor");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let steps = found["steps"].as_array().expect("steps").iter();
    steps
        .map(|step| {
            (
                text(&step["step"]),
                text(&step["verdict"]),
                text(&step["detail"]),
                text(&step["fix"]),
            )
        })
        .collect()
}

fn report(output: &Output, code: i32) -> Value {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// The one step that failed, and that those after it were not tried.
fn failed(report: &Value, vendor: &str) -> (String, String, String) {
    let steps = steps(report, vendor);
    let at = steps
        .iter()
        .position(|(_, verdict, ..)| verdict == "failed")
        .unwrap_or_else(|| panic!("{steps:?}"));
    assert!(
        steps[at + 1..]
            .iter()
            .all(|(_, verdict, detail, _)| verdict == "skipped" && detail == "not tried"),
        "{steps:?}"
    );
    let (name, _, detail, fix) = steps[at].clone();
    assert!(!fix.is_empty(), "{steps:?}");
    (name, detail, fix)
}

const ENV: [(&str, &str); 3] = [
    ("NETEX_TOKEN", NETEX),
    ("ISPRING_CLIENT_ID", "client"),
    ("ISPRING_CLIENT_SECRET", SECRET),
];

fn sandboxed() -> Sandboxed {
    let config = Config {
        netex_token: NETEX.to_owned(),
        ispring_client_id: "client".to_owned(),
        ispring_client_secret: SECRET.to_owned(),
        ..Config::default()
    };
    Sandboxed::with(config, |setup| setup)
}

fn settings(gateway: &Sandboxed) -> String {
    crate::support::sandboxed::settings(&gateway.sandbox)
}

#[test]
fn vendors_that_can_be_used_are_read_by_the_probe_of_the_contract() {
    let gateway = sandboxed();
    let before = gateway.sandbox.ledger().len();
    let output = check(CONTRACT, &settings(&gateway), &ENV, "json");
    let report = report(&output, 0);
    let verdicts = |vendor| -> Vec<String> {
        steps(&report, vendor)
            .into_iter()
            .map(|(name, verdict, ..)| format!("{name} {verdict}"))
            .collect()
    };
    let common = ["secrets ok", "dns ok", "connect ok", "tls skipped"];
    assert_eq!(
        verdicts("netex"),
        [&common[..], &["token skipped", "read ok"]].concat()
    );
    assert_eq!(
        verdicts("ispring"),
        [&common[..], &["token ok", "read ok"]].concat()
    );
    let read = steps(&report, "ispring").pop().expect("the read");
    assert!(
        read.2.contains("training-day-not-found"),
        "the id is nobody's: {read:?}"
    );
    // The harmless reads, and nothing else.
    let ledger = gateway.sandbox.ledger();
    let mut seen: Vec<&str> = ledger[before..].iter().map(|one| one.operation).collect();
    seen.sort_unstable();
    assert_eq!(seen, ["ispring.get_day", "ispring.token", "netex.list"]);
    let text = check(CONTRACT, &settings(&gateway), &ENV, "text");
    let text = String::from_utf8(text.stdout).expect("text");
    for word in [
        "listRooms: 200",
        "getTrainingDay: training-day-not-found",
        "Every vendor can be used from here.",
        " ms ",
    ] {
        assert!(text.contains(word), "no {word}: {text}");
    }
}

#[test]
fn each_failure_names_its_step_and_its_fix() {
    let gateway = sandboxed();
    let good = settings(&gateway);
    let netex = gateway.sandbox.netex_addr().to_string();
    let elsewhere = free_port().to_string();
    let case = |settings: &str, env: &[(&str, &str)]| {
        let output = check(CONTRACT, settings, env, "json");
        for secret in [NETEX, SECRET, "wrong-secret-77"] {
            assert!(
                !String::from_utf8_lossy(&output.stdout).contains(secret),
                "{output:?}"
            );
        }
        report(&output, 1)
    };
    // A vendor that fails keeps the other from nothing.
    let (step, detail, fix) = failed(&case(&good, &ENV[1..]), "netex");
    assert_eq!(step, "secrets");
    assert!(
        detail.contains("NETEX_TOKEN is not set") && fix.contains("upstreams.netex"),
        "{detail} {fix}"
    );

    // No name server is asked for a label of more than 63 octets (RFC 1035 §2.3.4).
    let host = format!("{}.invalid", "x".repeat(64));
    let unheard = good.replace(&format!("http://{netex}"), &format!("https://{host}"));
    let report = case(&unheard, &ENV);
    let (step, detail, fix) = failed(&report, "netex");
    assert_eq!(step, "dns", "{detail}");
    assert!(fix.contains(&host), "{fix}");
    assert!(
        steps(&report, "ispring")
            .iter()
            .all(|(_, verdict, ..)| verdict != "failed")
    );

    let (step, detail, fix) = failed(&case(&good.replace(&netex, &elsewhere), &ENV), "netex");
    assert_eq!(step, "connect");
    assert!(
        detail.contains(&elsewhere) && detail.contains("refused") && fix.contains("base_url"),
        "{detail} {fix}"
    );

    let wrong = [ENV[0], ENV[1], ("ISPRING_CLIENT_SECRET", "wrong-secret-77")];
    let (step, detail, fix) = failed(&case(&good, &wrong), "ispring");
    assert_eq!(step, "token");
    assert!(
        detail.contains("credentials-rejected") && fix.contains("client_secret"),
        "{detail} {fix}"
    );

    let wrong = [("NETEX_TOKEN", "wrong-secret-77"), ENV[1], ENV[2]];
    let (step, detail, fix) = failed(&case(&good, &wrong), "netex");
    assert_eq!(step, "read");
    assert!(
        detail.contains("listRooms: upstream-credentials-rejected")
            && fix.contains("upstreams.netex.auth"),
        "{detail} {fix}"
    );

    for (kind, code, word) in [
        (FaultKind::status(403), "upstream-access-denied", "grant"),
        (
            FaultKind::Html { status: 200 },
            "upstream-contract-violation",
            "base_url",
        ),
        (FaultKind::status(500), "upstream-error", "Ask the vendor"),
        (FaultKind::status(404), "upstream-error", "healthy"),
    ] {
        gateway
            .sandbox
            .add_fault(Fault::every("netex.list", When::Before, kind));
        let (step, detail, fix) = failed(&case(&good, &ENV), "netex");
        gateway.sandbox.clear_faults();
        assert_eq!(step, "read", "{detail}");
        assert!(
            detail.contains(code) && fix.contains(word),
            "{detail} {fix}"
        );
    }
    let text = check(CONTRACT, &good, &wrong, "text");
    assert_eq!(text.status.code(), Some(1));
    let text = String::from_utf8(text.stdout).expect("text");
    assert!(
        text.contains("FAILED")
            && text.contains("Fix: ")
            && text.contains("1 of 2 vendors cannot be used"),
        "{text}"
    );
}

#[test]
fn a_vendor_that_says_nothing_is_waited_for_no_longer_than_the_deadline() {
    let vendor = Vendor::start();
    vendor.always(Scripted::Silence);
    let settings = format!("deadline: 1s\n{}", vendor.settings(&["netex", "ispring"]));
    let output = check(CONTRACT, &settings, &[("VENDOR_TOKEN", NETEX)], "json");
    let report = report(&output, 1);
    for name in ["netex", "ispring"] {
        let (step, detail, _) = failed(&report, name);
        assert_eq!(step, "read");
        assert!(detail.contains("upstream-timeout"), "{detail}");
    }
}

#[test]
fn tls_that_is_not_good_is_told_with_its_reason() {
    let vendor = Vendor::start();
    vendor.always(Scripted::json(200, "[]"));
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, ours.pem()).expect("it is written");
    let settings = |port: u16| {
        let plain = vendor.settings(&["netex", "ispring"]);
        plain.replacen(
            &format!("base_url: http://{}\n", vendor.address),
            &format!(
                "base_url: https://localhost:{port}\n    ca_file: {}\n",
                ca.display()
            ),
            1,
        )
    };
    let good = Door::before(vendor.address, &ours.issue(&["localhost"], Life::Now));
    let output = check(
        CONTRACT,
        &settings(good.port),
        &[("VENDOR_TOKEN", NETEX)],
        "json",
    );
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let tls = steps(&found, "netex")
        .into_iter()
        .find(|step| step.0 == "tls")
        .expect("a step");
    assert_eq!(
        (tls.1.as_str(), tls.2.contains("ca_file")),
        ("ok", true),
        "{tls:?}"
    );
    for (identity, sentence, word) in [
        (
            theirs.issue(&["localhost"], Life::Now),
            "not trusted",
            "ca_file",
        ),
        (
            ours.issue(&["elsewhere.example"], Life::Now),
            "another host name",
            "base_url",
        ),
        (
            ours.issue(&["localhost"], Life::Over),
            "has expired",
            "clock",
        ),
        (
            ours.issue(&["localhost"], Life::NotYet),
            "not valid yet",
            "clock",
        ),
    ] {
        let door = Door::before(vendor.address, &identity);
        let output = check(
            CONTRACT,
            &settings(door.port),
            &[("VENDOR_TOKEN", NETEX)],
            "json",
        );
        let (step, detail, fix) = failed(&report(&output, 1), "netex");
        assert_eq!(step, "tls", "{detail}");
        assert!(
            detail.contains(sentence) && fix.contains(word),
            "{detail} {fix}"
        );
    }
    let plain = Door::plain();
    let output = check(
        CONTRACT,
        &settings(plain.port),
        &[("VENDOR_TOKEN", NETEX)],
        "json",
    );
    let (step, detail, _) = failed(&report(&output, 1), "netex");
    assert_eq!(step, "tls", "{detail}");
}

#[test]
fn without_a_probe_the_sign_in_is_all_and_a_broken_configuration_tries_nobody() {
    let gateway = sandboxed();
    let from = CONTRACT
        .find("    probe: {operation: listRooms")
        .expect("the probe");
    let end = from + CONTRACT[from..].find('\n').expect("a line") + 1;
    let without = format!("{}{}", &CONTRACT[..from], &CONTRACT[end..]);
    let output = check(&without, &settings(&gateway), &ENV, "json");
    let steps = steps(&report(&output, 0), "netex");
    let (_, verdict, detail, _) = steps.last().expect("the read");
    assert_eq!(
        (verdict.as_str(), detail.contains("x-vendors.netex.probe")),
        ("skipped", true)
    );
    let before = gateway.sandbox.ledger().len();
    let broken = format!("listne: 1\n{}", settings(&gateway));
    let output = check(CONTRACT, &broken, &ENV, "json");
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["errors"][0]["code"], "unknown-key");
    assert_eq!(gateway.sandbox.ledger().len(), before, "nobody was called");
}
