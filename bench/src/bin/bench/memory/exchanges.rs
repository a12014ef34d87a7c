//! Allocations and live bytes of single exchanges, by an allocator that counts.

use bench::counting::{Counter, Counts};
use bench::exchange::{Exchange, TASKS};
use bench::gateway::Gateway;
use bench::http::Connection;
use bench::rooms;
use bench::vendor::Vendor;

use crate::options::Options;

/// Repetitions that are counted: what happens by the clock (timers, the date) counts little beside.
const TIMES: u32 = 2000;
/// Bytes of long lists.
const SIZES: [usize; 2] = [1_600_000, 8_000_000];
const SETTINGS: &str =
    "threads: 1\nlimits: {body: 16MiB, bodies: 128MiB, form: 64MiB, answer: 16MiB}\ndeadline: 60s";

pub fn measure(options: &Options) -> Result<(), String> {
    let vendor = Vendor::start()?;
    println!("\nAllocations of an exchange, blocks that grew or shrank among them");
    println!("| | allocations | of them grown | \n|---|---:|---:|");
    let (counter, gateway) = start(options, &vendor)?;
    for task in TASKS {
        let mut exchange = Exchange::of(task, "/v1");
        exchange.check(gateway.server.address)?;
        let mut caller = gateway.connect()?;
        let mut repeat = |times: u32| -> Result<(), String> {
            for _ in 0..times {
                let answer = exchange.send(&mut caller, 0)?;
                if answer.status != exchange.status {
                    return Err(format!("{}: {}", task.name(), answer.status));
                }
            }
            Ok(())
        };
        repeat(TIMES / 10)?;
        let before = counter.read()?;
        repeat(TIMES)?;
        let now = counter.read()?;
        let grown = each(now.reallocations - before.reallocations);
        let all = each(now.allocations - before.allocations) + grown;
        println!("| {} | {all:.1} | {grown:.1} |", task.name());
    }
    println!("\nPeak of live bytes of one exchange with a long list, as a multiple of its bytes");
    println!("| | bytes | peak | × |\n|---|---:|---:|---:|");
    for kind in ["json", "xml", "form"] {
        for size in SIZES {
            // The peak cannot be set back, so each has a process of its own, in which it must exceed that of the start.
            let (counter, gateway) = start(options, &vendor)?;
            let mut caller = gateway.connect()?;
            send(&mut caller, kind, 1_000)?;
            let before = counter.read()?;
            send(&mut caller, kind, size)?;
            println!("{}", peak(kind, size, before, counter.read()?));
        }
    }
    Ok(())
}

fn start(options: &Options, vendor: &Vendor) -> Result<(Counter, Gateway), String> {
    let (counter, command) = Counter::new(&options.program("counting"))?;
    let gateway = Gateway::start(command, vendor.address, SETTINGS)?;
    Ok((counter, gateway))
}

fn send(caller: &mut Connection, kind: &str, size: usize) -> Result<(), String> {
    let answer = match kind {
        "form" => caller.send("POST", "/v1/lists", &[], &rooms::request(size)),
        _ => caller.send("GET", &format!("/v1/lists/{kind}/{size}"), &[], ""),
    };
    match answer.map_err(|error| error.to_string())? {
        answer if answer.status == 200 => Ok(()),
        answer => Err(format!(
            "{kind} of {size}: {} {}",
            answer.status, answer.body
        )),
    }
}

fn peak(kind: &str, size: usize, before: Counts, now: Counts) -> String {
    let raised = (now.peak.saturating_sub(before.live)) as f64;
    // Less than what the start once needed is not seen.
    let at_most = if now.peak > before.peak { "" } else { "≤ " };
    format!(
        "| {kind} | {size} | {at_most}{:.1} MB | {at_most}{:.1} |",
        raised / 1e6,
        raised / size as f64
    )
}

fn each(count: u64) -> f64 {
    count as f64 / f64::from(TIMES)
}
