use std::path::Path;

use serde_json::Value;

use super::lab::{GOOD, check, check_in, codes, findings};
use crate::support::gateway::{CONTRACT, command};

#[test]
fn the_configuration_of_the_repository_is_good_and_needs_no_secrets() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for format in ["text", "json"] {
        let output = command()
            .args([
                "check",
                "--config",
                "config/gateway.yaml",
                "--format",
                format,
            ])
            .current_dir(&root)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("upsertRoomByExternalId"), "{text}");
        assert!(text.contains("digest"), "{text}");
        if format == "json" {
            let report: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(report["errors"], serde_json::json!([]));
            assert_eq!(report["operations"].as_array().map(Vec::len), Some(12));
        }
    }
}

#[test]
fn one_run_lists_the_mistakes_of_both_files() {
    let settings = "listen: 0.0.0.0:8080
admin: nonsense
deadlin: 5s
limits: {body: 12}
upstreams:
  netex:
    base_url: http://netex.example
    auth: {kind: header, name: X-Auth-Token, value: in-the-open}
  isprin:
    base_url: https://ispring.example
    auth: {kind: oauth, token_path: /t}
";
    let contract = CONTRACT
        .replacen("encoding: form", "ecnoding: form", 1)
        .replacen("paths:", "pathz: {}\npaths:", 1);
    let (found, text) = findings(settings, &contract);
    let expected = [
        ("gateway.yaml", "open-listener", 1),
        ("gateway.yaml", "bad-address", 2),
        ("gateway.yaml", "unknown-key", 3),
        ("gateway.yaml", "wrong-type", 4),
        ("gateway.yaml", "bad-base-url", 7),
        ("gateway.yaml", "secret-in-the-open", 8),
        ("gateway.yaml", "unknown-auth", 11),
    ];
    for (file, code, line) in expected {
        let wanted = (file.to_owned(), code.to_owned(), Some(line));
        assert!(found.contains(&wanted), "no {wanted:?} in {found:?}");
        assert!(text.contains(&format!("error[{code}]")), "{text}");
    }
    assert!(
        found
            .iter()
            .any(|(file, code, _)| file == "contract.yaml" && code == "unknown-keyword"),
        "{found:?}"
    );
    for part in [
        "--> gateway.yaml:3:1",
        "= help: Did you mean `deadline`?",
        "^^^^^^^",
        "did you mean `encoding`",
    ] {
        assert!(text.contains(part), "no {part:?}: {text}");
    }
    assert!(
        text.ends_with(&format!("{} errors\n", found.len())),
        "{text}"
    );
}

#[test]
fn a_contract_and_its_settings_must_know_the_same_vendors() {
    let without = GOOD.split("  ispring:").next().expect("a half").to_owned();
    let (found, text) = findings(&without, CONTRACT);
    assert_eq!(
        found,
        [(
            "gateway.yaml".to_owned(),
            "missing-upstream".to_owned(),
            Some(1)
        )]
    );
    assert!(text.contains("`ispring`"), "{text}");
    assert_eq!(
        codes(&format!("deadlin: 1s\n{without}")),
        ["unknown-key", "missing-upstream"],
        "beside other mistakes"
    );
    let more =
        format!("{GOOD}  other:\n    base_url: https://other.example\n    auth: {{kind: none}}\n");
    let (output, _) = check(&more, CONTRACT, &[]);
    assert!(output.status.success());
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("warning: `upstreams.other`"),
        "{output:?}"
    );
}

