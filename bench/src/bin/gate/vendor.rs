//! Both vendors on one port, with answers made beforehand: their cost is not counted, their bytes are always
//! the same.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const ROOM: &str = r#"{"id":2101,"external_id":"pr001","name":"Sala de conferencias 1","capacity":100,"address":"Calle Icaria 30","telephone":"+34981523698","postalCode":"15008","city":"Burgo","province":"A Coruña","observations":"Sala de conferencias para eventos externos"}"#;
const DAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><response><day><dayId>4728d47a-c96a-11ed-97ec-b6c48b3dc692</dayId><sessionId>5a2b1f36-c96a-11ed-97ec-b6c48b3dc692</sessionId><startTime>2023-03-31T15:30:00-07:00</startTime><url>https://old.example/j/1</url><duration>60</duration></day></response>"#;
/// Its bytes, at least. What the gateway makes of it is longer: `postal_code` for `postalCode`.
const LIST: usize = 1_000_000;

pub struct Vendor {
    pub address: SocketAddr,
    calls: Arc<AtomicUsize>,
}

struct Answers {
    room: Vec<u8>,
    list: Vec<u8>,
    created: Vec<u8>,
    day: Vec<u8>,
}

impl Vendor {
    /// Listens until the process ends.
    ///
    /// # Errors
    /// When loopback has no free port.
    pub fn start() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let calls = Arc::new(AtomicUsize::new(0));
        let answers = Arc::new(Answers::new());
        let seen = Arc::clone(&calls);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, seen) = (Arc::clone(&answers), Arc::clone(&seen));
                std::thread::spawn(move || answers.serve(stream, &seen));
            }
        });
        Ok(Self { address, calls })
    }

    /// Calls so far.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Answers {
    fn new() -> Self {
        let mut list = format!("[{ROOM}");
        while list.len() < LIST {
            list.push(',');
            list.push_str(ROOM);
        }
        list.push(']');
        Self {
            room: answer("200 OK\r\nContent-Type: application/json", ROOM),
            list: answer("200 OK\r\nContent-Type: application/json", &list),
            created: answer(
                "201 Created\r\nLocation: /admin/rest/administration/api/physicalrooms/id/2145",
                "",
            ),
            day: answer("200 OK\r\nContent-Type: application/xml", DAY),
        }
    }

    /// Answers until the other side ends the connection.
    fn serve(&self, stream: TcpStream, calls: &AtomicUsize) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let mut stream = BufReader::new(stream);
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
            skip_request(&mut stream)?;
            calls.fetch_add(1, Ordering::SeqCst);
            let bytes = match line.split(' ').take(2).collect::<Vec<_>>().as_slice() {
                ["POST", target] if target.starts_with("/training/") => &self.day,
                ["POST", _] => &self.created,
                [_, target] if target.contains("/id/") => &self.room,
                _ => &self.list,
            };
            stream.get_mut().write_all(bytes).ok()?;
        }
    }
}

/// Reads the fields and the content of a request, whose length must be told.
fn skip_request(stream: &mut BufReader<TcpStream>) -> Option<()> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?;
            }
            Some(_) => {}
            None => break,
        }
    }
    stream.read_exact(&mut vec![0; length]).ok()
}

fn answer(head: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
