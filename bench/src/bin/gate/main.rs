//! Counts the instructions of five exchanges under callgrind and holds them against a stored baseline.
//!
//! Instructions do not depend on what else the machine does, so a few per cent can be told from noise. What
//! is counted is the release binary as it is deployed, user space only: system calls cost what the kernel
//! makes of them and are not seen.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod baseline;
mod counted;
mod exchange;
mod measure;
mod vendor;

use std::path::Path;
use std::process::ExitCode;

use baseline::Baseline;

/// Arguments: the gateway's binary, the baseline's file, `--update` to write it.
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (gateway, file, update) = match arguments.as_slice() {
        [gateway, file] => (*gateway, *file, false),
        [gateway, file, "--update"] => (*gateway, *file, true),
        _ => {
            eprintln!("usage: gate GATEWAY BASELINE [--update]");
            return ExitCode::from(2);
        }
    };
    match run(Path::new(gateway), Path::new(file), update) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether no exchange costs more than the baseline allows.
fn run(gateway: &Path, file: &Path, update: bool) -> Result<bool, String> {
    let baseline = Baseline::read(file)?;
    let counts = measure::all(gateway, &exchange::all())?;
    print!("{}", baseline.table(&counts));
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
