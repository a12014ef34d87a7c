//! The time of a write, one after the other: alone, and with members that must acknowledge it.

use std::time::Duration;

use crate::options::Options;

const WRITES: usize = 400;

pub fn measure(options: &Options) -> Result<(), String> {
    for members in [0, 1, 3, 10] {
        let mut plan = super::setting::plan(options, members.max(1));
        if members == 0 {
            plan.shared = None;
        }
        let (stage, ids) = super::setting::stage(&plan, 1)?;
        let mut caller = super::setting::open(stage.fleet.gateways[0].api)?;
        let target = format!("/v1/rooms/{}", ids[0]);
        let mut times = Vec::with_capacity(WRITES);
        for number in 0..WRITES {
            let body = format!(r#"{{"external_id":"r0","name":"Aula {number}"}}"#);
            let time = super::setting::timed(&mut caller, ("PUT", &target), &body)?;
            times.push(time);
        }
        let full = times.iter().filter(|time| **time > Duration::from_secs(1));
        let full = full.count();
        let who = match members {
            0 => "without a store".to_owned(),
            count => format!("{count} members"),
        };
        println!(
            "writes, {who}: {}; {full} waited in full",
            super::setting::spread(&mut times)
        );
    }
    Ok(())
}
