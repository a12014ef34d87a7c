//! One request to the admin port of a gateway that runs.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::one_request::{OneRequest, status};

/// What the admin port said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminAnswer {
    /// Three digits, or what stood in their place.
    pub status: String,
    pub body: String,
}

/// Asks once: a POST where there is a JSON body, else a GET. Each read waits at most `limit`.
///
/// # Errors
/// The socket's. An answer that breaks off is one that is short.
pub fn ask(
    admin: SocketAddr,
    path: &str,
    body: Option<&str>,
    limit: Duration,
) -> io::Result<AdminAnswer> {
    let method = if body.is_some() { "POST" } else { "GET" };
    let answer = OneRequest { method, path, body }.send(admin, limit)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Ok(AdminAnswer {
        status: status(head).to_owned(),
        body: body.to_owned(),
    })
}
