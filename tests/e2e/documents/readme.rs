//! The README and the tour, typed as they stand there: each answer is the one that they show.

use std::net::SocketAddr;

use super::typed::{Shown, ask, compare, typed, words};
use crate::support::Gateway;
use crate::support::gateway::command;

const README: &str = include_str!("../../../README.md");
const START: &str = include_str!("../../../docs/getting-started.md");
const TOUR: &str = include_str!("../../../docs/tour.md");

/// Types the commands, in order, right after the start of a demo.
fn type_all(commands: &[Shown<'_>]) {
    let demo = Gateway::demo();
    let log = demo.log();
    let control = log
        .split("switches on http://")
        .nth(1)
        .and_then(|rest| rest.split(".\n").next());
    let control: SocketAddr = control
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("no address: {log}"));
    let address = |host: &str| match host {
        "localhost:8080" => demo.api,
        "localhost:9464" => demo.admin,
        "localhost:9465" => control,
        other => panic!("the demo does not listen on {other}"),
    };
    for shown in commands {
        let line = shown.command.split(" | ").next().unwrap_or_default();
        let (answer, head) = ask(line, &address);
        compare(shown, &answer, head);
    }
}

#[test]
fn the_tour_is_true() {
    let tour = typed(TOUR);
    assert!(tour.len() >= 20, "the tour was found: {}", tour.len());
    type_all(&tour);
}

#[test]
fn the_readme_is_true() {
    let commands = typed(README);
    assert!(!commands.is_empty());
    type_all(&commands);
}

#[test]
fn getting_started_is_true() {
    let commands = typed(START);
    assert_eq!(commands.len(), 2);
    type_all(&commands);
    // What the examples print is what a judge holds them to.
    assert!(START.contains(include_str!("../../../judges/calls/expected.txt")));
}

#[test]
fn the_settings_of_getting_started_load_and_explain_a_call() {
    let block = START
        .split("```yaml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the settings");
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let read = |name: &str| std::fs::read_to_string(format!("{ROOT}/config/{name}")).unwrap();
    std::fs::write(config.join("contract.yaml"), read("contract.yaml")).unwrap();
    let own = read("gateway.yaml").replacen("listen: 127.0.0.1:8080\n", block, 1);
    std::fs::write(config.join("mine.yaml"), own).unwrap();
    let shown = START
        .lines()
        .filter_map(|line| line.strip_prefix("target/release/lms-gateway "));
    let mut ran = 0;
    for line in shown.filter(|line| !line.starts_with("serve")) {
        let run = command()
            .current_dir(folder.path())
            .args(words(line))
            .output()
            .unwrap();
        assert!(run.status.success(), "{line}: {run:?}");
        ran += 1;
    }
    assert_eq!(ran, 2);
}

#[test]
fn the_example_of_the_demo_is_the_one_on_the_page() {
    let demo = Gateway::demo();
    let block = README
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the first block");
    let log = demo.log();
    for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
        assert!(
            log.contains(line),
            "the demo does not print {line:?}: {log}"
        );
    }
}

/// The root of the repository, where the pages' commands are typed.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// What stands on the tour below a command of the gateway's, as far as the next command.
fn below(start: &str) -> (&'static str, &'static str) {
    let from = TOUR
        .find(start)
        .unwrap_or_else(|| panic!("the tour lacks {start}"));
    let (line, rest) = TOUR[from..].split_once('\n').expect("an answer");
    let ends = [rest.find("\n$ "), rest.find("\n```")];
    let end = ends.into_iter().flatten().min().expect("the fence ends");
    (line, &rest[..end])
}

#[test]
fn explain_prints_what_the_tour_shows() {
    let (line, shown) = below("$ lms-gateway explain createRoom");
    let body = line
        .split("<<< '")
        .nth(1)
        .and_then(|rest| rest.strip_suffix('\''));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), body.expect("a body")).unwrap();
    let output = command()
        .current_dir(ROOT)
        .args(["explain", "createRoom", "--body"])
        .arg(file.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim_end(), shown);
}

#[test]
fn serve_asks_for_its_secrets_as_the_tour_shows() {
    let (_, shown) = below("$ lms-gateway serve");
    let output = command().current_dir(ROOT).arg("serve").output().unwrap();
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end(), shown);
}

#[test]
fn a_broken_contract_is_told_as_the_tour_shows() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let read = |name: &str| std::fs::read_to_string(format!("{ROOT}/config/{name}")).unwrap();
    std::fs::write(config.join("gateway.yaml"), read("gateway.yaml")).unwrap();
    let broken = read("contract.yaml")
        .replacen("needs: [/type,", "neds: [/type,", 1)
        .replacen("location: getRoom}", "location: getRom}", 1)
        .replacen("        ROO004: room-reserved\n", "", 1);
    std::fs::write(config.join("contract.yaml"), broken).unwrap();
    let output = command()
        .current_dir(folder.path())
        .arg("check")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("3 errors"), "{told}");
    assert!(
        TOUR.contains(told.trim_end()),
        "the tour does not show: {told}"
    );
}
