//! `LMS_GATEWAY__SECTION__KEY`: single settings by environment, for every command alike; and `config print`,
//! which says what holds and why.

use std::process::Output;

use serde_json::Value;

use super::lab::GOOD;
use crate::support::gateway::{CONTRACT, Setup, command};
use crate::support::{Scripted, Vendor};

const CANARY: &str = "canary-5be1";

fn run(settings: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("gateway.yaml"), settings).expect("writable");
    std::fs::write(folder.path().join("contract.yaml"), CONTRACT).expect("writable");
    command()
        .args(arguments)
        .args(["--config", "gateway.yaml"])
        .current_dir(folder.path())
        .envs(variables.iter().copied())
        .output()
        .expect("it runs")
}

/// What `config print` says of each key.
fn printed(settings: &str, variables: &[(&str, &str)]) -> Vec<Value> {
    let output = run(
        settings,
        &["config", "print", "--format", "json"],
        variables,
    );
    assert!(output.status.success(), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    document["settings"].as_array().expect("rows").clone()
}

fn row<'r>(rows: &'r [Value], key: &str) -> &'r Value {
    let found = rows.iter().find(|row| row["key"] == key);
    found.unwrap_or_else(|| panic!("no {key}: {rows:?}"))
}

#[test]
fn config_print_says_what_holds_and_where_it_comes_from() {
    let settings = format!("deadline: 3s\n{GOOD}").replace("netex:", "my-netex:");
    let rows = printed(
        &settings,
        &[
            ("LMS_GATEWAY__LIMITS__BODY", "2MiB"),
            ("LMS_GATEWAY__LIMITS__ANSWER_VALUES", "7"),
            ("LMS_GATEWAY__CACHE__ENABLED", "false"),
            ("LMS_GATEWAY__UPSTREAMS__MY_NETEX__QUEUE__WAIT", "5s"),
            ("LMS_GATEWAY__UPSTREAMS__ISPRING__AUTH__SCHEME", ""),
            ("LMS_GATEWAY__UPSTREAMS__ISPRING__AUTH__SCOPE", "a b"),
        ],
    );
    let deadline = row(&rows, "deadline");
    assert_eq!(deadline["value"], "3s");
    assert_eq!(deadline["from"], "file");
    assert_eq!(
        (&deadline["file"], &deadline["line"]),
        (&"gateway.yaml".into(), &1.into())
    );
    for (key, value) in [
        ("limits.body", Value::from("2MiB")),
        ("limits.answer_values", 7.into()),
        ("cache.enabled", false.into()),
        ("upstreams.my-netex.queue.wait", "5s".into()),
        ("upstreams.ispring.auth.scheme", "".into()),
        ("upstreams.ispring.auth.scope", "a b".into()),
    ] {
        let row = row(&rows, key);
        assert_eq!(row["value"], value, "{row}");
        assert_eq!(row["from"], "environment", "{row}");
        assert!(
            row["variable"]
                .as_str()
                .is_some_and(|name| name.starts_with("LMS_GATEWAY__"))
        );
    }
    for (key, value) in [
        ("listen", Value::from("127.0.0.1:8080")),
        ("upstreams.my-netex.ca_file", Value::Null),
        ("upstreams.ispring.queue.wait", "1s".into()),
        ("drain.delay", "1s".into()),
        ("callers", Value::Null),
    ] {
        let row = row(&rows, key);
        assert_eq!(
            (&row["value"], &row["from"]),
            (&value, &"default".into()),
            "{row}"
        );
    }
    assert!(
        row(&rows, "threads")["value"].is_u64(),
        "the number that was chosen"
    );
}

