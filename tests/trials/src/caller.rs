//! Callers that read and write rooms through random doors, and note what they were answered.

mod dice;
mod room;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread::sleep;
use std::time::Duration;

use sandbox::{Room, Sandbox};
use serde_json::{Value, json};

use crate::clock::tick;
use crate::gateway::Door;
use crate::http::{Answer, Connection};
use crate::record::{Read, Record, Rooms, Trace, View, Word, Write};
use crate::store::wait;
use dice::Dice;

/// External ids that all callers fight for.
const NAMES: u64 = 8;
/// Of a hundred requests.
const READS: u64 = 80;

/// What all callers of a trial share.
#[derive(Default)]
pub struct Crowd {
    /// Ids that the vendor has given out.
    ids: Mutex<Vec<u64>>,
    operations: AtomicUsize,
    over: AtomicBool,
}

struct Caller<'c> {
    crowd: &'c Crowd,
    doors: &'c [Door],
    connections: Vec<Option<Connection>>,
    dice: Dice,
    record: Record,
}

struct Request<'r> {
    method: &'static str,
    target: String,
    body: Option<Value>,
    key: Option<&'r str>,
}

impl Crowd {
    /// Of an empty vendor, which gets its first rooms here.
    #[must_use]
    pub fn of(sandbox: &Sandbox) -> Self {
        let crowd = Self::default();
        for name in 0..NAMES {
            let room = sandbox.put_room(Room::new(0, &format!("n{name}"), "first"));
            crowd.ids().push(room.id);
        }
        crowd
    }

    fn ids(&self) -> MutexGuard<'_, Vec<u64>> {
        self.ids.lock().expect("nobody panics with the ids")
    }

    /// How many requests were answered so far.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.operations.load(Ordering::SeqCst)
    }

    /// Waits until so many more were answered.
    pub fn more(&self, operations: usize) {
        let goal = self.operations() + operations;
        wait("requests that are answered", || self.operations() >= goal);
    }

    /// Callers end after what they are at.
    pub fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// What caller `number` does until the end.
    #[must_use]
    pub fn call(&self, number: u64, doors: &[Door]) -> Record {
        let mut caller = Caller {
            crowd: self,
            doors,
            connections: doors.iter().map(|_| None).collect(),
            dice: Dice::new(number),
            record: Record::default(),
        };
        while !self.over.load(Ordering::SeqCst) {
            match caller.dice.roll(100) {
                0..READS => caller.read(),
                _ => caller.write(),
            }
        }
        caller.record
    }
}

