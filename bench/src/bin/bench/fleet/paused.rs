//! Reads while the store stands still: each is the vendor's, and none waits for the store.

use std::time::{Duration, Instant};

use bench::http::Connection;
use trials::stage::Stage;

use crate::options::Options;

const LENGTH: Duration = Duration::from_secs(6);
const ROOMS: u64 = 20;

pub fn measure(options: &Options) -> Result<(), String> {
    let mut alone = super::setting::plan(options, 1);
    alone.shared = None;
    alone.settings = "deadline: 4s\ncache: {enabled: false}\n".to_owned();
    let (stage, ids) = super::setting::stage(&alone, ROOMS)?;
    println!("reads, no store, no cache: {}", reads(&stage, &ids)?);
    // With a quota each request of a caller asks the store.
    let quota =
        "callers:\n- {name: load, key: {env: NETEX_TOKEN}, quota: {requests: 1000000, per: 1s}}\n";
    for (what, callers) in [("", ""), (", with a quota", quota)] {
        let mut plan = super::setting::plan(options, 3);
        plan.settings.push_str(callers);
        let (stage, ids) = super::setting::stage(&plan, ROOMS)?;
        println!("reads{what}, store up: {}", reads(&stage, &ids)?);
        stage.store.stop();
        let away = reads(&stage, &ids);
        stage.store.go_on();
        println!("reads{what}, store paused: {}", away?);
    }
    Ok(())
}

fn reads(stage: &Stage, ids: &[u64]) -> Result<String, String> {
    let gateways = &stage.fleet.gateways;
    let callers = gateways
        .iter()
        .map(|gateway| super::setting::open(gateway.api));
    let mut callers: Vec<Connection> = callers.collect::<Result<_, _>>()?;
    let mut times = Vec::new();
    let end = Instant::now() + LENGTH;
    for number in 0.. {
        if Instant::now() >= end {
            break;
        }
        let count = callers.len();
        let caller = &mut callers[number % count];
        let target = format!("/v1/rooms/{}", ids[number % ids.len()]);
        times.push(super::setting::timed(caller, ("GET", &target), "")?);
    }
    let over = times
        .iter()
        .filter(|time| **time > Duration::from_millis(20));
    let over = over.count();
    Ok(format!(
        "{} of {}, {over} over 20 ms",
        super::setting::spread(&mut times),
        times.len()
    ))
}
