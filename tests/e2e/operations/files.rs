//! The alerts of `deploy/prometheus/`, read.

use std::path::{Path, PathBuf};

use contract::yaml::Document;
use serde_json::Value;

/// A file or folder of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// The unit tests of the alerts, by path.
pub fn tests() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(repository("deploy/prometheus/tests"))
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    files.sort();
    files
}

/// A YAML file.
pub fn yaml(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Document::parse(&text)
        .unwrap_or_else(|wrong| panic!("{}: {wrong:?}", path.display()))
        .value
}

/// Every rule of `alerts.yaml`.
pub fn alerts() -> Vec<Value> {
    let file = yaml(&repository("deploy/prometheus/alerts.yaml"));
    let groups = file["groups"].as_array().expect("groups");
    let rules = groups
        .iter()
        .flat_map(|group| group["rules"].as_array().expect("rules").clone());
    rules.collect()
}

/// What a YAML value says, empty where it is no text.
pub fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
