//! What `tests/compat` froze keeps loading, and keeps being true. Its README says what to do where it does not.

mod breaks;

use serde_json::Value;

use crate::support::gateway::run;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/compat");
const SERVED: &str = include_str!("../../compat/openapi.json");

/// What a command prints as JSON.
fn printed(arguments: &[&str]) -> Value {
    let output = run(arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn frozen_settings_with_a_frozen_contract_load() {
    let settings = format!("{FOLDER}/gateway.yaml");
    let report = printed(&["check", "--config", &settings, "--format", "json"]);
    assert_eq!(report["errors"], Value::Array(Vec::new()), "{report}");
    // A word that is deprecated since is warned of, and loads.
    let warnings = report["warnings"].as_array().expect("a list");
    let told = |text: &str| {
        let texts = warnings.iter().filter_map(Value::as_str);
        texts.filter(|one| one.contains(text)).count()
    };
    assert_eq!(told("`example` of a schema is deprecated"), 2, "{report}");
}

#[test]
fn the_interface_takes_and_gives_what_it_did() {
    let frozen: Value = serde_json::from_str(SERVED).expect("frozen as JSON");
    let settings = format!("{FOLDER}/../../config/gateway.yaml");
    let served = printed(&["openapi", "--config", &settings]);
    let found = breaks::between(&frozen, &served);
    assert!(
        found.is_empty(),
        "these break callers; tests/compat/README.md says what to do:\n{}",
        found.join("\n")
    );
}
