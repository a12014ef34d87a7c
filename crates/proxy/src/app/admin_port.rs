//! One request to the admin port of a gateway that runs.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::edge::reachable;

/// An answer of the admin port is far shorter.
const MAX_ANSWER: u64 = 64 * 1024;

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
    let address = reachable(admin);
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    let method = if body.is_some() { "POST" } else { "GET" };
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    if let Some(body) = body {
        let length = body.len();
        request +=
            &format!("Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
    } else {
        request += "\r\n";
    }
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Ok(AdminAnswer {
        status: head.split(' ').nth(1).unwrap_or("nothing").to_owned(),
        body: body.to_owned(),
    })
}
