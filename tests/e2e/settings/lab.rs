//! `check` on files of a test.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::gateway::{CONTRACT, command};

pub const GOOD: &str = "upstreams:
  netex:
    base_url: https://netex.example
    auth: {kind: header, name: X-Auth-Token, value: {env: NETEX_TOKEN}}
  ispring:
    base_url: https://ispring.example
    auth: {kind: oauth2_client_credentials, token_path: /t, client_id: {env: ISPRING_CLIENT_ID}, client_secret: {env: ISPRING_CLIENT_SECRET}}
";

pub fn check(settings: &str, contract: &str, arguments: &[&str]) -> (Output, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("gateway.yaml"), settings).expect("writable");
    std::fs::write(folder.path().join("contract.yaml"), contract).expect("writable");
    (check_in(folder.path(), arguments), folder)
}

/// `check` of the files that lie in a folder.
pub fn check_in(folder: &Path, arguments: &[&str]) -> Output {
    command()
        .args(["check", "--config", "gateway.yaml"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("it runs")
}

/// The findings as `(file, code, line)`, and the text of standard error of a second run.
pub fn findings(settings: &str, contract: &str) -> (Vec<(String, String, Option<u64>)>, String) {
    let (json, _) = check(settings, contract, &["--format", "json"]);
    assert_eq!(json.status.code(), Some(1), "{json:?}");
    let report: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let errors = report["errors"].as_array().expect("errors");
    let found = errors.iter().map(|error| {
        for member in ["code", "message", "file", "help"] {
            assert!(error[member].is_string(), "{error}");
        }
        for member in ["line", "column"] {
            assert!(error[member].is_u64(), "{error}");
        }
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (text("file"), text("code"), error["line"].as_u64())
    });
    let (text, _) = check(settings, contract, &[]);
    assert_eq!(text.status.code(), Some(1));
    assert_eq!(text.stdout, b"", "findings go to standard error");
    (
        found.collect(),
        String::from_utf8(text.stderr).expect("UTF-8"),
    )
}

/// The codes that settings cause; the contract is good.
pub fn codes(settings: &str) -> Vec<String> {
    findings(settings, CONTRACT)
        .0
        .into_iter()
        .map(|(_, code, _)| code)
        .collect()
}
