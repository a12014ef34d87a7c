//! `demo`: the gateway over a sandbox of both vendors, and what was exchanged.

use std::process::ExitCode;

use sandbox::Sandbox;

use super::{example, print, print_error};
use crate::app::{self, Addresses};
use crate::output;

pub fn run(addresses: Addresses, traces: Option<&str>, once: bool) -> ExitCode {
    let ready = move |sandbox: &Sandbox| {
        let exchanged = app::worked_example(addresses, sandbox);
        let failed = exchanged.is_err();
        print(&match exchanged {
            Ok(exchanged) => example::text(addresses, &exchanged),
            Err(error) => format!("The worked example failed: {error}"),
        });
        if once {
            output::flush(output::LAST_LINES);
            std::process::exit(i32::from(failed));
        }
    };
    match app::demo(addresses, traces, ready) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print_error(&error.to_string()),
    }
}
