//! The gateway beside its peers: CPU of a hit, a 304 and two translated writes, as ratios of one run.
//!
//! All are started and warmed first; idle ones cost nothing. Then short windows of a fixed number of requests go round
//! them, forwards and backwards by turns, so that whatever else the machine does meets all alike. A ratio is made
//! within each round; what is told is the median of them.

mod peer;
mod report;

use bench::cpu::Pair;
use bench::exchange::{TASKS, Task};
use bench::vendor::Vendor;

use crate::options::Options;
use peer::Peer;
use report::Window;

/// Seconds of a window.
const WINDOW: f64 = 0.4;

pub fn measure(options: &Options, pair: Pair) -> Result<(), String> {
    let vendor = Vendor::start()?;
    let mut peers = Vec::new();
    for kind in peer::kinds(options) {
        let name = kind.name;
        match Peer::start(kind, pair, &vendor) {
            Ok(peer) => peers.push(peer),
            Err(error) if peers.is_empty() => return Err(format!("{name}: {error}")),
            Err(error) => println!("{name} could not be started, and is left out: {error}"),
        }
    }
    let cells: Vec<(usize, Task)> = TASKS
        .iter()
        .flat_map(|task| (0..peers.len()).map(|peer| (peer, *task)))
        .filter(|(peer, task)| peers[*peer].does(*task))
        .collect();
    let mut windows = Vec::new();
    for round in 0..options.rounds {
        let mut order = cells.clone();
        if round % 2 == 1 {
            order.reverse();
        }
        for (number, task) in order {
            let (peer, before) = (&peers[number], vendor.calls());
            let (cost, busy, requests) = peer.window(task, WINDOW)?;
            peer::expect_calls(task, requests, before, vendor.calls())
                .map_err(|error| format!("{}, {}: {error}", peer.name(), task.name()))?;
            windows.push(Window {
                peer: number,
                task,
                round,
                cost,
                busy,
            });
        }
    }
    let names: Vec<&str> = peers.iter().map(Peer::name).collect();
    print!("{}", report::table(&names, &windows));
    println!(
        "Medians of {} rounds and their quartiles; windows of about {WINDOW} s, 32 connections, the proxy on processor {}, load and vendor on {}.",
        options.rounds, pair.measured, pair.load
    );
    Ok(())
}
