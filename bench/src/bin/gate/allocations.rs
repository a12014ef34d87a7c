//! The allocations of one exchange, in thousandths: what the counting gateway says after a thousand less before.
//!
//! The binary is another than the one whose instructions are counted (its allocator counts), the code is the same.

use bench::counting::Counter;
use bench::server::{Server, free_address};

use crate::deployment;
use crate::exchange::Exchange;
use crate::measure::{self, Count};
use crate::vendor::Vendor;

const ROUNDS: usize = 3;

/// Allocations of other threads and of housekeeping in one round. They are many to an exchange that is counted twice,
/// and nothing to one that is counted a thousand times.
const OTHERS: u64 = 200;

/// The names and counts of `exchanges`, in their order.
///
/// # Errors
/// A gateway that does not run, or does not answer as the exchange says.
pub fn all(counting: &str, exchanges: &[Exchange]) -> Result<Vec<(&'static str, Count)>, String> {
    let vendor = Vendor::start()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (api, admin) = (free_address()?, free_address()?);
    let settings = deployment::write(folder.path(), api, admin, vendor.address)?;
    let (counter, mut command) = Counter::new(counting)?;
    command.args(["serve", "--config"]).arg(settings);
    command.envs(deployment::ENVIRONMENT);
    let log = folder.path().join("access.log");
    let gateway = Server::start_with_log(&mut command, api, &log)?;
    let mut caller = bench::http::Connection::open(gateway.address)
        .map_err(|error| format!("the counting gateway: {error}"))?;
    let mut counts = Vec::new();
    // Hits last: a write before them makes void what they would find.
    for exchange in exchanges.iter().rev() {
        exchange.warm_up(&mut caller)?;
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let before = counter.read()?.calls();
            exchange.repeat(&mut caller, exchange.counted)?;
            let calls = counter.read()?.calls() - before;
            rounds.push(calls * 1000 / exchange.counted as u64);
        }
        let count = Count {
            slack: OTHERS * 1000 / exchange.counted as u64,
            ..measure::count(rounds)
        };
        counts.push((exchange.name, count));
    }
    counts.reverse();
    Ok(counts)
}
