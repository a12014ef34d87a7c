//! Rooms as answers show them.

use serde_json::Value;

use crate::record::Rooms;

/// Of one room, of a list, or of a page. `None`: the body shows none of these.
pub fn shown(body: &str) -> Option<Rooms> {
    let body: Value = serde_json::from_str(body).ok()?;
    match body["items"].as_array() {
        Some(items) => items.iter().map(entry).collect(),
        None => Some(entry(&body).into_iter().collect()),
    }
}

fn entry(room: &Value) -> Option<(u64, (String, String))> {
    let text = |member: &str| room[member].as_str().map(str::to_owned);
    let id = text("id")?.parse().ok()?;
    Some((id, (text("external_id").unwrap_or_default(), text("name")?)))
}

/// The code of a problem, else the status.
pub fn code(status: u16, body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let code = body["code"].as_str().unwrap_or("?");
    format!("{status} {code}")
}

/// The id of a room that was created.
pub fn id(body: &str) -> Option<u64> {
    let body: Value = serde_json::from_str(body).ok()?;
    body["id"].as_str()?.parse().ok()
}
