//! Whom we believe to be a vendor: the CAs of a file, or those of the system.
//!
//! Pingora reads certificates while it makes a connector, and panics where it cannot. So all of them are
//! read here before, by the same functions.

use std::path::{Path, PathBuf};

use pingora::connectors::{ConnectorOptions, TransportConnector};
use pingora::tls::{
    RootCertStore, load_ca_file_into_store, load_platform_certs_incl_env_into_store,
};

/// Holds no certificate, on every system that we run on.
const NOBODY: &str = "/dev/null";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("{} holds a private key", .0.display())]
    PrivateKey(PathBuf),
    #[error("{} holds no PEM certificate", .0.display())]
    NoCertificate(PathBuf),
    #[error("{} holds something that is not a whole certificate", .0.display())]
    Damaged(PathBuf),
    #[error(
        "the system has no usable CA certificates{reason}; install them (the package is mostly called `ca-certificates`), name a PEM file in SSL_CERT_FILE, or set `ca_file`"
    )]
    System {
        /// Empty, or what the loader said after a colon.
        reason: String,
    },
}

/// Whether a file is good as a `ca_file`.
///
/// # Errors
/// What is wrong with it. An empty one is: it would trust nobody.
pub fn check_ca_file(path: &Path) -> Result<(), TrustError> {
    let bytes = std::fs::read(path).map_err(|error| TrustError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    if contains(&bytes, b"PRIVATE KEY-----") {
        return Err(TrustError::PrivateKey(path.to_owned()));
    }
    let mut store = RootCertStore::empty();
    if load_ca_file_into_store(path, &mut store).is_err() {
        return Err(TrustError::Damaged(path.to_owned()));
    }
    if store.is_empty() {
        return Err(TrustError::NoCertificate(path.to_owned()));
    }
    Ok(())
}

/// The connector of one upstream; it connects nowhere yet.
///
/// # Errors
/// There is nobody whom it could trust.
pub fn connector(tls: bool, ca_file: Option<&Path>) -> Result<TransportConnector, TrustError> {
    let mut options = ConnectorOptions::new(1);
    options.ca_file = match (tls, ca_file) {
        // Without a file Pingora reads the system's certificates, needed or not, and a machine may have
        // none.
        (false, _) => Some(NOBODY.to_owned()),
        (true, Some(path)) => {
            check_ca_file(path)?;
            Some(path.display().to_string())
        }
        (true, None) => {
            check_system()?;
            None
        }
    };
    Ok(TransportConnector::new(Some(options)))
}

fn check_system() -> Result<(), TrustError> {
    let mut store = RootCertStore::empty();
    if let Err(error) = load_platform_certs_incl_env_into_store(&mut store) {
        let reason = error.cause.as_ref().map(|cause| format!(": {cause}"));
        return Err(TrustError::System {
            reason: reason.unwrap_or_default(),
        });
    }
    if store.is_empty() {
        return Err(TrustError::System {
            reason: String::new(),
        });
    }
    Ok(())
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}
