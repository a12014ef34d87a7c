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
    let purged = serde_json::from_str::<Value>(&answer.body)
        .ok()
        .and_then(|answer| answer.get("purged")?.as_u64());
    match purged.filter(|_| answer.status == "200") {
        Some(purged) => {
            print(&match format {
                Format::Json => json!({"purged": purged}).to_string(),
                Format::Text if purged == 1 => "1 entry purged".to_owned(),
                Format::Text => format!("{purged} entries purged"),
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
