//! Thousands of mixed reads and writes from many callers, held against the vendor's own history: what
//! a read is given must be what the vendor had at some moment after every write to it that was
//! answered before the read was sent.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use sandbox::{Change, Fault, FaultKind, Seed, Subject, When};
use serde_json::{Value, json};

use super::is_hit;
use crate::support::lab::{Lab, Plan};
use crate::support::{Answer, Client};

const CALLERS: u64 = 8;
const STEPS: u64 = 800;
const NAMES: u64 = 6;

/// Counts up with everything that happens to a caller; the order of two counts is their order in time.
static CLOCK: AtomicU64 = AtomicU64::new(1);

fn tick() -> u64 {
    CLOCK.fetch_add(1, Ordering::SeqCst)
}

/// Id → external id and name: as much of a room as a read shows here.
type Rooms = BTreeMap<u64, (String, String)>;

#[derive(Debug, Clone)]
enum View {
    Id(u64),
    Name(String),
    List,
    Page(usize),
}

#[derive(Debug)]
struct Read {
    sent: u64,
    view: View,
    seen: Rooms,
    hit: bool,
}

#[derive(Debug)]
struct Write {
    sent: u64,
    answered: u64,
    trace: Trace,
}

/// How a write is found in the history.
#[derive(Debug)]
enum Trace {
    /// It wrote this name, which no other write wrote.
    Wrote(String),
    DeletedId(u64),
    DeletedName(String),
}

/// A generator of its own for each caller: the same numbers in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn name(&mut self) -> String {
        format!("n{}", self.roll(NAMES))
    }
}

#[derive(Default)]
struct Record {
    reads: Vec<Read>,
    writes: Vec<Write>,
    unanswered: usize,
}

struct Caller<'t> {
    client: Client,
    dice: Dice,
    /// Ids that the vendor has given out.
    ids: &'t Mutex<Vec<u64>>,
    record: Record,
}

impl Caller<'_> {
    fn id(&mut self) -> u64 {
        let ids = self.ids.lock().unwrap();
        let recent = self.dice.roll(6).min(ids.len() as u64 - 1);
        ids[ids.len() - 1 - usize::try_from(recent).unwrap()]
    }

    fn step(&mut self) {
        match self.dice.roll(100) {
            0..80 => self.read(),
            _ => self.write(),
        }
    }

    fn read(&mut self) {
        let (view, target) = match self.dice.roll(10) {
            0..4 => {
                let id = self.id();
                (View::Id(id), format!("/v1/rooms/{id}"))
            }
            4..7 => {
                let name = self.dice.name();
                let target = format!("/v1/rooms/by-external-id/{name}");
                (View::Name(name), target)
            }
            7..9 => (View::List, "/v1/rooms".to_owned()),
            _ => (View::Page(3), "/v1/rooms?limit=3".to_owned()),
        };
        let sent = tick();
        let answer = self.client.request("GET", &target, &[], b"");
        let (seen, hit) = match answer.status {
            200 => (rooms(&answer), is_hit(&answer)),
            404 => (Rooms::new(), is_hit(&answer)),
            _ => {
                self.record.unanswered += 1;
                return;
            }
        };
        self.record.reads.push(Read {
            sent,
            view,
            seen,
            hit,
        });
    }

    fn write(&mut self) {
        let sent = tick();
        let token = format!("w{sent}");
        let named = self.dice.name();
        let body = json!({"external_id": self.dice.name(), "name": token});
        let (method, target, body, trace) = match self.dice.roll(12) {
            0..4 => (
                "PUT",
                format!("/v1/rooms/{}", self.id()),
                Some(body),
                Trace::Wrote(token),
            ),
            4..6 => (
                "PUT",
                format!("/v1/rooms/by-external-id/{named}"),
                Some(body),
                Trace::Wrote(token),
            ),
            6..8 => {
                let body = json!({"type": "PHYSICAL_ROOM", "name": token});
                (
                    "PUT",
                    format!("/v1/rooms/by-external-id/{named}"),
                    Some(body),
                    Trace::Wrote(token),
                )
            }
            8..10 => {
                let body = json!({"type": "PHYSICAL_ROOM", "external_id": named, "name": token});
                (
                    "POST",
                    "/v1/rooms".to_owned(),
                    Some(body),
                    Trace::Wrote(token),
                )
            }
            10 => {
                let id = self.id();
                (
                    "DELETE",
                    format!("/v1/rooms/{id}"),
                    None,
                    Trace::DeletedId(id),
                )
            }
            _ => (
                "DELETE",
                format!("/v1/rooms/by-external-id/{named}"),
                None,
                Trace::DeletedName(named),
            ),
        };
        let answer = send(&mut self.client, method, &target, body.as_ref());
        let answered = tick();
        if let Some(id) = answer
            .status
            .eq(&201)
            .then(|| answer.json()["id"].as_str().and_then(|id| id.parse().ok()))
            .flatten()
        {
            self.ids.lock().unwrap().push(id);
        }
        // Of a write whose outcome is unknown the history tells; the vendor here does nothing late.
        let unknown = answer.status >= 500 && matches!(trace, Trace::Wrote(_));
        if answer.status < 300 || unknown {
            self.record.writes.push(Write {
                sent,
                answered,
                trace,
            });
        }
    }
}

