//! The commands that print: what they say, where they say it, and how they end.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::Sandboxed;
use crate::support::gateway::{command, run};

/// A command in the repository's folder, whose configuration is the default.
fn at_home() -> Command {
    let mut command = command();
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    command
}

fn good(arguments: &[&str]) -> String {
    let output = at_home().args(arguments).output().expect("it runs");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn json(arguments: &[&str]) -> Value {
    let text = good(arguments);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Standard error of a command that must fail.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let help = good(&["--help"]);
    for word in [
        "demo",
        "serve",
        "check",
        "explain",
        "routes",
        "problems",
        "openapi",
        "config",
        "healthcheck",
        "version",
        "completions",
        "Exit codes",
    ] {
        assert!(help.contains(word), "no {word}: {help}");
    }
    for name in [
        "demo",
        "serve",
        "check",
        "explain",
        "routes",
        "problems",
        "openapi",
        "config",
        "healthcheck",
        "version",
        "completions",
    ] {
        assert!(
            good(&[name, "--help"]).contains("Usage: lms-gateway"),
            "{name}"
        );
    }
    assert!(good(&["--version"]).starts_with("lms-gateway "));
}

#[test]
fn version_tells_people_and_programs_what_the_binary_is() {
    let told = json(&["version", "--json"]);
    assert_eq!(told, json(&["version", "--format", "json"]));
    assert_eq!(told["version"], env!("CARGO_PKG_VERSION"));
    let rustc = told["rustc"].as_str().expect("a text");
    assert!(rustc.starts_with("rustc 1."), "{rustc}");
    let target = told["target"].as_str().expect("a text");
    assert!(target.contains(std::env::consts::ARCH), "{target}");
    assert!(told["features"].is_array());
    // A debug build is of a tree that is being changed.
    let known = told["profile"] == "release";
    assert_eq!(told["revision"].is_string(), known, "{told}");
    let text = good(&["version"]);
    assert!(text.starts_with("lms-gateway ") && text.contains(rustc) && text.contains(target));
}

#[test]
fn each_shell_gets_a_script_that_knows_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = good(&["completions", shell]);
        for word in ["lms-gateway", "explain", "healthcheck", "--param"] {
            let word = if shell == "fish" {
                word.trim_start_matches('-')
            } else {
                word
            };
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    let refused = run(&["completions", "tcsh"]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    // Bash itself takes it, and completes.
    let script = good(&["completions", "bash"]);
    let asked = r#"COMP_WORDS=(lms-gateway ver); COMP_CWORD=1; by=$(complete -p lms-gateway); by=${by##*-F }; "${by%% *}" lms-gateway ver lms-gateway; echo "${COMPREPLY[@]}""#;
    let completed = Command::new("bash")
        .args(["--norc", "-c", &format!("{script}\n{asked}")])
        .output()
        .expect("bash runs");
    assert_eq!(
        String::from_utf8_lossy(&completed.stdout).trim(),
        "version",
        "{completed:?}"
    );
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in [
        vec![],
        vec!["nonsense"],
        vec!["check", "--confg", "x"],
        vec!["check", "--format", "xml"],
        vec!["explain"],
        vec!["explain", "getRoom", "--param", "id"],
    ] {
        let output = run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

#[test]
fn routes_lists_each_operation_with_its_vendor_call() {
    let rows = json(&["routes", "--format", "json"]);
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), 12);
    let upsert = rows
        .iter()
        .find(|row| row["operation"] == "upsertRoomByExternalId")
        .expect("a row");
    assert_eq!(upsert["path"], "/v1/rooms/by-external-id/{external_id}");
    assert_eq!(
        upsert["vendor_path"],
        "/admin/rest/administration/api/physicalrooms/externalid/{external_id}"
    );
    let text = good(&["routes"]);
    for row in rows {
        assert!(text.contains(row["operation"].as_str().expect("a name")));
    }
}

#[test]
fn problems_and_openapi_print_what_is_served() {
    let gateway = Sandboxed::start();
    let printed = json(&["problems", "--format", "json"]);
    assert_eq!(gateway.get("/problems").json()["problems"], printed);
    let text = good(&["problems"]);
    for row in printed.as_array().expect("rows") {
        assert!(text.contains(row["code"].as_str().expect("a code")));
    }
    assert_eq!(gateway.get("/openapi.json").json(), json(&["openapi"]));
}

#[test]
fn config_schema_prints_both_schemas_or_one() {
    let both = json(&["config", "schema"]);
    assert_eq!(both["gateway"], json(&["config", "schema", "gateway"]));
    assert_eq!(both["contract"], json(&["config", "schema", "contract"]));
    for schema in ["gateway", "contract"] {
        assert!(jsonschema::meta::is_valid(&both[schema]), "{schema}");
    }
}

#[test]
fn healthcheck_is_readiness_as_an_exit_code() {
    let gateway = Sandboxed::start();
    let file = gateway.folder().join("gateway.yaml");
    let by_file = command()
        .args(["healthcheck", "--config"])
        .arg(&file)
        .output()
        .expect("it runs");
    assert!(by_file.status.success(), "{by_file:?}");
    let admin = gateway.admin.to_string();
    assert!(run(&["healthcheck", "--admin", &admin]).status.success());
    drop(gateway);
    assert!(refused(&run(&["healthcheck", "--admin", &admin])).contains("not ready"));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut child = at_home()
        .args(["openapi"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "",
        "no panic on a broken pipe"
    );
}
