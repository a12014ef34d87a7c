//! `healthcheck`: `/readyz` of a running gateway as an exit code, for images without a shell.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use super::load::load;
use super::{complain, print};
use crate::edge::reachable;

const LIMIT: Duration = Duration::from_secs(3);

pub fn run(config: &Path, admin: Option<SocketAddr>) -> ExitCode {
    let address = match admin {
        Some(address) => address,
        None => match load(config) {
            Ok(loaded) => loaded.settings.admin,
            Err(mistakes) => return complain(&mistakes.text()),
        },
    };
    match ask(address) {
        Ok(status) if status == "200" => {
            print("ready");
            ExitCode::SUCCESS
        }
        Ok(status) => complain(&format!("not ready: /readyz answered {status}")),
        Err(error) => complain(&format!("not ready: {address}: {error}")),
    }
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let address = reachable(address);
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.write_all(
        format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    Ok(String::from_utf8_lossy(head.get(9..).unwrap_or_default()).into_owned())
}
