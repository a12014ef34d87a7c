//! Measures the release binary: beside its peers, by the length of lists, its memory, and several over one store.
#![forbid(unsafe_code)]
// A fleet that cannot be set up cannot be measured.
#![allow(clippy::panic)]

mod fleet;
mod growth;
mod memory;
mod options;
mod peers;

use std::process::ExitCode;

use bench::cpu::Pair;
use options::{Options, Part};

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(usage) => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let pair = Pair::take()?;
    for part in &options.parts {
        match part {
            Part::Peers => peers::measure(options, pair)?,
            Part::Growth => growth::measure(options, pair)?,
            Part::Memory => memory::measure(options, pair)?,
            Part::Fleet => fleet::measure(options)?,
        }
    }
    Ok(())
}
