//! Commands of a hit: those of the same time without a request are taken off.

use std::thread::sleep;
use std::time::Instant;

use crate::options::Options;

const HITS: u32 = 20_000;

pub fn measure(options: &Options) -> Result<(), String> {
    let plan = super::setting::plan(options, 3);
    let (stage, ids) = super::setting::stage(&plan, 1)?;
    let mut caller = super::setting::open(stage.fleet.gateways[0].api)?;
    let target = format!("/v1/rooms/{}", ids[0]);
    let before = stage.store.calls(None);
    let started = Instant::now();
    let mut hits = 0;
    for _ in 0..HITS {
        let answer = caller.send("GET", &target, &[], "");
        hits += u32::from(answer.is_ok_and(|answer| answer.is_hit()));
    }
    let busy = started.elapsed();
    let between = stage.store.calls(None);
    sleep(busy);
    let idle = stage.store.calls(None) - between;
    println!(
        "hits: {hits} of {HITS} requests in {:.1} s; the store executed {} commands in that time, and {idle} in the same time without a request",
        busy.as_secs_f64(),
        between - before,
    );
    Ok(())
}
