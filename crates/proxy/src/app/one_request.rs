//! One request on a connection of its own, to a gateway that runs.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::edge::reachable;

/// What is asked for; a body is JSON.
#[derive(Debug, Clone, Copy)]
pub struct OneRequest<'r> {
    pub method: &'r str,
    pub path: &'r str,
    pub body: Option<&'r str>,
}

/// Answers that are read here are shorter: the longest is a list of all evidence. What is longer is cut.
const MAX_ANSWER: u64 = 16 << 20;

impl OneRequest<'_> {
    /// Sends it, and gives the whole answer, head and body. Each step waits at most `limit`.
    ///
    /// # Errors
    /// The socket's. An answer that breaks off is one that is short.
    pub fn send(self, to: SocketAddr, limit: Duration) -> io::Result<String> {
        let Self { method, path, body } = self;
        let address = reachable(to);
        let mut stream = TcpStream::connect_timeout(&address, limit)?;
        stream.set_read_timeout(Some(limit))?;
        let content = body.map_or_else(String::new, |body| {
            let length = body.len();
            format!("Content-Type: application/json\r\nContent-Length: {length}\r\n")
        });
        let body = body.unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{content}\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.take(MAX_ANSWER).read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

/// The three digits of an answer's status, or what stood in their place.
#[must_use]
pub fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}
