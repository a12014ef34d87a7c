use std::fs;
use std::path::PathBuf;

use contract::{Diagnostic, Plan};

/// The invented library: one document that uses every keyword.
pub const SHELF: &str = include_str!("../documents/shelf.yaml");

/// The second document: JSON, objects inside objects, nulls.
pub const NOTES: &str = include_str!("../documents/notes.yaml");

/// The third: XML and JSON, pages, look-ups, and what only `set` fills.
pub const POST: &str = include_str!("../documents/post.yaml");

/// A file of the repository.
pub fn repository(path: &str) -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The plan of a document that must compile; the findings are the failure's text.
pub fn compiled(name: &str, text: &str) -> Plan {
    contract::compile(text).unwrap_or_else(|findings| panic!("{}", rendered(name, text, &findings)))
}

pub fn rendered(name: &str, text: &str, findings: &[Diagnostic]) -> String {
    findings
        .iter()
        .map(|finding| finding.render(name, text) + "\n")
        .collect()
}
