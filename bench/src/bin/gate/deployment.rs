//! The gateway as it is deployed: validation, limits, metrics, traces and the access log (to a file) are on.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What the settings refer to.
pub const ENVIRONMENT: [(&str, &str); 1] = [("NETEX_TOKEN", "a-token-of-the-gate")];

/// Writes contract and settings into `folder`. The result is the file of the settings.
///
/// # Errors
/// Files that cannot be written.
pub fn write(
    folder: &Path,
    api: SocketAddr,
    admin: SocketAddr,
    vendor: SocketAddr,
) -> Result<PathBuf, String> {
    let settings = format!(
        "listen: {api}\nadmin: {admin}\nthreads: 1\ncontract: contract.yaml\n\
         cache: {{operations: {{getRoom: {{ttl: 1h}}}}}}\nupstreams:\n\
         \x20 netex: {{base_url: 'http://{vendor}', auth: {{kind: header, name: X-Auth-Token, value: {{env: NETEX_TOKEN}}}}}}\n\
         \x20 ispring: {{base_url: 'http://{vendor}', auth: {{kind: none}}}}\n",
    );
    let contract = include_str!("../../../../config/contract.yaml");
    let file = folder.join("gateway.yaml");
    let failed = |error: std::io::Error| error.to_string();
    std::fs::write(&file, settings).map_err(failed)?;
    std::fs::write(folder.join("contract.yaml"), contract).map_err(failed)?;
    Ok(file)
}
