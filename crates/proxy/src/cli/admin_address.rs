use std::net::SocketAddr;
use std::path::Path;

use crate::app::{Mistakes, load};

/// Where a running gateway listens for operators, if it is not named.
pub(super) fn admin_address(
    config: &Path,
    named: Option<SocketAddr>,
) -> Result<SocketAddr, Mistakes> {
    match named {
        Some(address) => Ok(address),
        None => Ok(load(config)?.settings.admin),
    }
}
