//! The vendor behind all proxies: cheap, and hard to cheat. It takes a form that is one and XML that is, else 400.
//!
//! One thread with one loop, answers made beforehand, written as one piece.

use std::collections::HashMap;
use std::io::Error;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::rooms;

const DAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><response><day id="2026-12-03-16"><status>accepted</status><reference>RG-00004217</reference><date>2026-12-03</date><start>08:30</start><end>16:45</end><room>ROOM-00042</room><trainer>Inés &lt;Ana&gt; &amp; Sons</trainer><attendees>3</attendees></day></response>"#;
/// Rooms whose answers are made at the start.
const READY: u64 = 1024;

/// Calls so far, by what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    pub reads: u64,
    pub forms: u64,
    pub documents: u64,
    pub refused: u64,
}

pub struct Vendor {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    rooms: Vec<Vec<u8>>,
    created: Vec<u8>,
    day: Vec<u8>,
    taken: Vec<u8>,
    bad: Vec<u8>,
    /// By target.
    lists: Mutex<HashMap<String, Arc<Vec<u8>>>>,
    reads: AtomicU64,
    forms: AtomicU64,
    documents: AtomicU64,
    refused: AtomicU64,
}

impl Vendor {
    /// Listens until the process ends.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub fn start() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let shared = Arc::new(Shared::new());
        let mine = Arc::clone(&shared);
        std::thread::spawn(move || serve(listener, &mine));
        Ok(Self { address, shared })
    }

    #[must_use]
    pub fn calls(&self) -> Calls {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Calls {
            reads: count(&self.shared.reads),
            forms: count(&self.shared.forms),
            documents: count(&self.shared.documents),
            refused: count(&self.shared.refused),
        }
    }
}

fn serve(listener: TcpListener, shared: &Arc<Shared>) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            let shared = Arc::clone(shared);
            tokio::spawn(async move { shared.connection(stream).await });
        }
    })
}

impl Shared {
    fn new() -> Self {
        Self {
            rooms: (0..READY).map(room).collect(),
            created: answer("201 Created\r\nLocation: /api/rooms/4217", ""),
            day: answer("200 OK\r\nContent-Type: application/xml", DAY),
            taken: answer(
                "200 OK\r\nContent-Type: application/json",
                r#"{"taken":true}"#,
            ),
            bad: answer("400 Bad Request", "This is not what is taken here."),
            lists: Mutex::default(),
            reads: AtomicU64::new(0),
            forms: AtomicU64::new(0),
            documents: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    /// Answers until the other side ends the connection, or is not understood.
    async fn connection(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut bytes = Vec::with_capacity(16 * 1024);
        loop {
            let Some((head, length)) = whole(&bytes)? else {
                if stream.read_buf(&mut bytes).await? == 0 {
                    return Ok(());
                }
                continue;
            };
            let (line, body) = (&bytes[..head], &bytes[head..head + length]);
            let line = std::str::from_utf8(line).map_err(Error::other)?;
            self.answer(&mut stream, line, body).await?;
            bytes.drain(..head + length);
        }
    }

    async fn answer(&self, stream: &mut TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
        let mut words = head.split(' ');
        let (method, target) = (words.next(), words.next().unwrap_or_default());
        if method == Some("GET") {
            self.reads.fetch_add(1, Ordering::Relaxed);
            if let Some(number) = target.strip_prefix("/api/rooms/") {
                let number: u64 = number.parse().map_err(Error::other)?;
                return match self.rooms.get(number as usize) {
                    Some(ready) => stream.write_all(ready).await,
                    None => stream.write_all(&room(number)).await,
                };
            }
            let list = self.list(target)?;
            return stream.write_all(&list).await;
        }
        let (counter, bytes) = if target == "/api/rooms" && is_form(head, body, b"capacity=") {
            (&self.forms, &self.created)
        } else if target == "/api/lists" && is_form(head, body, b"remark=") {
            (&self.forms, &self.taken)
        } else if target.starts_with("/api/days/") && is_document(head, body) {
            (&self.documents, &self.day)
        } else {
            (&self.refused, &self.bad)
        };
        counter.fetch_add(1, Ordering::Relaxed);
        stream.write_all(bytes).await
    }

    fn list(&self, target: &str) -> std::io::Result<Arc<Vec<u8>>> {
        let mut lists = self
            .lists
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(list) = lists.get(target) {
            return Ok(Arc::clone(list));
        }
        let (kind, bytes) = target
            .strip_prefix("/api/lists/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(|| Error::other("no such target"))?;
        let bytes = bytes.parse().map_err(Error::other)?;
        let list = match kind {
            "json" => answer(
                "200 OK\r\nContent-Type: application/json",
                &rooms::json_list(bytes),
            ),
            _ => answer(
                "200 OK\r\nContent-Type: application/xml",
                &rooms::xml_list(bytes),
            ),
        };
        let list = Arc::new(list);
        lists.insert(target.to_owned(), Arc::clone(&list));
        Ok(list)
    }
}

/// The lengths of head and body of the request at the front, if it is there as a whole.
fn whole(bytes: &[u8]) -> std::io::Result<Option<(usize, usize)>> {
    let mut fields = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut fields);
    let httparse::Status::Complete(head) = request.parse(bytes).map_err(Error::other)? else {
        return Ok(None);
    };
    let mut length = 0;
    for field in request.headers.iter() {
        if field.name.eq_ignore_ascii_case("content-length") {
            let text = std::str::from_utf8(field.value).map_err(Error::other)?;
            length = text.parse().map_err(Error::other)?;
        } else if field.name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(Error::other("chunks are not read here"));
        }
    }
    Ok((bytes.len() >= head + length).then_some((head, length)))
}

/// Every byte of a form is one of those that a form has.
fn is_form(head: &str, body: &[u8], field: &[u8]) -> bool {
    head.contains("application/x-www-form-urlencoded")
        && holds(body, field)
        && body
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"&=+%-_.*~!'()".contains(byte))
}

fn is_document(head: &str, body: &[u8]) -> bool {
    head.contains("xml")
        && body.first() == Some(&b'<')
        && body.last() == Some(&b'>')
        && holds(body, b"</attendee>")
        && holds(body, b"&amp;")
}

fn holds(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

fn room(number: u64) -> Vec<u8> {
    let head = format!(
        "200 OK\r\nContent-Type: application/json\r\nCache-Control: public, max-age=3600\r\nETag: \"room-{number}\""
    );
    answer(&head, &rooms::json(number))
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Connection;

    #[test]
    fn what_is_not_translated_is_refused() {
        let vendor = Vendor::start().unwrap();
        let mut caller = Connection::open(vendor.address).unwrap();
        let json = include_str!("../bodies/room.json");
        for target in ["/api/rooms", "/api/days/1", "/api/lists"] {
            assert_eq!(caller.send("POST", target, &[], json).unwrap().status, 400);
        }
        let room = caller.send("GET", "/api/rooms/7", &[], "").unwrap();
        assert_eq!((room.status, room.body), (200, rooms::json(7)));
        let list = caller.send("GET", "/api/lists/xml/5000", &[], "").unwrap();
        assert_eq!(list.body, rooms::xml_list(5000));
        assert_eq!(
            vendor.calls(),
            Calls {
                reads: 2,
                forms: 0,
                documents: 0,
                refused: 3
            }
        );
    }
}
