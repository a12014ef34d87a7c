//! The README and the tour, typed as they stand there: each answer is the one that they show.

use std::net::SocketAddr;

use serde_json::Value;

use crate::support::gateway::command;
use crate::support::{Answer, Client, Gateway};

const README: &str = include_str!("../../../README.md");
const START: &str = include_str!("../../../docs/getting-started.md");
const TOUR: &str = include_str!("../../../docs/tour.md");

/// A command and what the page shows below it.
struct Shown<'r> {
    command: &'r str,
    output: Vec<&'r str>,
}

/// The `curl` lines of the console blocks of a page.
fn typed(page: &'static str) -> Vec<Shown<'static>> {
    let mut shown: Vec<Shown<'_>> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), shown.last_mut()) {
                (Some(command), _) => shown.push(Shown {
                    command,
                    output: Vec::new(),
                }),
                (None, Some(last)) => last.output.push(line),
                (None, None) => panic!("output before a command: {line}"),
            },
        }
    }
    shown.retain(|one| one.command.starts_with("curl "));
    shown
}

/// Words of a shell line without expansions.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("never empty").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What a `curl` line asks, with the ports of this run.
fn ask(line: &str, address: &impl Fn(&str) -> SocketAddr) -> (Answer, bool) {
    let words = words(line);
    let (mut method, mut url, mut body, mut head) = (None, None, None, false);
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-s" => {}
            "-si" => head = true,
            "-X" => method = rest.next().cloned(),
            "--json" => body = rest.next().cloned(),
            other if other.starts_with('-') => panic!("this test does not know {other}: {line}"),
            _ => url = Some(word.clone()),
        }
    }
    let url = url.unwrap_or_else(|| panic!("no URL: {line}"));
    let (host, path) = url
        .split_once('/')
        .unwrap_or_else(|| panic!("no path: {line}"));
    let default = if body.is_some() { "POST" } else { "GET" };
    let method = method.unwrap_or_else(|| default.to_owned());
    let json = [
        ("Content-Type", "application/json"),
        ("Accept", "application/json"),
    ];
    let headers = if body.is_some() { &json[..] } else { &[] };
    let answer = Client::connect(address(host)).request(
        &method,
        &format!("/{path}"),
        headers,
        body.unwrap_or_default().as_bytes(),
    );
    (answer, head)
}

/// JSON without what differs from run to run.
fn settled(text: &str) -> Option<Value> {
    let mut value: Value = serde_json::from_str(text).ok()?;
    if let Some(trace) = value.get_mut("trace_id") {
        *trace = Value::Null;
    }
    Some(value)
}

fn compare(shown: &Shown<'_>, answer: &Answer, head: bool) {
    let what = shown.command;
    let mut lines = shown.output.iter();
    if head && what.contains(" | grep ") {
        for line in lines {
            let found = answer.headers.iter().any(|(_, value)| value.contains(line));
            assert!(found, "{what}: no header has {line:?}: {answer:?}");
        }
        return;
    }
    if head {
        let status = lines
            .next()
            .unwrap_or_else(|| panic!("no status line: {what}"));
        assert!(
            status.starts_with(&format!("HTTP/1.1 {} ", answer.status)),
            "{what}: {answer:?}"
        );
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            let (name, value) = line
                .split_once(": ")
                .unwrap_or_else(|| panic!("{what}: {line}"));
            assert_eq!(answer.header(name), Some(value), "{what}: {name}");
        }
    }
    let expected = lines.copied().collect::<Vec<_>>().join("\n");
    let text = answer.text();
    match (settled(&expected), settled(&text)) {
        (Some(expected), Some(found)) => assert_eq!(found, expected, "{what}"),
        // Cut by a pipe, or text.
        _ => {
            for line in expected.lines() {
                assert!(text.contains(line), "{what}: no {line:?} in {text}");
            }
        }
    }
}

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
