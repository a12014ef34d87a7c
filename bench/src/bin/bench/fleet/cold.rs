//! Vendor calls until each member has each room: without and with the second level of the cache.

use std::thread;

use crate::options::Options;

const ROOMS: u64 = 40;

pub fn measure(options: &Options) -> Result<(), String> {
    for cache in [false, true] {
        for members in [3, 30] {
            let mut plan = super::setting::plan(options, members);
            plan.shared = Some(format!("cache: {cache}"));
            let (stage, ids) = super::setting::stage(&plan, ROOMS)?;
            stage.fleet.sandbox.clear_ledger();
            let ids = &ids[1..];
            let read = |api| -> Result<(), String> {
                let mut caller = super::setting::open(api)?;
                for id in ids {
                    super::setting::timed(&mut caller, ("GET", &format!("/v1/rooms/{id}")), "")?;
                }
                Ok(())
            };
            thread::scope(|scope| {
                let gateways = &stage.fleet.gateways;
                let readers: Vec<_> = gateways
                    .iter()
                    .map(|gateway| {
                        let api = gateway.api;
                        scope.spawn(move || read(api))
                    })
                    .collect();
                let mut ends = readers.into_iter();
                ends.try_for_each(|reader| reader.join().map_err(|_| "a reader died".to_owned())?)
            })?;
            println!(
                "cold start, {members} members at once, {} rooms, second level {}: {} vendor calls",
                ids.len(),
                if cache { "on" } else { "off" },
                stage.fleet.calls("netex.get"),
            );
        }
    }
    Ok(())
}
