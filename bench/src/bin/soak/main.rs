//! Minutes of load with random faults at both vendors: does anything grow, is any answer untrue?
//!
//! Prints a line every ten seconds. Ends with 1 where memory, descriptors or requests under way grew,
//! or where a write's answer was a lie or a vendor saw one twice. Then three gateways over one store are judged by the
//! oracle of the fleet's tests.
#![forbid(unsafe_code)]
// A trial that cannot be set up has failed.
#![allow(clippy::panic)]

mod caller;
mod fleet;
mod gateway;
mod janitor;
mod tally;
mod trouble;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sandbox::{Config, Sandbox};

use gateway::{Gateway, Size};
use tally::Tally;

const CALLERS: usize = 24;
/// A tenth of what memory was half-way, and a little: allocators breathe.
const GROWTH: f64 = 1.1;
const SLACK_KIB: f64 = 8.0 * 1024.0;
/// Descriptors that may come and go at rest.
const SPARE: usize = 8;

/// Of a fleet, in all.
const OPERATIONS: usize = 100_000;

/// Arguments: the gateway's binary, seconds of load, operations of a fleet. No second of load, or no operation, leaves
/// that part out.
fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(binary) = arguments.next() else {
        eprintln!("usage: soak GATEWAY [SECONDS [OPERATIONS]]");
        return ExitCode::from(2);
    };
    let mut number = || arguments.next().and_then(|text| text.parse::<u64>().ok());
    let seconds = number().unwrap_or(180);
    let operations = number().and_then(|count| usize::try_from(count).ok());
    let operations = operations.unwrap_or(OPERATIONS);
    let alone = if seconds > 0 {
        soak(&binary, Duration::from_secs(seconds))
    } else {
        Ok(true)
    };
    match alone {
        Ok(alone) => {
            let together = operations == 0 || fleet::soak(&binary, operations);
            if alone && together {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn soak(binary: &str, length: Duration) -> Result<bool, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let config = Config {
        // Connections end under the gateway, too.
        idle_close: Some(Duration::from_secs(2)),
        ..Config::default()
    };
    let sandbox = runtime
        .block_on(Sandbox::start(config))
        .map_err(|error| error.to_string())?;
    let gateway = Gateway::start(binary, &sandbox)?;
    let tally = Arc::new(Tally::default());
    // What is bounded is filled first, or its filling would look like a leak.
    caller::fill(gateway.api)?;
    sandbox.clear_ledger();
    let before = gateway.size()?;
    let (half, loaded) = run(&gateway, &sandbox, &tally, length)?;
    // Idle connections end by themselves, here after two seconds and at the vendor.
    std::thread::sleep(Duration::from_secs(5));
    let after = gateway.size()?;
    let under_way = gateway.under_way()?;
    println!("before the load {before}; half-way {half}; at its end {loaded}; at rest {after}");
    println!("{tally}; {under_way} requests under way at rest");
    let mut sound = true;
    let mut check = |good: bool, what: &str| {
        if !good {
            println!("FAILED: {what}");
            sound = false;
        }
    };
    check(
        loaded.memory_kib as f64 <= half.memory_kib as f64 * GROWTH + SLACK_KIB,
        "memory grew in the second half",
    );
    check(
        after.descriptors <= before.descriptors + SPARE,
        "descriptors are left over",
    );
    check(after.threads <= loaded.threads, "threads are left over");
    check(under_way == 0, "requests are under way without a caller");
    check(
        tally.is_sound(),
        "an answer was a lie, or a write came twice",
    );
    Ok(sound)
}

/// The sizes half-way and at the end.
fn run(
    gateway: &Gateway,
    sandbox: &Sandbox,
    tally: &Arc<Tally>,
    length: Duration,
) -> Result<(Size, Size), String> {
    let until = Instant::now() + length;
    let mut threads: Vec<_> = (0..CALLERS)
        .map(|number| {
            let (address, sandbox, tally) = (gateway.api, sandbox.clone(), tally.clone());
            std::thread::spawn(move || caller::run(number, address, &sandbox, &tally, until))
        })
        .collect();
    let (troubled, tidied, counted) = (sandbox.clone(), sandbox.clone(), tally.clone());
    threads.push(std::thread::spawn(move || trouble::run(&troubled, until)));
    threads.push(std::thread::spawn(move || {
        janitor::run(&tidied, &counted, until);
    }));
    let (start, mut half) = (Instant::now(), None);
    while Instant::now() < until {
        let next = Duration::from_secs(10).min(until.saturating_duration_since(Instant::now()));
        std::thread::sleep(next);
        let size = gateway.size()?;
        println!("{:>5} s: {size}; {tally}", start.elapsed().as_secs());
        if half.is_none() && start.elapsed() >= length / 2 {
            half = Some(size);
        }
    }
    let end = gateway.size()?;
    for thread in threads {
        thread.join().map_err(|_| "a thread of the soak panicked")?;
    }
    Ok((half.unwrap_or(end), end))
}
