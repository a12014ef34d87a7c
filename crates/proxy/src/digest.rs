//! SHA-256 over a list of texts.

use sha2::{Digest, Sha256};

/// Each part is fed with its length: two splits of one text are two digests.
pub fn of_parts(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}
