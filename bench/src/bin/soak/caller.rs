//! One caller: creates a room, reads, replaces, switches and deletes it, sets a link, and compares each
//! word with the truth.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use sandbox::Sandbox;

use crate::tally::{Tally, count};
use bench::http::{Answer, Connection};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

struct Caller<'s> {
    address: SocketAddr,
    connection: Option<Connection>,
    tally: &'s Tally,
}

struct Request<'r> {
    method: &'r str,
    target: &'r str,
    headers: &'r [(&'r str, &'r str)],
    body: &'r str,
}

const fn request<'r>(method: &'r str, target: &'r str, body: &'r str) -> Request<'r> {
    Request {
        method,
        target,
        headers: &[],
        body,
    }
}

pub fn run(number: usize, address: SocketAddr, sandbox: &Sandbox, tally: &Tally, until: Instant) {
    let mut caller = Caller {
        address,
        connection: None,
        tally,
    };
    for round in 0.. {
        if Instant::now() >= until {
            return;
        }
        caller.round(&format!("soak-{number}-{round}"), round, sandbox);
    }
}

/// As many keys as the gateway remembers, each with an answer of the vendor: the name is taken.
const KEYS: usize = 10_000;

/// Fills the store of answers.
///
/// # Errors
/// An answer that does not come, or is another than that.
pub fn fill(address: SocketAddr) -> Result<(), String> {
    let text = |error: std::io::Error| error.to_string();
    let mut connection = Connection::open(address).map_err(text)?;
    let body = r#"{"type":"PHYSICAL_ROOM","external_id":"pr002","name":"Aula"}"#;
    for number in 0..KEYS {
        let key = format!("fill-{number}");
        let headers = [("Idempotency-Key", key.as_str())];
        let answer = connection.send("POST", "/v1/rooms", &headers, body);
        match answer.map_err(text)? {
            Answer { status: 409, .. } => {}
            other => return Err(format!("{}: {}", other.status, other.body)),
        }
    }
    Ok(())
}

impl Caller<'_> {
    fn round(&mut self, name: &str, round: usize, sandbox: &Sandbox) {
        let by_name = format!("/v1/rooms/by-external-id/{name}");
        let body = format!(
            r#"{{"type":"PHYSICAL_ROOM","external_id":"{name}","name":"Aula","capacity":1}}"#
        );
        // Every other create has a key of its own.
        let key = [("Idempotency-Key", name)];
        let headers: &[(&str, &str)] = if round.is_multiple_of(2) { &key } else { &[] };
        let there = || sandbox.room_named(name).is_some();
        let create = Request {
            headers,
            ..request("POST", "/v1/rooms", &body)
        };
        let created = self.write(&create, &there);
        self.read(&by_name);
        if round.is_multiple_of(8) {
            self.read("/v1/rooms?limit=20");
        }
        self.read(&format!("/v1/rooms/{}", 2101 + round % 23));
        if created {
            let replaced = || {
                sandbox
                    .room_named(name)
                    .is_some_and(|room| room.name == "Sala")
            };
            let body = r#"{"name":"Sala","capacity":2}"#;
            self.write(&request("PUT", &by_name, body), &replaced);
            let off = || sandbox.room_named(name).is_some_and(|room| !room.active);
            let status = format!("{by_name}/status");
            let body = r#"{"status":"inactive"}"#;
            self.write(&request("PUT", &status, body), &off);
            self.write(&request("DELETE", &by_name, ""), &|| !there());
        }
        self.read(DAY);
        // The day is everybody's, so its truth changes under a caller.
        let body = format!(r#"{{"url":"https://meet.example/{name}"}}"#);
        self.write(&request("PATCH", DAY, &body), &|| true);
    }

    fn read(&mut self, target: &str) {
        if self.send(&request("GET", target, "")).is_some() {
            count(&self.tally.reads);
        }
    }

    /// Whether it was done. `happened` asks the vendor's state.
    fn write(&mut self, request: &Request<'_>, happened: &dyn Fn() -> bool) -> bool {
        let Some(answer) = self.send(request) else {
            return false;
        };
        let happened = happened();
        if answer.is_done() {
            count(&self.tally.done);
            if !happened {
                self.lie(request, "done", &answer);
            }
        } else if answer.is_not_done() {
            count(&self.tally.not_done);
            if happened && request.method != "PATCH" {
                self.lie(request, "not done", &answer);
            }
        } else if answer.is_unknown() {
            count(&self.tally.unknown);
        } else {
            self.lie(request, "no outcome", &answer);
        }
        answer.is_done()
    }

    fn lie(&self, request: &Request<'_>, word: &str, answer: &Answer) {
        let Request { method, target, .. } = request;
        count(&self.tally.lies);
        println!(
            "LIE: {method} {target}: {word}: {} {}",
            answer.status, answer.body
        );
    }

    fn send(&mut self, request: &Request<'_>) -> Option<Answer> {
        let Request {
            method,
            target,
            headers,
            body,
        } = *request;
        let connection = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => Connection::open(self.address),
        };
        let sent = connection.and_then(|mut connection| {
            let answer = connection.send(method, target, headers, body)?;
            if !connection.closes {
                self.connection = Some(connection);
            }
            Ok(answer)
        });
        match sent {
            Ok(answer) => {
                if answer.status == 503 {
                    // The circuit is open: no use in a storm of refusals.
                    std::thread::sleep(Duration::from_millis(50));
                }
                Some(answer)
            }
            Err(error) => {
                count(&self.tally.unanswered);
                println!("UNANSWERED: {method} {target}: {error}");
                None
            }
        }
    }
}
