//! `serve`: the gateway in front of real vendors.

use std::path::Path;
use std::process::ExitCode;

use super::{print_error, print_mistakes};
use crate::app::{self, StartError};

pub fn run(config: &Path, watch: bool) -> ExitCode {
    match app::serve(config, watch) {
        Ok(()) => ExitCode::SUCCESS,
        Err(StartError::Configuration(mistakes)) => print_mistakes(&mistakes),
        Err(error) => print_error(&error.to_string()),
    }
}
