//! What stands on a page to be typed, and whether it is answered as the page says.

use std::net::SocketAddr;

use serde_json::Value;

use crate::support::{Answer, Client};

/// A command and what the page shows below it.
pub struct Shown<'r> {
    pub command: &'r str,
    pub output: Vec<&'r str>,
}

/// The `curl` lines of the console blocks of a page.
pub fn typed(page: &'static str) -> Vec<Shown<'static>> {
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
pub fn words(line: &str) -> Vec<String> {
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
pub fn ask(line: &str, address: &impl Fn(&str) -> SocketAddr) -> (Answer, bool) {
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

pub fn compare(shown: &Shown<'_>, answer: &Answer, head: bool) {
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