#[test]
fn config_print_shows_no_secret() {
    let settings = GOOD.replace(
        "    auth: {kind: header, name: X-Auth-Token, value: {env: NETEX_TOKEN}}",
        &format!(
            "    headers: {{Accept: text/xml, X-Account: {CANARY}, User-Agent: 'https://me:{CANARY}@a.example/x'}}\n    auth: {{kind: headers, headers: {{X-Email: {CANARY}, X-Key: {{env: NETEX_TOKEN}}}}}}"
        ),
    );
    let variables = [("NETEX_TOKEN", CANARY), ("ISPRING_CLIENT_SECRET", CANARY)];
    let rows = printed(&settings, &variables);
    for key in [
        "upstreams.netex.headers.X-Account",
        "upstreams.netex.auth.headers.X-Email",
        "upstreams.netex.auth.headers.X-Key",
        "upstreams.ispring.auth.client_secret",
    ] {
        assert_eq!(row(&rows, key)["value"], "***", "{key}");
    }
    assert_eq!(
        row(&rows, "upstreams.netex.headers.Accept")["value"],
        "text/xml"
    );
    let agent = &row(&rows, "upstreams.netex.headers.User-Agent")["value"];
    assert_eq!(agent, "https://***@a.example/x");
    let kept = &row(&rows, "upstreams.ispring.auth.client_secret")["kept"];
    assert_eq!(*kept, serde_json::json!({"env": "ISPRING_CLIENT_SECRET"}));
    let text = run(&settings, &["config", "print"], &variables);
    assert!(text.status.success(), "{text:?}");
    let text = String::from_utf8(text.stdout).expect("UTF-8");
    assert!(text.contains("*** {env: NETEX_TOKEN}"), "{text}");
    for all in [text, format!("{rows:?}")] {
        assert!(!all.contains(CANARY), "{all}");
    }
}

