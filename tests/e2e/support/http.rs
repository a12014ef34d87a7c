//! A blocking HTTP/1.1 client: one connection, raw bytes in, parsed answers out.

use std::fmt;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// An answer as it came over the wire.
#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} {:?} {body}", self.status, self.headers)
    }
}

/// The first field of this name.
pub fn field<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    let mut fields = headers.iter();
    fields
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        field(&self.headers, name)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("the body is UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {self:?}"))
    }

    /// The `code` of a problem, after checking that it is one.
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        let body = self.json();
        assert_eq!(body["status"], self.status, "{body}");
        body["code"]
            .as_str()
            .expect("a problem has a code")
            .to_owned()
    }

    /// The `errors` of a problem as `(place, code)`.
    pub fn errors(&self) -> Vec<(String, String)> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        let place = |error: &Value| {
            error["pointer"]
                .as_str()
                .or(error["parameter"].as_str())
                .unwrap_or("?")
                .to_owned()
        };
        errors
            .iter()
            .map(|error| {
                (
                    place(error),
                    error["code"].as_str().unwrap_or("?").to_owned(),
                )
            })
            .collect()
    }
}

/// One connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// How many `100 Continue` came so far.
    pub continues: usize,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        Self::try_connect(address).expect("the address is listening")
    }

    /// `None` where nothing listens.
    pub fn try_connect(address: SocketAddr) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a timeout can be set");
        stream
            .set_nodelay(true)
            .expect("a socket option can be set");
        Some(Self {
            stream,
            buffer: Vec::new(),
            continues: 0,
        })
    }

    pub fn send_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the peer reads");
    }

    /// As [`Client::send_raw`], for a peer that may have closed already.
    pub fn try_send_raw(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).is_ok()
    }

    pub fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut text = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body);
        self.send_raw(&bytes);
    }

    /// Says that no more requests come.
    pub fn half_close(&mut self) {
        self.stream
            .shutdown(std::net::Shutdown::Write)
            .expect("the connection stands");
    }

    /// Reads one answer. `None`: the connection ended without a byte of it.
    pub fn read(&mut self, head_only: bool) -> Option<Answer> {
        loop {
            let head_end = loop {
                if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                    break end;
                }
                if self.fill() == 0 {
                    assert!(
                        self.buffer.is_empty(),
                        "the head was cut: {:?}",
                        String::from_utf8_lossy(&self.buffer)
                    );
                    return None;
                }
            };
            let head: Vec<u8> = self.buffer.drain(..head_end + 4).collect();
            let mut answer = parse(&head);
            if answer.status == 100 {
                self.continues += 1;
                continue;
            }
            if head_only || answer.status == 204 || answer.status == 304 {
                return Some(answer);
            }
            answer.body = self.body(&answer);
            return Some(answer);
        }
    }

    /// Waits for a `100 Continue`.
    pub fn wait_for_continue(&mut self) {
        let end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end;
            }
            assert_ne!(self.fill(), 0, "the connection ended before 100 Continue");
        };
        let head: Vec<u8> = self.buffer.drain(..end + 4).collect();
        assert_eq!(
            parse(&head).status,
            100,
            "{:?}",
            String::from_utf8_lossy(&head)
        );
        self.continues += 1;
    }

    fn body(&mut self, answer: &Answer) -> Vec<u8> {
        assert!(
            answer.header("transfer-encoding").is_none(),
            "answers have a length: {answer:?}"
        );
        let length: usize = answer
            .header("content-length")
            .expect("answers have a length")
            .parse()
            .expect("a length is a number");
        while self.buffer.len() < length {
            assert_ne!(self.fill(), 0, "the body was cut");
        }
        self.buffer.drain(..length).collect()
    }

    fn fill(&mut self) -> usize {
        let mut chunk = [0; 16 * 1024];
        match self.stream.read(&mut chunk) {
            Ok(count) => {
                self.buffer.extend_from_slice(&chunk[..count]);
                count
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => 0,
            Err(error) => panic!("no answer: {error}"),
        }
    }

    /// Whether the peer has closed: reading gives nothing more.
    pub fn is_closed(&mut self) -> bool {
        self.buffer.is_empty() && self.fill() == 0
    }

    pub fn request(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.send(method, target, headers, body);
        self.read(method == "HEAD").expect("an answer")
    }
}

fn parse(head: &[u8]) -> Answer {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    response.parse(head).expect("the head is HTTP");
    Answer {
        status: response.code.expect("a status"),
        headers: response
            .headers
            .iter()
            .map(|header| {
                (
                    header.name.to_owned(),
                    String::from_utf8_lossy(header.value).into_owned(),
                )
            })
            .collect(),
        body: Vec::new(),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}
