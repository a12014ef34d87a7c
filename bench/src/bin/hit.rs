//! CPU per request of a cache hit, everything on, beside bare Pingora answering from a map.
#![forbid(unsafe_code)]

use std::process::{Command, ExitCode};
use std::time::Duration;

use bench::server::{Server, free_address};
use bench::{cpu, load};
use sandbox::{Config, Sandbox};

const ROOM: &str = "/v1/rooms/2101";
const CONNECTIONS: usize = 16;
const ROUNDS: usize = 7;

/// Arguments: the gateway's binary, bare's binary, requests a round.
fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(gateway), Some(bare)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: hit GATEWAY BARE [REQUESTS]");
        return ExitCode::from(2);
    };
    let requests = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(100_000);
    match measure(&gateway, &bare, requests) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(gateway: &str, bare: &str, requests: usize) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let config = Config::default();
    let sandbox = runtime
        .block_on(Sandbox::start(config.clone()))
        .map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (api, admin, plain) = (free_address()?, free_address()?, free_address()?);
    let settings = format!(
        "listen: {api}\nadmin: {admin}\nthreads: 1\ncontract: contract.yaml\nupstreams:\n\
         \x20 netex: {{base_url: 'http://{}', auth: {{kind: header, name: X-Auth-Token, value: {{env: NETEX_TOKEN}}}}}}\n\
         \x20 ispring: {{base_url: 'http://{}', auth: {{kind: none}}}}\n",
        sandbox.netex_addr(),
        sandbox.ispring_addr()
    );
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).map_err(|error| error.to_string())
    };
    write("gateway.yaml", &settings)?;
    write(
        "contract.yaml",
        include_str!("../../../config/contract.yaml"),
    )?;
    let mut command = Command::new(gateway);
    command
        .args(["serve", "--config"])
        .arg(folder.path().join("gateway.yaml"))
        .env("NETEX_TOKEN", &config.netex_token);
    let ours = Server::start(&mut command, api)?;
    let mut command = Command::new(bare);
    command.args([plain.to_string().as_str(), ROOM, "230"]);
    let theirs = Server::start(&mut command, plain)?;

    let (mut hits, mut maps) = (Vec::new(), Vec::new());
    for server in [&ours, &theirs] {
        runtime.block_on(load::run(server.address, ROOM, CONNECTIONS, requests / 10))?;
    }
    for _ in 0..ROUNDS {
        hits.push(cost(&runtime, &ours, requests)?);
        maps.push(cost(&runtime, &theirs, requests)?);
    }
    let calls = sandbox
        .ledger()
        .iter()
        .filter(|seen| seen.operation == "netex.get")
        .count();
    let (hit, map) = (median(&mut hits), median(&mut maps));
    println!(
        "cache hit, everything on: {:.2} µs CPU per request; bare Pingora from a map: {:.2} µs; ratio {:.2}",
        micros(hit),
        micros(map),
        micros(hit) / micros(map)
    );
    println!(
        "medians of {ROUNDS} rounds of {requests} requests over {CONNECTIONS} connections, one thread each; the vendor was called {calls} times"
    );
    Ok(())
}

fn cost(
    runtime: &tokio::runtime::Runtime,
    server: &Server,
    requests: usize,
) -> Result<Duration, String> {
    let before = cpu::time(server.pid())?;
    runtime.block_on(load::run(server.address, ROOM, CONNECTIONS, requests))?;
    let spent = cpu::time(server.pid())?.saturating_sub(before);
    Ok(spent / u32::try_from(requests).unwrap_or(u32::MAX))
}

fn median(values: &mut [Duration]) -> Duration {
    values.sort();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
