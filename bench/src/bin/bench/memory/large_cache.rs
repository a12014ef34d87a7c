//! A hit in a large cache beside one in a small cache: in random order over all that is stored.

use std::time::Instant;

use bench::cpu::{self, Pair};
use bench::gateway::Gateway;
use bench::load;
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

    let reads = vendor.calls().reads;
    let (mut costs, mut ratios) = ([Vec::new(), Vec::new()], Vec::new());
    for round in 0..=options.rounds as u64 {
        let one = cost(&small, SMALL, round)?;
        let other = cost(&large, options.rooms, round)?;
        // Round 0 warms up.
        if round > 0 {
            costs[0].push(one);
            costs[1].push(other);
            ratios.push(other / one);
        }
    }
    let missed = vendor.calls().reads - reads;
    let [one, other] = costs.map(Spread::of);
    let (Some(one), Some(other), Some(ratio)) = (one, other, Spread::of(ratios)) else {
        return Err("no rounds".to_owned());
    };
    println!(
        "\nA hit in a cache of {} rooms: {other} µs; of {SMALL}: {one} µs; ratio {ratio}. {missed} of the requests missed. Filled in {filled} s; the large one takes {memory:.0} MiB",
        options.rooms
    );
    Ok(())
}

fn fill(gateway: &Gateway, rooms: u64) -> Result<(), String> {
    load::rooms(gateway.server.address, 0..rooms, |number| 1 + number)
}

/// Microseconds of CPU for one request.
fn cost(gateway: &Gateway, rooms: u64, round: u64) -> Result<f64, String> {
    let numbers = round * WINDOW..(round + 1) * WINDOW;
    let before = cpu::time(gateway.server.pid())?;
    load::rooms(gateway.server.address, numbers, move |number| {
        1 + scattered(number) % rooms
    })?;
    let used = cpu::time(gateway.server.pid())?.saturating_sub(before);
    Ok(used.as_secs_f64() * 1e6 / WINDOW as f64)
}

/// Another number for each, without order (the finish of SplitMix64, Steele, Lea, Flood 2014).
fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