impl Caller<'_> {
    /// One that lives, and mostly one of the youngest.
    fn id(&mut self) -> u64 {
        let ids = self.crowd.ids();
        let recent = usize::try_from(self.dice.roll(6)).unwrap_or_default();
        ids[ids.len() - 1 - recent.min(ids.len() - 1)]
    }

    fn name(&mut self) -> String {
        format!("n{}", self.dice.roll(NAMES))
    }

    /// A door that callers may go through. Where there is none, one that is shut.
    fn door(&mut self) -> usize {
        let count = self.doors.len();
        let first = usize::try_from(self.dice.roll(count as u64)).unwrap_or_default();
        let mut turns = (0..count).map(|turn| (first + turn) % count);
        turns
            .find(|door| self.doors[*door].is_open())
            .unwrap_or(first)
    }

    fn read(&mut self) {
        let (view, target) = match self.dice.roll(10) {
            0..4 => {
                let id = self.id();
                (View::Id(id), format!("/v1/rooms/{id}"))
            }
            4..7 => {
                let name = self.name();
                let target = format!("/v1/rooms/by-external-id/{name}");
                (View::Name(name), target)
            }
            7..9 => (View::List, "/v1/rooms".to_owned()),
            _ => (View::Page(3), "/v1/rooms?limit=3".to_owned()),
        };
        let door = self.door();
        let request = Request {
            method: "GET",
            target,
            body: None,
            key: None,
        };
        let sent = tick();
        let answer = self.send(door, &request);
        let seen = match &answer {
            Ok(answer) if answer.status == 200 => room::shown(&answer.body),
            Ok(answer) if answer.status == 404 => Some(Rooms::new()),
            _ => None,
        };
        match (answer, seen) {
            (Ok(answer), Some(seen)) => self.record.reads.push(Read {
                sent,
                door,
                view,
                seen,
                hit: answer.is_hit(),
            }),
            (Ok(answer), None) => self.failed(room::code(answer.status, &answer.body)),
            (Err(error), _) => self.failed(error.kind().to_string()),
        }
    }

    fn failed(&mut self, what: String) {
        *self.record.failed.entry(what).or_default() += 1;
    }

    fn write(&mut self) {
        let token = format!("w{}", tick());
        let (id, name) = (self.id(), self.name());
        let by_name = format!("/v1/rooms/by-external-id/{name}");
        let by_id = format!("/v1/rooms/{id}");
        let body = json!({"external_id": self.name(), "name": token});
        let wrote = Trace::Wrote(token.clone());
        let (method, target, body, trace) = match self.dice.roll(14) {
            0..4 => ("PUT", by_id, Some(body), wrote),
            4..6 => ("PUT", by_name, Some(body), wrote),
            6..8 => {
                let body = json!({"type": "PHYSICAL_ROOM", "name": token});
                ("PUT", by_name, Some(body), wrote)
            }
            8..10 => {
                let body = json!({"type": "PHYSICAL_ROOM", "external_id": name, "name": token});
                ("POST", "/v1/rooms".to_owned(), Some(body), wrote)
            }
            10 => ("DELETE", by_id, None, Trace::DeletedId(id)),
            11 => ("DELETE", by_name, None, Trace::DeletedName(name)),
            12 => {
                let status = json!({"status": if id % 2 == 0 { "active" } else { "inactive" }});
                (
                    "PUT",
                    format!("{by_id}/status"),
                    Some(status),
                    Trace::Status,
                )
            }
            _ => return self.write_twice(&token),
        };
        let request = Request {
            method,
            target,
            body,
            key: None,
        };
        let door = self.door();
        let created = self.note(door, &request, trace);
        self.crowd.ids().extend(created);
    }

    /// One create through two doors, under one key, and its end. Nobody else knows its name.
    fn write_twice(&mut self, token: &str) {
        let name = format!("k-{token}");
        let request = Request {
            method: "POST",
            target: "/v1/rooms".to_owned(),
            body: Some(json!({"type": "PHYSICAL_ROOM", "external_id": name, "name": token})),
            key: Some(token),
        };
        for _ in 0..2 {
            let door = self.door();
            self.note(door, &request, Trace::Wrote(token.to_owned()));
        }
        let request = Request {
            method: "DELETE",
            target: format!("/v1/rooms/by-external-id/{name}"),
            body: None,
            key: None,
        };
        let door = self.door();
        self.note(door, &request, Trace::DeletedName(name));
    }

    /// The id of what was created.
    fn note(&mut self, door: usize, request: &Request<'_>, trace: Trace) -> Option<u64> {
        let sent = tick();
        let answer = self.send(door, request);
        let came = tick();
        let word = |answer: &Answer| match answer {
            _ if answer.is_done() => Word::Done,
            _ if answer.is_not_done() => Word::NotDone,
            _ => Word::Unknown,
        };
        let told = match &answer {
            Ok(answer) => format!("{} {}", answer.status, answer.body),
            Err(error) => error.to_string(),
        };
        let answer = answer.ok();
        self.record.writes.push(Write {
            sent,
            door,
            answered: answer.as_ref().map(|answer| (came, word(answer))),
            trace,
            told: format!("{} {}: {told}", request.method, request.target),
        });
        let created = answer.filter(|answer| answer.status == 201)?;
        room::id(&created.body)
    }

    fn send(&mut self, door: usize, request: &Request<'_>) -> std::io::Result<Answer> {
        let connection = match self.connections[door].take() {
            Some(connection) => Ok(connection),
            None => Connection::open(self.doors[door].address),
        };
        let body = request.body.as_ref().map(Value::to_string);
        let key = request.key.map(|key| ("Idempotency-Key", key));
        let sent = connection.and_then(|mut connection| {
            let headers = key.as_slice();
            let body = body.as_deref().unwrap_or_default();
            let answer = connection.send(request.method, &request.target, headers, body)?;
            if !connection.closes {
                self.connections[door] = Some(connection);
            }
            Ok(answer)
        });
        match &sent {
            Ok(_) => {
                self.crowd.operations.fetch_add(1, Ordering::SeqCst);
            }
            // Nobody is at this door: no use in a storm.
            Err(_) => sleep(Duration::from_millis(5)),
        }
        sent
    }
}
