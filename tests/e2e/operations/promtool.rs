//! Prometheus' own tool over the alerts, and over what the binary exposes.

use std::ffi::OsStr;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::files::{alerts, repository, tests, text, yaml};
use crate::support::Sandboxed;

/// What `promtool` prints; it must say that all is well.
fn promtool<S: AsRef<OsStr>>(arguments: &[S], input: &[u8]) -> String {
    let mut tool = Command::new("promtool")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("promtool cannot be run ({error}): `./dev test` installs it, `apt-get install prometheus` does it by hand")
        });
    let mut stdin = tool.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("promtool reads its input");
    drop(stdin);
    let output = tool.wait_with_output().expect("promtool ends");
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    assert!(output.status.success(), "{}\n{printed}", output.status);
    printed
}

#[test]
fn the_rules_and_the_scrape_configuration_are_valid() {
    let rules = repository("deploy/prometheus/alerts.yaml");
    let printed = promtool(
        &["check".as_ref(), "rules".as_ref(), rules.as_os_str()],
        b"",
    );
    let found = format!("SUCCESS: {} rules found", alerts().len());
    assert!(printed.contains(&found), "{printed}");
    let configuration = repository("deploy/prometheus/prometheus.yaml");
    promtool(
        &[
            "check".as_ref(),
            "config".as_ref(),
            configuration.as_os_str(),
        ],
        b"",
    );
}

#[test]
fn the_alerts_see_what_their_tests_say() {
    let mut arguments = vec!["test".into(), "rules".into()];
    arguments.extend(tests().into_iter().map(Into::into));
    let printed = promtool::<std::ffi::OsString>(&arguments, b"");
    assert_eq!(printed.matches("SUCCESS").count(), tests().len());
}

/// What each alert is tried with; the name of a case says which it is.
const KINDS: [&str; 5] = [
    "first event",
    "resolves",
    "after a restart",
    "one of several replicas",
    "quiet vendor",
];

/// Whether an alert is expected at a time.
fn fires(asked: &Value) -> bool {
    asked["exp_samples"]
        .as_array()
        .is_some_and(|all| !all.is_empty())
}

#[test]
fn every_alert_is_tried_with_every_kind_of_event() {
    let files: Vec<Value> = tests().iter().map(|path| yaml(path)).collect();
    let cases: Vec<&Value> = files
        .iter()
        .flat_map(|file| file["tests"].as_array().expect("tests"))
        .collect();
    for alert in alerts() {
        let alert = text(&alert, "/alert");
        for kind in KINDS {
            let case = cases.iter().find(|case| {
                let name = text(case, "/name").split_once(": ");
                name.is_some_and(|(of, what)| of == alert && what.contains(kind))
            });
            let case = case.unwrap_or_else(|| panic!("{alert} is not tried with {kind:?}"));
            let asked = case["promql_expr_test"].as_array().expect("questions");
            let about = format!("alertname=\"{alert}\"");
            assert!(
                !asked.is_empty() && asked.iter().all(|one| text(one, "/expr").contains(&about)),
                "{alert}, {kind:?}: it asks for something else"
            );
            let ends = asked.last().is_some_and(|one| !fires(one));
            let seen = asked.iter().any(fires);
            assert!(kind != "resolves" || seen && ends, "{alert} does not end");
        }
    }
}

#[test]
fn every_alert_says_how_bad_it_is_and_where_the_runbook_speaks_of_it() {
    let page = include_str!("../../../docs/operations.md");
    for alert in alerts() {
        let name = text(&alert, "/alert");
        let severity = text(&alert, "/labels/severity");
        assert!(
            ["critical", "warning", "info"].contains(&severity),
            "{name}: {severity:?}"
        );
        for key in ["/for", "/annotations/summary", "/annotations/description"] {
            assert!(!text(&alert, key).is_empty(), "{name} lacks {key}");
        }
        let runbook = text(&alert, "/annotations/runbook_url");
        assert_eq!(
            runbook,
            format!("docs/operations.md#{}", name.to_lowercase())
        );
        let section = page
            .split(&format!("\n### {name}\n\n"))
            .nth(1)
            .unwrap_or_else(|| panic!("docs/operations.md has no section {name}"));
        assert!(
            section.to_lowercase().starts_with(severity),
            "docs/operations.md: {name} is {severity}"
        );
    }
}

#[test]
fn the_scrape_is_what_prometheus_wants() {
    let gateway = Sandboxed::start();
    gateway.request("GET", "/v1/rooms", &[], b"");
    promtool(&["check", "metrics"], &gateway.admin_get("/metrics").body);
}
