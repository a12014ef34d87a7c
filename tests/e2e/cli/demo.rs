//! `demo`: the whole in one process, without an account.

use crate::support::gateway::{free_port, run};
use crate::support::{Client, Gateway};

#[test]
fn the_demo_runs_its_example_and_ends() {
    let port = || free_port().to_string();
    let ports = [port(), port(), port()];
    let output = run(&[
        "demo",
        "--once",
        "--listen",
        &ports[0],
        "--admin",
        &ports[1],
        "--sandbox",
        &ports[2],
    ]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    for part in [
        "POST /v1/rooms",
        "type=EXTERNAL_PHYSICAL_ROOM&external_id=demo-1&name=Sala+Coru%C3%B1a",
        "HTTP/1.1 201 Created",
        "<request><url>https://google.meet.com</url></request>",
        "HTTP/1.1 200 OK",
        "Try next:",
    ] {
        assert!(text.contains(part), "no {part}: {text}");
    }
}

#[test]
fn the_lines_that_the_demo_suggests_work() {
    let demo = Gateway::demo();
    let log = demo.log();
    let suggested: Vec<&str> = log
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("curl -s "))
        .collect();
    assert!(suggested.len() >= 5, "{log}");
    for line in suggested {
        let url = line
            .split(['#', '|'])
            .next()
            .unwrap_or_default()
            .trim()
            .trim_matches('\'');
        let (address, path) = url
            .trim_start_matches("http://")
            .split_once('/')
            .expect("a path");
        let answer = Client::connect(address.parse().expect("an address")).request(
            "GET",
            &format!("/{path}"),
            &[],
            b"",
        );
        let expected = if line.contains("refused") { 400 } else { 200 };
        assert_eq!(answer.status, expected, "{line}: {answer:?}");
    }
}

#[test]
fn ctrl_c_ends_the_demo_at_once_and_cleanly() {
    let mut demo = Gateway::demo();
    demo.signal("INT");
    assert_eq!(demo.wait(), 0, "{}", demo.log());
    assert!(!demo.log().contains("panicked"), "{}", demo.log());
}
