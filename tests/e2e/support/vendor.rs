//! A vendor that answers what a test tells it, byte for byte.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::gateway::Setup;
use super::http::field;

/// One scripted answer.
#[derive(Clone, Debug)]
pub enum Scripted {
    /// These bytes, then the connection goes on.
    Bytes(Vec<u8>),
    /// These bytes, then the connection is closed.
    Close(Vec<u8>),
    /// These bytes after a wait.
    Late(Duration, Vec<u8>),
    /// Nothing until the client gives up.
    Silence,
    /// These bytes as soon as a head is there; then the connection is closed, the body unread.
    Early(Vec<u8>),
}

impl Scripted {
    /// A complete answer with a `Content-Length`.
    pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut text = format!(
            "HTTP/1.1 {status} Scripted\r\nContent-Length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(body);
        Self::Bytes(text.into_bytes())
    }

    pub fn json(status: u16, body: &str) -> Self {
        Self::answer(status, &[("Content-Type", "application/json")], body)
    }

    pub fn xml(status: u16, body: &str) -> Self {
        Self::answer(status, &[("Content-Type", "application/xml")], body)
    }
}

/// A request as the vendor read it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Which connection it came on, counted from 0.
    pub connection: usize,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        field(&self.headers, name)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Answers requests in the order of the script; past its end with 500.
#[derive(Clone)]
pub struct Vendor {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Scripted>,
    /// Given when the script is at its end.
    always: Option<Scripted>,
    seen: Vec<Seen>,
    connections: usize,
}

impl Vendor {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let vendor = Self {
            address: listener
                .local_addr()
                .expect("a bound socket has an address"),
            state: Arc::default(),
        };
        let shared = vendor.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let vendor = shared.clone();
                std::thread::spawn(move || vendor.serve(stream));
            }
        });
        vendor
    }

    pub fn will(&self, answer: Scripted) -> &Self {
        self.lock().script.push_back(answer);
        self
    }

    /// What every request past the script gets.
    pub fn always(&self, answer: Scripted) -> &Self {
        self.lock().always = Some(answer);
        self
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// A gateway whose `netex` and `ispring` are both this vendor, with a fixed token header.
    pub fn setup(&self) -> Setup {
        Setup::new(self.settings(&["netex", "ispring"])).env("VENDOR_TOKEN", "vendor-token")
    }

    /// `upstreams` of these names, all of them this vendor.
    pub fn settings(&self, names: &[&str]) -> String {
        let mut text = "upstreams:\n".to_owned();
        for name in names {
            text.push_str(&format!(
                "  {name}:\n    base_url: http://{}\n    auth: {{kind: header, name: X-Auth-Token, value: {{env: VENDOR_TOKEN}}}}\n",
                self.address
            ));
        }
        text
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no test thread panics with the lock")
    }

    /// Whether the next answer waits for the whole request.
    fn reads_bodies(&self) -> bool {
        let state = self.lock();
        let next = state.script.front().or(state.always.as_ref());
        !matches!(next, Some(Scripted::Early(_)))
    }

    fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
        let connection = {
            let mut state = self.lock();
            state.connections += 1;
            state.connections - 1
        };
        let mut buffer = Vec::new();
        while let Some(mut seen) = read(&mut stream, &mut buffer, || self.reads_bodies()) {
            seen.connection = connection;
            let answer = {
                let mut state = self.lock();
                state.seen.push(seen);
                let next = state.script.pop_front();
                next.or_else(|| state.always.clone())
                    .unwrap_or_else(|| Scripted::answer(500, &[], "the script is at its end"))
            };
            let (bytes, close) = match answer {
                Scripted::Bytes(bytes) => (bytes, false),
                Scripted::Close(bytes) => (bytes, true),
                Scripted::Late(wait, bytes) => {
                    std::thread::sleep(wait);
                    (bytes, false)
                }
                Scripted::Early(bytes) => (bytes, true),
                Scripted::Silence => {
                    let _ = stream.read(&mut [0]);
                    return;
                }
            };
            if stream.write_all(&bytes).is_err() || close {
                return;
            }
        }
    }
}

fn read(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
    reads_bodies: impl Fn() -> bool,
) -> Option<Seen> {
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        fill(stream, buffer)?;
    };
    let head: Vec<u8> = buffer.drain(..end).collect();
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(&head).ok()?;
    let headers: Vec<(String, String)> = request
        .headers
        .iter()
        .map(|header| {
            (
                header.name.to_owned(),
                String::from_utf8_lossy(header.value).into_owned(),
            )
        })
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse().ok());
    let length: usize = length.filter(|_| reads_bodies()).unwrap_or(0);
    while buffer.len() < length {
        fill(stream, buffer)?;
    }
    Some(Seen {
        method: request.method?.to_owned(),
        target: request.path?.to_owned(),
        headers,
        body: buffer.drain(..length).collect(),
        connection: 0,
    })
}

fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut chunk = [0; 16 * 1024];
    let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
    buffer.extend_from_slice(&chunk[..count]);
    Some(())
}
