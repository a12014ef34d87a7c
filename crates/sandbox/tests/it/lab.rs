//! A sandbox and a blocking client that speaks raw HTTP/1.1.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use sandbox::{Config, Recorded, Sandbox};
use tokio::runtime::{Builder, Runtime};

pub const ROOMS: &str = "/admin/rest/administration/api/physicalrooms";
pub const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
pub const DAY: &str = "/training/day/4728d47a-c96a-11ed-97ec-b6c48b3dc692";
/// Bounds every wait; no test passes or fails by how much of it is used.
pub const PATIENCE: Duration = Duration::from_secs(10);

pub struct Lab {
    pub sandbox: Sandbox,
    pub runtime: Runtime,
}

/// A whole answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What came instead of a whole answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut {
    Refused,
    Reset,
    /// The connection ended after these bytes.
    Closed(Vec<u8>),
}

impl Lab {
    pub fn new() -> Self {
        Self::with(Config::default())
    }

    pub fn with(config: Config) -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
        Self { sandbox, runtime }
    }

    /// A rooms call; `path` follows the rooms path.
    pub fn rooms(&self, method: &str, path: &str, form: &str) -> Reply {
        self.try_rooms(method, path, form).unwrap()
    }

    pub fn try_rooms(&self, method: &str, path: &str, form: &str) -> Result<Reply, Cut> {
        let request = room_request(method, &format!("{ROOMS}{path}"), form);
        send(self.sandbox.netex_addr(), &request)
    }

    /// Any target on the Netex port, with the right token.
    pub fn netex(&self, method: &str, target: &str) -> Reply {
        send(self.sandbox.netex_addr(), &room_request(method, target, "")).unwrap()
    }

    /// A fresh token.
    pub fn token(&self) -> String {
        let body =
            "client_id=sandbox-client&client_secret=sandbox-secret&grant_type=client_credentials";
        let reply = self.ispring("POST", "/api/v3/token", &[("Content-Type", FORM)], body);
        assert_eq!(reply.status, 200);
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub fn ispring(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        send(
            self.sandbox.ispring_addr(),
            &request(method, target, headers, body.as_bytes()),
        )
        .unwrap()
    }

    /// A day call with a fresh token.
    pub fn day(&self, method: &str, target: &str, body: &str) -> Reply {
        let authorization = format!("Bearer {}", self.token());
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/xml"),
            ("Accept", "application/xml"),
        ];
        self.ispring(method, target, &headers, body)
    }

    pub fn control(&self, method: &str, target: &str, body: &str) -> Reply {
        let address = self.sandbox.control_addr().expect("a control port");
        send(address, &request(method, target, &[], body.as_bytes())).unwrap()
    }

    pub fn last(&self) -> Recorded {
        self.sandbox
            .ledger()
            .pop()
            .expect("a request in the ledger")
    }
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    /// Status and vendor code of a JSON error.
    pub fn error(&self) -> (u16, String) {
        let code = self.json()["code"].clone();
        let code = code
            .as_str()
            .map_or_else(|| code.to_string(), str::to_owned);
        (self.status, code)
    }
}

pub fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

pub fn room_request(method: &str, target: &str, form: &str) -> Vec<u8> {
    let headers = [
        ("X-Auth-Token", "sandbox-netex-token"),
        ("Content-Type", FORM),
    ];
    request(method, target, &headers, form.as_bytes())
}

pub fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: vendor.example\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    [text.as_bytes(), b"\r\n", body].concat()
}

pub fn connect(address: SocketAddr) -> Result<TcpStream, Cut> {
    let stream = match TcpStream::connect(address) {
        Ok(stream) => stream,
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Err(Cut::Refused),
        Err(error) => return Err(reset(&error)),
    };
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    Ok(stream)
}

/// On a connection of its own.
pub fn send(address: SocketAddr, request: &[u8]) -> Result<Reply, Cut> {
    let mut stream = connect(address)?;
    send_on(&mut stream, request)
}

pub fn send_on(stream: &mut TcpStream, request: &[u8]) -> Result<Reply, Cut> {
    stream.write_all(request).map_err(|error| reset(&error))?;
    read_reply(stream, request.starts_with(b"HEAD "))
}

/// Reads exactly one answer and leaves what follows.
pub fn read_reply(stream: &mut TcpStream, bodiless: bool) -> Result<Reply, Cut> {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        read_into(stream, &mut seen, 1)?;
    }
    let head = String::from_utf8(seen.clone()).map_err(|_| Cut::Closed(seen.clone()))?;
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 "));
    let status = status.and_then(|line| line.get(..3)?.parse().ok());
    let Some(status) = status else {
        return Err(Cut::Closed(seen));
    };
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut reply = Reply {
        status,
        headers,
        body: Vec::new(),
    };
    let length = reply
        .header("content-length")
        .map_or(0, |text| text.parse().unwrap());
    if !bodiless {
        let start = seen.len();
        read_into(stream, &mut seen, length)?;
        reply.body = seen.split_off(start);
    }
    Ok(reply)
}

fn read_into(stream: &mut TcpStream, seen: &mut Vec<u8>, mut missing: usize) -> Result<(), Cut> {
    let mut chunk = [0; 4096];
    while missing > 0 {
        let want = missing.min(chunk.len());
        match stream.read(&mut chunk[..want]) {
            Ok(0) => return Err(Cut::Closed(std::mem::take(seen))),
            Ok(read) => {
                seen.extend_from_slice(&chunk[..read]);
                missing -= read;
            }
            Err(error) => return Err(reset(&error)),
        }
    }
    Ok(())
}

fn reset(error: &std::io::Error) -> Cut {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => Cut::Reset,
        other => panic!("unexpected {other:?}: {error}"),
    }
}

/// True as soon as the condition holds; false after [`PATIENCE`].
pub fn comes_true(condition: impl Fn() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}
