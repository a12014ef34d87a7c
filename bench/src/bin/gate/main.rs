//! Counts the instructions of five exchanges under callgrind, and their allocations, and holds them against a stored
//! baseline.
//!
//! Instructions do not depend on what else the machine does, so a few per cent can be told from noise. What
//! is counted is the release binary as it is deployed, user space only: system calls cost what the kernel
//! makes of them and are not seen.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod allocations;
mod baseline;
mod counted;
mod deployment;
mod exchange;
mod measure;
mod vendor;

use std::path::Path;
use std::process::ExitCode;

use baseline::{Baseline, Counts};

/// Arguments: the gateway's binary, the one that counts its allocations, the baseline's file, `--update` to write it.
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (gateway, counting, file, update) = match arguments.as_slice() {
        [gateway, counting, file] => (*gateway, *counting, *file, false),
        [gateway, counting, file, "--update"] => (*gateway, *counting, *file, true),
        _ => {
            eprintln!("usage: gate GATEWAY COUNTING BASELINE [--update]");
            return ExitCode::from(2);
        }
    };
    match run(Path::new(gateway), counting, Path::new(file), update) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether no exchange costs more than the baseline allows.
fn run(gateway: &Path, counting: &str, file: &Path, update: bool) -> Result<bool, String> {
    let baseline = Baseline::read(file)?;
    let exchanges = exchange::all();
    let mut counts = Counts {
        allocations: allocations::all(counting, &exchanges)?,
        ..Counts::default()
    };
    // The rest takes minutes.
    print!("{}", baseline.table(&counts));
    let instructions = Counts {
        instructions: measure::all(gateway, &exchanges)?,
        ..Counts::default()
    };
    print!("{}", baseline.table(&instructions));
    counts.instructions = instructions.instructions;
    if let Some(line) = baseline.other_tools() {
        println!("{line}");
    }
    if update {
        Baseline::of(&counts).write(file)?;
        println!(
            "written to {}: say in the commit which change costs or saves what, and why it is worth it",
            file.display()
        );
        return Ok(true);
    }
    let verdict = baseline.verdict(&counts);
    println!("{verdict}");
    Ok(verdict.passes())
}
