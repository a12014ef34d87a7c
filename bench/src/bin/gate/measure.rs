//! The instructions of one exchange: what a run with it counts beyond a run without it.
//!
//! Every run starts the gateway and warms all exchanges up alike; what differs is one exchange, repeated. So
//! the start, the warm-up and the end cancel out. Of what is left of chance (seeds of hash maps, timers, how
//! often the log's writer wakes) the median of some rounds is free.

use std::path::Path;
use std::sync::mpsc;

use crate::counted::Counted;
use crate::exchange::Exchange;
use crate::vendor::Vendor;

const ROUNDS: usize = 3;

/// What one exchange takes, and how far the rounds lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub number: u64,
    /// Between the least and the most of the rounds.
    pub spread: u64,
    /// What else the process does meanwhile, at most about: so much more or less says nothing.
    pub slack: u64,
}

/// The names and counts of `exchanges`, in their order.
///
/// # Errors
/// A gateway that does not run, or does not answer as the exchange says.
pub fn all(gateway: &Path, exchanges: &[Exchange]) -> Result<Vec<(&'static str, Count)>, String> {
    let kinds: Vec<Option<&Exchange>> = std::iter::once(None)
        .chain(exchanges.iter().map(Some))
        .collect();
    let totals = rounds(kinds.len(), |kind| {
        let counted = kinds.get(kind).copied().flatten();
        run(gateway, exchanges, counted)
    })?;
    let mut totals = totals.into_iter();
    let without = median(totals.next().unwrap_or_default());
    let counts = exchanges.iter().zip(totals).map(|(exchange, totals)| {
        let times = exchange.counted as u64;
        let each = totals
            .iter()
            .map(|with| with.saturating_sub(without) / times);
        (exchange.name, count(each.collect()))
    });
    Ok(counts.collect())
}

/// The median of rounds.
pub fn count(rounds: Vec<u64>) -> Count {
    let ends = rounds.iter().max().zip(rounds.iter().min());
    Count {
        spread: ends.map_or(0, |(most, least)| most - least),
        slack: 0,
        number: median(rounds),
    }
}

/// Does all rounds of so many kinds of run, and gives what each kind's rounds counted. A gateway under
/// valgrind never uses more than one core, so there is one lane for each.
fn rounds(
    kinds: usize,
    run: impl Fn(usize) -> Result<u64, String> + Sync,
) -> Result<Vec<Vec<u64>>, String> {
    let lanes = std::thread::available_parallelism().map_or(1, usize::from);
    let (run, (sender, results)) = (&run, mpsc::channel());
    std::thread::scope(|scope| {
        for lane in 0..lanes {
            let sender = sender.clone();
            scope.spawn(move || {
                for number in (lane..kinds * ROUNDS).step_by(lanes) {
                    let kind = number % kinds;
                    let total = run(kind).map(|total| (kind, total));
                    let failed = total.is_err();
                    if sender.send(total).is_err() || failed {
                        return;
                    }
                }
            });
        }
    });
    drop(sender);
    let mut totals = vec![Vec::new(); kinds];
    for result in results {
        let (kind, total) = result?;
        totals.get_mut(kind).ok_or("no such kind")?.push(total);
    }
    Ok(totals)
}

/// The instructions of one life of the gateway.
fn run(gateway: &Path, exchanges: &[Exchange], counted: Option<&Exchange>) -> Result<u64, String> {
    let vendor = Vendor::start()?;
    let gateway = Counted::start(gateway, vendor.address)?;
    let mut caller = gateway.connect()?;
    // Hits last: a write before them makes void what they would find.
    for exchange in exchanges.iter().rev() {
        exchange.warm_up(&mut caller)?;
    }
    if let Some(exchange) = counted {
        let before = vendor.calls();
        exchange.repeat(&mut caller, exchange.counted)?;
        let (seen, due) = (vendor.calls() - before, exchange.calls());
        if seen != due {
            return Err(format!(
                "{}: the vendors saw {seen} calls, expected {due}",
                exchange.name
            ));
        }
    }
    gateway.finish()
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}