#[test]
fn a_wrong_override_names_the_variable_and_hides_its_value() {
    let settings = format!(
        "callers: [{{name: a, key: {{env: KEY}}}}]\n{}",
        GOOD.replace("  ispring:", "  my-v: {base_url: 'https://a.example', auth: {kind: none}}\n  my_v: {base_url: 'https://a.example', auth: {kind: none}}\n  ispring:")
    );
    for (variable, value, code, help) in [
        (
            "LMS_GATEWAY__DEADLIN",
            CANARY,
            "unknown-override",
            "LMS_GATEWAY__DEADLINE",
        ),
        (
            "lms_gateway__deadline",
            CANARY,
            "unknown-override",
            "LMS_GATEWAY__DEADLINE",
        ),
        (
            "LMS_GATEWAY__LIMITS",
            CANARY,
            "unknown-override",
            "LMS_GATEWAY__LIMITS__REQUEST_TARGET",
        ),
        (
            "LMS_GATEWAY__LIMITS__BDY",
            CANARY,
            "unknown-override",
            "LMS_GATEWAY__LIMITS__BODY",
        ),
        (
            "LMS_GATEWAY__UPSTREAMS__NETX__QUEUE__WAIT",
            CANARY,
            "unknown-override",
            "NETEX__QUEUE__WAIT",
        ),
        (
            "LMS_GATEWAY__UPSTREAMS__OTHER__BASE_URL",
            CANARY,
            "unknown-override",
            "must stand in the settings file",
        ),
        (
            "LMS_GATEWAY__UPSTREAMS__MY_V__BASE_URL",
            CANARY,
            "ambiguous-override",
            "in the settings file",
        ),
        (
            "LMS_GATEWAY__UPSTREAMS__NETEX__AUTH__VALUE",
            CANARY,
            "secret-override",
            "{env: NAME}",
        ),
        (
            "LMS_GATEWAY__UPSTREAMS__NETEX__AUTH__VALUE__ENV",
            CANARY,
            "secret-override",
            "{file: PATH}",
        ),
        (
            "LMS_GATEWAY__UPSTREAMS__ISPRING__AUTH__CLIENT_ID",
            CANARY,
            "secret-override",
            "{env: NAME}",
        ),
        (
            "LMS_GATEWAY__CALLERS__0__KEY",
            CANARY,
            "list-override",
            "in the settings file",
        ),
        (
            "LMS_GATEWAY__CALLERS",
            CANARY,
            "list-override",
            "in the settings file",
        ),
        ("LMS_GATEWAY__DEADLINE", "5", "wrong-type", "10s"),
        (
            "LMS_GATEWAY__THREADS",
            "many",
            "wrong-type",
            "a whole number from 1 to 1024",
        ),
        (
            "LMS_GATEWAY__LISTEN",
            "localhost:1",
            "bad-address",
            "IP:PORT",
        ),
        (
            "LMS_GATEWAY__LISTEN",
            "127.0.0.1:9464",
            "same-address",
            "address of its own",
        ),
        ("LMS_GATEWAY__LOG__LEVEL", "inof", "bad-level", "`info`"),
        (
            "LMS_GATEWAY__CONTRACT",
            "missing.yaml",
            "unreadable-file",
            "under `contract`",
        ),
        (
            "LMS_GATEWAY__UPSTREAMS__NETEX__AUTH__SCOPE",
            "a",
            "unknown-key",
            "Known keys here",
        ),
    ] {
        let variables = [(variable, value)];
        let output = run(&settings, &["check", "--format", "json"], &variables);
        assert_eq!(output.status.code(), Some(1), "{variable}: {output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let errors = report["errors"].as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{variable}: {report}");
        assert_eq!(errors[0]["code"], code, "{report}");
        assert_eq!(errors[0]["file"], variable, "{report}");
        let told = errors[0]["help"].as_str().expect("a help");
        assert!(told.contains(help), "{variable}: {told}");
        let text = run(&settings, &["config", "print"], &variables);
        if variable != "LMS_GATEWAY__CONTRACT" {
            let text = String::from_utf8(text.stderr).expect("UTF-8");
            assert!(text.contains(&format!("--> {variable}:1:1")), "{text}");
            assert!(!text.contains(CANARY), "{text}");
        }
        assert!(!report.to_string().contains(CANARY), "{report}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_those_of_variables_too() {
    let settings = format!("deadlin: 1s\n{GOOD}");
    let variables = [
        ("LMS_GATEWAY__THREADS", "0"),
        ("LMS_GATEWAY__DRAIN__LIMIT", "0s"),
    ];
    for arguments in [
        &["check"] as &[&str],
        &["serve"],
        &["routes"],
        &["config", "print"],
    ] {
        let output = run(&settings, arguments, &variables);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        for part in [
            "--> gateway.yaml:1:1",
            "--> LMS_GATEWAY__DRAIN__LIMIT:1:1",
            "1 | 0s\n  | ^^\n",
            "--> LMS_GATEWAY__THREADS:1:1",
            "3 errors",
        ] {
            assert!(text.contains(part), "no {part:?}: {text}");
        }
    }
}

#[test]
fn an_override_holds_for_a_running_gateway_and_outlives_a_reload() {
    let vendor = Vendor::start();
    vendor.always(Scripted::json(
        200,
        r#"{"id":1,"external_id":"a","name":"A"}"#,
    ));
    let settings = vendor.settings(&["netex", "ispring"]);
    let gateway = Setup::new(format!("limits: {{body: 1MiB}}\n{settings}"))
        .env("VENDOR_TOKEN", "vendor-token")
        .env("LMS_GATEWAY__LIMITS__BODY", "1KiB")
        .start();
    let large = format!(r#"{{"name":"{}"}}"#, "a".repeat(2_000));
    let refused = || {
        gateway
            .send_json("POST", "/v1/rooms", &large)
            .problem()
            .to_owned()
    };
    assert_eq!(refused(), "content-too-large");
    let file = gateway.folder().join("gateway.yaml");
    let text = std::fs::read_to_string(&file).expect("it was written");
    std::fs::write(&file, text.replace("1MiB", "2MiB")).expect("writable");
    gateway.signal("HUP");
    gateway.wait_for_log("\"message\":\"reloaded\"");
    assert_eq!(refused(), "content-too-large");
}
