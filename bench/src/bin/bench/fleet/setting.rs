//! What the measurements share.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bench::http::Connection;
use bench::server::free_address;
use sandbox::Room;
use trials::fleet::Plan;
use trials::stage::Stage;
use trials::store::{Kind, wait};

use crate::options::Options;

/// Who calls, where callers have keys.
const KEY: (&str, &str) = ("Authorization", "Bearer sandbox-netex-token");

pub fn address() -> SocketAddr {
    free_address().unwrap_or_else(|error| panic!("{error}"))
}

pub fn plan(options: &Options, members: usize) -> Plan {
    let mut plan = Plan::new(options.gateway(), address);
    plan.members = members;
    plan
}

/// Over a Redis of its own, with rooms, each door warm for the first of them.
pub fn stage(plan: &Plan, rooms: u64) -> Result<(Stage, Vec<u64>), String> {
    let stage = Stage::new(Kind::Redis, plan);
    let put = |number| {
        stage
            .fleet
            .sandbox
            .put_room(Room::new(0, &format!("r{number}"), "Aula"))
    };
    let ids: Vec<u64> = (0..rooms).map(|number| put(number).id).collect();
    // What a young epoch may have lost is over when there are hits.
    if plan.shared.is_some() {
        for gateway in &stage.fleet.gateways {
            let mut caller = open(gateway.api)?;
            let target = format!("/v1/rooms/{}", ids[0]);
            wait("hits", || {
                let answer = caller.send("GET", &target, &[KEY], "");
                answer.is_ok_and(|answer| answer.is_hit())
            });
        }
    }
    Ok((stage, ids))
}

pub fn open(address: SocketAddr) -> Result<Connection, String> {
    Connection::open(address).map_err(|error| error.to_string())
}

/// A request that must end in 2xx, and its time.
pub fn timed(
    caller: &mut Connection,
    (method, target): (&str, &str),
    body: &str,
) -> Result<Duration, String> {
    let started = Instant::now();
    let answer = caller.send(method, target, &[KEY], body);
    let time = started.elapsed();
    let answer = answer.map_err(|error| format!("{method} {target}: {error}"))?;
    if answer.is_done() {
        Ok(time)
    } else {
        Err(format!(
            "{method} {target}: {} {}",
            answer.status, answer.body
        ))
    }
}

/// Milliseconds below which this share of the times lies.
fn quantile(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    let place = (last as f64 * share).round() as usize;
    times.get(place).map_or(f64::NAN, Duration::as_secs_f64) * 1000.0
}

pub fn spread(times: &mut [Duration]) -> String {
    let [median, high, longest] = [0.5, 0.99, 1.0].map(|share| quantile(times, share));
    format!("median {median:.2} ms, p99 {high:.2} ms, longest {longest:.1} ms")
}
