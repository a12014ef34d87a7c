//! What a store costs: commands of a hit, the time of a write, reads while the store is paused, a cold start, and the
//! store's own work.

mod cold;
mod hits;
mod paused;
mod server;
mod setting;
mod writes;

use crate::options::Options;

pub fn measure(options: &Options) -> Result<(), String> {
    println!(
        "\nfleet: several gateways over one store on this machine, all processes on the same processors"
    );
    server::measure()?;
    hits::measure(options)?;
    writes::measure(options)?;
    paused::measure(options)?;
    cold::measure(options)
}
