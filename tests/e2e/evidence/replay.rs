//! A record run again, by the command, without the gateway that wrote it.

use std::io::Write as _;
use std::process::{Output, Stdio};

use sandbox::{FaultKind, When};
use serde_json::Value;

use super::record;
use crate::support::gateway::{CONTRACT, command};
use crate::support::lab::{LOOK_UPS, Plan, WRITES};
use crate::support::{Scripted, Vendor};
use crate::write::ways::{Case, Write};

/// Replays a record under a contract: from standard input, with nothing else to go by.
fn replay(record: &str, contract: &str) -> (Output, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contract.yaml");
    std::fs::write(&file, contract).unwrap();
    let mut child = command()
        .args(["replay", "-", "--format", "json", "--contract"])
        .arg(&file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(record.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output, json)
}

fn assert_same(record: &str) {
    let (output, json) = replay(record, CONTRACT);
    assert_eq!(output.status.code(), Some(0), "{output:?}\n{record}");
    assert_eq!(json["differences"], serde_json::json!([]), "{record}");
}

/// What the vendor does to a write, and to the look-ups after it.
fn troubles() -> Vec<(When, FaultKind, Option<FaultKind>)> {
    let status = |status: u16, code: Option<&str>| FaultKind::Status {
        status,
        body: None,
        content_type: None,
        code: code.map(str::to_owned),
        headers: Default::default(),
    };
    vec![
        (When::After, FaultKind::Close, None),
        (When::Before, FaultKind::Close, Some(FaultKind::Close)),
        (When::Before, status(500, None), None),
        (When::After, status(503, None), Some(status(500, None))),
        (When::Before, status(422, Some("ROO777")), None),
        (
            When::After,
            FaultKind::Html { status: 200 },
            Some(FaultKind::Html { status: 200 }),
        ),
    ]
}

const WAYS: [Write; 8] = [
    Write::Create,
    Write::UpsertCreate,
    Write::ReplaceEmail,
    Write::Upsert,
    Write::UpsertRename,
    Write::Status,
    Write::DeleteByName,
    Write::Link,
];

#[test]
fn every_failed_write_comes_to_the_same_again() {
    let lab = Plan::default()
        .settings("deadline: 2s\nevidence: {}\n")
        .start();
    let mut replayed = 0;
    for (index, (when, of_writes, of_look_ups)) in troubles().into_iter().enumerate() {
        let cases = WAYS.map(|write| {
            let name = match write {
                Write::Link => format!("4728d47a-c96a-11ed-97ec-b6c48b3dc6{index:02}"),
                _ => format!("ev-{index}-{write:?}"),
            };
            Case::prepare(&lab, write, &name)
        });
        lab.break_all(&WRITES, when, |_| of_writes.clone());
        if let Some(kind) = &of_look_ups {
            lab.break_all(&LOOK_UPS, When::Before, |_| kind.clone());
        }
        let records: Vec<String> = std::thread::scope(|scope| {
            let lab = &lab;
            let sent = cases.iter().map(|case| scope.spawn(move || case.send(lab)));
            let sent: Vec<_> = sent.collect();
            let answers = sent.into_iter().map(|one| one.join().unwrap());
            let failed = answers.filter(|answer| {
                matches!(answer.status, 502 | 504) || answer.text().contains("ROO777")
            });
            failed
                .map(|answer| record(&lab.gateway, &answer).1)
                .collect()
        });
        lab.sandbox.clear_faults();
        std::thread::scope(|scope| {
            for record in &records {
                scope.spawn(move || assert_same(record));
            }
        });
        replayed += records.len();
    }
    assert!(replayed > 20, "only {replayed} left a record");
}

#[test]
fn a_read_comes_to_the_same_again() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings.insert_str(0, "evidence: {}\ndeadline: 1s\n");
    let gateway = setup.start();
    let answers = [
        Scripted::json(200, r#"[{"id": "1"}, {"name": "no id"}]"#),
        Scripted::answer(200, &[("Content-Type", "text/html")], "<html>login</html>"),
        Scripted::json(200, "[{"),
        Scripted::Silence,
    ];
    for answer in answers {
        vendor.will(answer);
        let answer = gateway.get("/v1/rooms");
        assert!(matches!(answer.status, 502 | 504), "{answer:?}");
        let (_, text) = record(&gateway, &answer);
        assert_same(&text);
    }
}

#[test]
fn another_contract_shows_another_outcome() {
    let vendor = Vendor::start();
    let mut setup = vendor.setup();
    setup.settings.insert_str(0, "evidence: {}\n");
    let gateway = setup.start();
    vendor.will(Scripted::json(422, r#"{"code": "ROO777"}"#));
    let answer = gateway.send_json("PUT", "/v1/rooms/7/status", r#"{"status": "active"}"#);
    let (_, text) = record(&gateway, &answer);
    assert_same(&text);
    let known = CONTRACT.replace("ROO004, ROO005]", "ROO004, ROO005, ROO777]");
    let mapped = known.replace(
        "        ROO004: room-reserved\n",
        "        ROO004: room-reserved\n        ROO777: room-reserved\n",
    );
    assert_ne!(mapped, known);
    let (output, json) = replay(&text, &mapped);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(json["status"], 409);
    assert_eq!(json["body"]["code"], "room-reserved");
    let differences = json["differences"].as_array().unwrap();
    let at: Vec<&str> = differences
        .iter()
        .map(|one| one["at"].as_str().unwrap())
        .collect();
    assert!(
        at.contains(&"/status") && at.contains(&"/problem/code"),
        "{at:?}"
    );
    // What would be sent differs, too, where the contract names a field otherwise.
    let renamed = CONTRACT.replace("x-name: value}", "x-name: state}");
    let (_, json) = replay(&text, &renamed);
    assert_eq!(json["differences"][0]["at"], "/calls/0/request/body");
    assert_eq!(json["differences"][0]["replayed"], "state=active");
}

#[test]
fn what_is_no_record_is_refused() {
    for (text, word) in [
        ("", "no record"),
        ("{}", "`format`"),
        (
            r#"{"format": "lms-gateway-evidence/9"}"#,
            "lms-gateway-evidence/1",
        ),
        (r#"{"format": "lms-gateway-evidence/1"}"#, "no whole record"),
    ] {
        let (output, _) = replay(text, CONTRACT);
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains(word), "{told}");
    }
}
