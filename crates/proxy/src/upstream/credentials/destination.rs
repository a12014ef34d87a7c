//! Where secrets are sent.

use sha2::{Digest, Sha256};

use crate::settings::UpstreamSettings;

/// A digest of where an upstream's secrets are sent, and of what goes with every call.
pub fn digest(settings: &UpstreamSettings) -> [u8; 32] {
    let mut hash = Sha256::new();
    // Each part with its length: two splits of one text are two digests.
    let mut feed = |part: &[u8]| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    feed(settings.base_url.as_str().as_bytes());
    for (name, value) in &settings.headers {
        feed(name.as_str().as_bytes());
        feed(value.as_bytes());
    }
    hash.finalize().into()
}
