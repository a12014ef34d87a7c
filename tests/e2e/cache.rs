//! The cache: as fast as memory, and never older than an answered write.

mod both_paths;
mod coalescing;
mod http;
mod keys;
mod known_bugs;
mod operator;
mod reload;
mod stale;
mod stress;
mod unknown;
mod your_writes;

use crate::support::Answer;
use crate::support::lab::{Lab, Plan};

/// Everything that is cached stays fresh for longer than any test runs.
const FRESH: &str =
    "{operations: {getRoom: {ttl: 1h}, getRoomByExternalId: {ttl: 1h}, listRooms: {ttl: 1h}}}";

/// A gateway with these `cache` settings.
fn lab(cache: &str) -> Lab {
    Plan::default().settings(&settings(cache)).start()
}

fn settings(cache: &str) -> String {
    format!("deadline: 2s\ncache: {cache}\n")
}

fn cache_status(answer: &Answer) -> &str {
    answer
        .header("cache-status")
        .unwrap_or_else(|| panic!("no Cache-Status: {answer:?}"))
}

/// Served from the store without asking.
fn is_hit(answer: &Answer) -> bool {
    cache_status(answer).starts_with("lms-gateway; hit")
}

/// The vendor's reads of rooms so far.
fn reads(lab: &Lab) -> usize {
    lab.calls("netex.get").len() + lab.calls("netex.list").len()
}

/// A body for PUT by id.
fn replacement(external_id: &str, name: &str) -> String {
    serde_json::json!({"external_id": external_id, "name": name}).to_string()
}