fn send(client: &mut Client, method: &str, target: &str, body: Option<&Value>) -> Answer {
    match body {
        Some(body) => client.request(
            method,
            target,
            &[("Content-Type", "application/json")],
            body.to_string().as_bytes(),
        ),
        None => client.request(method, target, &[], b""),
    }
}

fn rooms(answer: &Answer) -> Rooms {
    let body = answer.json();
    let listed = body["items"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![body]);
    let text = |room: &Value, field: &str| room[field].as_str().unwrap_or_default().to_owned();
    let entry = |room: &Value| {
        (
            text(room, "id").parse().unwrap(),
            (text(room, "external_id"), text(room, "name")),
        )
    };
    listed.iter().map(entry).collect()
}

/// What the vendor had after each change; the first is before all.
fn states(history: &[Change]) -> Vec<Rooms> {
    let mut states = vec![Rooms::new()];
    for change in history {
        let mut rooms = states.last().unwrap().clone();
        match &change.subject {
            Subject::Room(room) => {
                let name = room.external_id.clone().unwrap_or_default();
                rooms.insert(room.id, (name, room.name.clone()));
            }
            Subject::RoomDeleted(room) => {
                rooms.remove(&room.id);
            }
            Subject::Day(_) => {}
        }
        states.push(rooms);
    }
    states
}

fn shown(rooms: &Rooms, view: &View) -> Rooms {
    let pick = |wanted: &dyn Fn(&u64, &(String, String)) -> bool| {
        rooms
            .iter()
            .filter(|(id, room)| wanted(id, room))
            .map(|(id, room)| (*id, room.clone()))
            .collect()
    };
    match view {
        View::Id(id) => pick(&|own, _| own == id),
        View::Name(name) => pick(&|_, room| room.0 == *name),
        View::List => rooms.clone(),
        View::Page(count) => rooms
            .iter()
            .take(*count)
            .map(|(id, room)| (*id, room.clone()))
            .collect(),
    }
}

/// From when on readers must see what.
struct Promise {
    answered: u64,
    /// The number of changes that were applied then, at the least.
    changes: usize,
    id: Option<u64>,
    names: Vec<String>,
}

impl Promise {
    fn concerns(&self, view: &View) -> bool {
        match view {
            View::Id(id) => self.id == Some(*id),
            View::Name(name) => self.names.contains(name),
            // Any write may have changed a list.
            View::List | View::Page(_) => true,
        }
    }
}

/// What each answered write promises. `states` are the vendor's.
fn promises(states: &[Rooms], mut writes: Vec<Write>) -> Vec<Promise> {
    writes.sort_by_key(|write| write.answered);
    let mut promises: Vec<Promise> = Vec::new();
    for write in &writes {
        let before = floor(&promises, write.sent, &View::List);
        let mut later = states.iter().skip(before);
        let found = match &write.trace {
            Trace::Wrote(name) => {
                later.position(|rooms| rooms.values().any(|room| room.1 == *name))
            }
            // Whose answer is lost is told "done" where a look-up finds nothing: then nothing was.
            Trace::DeletedId(id) => later.position(|rooms| !rooms.contains_key(id)),
            Trace::DeletedName(name) => {
                later.position(|rooms| !rooms.values().any(|room| room.0 == *name))
            }
        };
        let Some(changes) = found.map(|index| before + index) else {
            continue;
        };
        let of = |id: u64| {
            let around = states[changes.saturating_sub(1)..=changes].iter();
            around
                .filter_map(move |rooms| rooms.get(&id))
                .map(|room| room.0.clone())
        };
        let (id, names) = match &write.trace {
            Trace::Wrote(name) => {
                let mut rooms = states[changes].iter();
                let id = *rooms.find(|(_, room)| room.1 == *name).unwrap().0;
                (Some(id), of(id).collect())
            }
            Trace::DeletedId(id) => (Some(*id), of(*id).collect()),
            Trace::DeletedName(name) => (None, vec![name.clone()]),
        };
        promises.push(Promise {
            answered: write.answered,
            changes,
            id,
            names,
        });
    }
    promises
}

