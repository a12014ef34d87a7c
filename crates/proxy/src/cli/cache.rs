//! `cache purge`: asks a running gateway to drop what it keeps.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use super::load::load;
use super::{Format, complain, print};
use crate::edge::reachable;

const LIMIT: Duration = Duration::from_secs(10);
/// An answer of the admin port is far shorter.
const MAX_ANSWER: u64 = 64 * 1024;

/// `tag`: `None` is everything.
pub fn purge(
    config: &Path,
    admin: Option<SocketAddr>,
    tag: Option<&str>,
    format: Format,
) -> ExitCode {
    let address = match admin {
        Some(address) => address,
        None => match load(config) {
            Ok(loaded) => loaded.settings.admin,
            Err(mistakes) => return complain(&mistakes.text()),
        },
    };
    let body = match tag {
        Some(tag) => json!({"tag": tag}),
        None => json!({"all": true}),
    };
    let (status, answer) = match post(address, &body.to_string()) {
        Ok(answer) => answer,
        Err(error) => return complain(&format!("error: {address}: {error}")),
    };
    let purged = serde_json::from_str::<Value>(&answer)
        .ok()
        .and_then(|answer| answer.get("purged")?.as_u64());
    match purged.filter(|_| status == "200") {
        Some(purged) => {
            print(&match format {
                Format::Json => json!({"purged": purged}).to_string(),
                Format::Text => format!("{purged} entries purged"),
            });
            ExitCode::SUCCESS
        }
        None => complain(&format!(
            "error: the gateway answered {status}: {}",
            answer.trim().escape_debug()
        )),
    }
}

/// Status and body of the answer.
fn post(address: SocketAddr, body: &str) -> std::io::Result<(String, String)> {
    let address = reachable(address);
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    let length = body.len();
    let request = format!(
        "POST /cache/purge HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).unwrap_or("nothing");
    Ok((status.to_owned(), body.to_owned()))
}
