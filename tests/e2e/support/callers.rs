//! Callers who must not notice what goes on elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Client, Sandboxed};

const JSON: [(&str, &str); 1] = [("Content-Type", "application/json")];

/// So that a second round does not meet the rooms of the first.
static ROUND: AtomicUsize = AtomicUsize::new(0);

/// 200 requests of four callers at once: reads, cached and not, and writes. Each must get its answer.
pub fn go_on(gateway: &Sandboxed) {
    let round = ROUND.fetch_add(1, Ordering::Relaxed);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                let mut client = gateway.client();
                for number in 0..50 {
                    one(&mut client, number, &format!("{round}-{thread}-{number}"));
                }
            });
        }
    });
}

fn one(client: &mut Client, number: usize, id: &str) {
    let (status, answer) = match number % 3 {
        0 => (200, client.request("GET", "/v1/rooms/2101", &[], b"")),
        1 => (200, client.request("GET", "/v1/rooms?limit=2", &[], b"")),
        _ => {
            let room = format!(r#"{{"type":"PHYSICAL_ROOM","external_id":"c{id}","name":"Aula"}}"#);
            (
                201,
                client.request("POST", "/v1/rooms", &JSON, room.as_bytes()),
            )
        }
    };
    assert_eq!(answer.status, status, "{answer:?}");
}
