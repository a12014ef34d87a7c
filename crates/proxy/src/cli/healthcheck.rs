//! `healthcheck`: `/readyz` of a running gateway as an exit code, for images without a shell.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use super::{admin_address, print, print_error, print_mistakes};
use crate::app;

const LIMIT: Duration = Duration::from_secs(3);

pub fn run(config: &Path, admin: Option<SocketAddr>) -> ExitCode {
    let address = match admin_address(config, admin) {
        Ok(address) => address,
        Err(mistakes) => return print_mistakes(&mistakes),
    };
    match app::ask(address, "/readyz", None, LIMIT) {
        Ok(answer) if answer.status == "200" => {
            print("ready");
            ExitCode::SUCCESS
        }
        Ok(answer) => print_error(&format!("not ready: /readyz answered {}", answer.status)),
        Err(error) => print_error(&format!("not ready: {address}: {error}")),
    }
}
