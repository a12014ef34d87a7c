//! `cache purge`: asks a running gateway to drop what it keeps.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Format, admin_address, print, print_error, print_mistakes};
use crate::app;

const LIMIT: Duration = Duration::from_secs(10);

/// `tag`: `None` is everything.
pub fn purge(
    config: &Path,
    admin: Option<SocketAddr>,
    tag: Option<&str>,
    format: Format,
) -> ExitCode {
    let address = match admin_address(config, admin) {
        Ok(address) => address,
        Err(mistakes) => return print_mistakes(&mistakes),
    };
    let body = match tag {
        Some(tag) => json!({"tag": tag}),
        None => json!({"all": true}),
    };
    let answer = match app::ask(address, "/cache/purge", Some(&body.to_string()), LIMIT) {
        Ok(answer) => answer,
        Err(error) => return print_error(&format!("error: {address}: {error}")),
    };
    let said = serde_json::from_str::<Value>(&answer.body).ok();
    let said = said.filter(|_| answer.status == "200");
    let purged = said.and_then(|said| {
        let all_members = said.get("all_members").and_then(Value::as_bool);
        Some((said.get("purged")?.as_u64()?, all_members, said))
    });
    match purged {
        Some((purged, all_members, said)) => {
            print(&match format {
                Format::Json => said.to_string(),
                Format::Text => text(purged, all_members),
            });
            ExitCode::SUCCESS
        }
        None => print_error(&format!(
            "error: the gateway answered {}: {}",
            answer.status,
            answer.body.trim().escape_debug()
        )),
    }
}

fn text(purged: u64, all_members: Option<bool>) -> String {
    let entries = if purged == 1 { "entry" } else { "entries" };
    match all_members {
        None => format!("{purged} {entries} purged"),
        Some(true) => format!("{purged} {entries} purged here, and at all members"),
        Some(false) => format!(
            "{purged} {entries} purged here; the store is away, so the other members are told when it is back"
        ),
    }
}
