//! `serve`: the gateway in front of real vendors.

use std::path::Path;
use std::process::ExitCode;

use super::print_error;
use crate::app;

pub fn run(config: &Path) -> ExitCode {
    match app::serve(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => print_error(&error.to_string()),
    }
}
