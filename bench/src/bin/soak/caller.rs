//! One caller: creates a room, reads, replaces, switches and deletes it, sets a link, and compares each
//! word with the truth.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use sandbox::Sandbox;

use crate::http::{Answer, Connection};
use crate::tally::{Tally, count};

const DAY: &str = "/v1/training-days/4728d47a-c96a-11ed-97ec-b6c48b3dc692";

struct Caller<'s> {
    address: SocketAddr,
    connection: Option<Connection>,
    tally: &'s Tally,
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
        let created = self.write("POST", "/v1/rooms", headers, &body, &there, true);
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
            self.write("PUT", &by_name, &[], body, &replaced, true);
            let off = || sandbox.room_named(name).is_some_and(|room| !room.active);
            let status = format!("{by_name}/status");
            self.write("PUT", &status, &[], r#"{"status":"inactive"}"#, &off, true);
            self.write("DELETE", &by_name, &[], "", &there, false);
        }
        self.read(DAY);
        // The day is everybody's, so its truth changes under a caller.
        let body = format!(r#"{{"url":"https://meet.example/{name}"}}"#);
        self.write("PATCH", DAY, &[], &body, &|| true, true);
    }

    fn read(&mut self, target: &str) {
        if self.send("GET", target, &[], "").is_some() {
            count(&self.tally.reads);
        }
    }

    /// Whether it was done. `holds` is what the vendor's state says, `wanted` what it says of a write
    /// that happened.
    fn write(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
        holds: &dyn Fn() -> bool,
        wanted: bool,
    ) -> bool {
        let Some(answer) = self.send(method, target, headers, body) else {
            return false;
        };
        let happened = holds() == wanted;
        if answer.is_done() {
            count(&self.tally.done);
            if !happened {
                self.lie(method, target, "done", &answer);
            }
        } else if answer.is_not_done() {
            count(&self.tally.not_done);
            if happened && method != "PATCH" {
                self.lie(method, target, "not done", &answer);
            }
        } else if answer.is_unknown() {
            count(&self.tally.unknown);
        } else {
            self.lie(method, target, "no outcome", &answer);
        }
        answer.is_done()
    }

    fn lie(&self, method: &str, target: &str, word: &str, answer: &Answer) {
        count(&self.tally.lies);
        println!(
            "LIE: {method} {target}: {word}: {} {}",
            answer.status, answer.body
        );
    }

    fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Option<Answer> {
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
