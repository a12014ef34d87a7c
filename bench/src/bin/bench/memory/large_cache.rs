//! A hit in a large cache beside one in a small cache: in random order over all that is stored. What lies in no cache of the
//! processor must be waited for, whoever asks, so bare Pingora's map is measured as well.

use std::time::Instant;

use bench::cpu::{self, Pair};
use bench::gateway::Gateway;
use bench::load;
use bench::server::{Server, free_address};
use bench::statistics::Spread;
use bench::vendor::Vendor;

use crate::options::Options;

const SMALL: u64 = 100;
/// Requests of a window.
const WINDOW: u64 = 20_000;

pub fn measure(options: &Options, pair: Pair) -> Result<(), String> {
    let vendor = Vendor::start()?;
    let settings = "threads: 1\ncache: {budget: 16GiB}";
    let start = || Gateway::start(pair.measured(&options.gateway()), vendor.address, settings);
    let (small, large) = (start()?, start()?);
    fill(&small, SMALL)?;
    let began = Instant::now();
    fill(&large, options.rooms)?;
    let filled = began.elapsed().as_secs();
    let memory = large.mebibytes()?;

    let bare = |rooms: u64| {
        let address = free_address()?;
        let mut command = pair.measured(&options.program("bare"));
        command.args([address.to_string(), rooms.to_string()]);
        Server::start(&mut command, address)
    };
    let maps = (bare(SMALL)?, bare(options.rooms)?);

    let reads = vendor.calls().reads;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=options.rounds as u64 {
        let pair = |small: &Server, large: &Server| {
            let one = cost(small, SMALL, round)?;
            Ok::<_, String>((one, cost(large, options.rooms, round)?))
        };
        let (gateway, map) = (pair(&small.server, &large.server)?, pair(&maps.0, &maps.1)?);
        // Round 0 warms up.
        if round > 0 {
            ours.push(gateway);
            theirs.push(map);
        }
    }
    let missed = vendor.calls().reads - reads;
    println!(
        "\nA hit among {} rooms, in random order, beside one among {SMALL}\n| | µs among many | among few | × |\n|---|---:|---:|---:|",
        options.rooms
    );
    for (name, costs) in [("lms-gateway", ours), ("bare Pingora's map", theirs)] {
        let spread = |of: fn(&(f64, f64)) -> f64| Spread::of(costs.iter().map(of).collect());
        let all = (
            spread(|(_, many)| *many),
            spread(|(few, _)| *few),
            spread(|(few, many)| many / few),
        );
        if let (Some(many), Some(few), Some(ratio)) = all {
            println!("| {name} | {many} | {few} | {ratio} |");
        }
    }
    println!("{missed} of the requests missed. Filled in {filled} s; {memory:.0} MiB.");
    Ok(())
}

fn fill(gateway: &Gateway, rooms: u64) -> Result<(), String> {
    load::rooms(gateway.server.address, 0..rooms, |number| 1 + number)
}

/// Microseconds of CPU for one request.
fn cost(server: &Server, rooms: u64, round: u64) -> Result<f64, String> {
    let numbers = round * WINDOW..(round + 1) * WINDOW;
    let before = cpu::time(server.pid())?;
    load::rooms(server.address, numbers, move |number| {
        1 + scattered(number) % rooms
    })?;
    let used = cpu::time(server.pid())?.saturating_sub(before);
    Ok(used.as_secs_f64() * 1e6 / WINDOW as f64)
}

/// Another number for each, without order (the finish of SplitMix64, Steele, Lea, Flood 2014).
fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
