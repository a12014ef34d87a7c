//! What the gateway holds: by exchange, by kept connection, by unfinished body, and in a large cache.

mod bodies;
mod exchanges;
mod idle;
mod large_cache;

use bench::cpu::Pair;

use crate::options::Options;

pub fn measure(options: &Options, pair: Pair) -> Result<(), String> {
    exchanges::measure(options)?;
    idle::measure(options, pair)?;
    bodies::measure(options, pair)?;
    large_cache::measure(options, pair)
}
