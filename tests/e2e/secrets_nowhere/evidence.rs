//! What is kept of requests that failed, as it is read, printed and run again.

use std::path::PathBuf;

use super::Lab;
use super::outputs::run;
use crate::support::eventually;

/// Each record, what the commands make of it, and what vendors' answers held beyond the contract.
pub fn all(lab: &Lab) -> Vec<(String, String)> {
    let list = eventually("records", || {
        let list = lab.gateway.admin_get("/evidence").json();
        match list["records"].as_array() {
            Some(records) if records.len() > 5 => Ok(records.clone()),
            _ => Err(list),
        }
    });
    let mut outputs = vec![
        ("/drift".to_owned(), lab.gateway.admin_get("/drift").text()),
        run(lab, &["evidence", "list"]),
        run(lab, &["drift"]),
    ];
    let mut last = PathBuf::new();
    for record in &list {
        let id = record["trace_id"].as_str().expect("an id");
        let text = lab.gateway.admin_get(&format!("/evidence/{id}")).text();
        last = lab.gateway.folder().join("record.json");
        std::fs::write(&last, &text).expect("it is written");
        outputs.push((format!("the record {record}"), text));
    }
    outputs.push(run(lab, &["replay", &last.to_string_lossy()]));
    outputs
}
