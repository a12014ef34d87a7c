use serde_json::Value;

use super::lab::{GOOD, check, codes, findings};
use crate::support::gateway::{CONTRACT, command};

#[test]
fn every_key_is_known_or_refused() {
    for (settings, code) in [
        (format!("lissen: 127.0.0.1:1\n{GOOD}"), "unknown-key"),
        (format!("limits: {{bdy: 1KiB}}\n{GOOD}"), "unknown-key"),
        (format!("timeouts: {{heed: 1s}}\n{GOOD}"), "unknown-key"),
        (format!("drain: {{wait: 1s}}\n{GOOD}"), "unknown-key"),
        (format!("log: {{colour: true}}\n{GOOD}"), "unknown-key"),
        (format!("log: {{format: xml}}\n{GOOD}"), "unknown-word"),
        (format!("log: {{level: \"a=b=c\"}}\n{GOOD}"), "bad-level"),
        (format!("log: {{level: inof}}\n{GOOD}"), "bad-level"),
        (format!("log: {{level: \"\"}}\n{GOOD}"), "bad-level"),
        (
            format!("log: {{level: \"info,proxy\"}}\n{GOOD}"),
            "bad-level",
        ),
        (
            format!("log: {{level: \"proxy=inof\"}}\n{GOOD}"),
            "bad-level",
        ),
        (format!("deadline: 5\n{GOOD}"), "wrong-type"),
        (format!("deadline: 0s\n{GOOD}"), "wrong-type"),
        (format!("deadline: -5s\n{GOOD}"), "wrong-type"),
        (format!("threads: 0\n{GOOD}"), "wrong-type"),
        (format!("threads: many\n{GOOD}"), "wrong-type"),
        (format!("limits: {{body: 0B}}\n{GOOD}"), "wrong-type"),
        (format!("listen: 8080\n{GOOD}"), "wrong-type"),
        (format!("listen: localhost:8080\n{GOOD}"), "bad-address"),
        (
            format!("listen: 127.0.0.1:9\nadmin: 127.0.0.1:9\n{GOOD}"),
            "same-address",
        ),
        (
            format!(
                "callers: [{{name: a, key: {{env: A}}}}, {{name: a, key: {{env: B}}}}]\n{GOOD}"
            ),
            "duplicate-caller",
        ),
        (format!("callers: {{a: b}}\n{GOOD}"), "wrong-type"),
        (
            GOOD.replace("token_path: /t", "token_path: https://evil.example/t"),
            "bad-path",
        ),
        (
            GOOD.replace("token_path: /t", "token_path: /t, scheme: \"a b\""),
            "bad-scheme",
        ),
        (
            GOOD.replace("name: X-Auth-Token", "name: \"X Auth\""),
            "bad-header",
        ),
        (
            GOOD.replace("{env: NETEX_TOKEN}", "{env: NETEX_TOKEN, file: /x}"),
            "wrong-type",
        ),
        (
            GOOD.replace("{env: NETEX_TOKEN}", "{envv: NETEX_TOKEN}"),
            "unknown-key",
        ),
        (
            GOOD.replace("kind: header,", "kind: heder,"),
            "unknown-auth",
        ),
        (
            GOOD.replace("{env: NETEX_TOKEN}", "{env: \"\"}"),
            "bad-secret",
        ),
        (
            GOOD.replace("{env: NETEX_TOKEN}", "{env: A=B}"),
            "bad-secret",
        ),
        (
            GOOD.replace("{env: NETEX_TOKEN}", "{file: \"\"}"),
            "bad-secret",
        ),
        (
            GOOD.replace(
                "    auth: {kind: header",
                "    headers: {Accept: a/b, accept: c/d}\n    auth: {kind: header",
            ),
            "duplicate-header",
        ),
        (
            GOOD.replace(
                "{kind: header, name: X-Auth-Token, value: {env: NETEX_TOKEN}}",
                "{kind: headers, headers: {X-Auth: {env: A}, x-auth: {env: B}}}",
            ),
            "duplicate-header",
        ),
        (
            GOOD.replace(
                "    auth: {kind: header, name: X-Auth-Token, value: {env: NETEX_TOKEN}}\n",
                "",
            ),
            "missing-key",
        ),
        (
            GOOD.replace("    base_url: https://netex.example\n", ""),
            "missing-key",
        ),
        ("listen: 127.0.0.1:1\n".to_owned(), "missing-key"),
    ] {
        let found = codes(&settings);
        assert_eq!(found, [code], "{settings}");
    }
    for level in ["off", "WARN", "warn,access=info", "proxy=debug"] {
        let (output, _) = check(
            &format!("log: {{level: \"{level}\"}}\n{GOOD}"),
            CONTRACT,
            &[],
        );
        assert!(output.status.success(), "{level}: {output:?}");
    }
    let near = findings(&GOOD.replace("kind: header,", "kind: heder,"), CONTRACT).1;
    assert!(near.contains("Did you mean `header`"), "{near}");
}

#[test]
fn the_schema_of_the_settings_takes_what_the_reader_takes() {
    let output = command()
        .args(["config", "schema", "gateway"])
        .output()
        .expect("it runs");
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("a schema");
    let valid = |text: &str| {
        let document = contract::yaml::Document::parse(text)
            .unwrap_or_else(|error| panic!("{error:?}: {text}"));
        validator.is_valid(&document.value)
    };
    assert!(valid(GOOD));
    assert!(valid(include_str!("../../../config/gateway.yaml")));
    let all = "listen: 127.0.0.1:1\nadmin: 127.0.0.1:2\ncontract: contract.yaml\ndeadline: 1s\nthreads: 2\nlimits: {request_target: 1KiB, headers: 1KiB, body: 1MiB, form: 1MiB, answer: 1MiB}\n\
        timeouts: {head: 1s, body: 1s, idle: 1m, write: 500ms}\ndrain: {delay: 0s, limit: 1s}\nlog: {format: text, level: debug}\ncallers: [{name: a, key: {file: /x}}]\n";
    let all = format!("{all}{GOOD}");
    assert!(valid(&all));
    let (output, _) = check(&all, CONTRACT, &[]);
    assert!(output.status.success(), "{output:?}");
    for bad in [
        format!("lissen: a\n{GOOD}"),
        format!("deadline: 5\n{GOOD}"),
        GOOD.replace("{env: NETEX_TOKEN}", "open"),
        GOOD.replace("kind: header,", "kind: heder,"),
        "listen: a\n".to_owned(),
    ] {
        assert!(!valid(&bad), "{bad}");
    }
}
