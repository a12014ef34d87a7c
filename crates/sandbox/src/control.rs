//! The control port: faults, switches, true state and ledger over HTTP and JSON, on loopback.

mod read;

use serde_json::{Value, json};

use crate::day::Day;
use crate::operation::strikable;
use crate::room::Room;
use crate::sandbox::Sandbox;
use crate::server::answer::Answer;
use crate::server::request::{self, Read, Request};
use crate::server::wire::Wire;

#[derive(Clone)]
pub(crate) struct Control {
    sandbox: Sandbox,
}

/// Every call, for the page of the root and for a path that is none.
const CALLS: [(&str, &str); 13] = [
    ("GET", "/_sandbox/faults"),
    ("POST", "/_sandbox/faults"),
    ("DELETE", "/_sandbox/faults"),
    ("GET", "/_sandbox/ledger"),
    ("DELETE", "/_sandbox/ledger"),
    ("GET", "/_sandbox/state"),
    ("GET", "/_sandbox/assumptions"),
    ("PUT", "/_sandbox/assumptions"),
    ("PUT", "/_sandbox/rooms"),
    ("PUT", "/_sandbox/days"),
    ("POST", "/_sandbox/reset"),
    ("POST", "/_sandbox/tokens/revoke"),
    ("POST", "/_sandbox/tokens/expire"),
];

impl Control {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        Self { sandbox }
    }

    pub(crate) async fn serve(self, wire: Wire) {
        let mut buffer = Vec::new();
        loop {
            let (answer, keep) = match request::read(&wire, &mut buffer).await {
                Read::Gone => return,
                Read::Whole(request) => (self.answer(&request), request.keep_alive),
                Read::Malformed { status, why, .. } => (refusal(status, why), false),
            };
            if wire.write(&answer.to_bytes(false, !keep)).await.is_err() {
                return;
            }
            if !keep {
                return wire.finish().await;
            }
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        let sandbox = &self.sandbox;
        match (request.method.as_str(), request.target.as_str()) {
            ("GET", "/") => Answer::with_body(200, "text/plain;charset=utf-8", help()),
            ("GET", "/_sandbox/faults") => Answer::json(200, &json!(sandbox.faults())),
            ("POST", "/_sandbox/faults") => match read::faults(&request.body) {
                Ok(faults) => {
                    for fault in faults {
                        if let Err(refused) = sandbox.try_add_fault(fault) {
                            return refusal(400, &refused.to_string());
                        }
                    }
                    Answer::json(200, &json!(sandbox.faults()))
                }
                Err(why) => refusal(400, &why),
            },
            ("DELETE", "/_sandbox/faults") => match sandbox.try_clear_faults() {
                Ok(()) => Answer::new(204),
                Err(error) => refusal(500, &format!("the port is lost: {error}")),
            },
            ("GET", "/_sandbox/ledger") => Answer::json(
                200,
                &json!({
                    "forgotten": sandbox.ledger_forgotten(),
                    "requests": sandbox.ledger(),
                }),
            ),
            ("DELETE", "/_sandbox/ledger") => {
                sandbox.clear_ledger();
                Answer::new(204)
            }
            ("GET", "/_sandbox/state") => Answer::json(
                200,
                &json!({
                    "rooms": sandbox.rooms(),
                    "days": sandbox.days(),
                    "valid_tokens": sandbox.valid_tokens(),
                    "history": sandbox.history(),
                }),
            ),
            ("GET", "/_sandbox/assumptions") => Answer::json(200, &json!(sandbox.assumptions())),
            ("PUT", "/_sandbox/assumptions") => {
                let patched = read::object(&request.body)
                    .and_then(|members| read::patched(&sandbox.assumptions(), members));
                match patched {
                    Ok(new) => {
                        sandbox.set_assumptions(|rules| *rules = new);
                        Answer::json(200, &json!(sandbox.assumptions()))
                    }
                    Err(why) => refusal(400, &why),
                }
            }
            ("PUT", "/_sandbox/rooms") => match self.put_room(&request.body) {
                Ok(room) => Answer::json(200, &json!(room)),
                Err(why) => refusal(400, &why),
            },
            ("PUT", "/_sandbox/days") => match self.put_day(&request.body) {
                Ok(day) => Answer::json(200, &json!(day)),
                Err(why) => refusal(400, &why),
            },
            ("POST", "/_sandbox/reset") => match self.sandbox.try_reset() {
                Ok(()) => Answer::new(204),
                Err(error) => refusal(500, &format!("the port is lost: {error}")),
            },
            ("POST", "/_sandbox/tokens/revoke") => {
                sandbox.revoke_tokens();
                Answer::new(204)
            }
            ("POST", "/_sandbox/tokens/expire") => {
                sandbox.expire_tokens();
                Answer::new(204)
            }
            (method, target) => no_such_call(method, target),
        }
    }
}

impl Control {
    /// The members given, over the room with that `id` or over a new one.
    fn put_room(&self, body: &[u8]) -> Result<Room, String> {
        let members = read::object(body)?;
        let id = members.get("id").and_then(Value::as_u64);
        let base = id.and_then(|id| self.sandbox.room(id)).unwrap_or(Room {
            active: true,
            ..Room::default()
        });
        let room = read::patched(&base, members)?;
        self.sandbox
            .try_put_room(room)
            .map_err(|refused| refused.to_string())
    }

    /// The members given, over the day with that `day_id` or over a new one.
    fn put_day(&self, body: &[u8]) -> Result<Day, String> {
        let members = read::object(body)?;
        let id = members.get("day_id").and_then(Value::as_str);
        let base = id.and_then(|id| self.sandbox.day(id)).unwrap_or_default();
        Ok(self.sandbox.put_day(read::patched(&base, members)?))
    }
}

fn no_such_call(method: &str, target: &str) -> Answer {
    let methods: Vec<&str> = CALLS
        .into_iter()
        .filter(|(_, path)| *path == target)
        .map(|(method, _)| method)
        .collect();
    if methods.is_empty() {
        return refusal(404, &format!("no call {method} {target}\n{}", help()));
    }
    let allow = methods.join(", ");
    refusal(405, &format!("{target} takes {allow}")).with("Allow", &allow)
}

fn refusal(status: u16, why: &str) -> Answer {
    Answer::json(status, &json!({"error": why}))
}

fn help() -> String {
    let calls: String = CALLS
        .into_iter()
        .map(|(method, path)| format!("{method} {path}\n"))
        .collect();
    format!(
        "{calls}operations of a fault: *, netex.*, ispring.*, {}\n",
        strikable().collect::<Vec<_>>().join(", ")
    )
}
