//! Kept connections that made one request each, and what is left when they are gone.

use bench::cpu::Pair;
use bench::gateway::Gateway;
use bench::vendor::Vendor;

use crate::options::Options;

const CONNECTIONS: usize = 10_000;

pub fn measure(options: &Options, pair: Pair) -> Result<(), String> {
    let vendor = Vendor::start()?;
    // Longer than the trial takes.
    let settings = "timeouts: {idle: 10m}";
    let gateway = Gateway::start(pair.measured(&options.gateway()), vendor.address, settings)?;
    let count = connections_at_most(CONNECTIONS)?;
    gateway.light_traffic()?;
    let before = gateway.mebibytes()?;
    let mut callers = Vec::with_capacity(count);
    for number in 0..count {
        let mut caller = gateway.connect()?;
        let target = format!("/v1/rooms/{}", 1 + number % 64);
        let answer = caller.send("GET", &target, &[], "");
        match answer.map(|answer| answer.status) {
            Ok(200) => callers.push(caller),
            other => return Err(format!("connection {number}: {other:?}")),
        }
    }
    let held = gateway.mebibytes()?;
    drop(callers);
    gateway.light_traffic()?;
    let after = gateway.mebibytes()?;
    println!(
        "\nIdle connections: {count} that made a request each: {held:.1} MiB, {:.1} KiB each above {before:.1} MiB; ten seconds after they left, under light traffic: {after:.1} MiB",
        (held - before) * 1024.0 / count as f64
    );
    Ok(())
}

/// How many files a process may open, of which some are kept back for others than connections.
fn connections_at_most(wanted: usize) -> Result<usize, String> {
    let text = std::fs::read_to_string("/proc/self/limits").map_err(|error| error.to_string())?;
    let limit = text.lines().find_map(|line| {
        let rest = line.strip_prefix("Max open files")?;
        rest.split_whitespace().next()?.parse::<usize>().ok()
    });
    let most = limit.unwrap_or(usize::MAX).saturating_sub(200);
    if most < wanted {
        println!(
            "Only {most} connections, since a process here may not open more files (ulimit -n)."
        );
    }
    Ok(most.min(wanted))
}
