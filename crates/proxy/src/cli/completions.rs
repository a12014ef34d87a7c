//! `completions`: a script by which a shell completes our commands.

use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;
use super::print::print;

pub fn run(shell: Shell) -> ExitCode {
    // `generate` panics on a pipe whose reader left.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "lms-gateway", &mut script);
    print(String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}
