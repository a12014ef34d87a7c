//! Nobody reads what the gateway writes: it serves, and it ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::eventually;
use crate::support::gateway::{CONTRACT, Setup, command, free_port, spawn_demo};
use crate::support::terminal::Terminal;
use crate::support::{Client, Vendor};

/// More than any pipe holds: 64 KiB by default, some 300 bytes a line.
const REQUESTS: usize = 1_500;

pub(super) struct Unread {
    child: Child,
    pub(super) api: std::net::SocketAddr,
    pub(super) admin: std::net::SocketAddr,
    _folder: tempfile::TempDir,
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(log: &str) -> Unread {
    start_into(log, Stdio::piped())
}

/// With an output of the test's own.
pub(super) fn start_into(log: &str, output: Stdio) -> Unread {
    let folder = tempfile::tempdir().expect("a folder");
    let (api, admin) = (free_port(), free_port());
    let settings = Vendor::start().settings(&["netex", "ispring"]);
    let setup = Setup::new(format!(
        "{log}\ndrain: {{delay: 0s, limit: 5s}}\n{settings}"
    ));
    setup.contract(CONTRACT).write(folder.path(), api, admin);
    let child = command()
        .args(["serve", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .env("VENDOR_TOKEN", "vendor-token")
        .stdout(output)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let unread = Unread {
        child,
        api,
        admin,
        _folder: folder,
    };
    eventually("both ports", || {
        Client::try_connect(admin).is_some() && Client::try_connect(api).is_some()
    });
    unread
}

const KEY: (&str, &str) = ("Authorization", "Bearer vendor-token");

/// Each is answered, however many lines there are.
pub(super) fn flood(unread: &Unread) {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut client = Client::connect(unread.api);
                for _ in 0..REQUESTS / 4 {
                    let answer = client.request("GET", "/v1/rooms/no-number", &[KEY], b"");
                    assert_eq!(answer.status, 400, "{answer:?}");
                }
            });
        }
    });
}

pub(super) fn terminate(unread: &mut Unread) {
    let id = unread.child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &id])
        .status();
    assert!(killed.expect("kill runs").success());
    let status = eventually("the end of the process", || {
        unread.child.try_wait().expect("it can be asked")
    });
    assert_eq!(status.code(), Some(0));
}

#[test]
fn requests_are_answered_and_the_process_ends_though_nobody_reads_the_log() {
    for log in [
        "log: {format: json}",
        "log: {format: text}",
        "log: {level: debug}",
    ] {
        let mut unread = start(log);
        flood(&unread);
        let ready = Client::connect(unread.admin).request("GET", "/readyz", &[], b"");
        assert_eq!(ready.status, 200, "{log}");
        terminate(&mut unread);
        // What was written before the pipe was full are whole lines in order.
        let mut text = String::new();
        let mut pipe = unread.child.stdout.take().expect("a pipe");
        pipe.read_to_string(&mut text).expect("text");
        assert!(text.contains("ready"), "{log}: {text}");
    }
}

/// A terminal takes some kilobytes: somebody pressed Ctrl-S, or went away from it.
#[test]
fn a_terminal_that_nobody_reads_holds_up_nobody() {
    for log in ["", "log: {level: debug}"] {
        let terminal = Terminal::open();
        let mut unread = start_into(log, terminal.stdio());
        flood(&unread);
        let ready = Client::connect(unread.admin).request("GET", "/readyz", &[], b"");
        assert_eq!(ready.status, 200, "{log}");
        terminate(&mut unread);
    }
}

#[test]
fn a_terminal_whose_window_was_closed_holds_up_nobody() {
    let terminal = Terminal::open();
    let mut unread = start_into("", terminal.stdio());
    flood(&unread);
    drop(terminal);
    flood(&unread);
    eventually("lost lines are counted", || {
        lost_lines(&unread).ok_or("none")
    });
    terminate(&mut unread);
}

/// What `/metrics` says of lines that nobody got; `None`: none were lost.
pub(super) fn lost_lines(unread: &Unread) -> Option<f64> {
    let metrics = Client::connect(unread.admin).request("GET", "/metrics", &[], b"");
    let text = metrics.text();
    let name = "lms_gateway_log_lines_dropped_total ";
    let count = text.lines().find_map(|line| line.strip_prefix(name));
    let count: f64 = count
        .expect("it stands there from the start")
        .parse()
        .expect("a number");
    (count > 0.0).then_some(count)
}

#[test]
fn the_demo_ends_too() {
    let (api, admin) = (free_port(), free_port());
    let child = spawn_demo(api, admin);
    let mut unread = Unread {
        child,
        api,
        admin,
        _folder: tempfile::tempdir().expect("a folder"),
    };
    eventually("the port", || Client::try_connect(api));
    flood(&unread);
    terminate(&mut unread);
}

/// Somebody comes back to read: what was kept, and how many were not.
#[test]
fn a_reader_who_comes_back_is_told_how_many_lines_are_missing() {
    // A caller's name stands in the line of each of its requests; 8 MiB are kept.
    let mut unread = start(&format!(
        "callers: [{{name: {}, key: {{env: VENDOR_TOKEN}}}}]",
        "a".repeat(8_000)
    ));
    let pipe = unread.child.stdout.take().expect("a pipe");
    flood(&unread);
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let line: Value = serde_json::from_str(&line).expect("each line is whole");
            let _ = tell.send(line);
        }
    });
    let next = || told.recv_timeout(Duration::from_secs(20)).expect("a line");
    let (mut kept, mut dropped, mut notices) = (0, 0, 0);
    while kept + dropped < REQUESTS as u64 {
        let line = next();
        match line["dropped"].as_u64() {
            Some(count) => {
                dropped += count;
                notices += 1;
            }
            None => kept += u64::from(line["target"] == "access"),
        }
    }
    assert!(
        kept > 900 && dropped > 100,
        "{kept} kept, {dropped} dropped"
    );
    // One for all; and the last lines of each of two threads may come when the reader has begun and there is no room yet.
    assert!(notices <= 3, "told of {notices} times");
    let mut client = Client::connect(unread.api);
    assert_eq!(client.request("GET", "/docs", &[], b"").status, 200);
    assert_eq!(next()["operation"], "docs", "it flows on");
    terminate(&mut unread);
    let last: Vec<Value> = told.iter().collect();
    assert_eq!(
        last.last().map(|line| &line["message"]),
        Some(&"drained".into())
    );
}