/// The changes that a reader who comes at `moment` must see of a view.
fn floor(promises: &[Promise], moment: u64, view: &View) -> usize {
    let answered = promises.iter().filter(|promise| promise.answered < moment);
    let concerned = answered.filter(|promise| promise.concerns(view));
    concerned.map(|promise| promise.changes).max().unwrap_or(0)
}

fn lab() -> Lab {
    let not_found = "{getRoom: {not_found: 10s}, getRoomByExternalId: {not_found: 10s}}";
    let settings =
        format!("deadline: 10s\ncache: {{unknown_hold: 50ms, operations: {not_found}}}\n");
    let plan = Plan::default().settings(&settings).config(|config| {
        config.seed = Seed::Empty;
        config.ledger_limit = 1_000_000;
    });
    let lab = plan.start();
    trouble(&lab, &[]);
    lab
}

/// The next answer to each of the `lost` calls is lost after the vendor carried it out; the others are
/// on the way while further calls are carried out.
fn trouble(lab: &Lab, lost: &[&str]) {
    lab.sandbox.clear_faults();
    for operation in lost {
        lab.break_next(operation, When::After, FaultKind::Reset);
    }
    for (operation, ms) in [
        ("netex.get", 2),
        ("netex.list", 3),
        ("netex.replace", 2),
        ("netex.create", 1),
    ] {
        lab.sandbox.add_fault(Fault::every(
            operation,
            When::After,
            FaultKind::Delay { ms },
        ));
    }
}

#[test]
fn no_read_is_older_than_an_answered_write() {
    let lab = lab();
    let ids = Mutex::new(Vec::new());
    for name in 0..NAMES {
        let body =
            json!({"type": "PHYSICAL_ROOM", "external_id": format!("n{name}"), "name": "first"});
        let created = lab
            .gateway
            .send_json("POST", "/v1/rooms", &body.to_string());
        ids.lock()
            .unwrap()
            .push(created.json()["id"].as_str().unwrap().parse().unwrap());
    }
    let records: Vec<Record> = thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|number| {
                let mut caller = Caller {
                    client: lab.gateway.client(),
                    dice: Dice(0x9e37_79b9_7f4a_7c15 ^ (number + 1)),
                    ids: &ids,
                    record: Record::default(),
                };
                scope.spawn(move || {
                    for _ in 0..STEPS {
                        caller.step();
                    }
                    caller.record
                })
            })
            .collect();
        // Now and then an answer to a write is lost, and a look-up must find out.
        while !callers.iter().all(|caller| caller.is_finished()) {
            trouble(&lab, &["netex.replace", "netex.create", "netex.delete"]);
            thread::sleep(Duration::from_millis(300));
        }
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .collect()
    });
    let history = lab.sandbox.history();
    assert_eq!(
        history.first().map(|change| change.sequence),
        Some(1),
        "the history is whole"
    );
    let states = states(&history);
    let (mut reads, mut writes, mut unanswered) = (Vec::new(), Vec::new(), 0);
    for record in records {
        reads.extend(record.reads);
        writes.extend(record.writes);
        unanswered += record.unanswered;
    }
    let (written, hits) = (writes.len(), reads.iter().filter(|read| read.hit).count());
    let promises = promises(&states, writes);
    let stale: Vec<String> = reads
        .iter()
        .filter_map(|read| {
            let floor = floor(&promises, read.sent, &read.view);
            let held = states[floor..]
                .iter()
                .any(|rooms| shown(rooms, &read.view) == read.seen);
            let at = states
                .iter()
                .rposition(|rooms| shown(rooms, &read.view) == read.seen);
            (!held).then(|| format!("{read:?} is as of change {at:?}, and {floor} were answered"))
        })
        .collect();
    println!(
        "{} reads ({hits} hits, {unanswered} unanswered), {written} writes, {} changes",
        reads.len(),
        history.len()
    );
    assert_eq!(unanswered, 0);
    assert!(hits > 200, "only {hits} hits: the cache had no part in it");
    assert!(history.len() > 200, "only {} changes", history.len());
    assert!(
        stale.is_empty(),
        "{} stale reads, such as {:#?}",
        stale.len(),
        stale.iter().take(3).collect::<Vec<_>>()
    );
}