#[test]
fn what_is_not_yaml_or_not_there_is_told() {
    for settings in [
        "a: [",
        "a: 1\na: 2\n",
        "- a\n",
        "",
        "a: &x 1\nb: *x\n",
        "\tx: 1\n",
        "a: \"\\uD800\"\n",
    ] {
        let (output, _) = check(settings, CONTRACT, &[]);
        assert_eq!(output.status.code(), Some(1), "{settings:?}: {output:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("error"),
            "{settings:?}"
        );
    }
    let output = command()
        .args(["check", "--config", "nowhere/gateway.yaml"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("nowhere/gateway.yaml"),
        "{output:?}"
    );
}

#[test]
fn a_contract_that_cannot_be_read_is_told_where_the_settings_name_it() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("latin.yaml"), b"a: \xf1\n").expect("writable");
    std::fs::write(folder.path().join("empty.yaml"), b"\n").expect("writable");
    let places = [
        (
            "contract: missing.yaml\n",
            "missing.yaml cannot be read",
            11,
        ),
        ("contract: latin.yaml\n", "latin.yaml is not UTF-8 text", 11),
        ("contract: empty.yaml\n", "empty.yaml is empty", 11),
        ("", "contract.yaml cannot be read", 1),
    ];
    for (key, message, column) in places {
        std::fs::write(
            folder.path().join("gateway.yaml"),
            format!("{key}deadlin: 1s\n{GOOD}"),
        )
        .expect("writable");
        let run = |arguments: &[&str]| {
            let output = check_in(folder.path(), arguments);
            assert_eq!(output.status.code(), Some(1), "{output:?}");
            output
        };
        let report: Value =
            serde_json::from_slice(&run(&["--format", "json"]).stdout).expect("JSON");
        let errors = report["errors"].as_array().expect("errors");
        let found = errors.iter().find(|one| one["code"] == "unreadable-file");
        let found = found.unwrap_or_else(|| panic!("{report}"));
        assert_eq!(found["file"], "gateway.yaml", "{report}");
        assert_eq!(found["line"], 1, "{report}");
        assert_eq!(found["column"], column, "{report}");
        assert!(found["help"].is_string(), "{report}");
        assert!(
            found["message"]
                .as_str()
                .is_some_and(|text| text.contains(message)),
            "{report}"
        );
        assert_eq!(errors.len(), 2, "beside other mistakes: {report}");
        let output = run(&[]);
        let text = String::from_utf8_lossy(&output.stderr);
        for part in [
            "error[unreadable-file]".to_owned(),
            format!("--> gateway.yaml:1:{column}"),
            message.to_owned(),
        ] {
            assert!(text.contains(&part), "no {part:?}: {text}");
        }
    }
}

#[test]
fn what_yaml_alone_refuses_hides_no_other_mistake() {
    let settings = format!("deadline: 1s\ndeadline: 5\nthreads: &t 0\nlissen: *t\n{GOOD}");
    let contract = CONTRACT
        .replacen("paths:", "x-problems: {}\npaths:", 1)
        .replacen("encoding: form", "ecnoding: form", 1);
    let (found, text) = findings(&settings, &contract);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(file, code, _)| (file.as_str(), code.as_str()))
        .collect();
    for wanted in [
        ("gateway.yaml", "duplicate-key"),
        ("gateway.yaml", "yaml-anchor"),
        ("gateway.yaml", "wrong-type"),
        ("gateway.yaml", "unknown-key"),
        ("contract.yaml", "duplicate-key"),
        ("contract.yaml", "unknown-keyword"),
    ] {
        assert!(found.contains(&wanted), "no {wanted:?}: {text}");
    }
    let line = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    assert!(line("gateway.yaml:2:1") < line("gateway.yaml:3:10"));
    assert!(line("gateway.yaml:3:10") < line("gateway.yaml:4:1"));
}

#[test]
fn serve_refuses_what_check_refuses() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("gateway.yaml"),
        format!("deadlin: 1s\n{GOOD}"),
    )
    .expect("writable");
    std::fs::write(
        folder.path().join("contract.yaml"),
        CONTRACT.replace("emit: {status: 201", "emitt: {status: 201"),
    )
    .expect("writable");
    let output = command()
        .args(["serve", "--config", "gateway.yaml"])
        .current_dir(folder.path())
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains("`deadlin`") && text.contains("`emitt`"),
        "{text}"
    );
}
