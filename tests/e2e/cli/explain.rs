//! `explain`: the exact vendor request, sent to nobody.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::Sandboxed;
use crate::support::gateway::command;

/// A command in the repository's folder, whose configuration is the default.
fn at_home() -> Command {
    let mut command = command();
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command
}

/// Standard error of a command that must fail.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn explain_shows_the_request_that_is_then_sent() {
    let gateway = Sandboxed::start();
    let file = gateway.folder().join("gateway.yaml");
    let body =
        r#"{"type":"PHYSICAL_ROOM","external_id":"it's; ñ","name":"a&b + 'c' \"d\" $(x) `y`"}"#;
    let explain = |arguments: &[&str]| {
        let mut child = command()
            .arg("explain")
            .args(arguments)
            .arg("--config")
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        child
            .stdin
            .take()
            .expect("a pipe")
            .write_all(body.as_bytes())
            .expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let shown: Value =
        serde_json::from_str(&explain(&["createRoom", "--body", "-", "--format", "json"]))
            .expect("JSON");
    let text = explain(&["createRoom", "--body", "-"]);
    assert_eq!(gateway.sandbox.ledger(), [], "nothing was sent");

    assert_eq!(gateway.send_json("POST", "/v1/rooms", body).status, 201);
    let sent = gateway.sandbox.ledger().pop().expect("one call");
    assert_eq!(shown["method"], sent.method.as_str());
    assert_eq!(
        shown["url"],
        format!("http://{}{}", gateway.sandbox.netex_addr(), sent.target)
    );
    assert_eq!(
        shown["body"].as_str().map(str::as_bytes),
        Some(sent.body.as_slice())
    );
    let headers = |list: Vec<(String, String)>| {
        let mut list: Vec<_> = list
            .into_iter()
            .map(|(name, value)| {
                let name = name.to_ascii_lowercase();
                let value = if name == "x-auth-token" {
                    "***".to_owned()
                } else {
                    value
                };
                (name, value)
            })
            .collect();
        list.sort();
        list
    };
    let listed = shown["headers"].as_array().expect("headers").iter();
    let text_of = |header: &Value, name: &str| header[name].as_str().expect("text").to_owned();
    assert_eq!(
        headers(
            listed
                .map(|header| (text_of(header, "name"), text_of(header, "value")))
                .collect()
        ),
        headers(sent.headers.clone())
    );

    // The curl line is what a shell makes the same request of.
    let curl = text
        .split("\n\n# raw")
        .next()
        .expect("the first half")
        .lines()
        .skip(1)
        .collect::<Vec<_>>()
        .join("\n");
    let echo = curl.replacen("curl", "printf '%s\\n'", 1);
    let words = Command::new("sh")
        .arg("-c")
        .arg(&echo)
        .output()
        .expect("a shell");
    let words = String::from_utf8(words.stdout).expect("UTF-8");
    let words: Vec<&str> = words.lines().collect();
    assert_eq!(
        words[..3],
        ["--request", "POST", shown["url"].as_str().expect("a URL")]
    );
    assert_eq!(
        words[words.len() - 2..],
        ["--data-binary", shown["body"].as_str().expect("a body")]
    );
    assert!(
        text.contains(&format!("# raw\nPOST {} HTTP/1.1\n", sent.target)),
        "{text}"
    );

    let read = explain(&[
        "getRoomByExternalId",
        "--param",
        "external_id=a;b%c",
        "--format",
        "json",
    ]);
    assert!(read.contains("/externalid/a%3Bb%25c"), "{read}");
    let page = explain(&["listRooms", "--param", "limit=3"]);
    assert!(page.contains("?startIndex=0&count=3"), "{page}");
}

#[test]
fn explain_refuses_what_the_gateway_would_refuse() {
    let run = |arguments: &[&str]| {
        refused(
            &at_home()
                .arg("explain")
                .args(arguments)
                .stdin(Stdio::null())
                .output()
                .expect("it runs"),
        )
    };
    let unknown = run(&["creatRoom"]);
    assert!(unknown.contains("did you mean `createRoom`"), "{unknown}");
    assert!(run(&["getRoom"]).contains("--param id="));
    assert!(run(&["getRoom", "--param", "id=1", "--param", "colour=red"]).contains("`colour`"));
    assert!(run(&["getRoom", "--param", "id=x"]).contains("pattern"));
    let slash = run(&["getRoomByExternalId", "--param", "external_id=a/b"]);
    assert!(
        slash.contains("external_id") && slash.contains("identifier"),
        "{slash}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let body = folder.path().join("body.json");
    std::fs::write(&body, r#"{"type":"ROOM","adress":"x"}"#).expect("writable");
    let violations = run(&["createRoom", "--body", body.to_str().expect("a path")]);
    for part in [
        "/type",
        "/external_id",
        "/name",
        "/adress",
        "did you mean `address`",
    ] {
        assert!(violations.contains(part), "no {part}: {violations}");
    }
    assert!(run(&["createRoom", "--body", "/nowhere"]).contains("cannot be read"));
}
