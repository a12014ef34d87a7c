//! What stands in the files of a configuration at one moment.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A contract is some hundred KiB; of what is larger the beginning is looked at.
const MOST: u64 = 16 * 1024 * 1024;

/// Digests, so that no secret is held; `None` for a file that is not there or cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents(pub Vec<Option<[u8; 32]>>);

impl super::settle::Seen for Contents {
    fn lacks_what(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        pairs.any(|(own, other)| own.is_none() && other.is_some())
    }
}

/// Follows symlinks, as whoever reads them does.
pub fn look(files: &[PathBuf]) -> Contents {
    Contents(files.iter().map(|path| digest(path)).collect())
}

fn digest(path: &Path) -> Option<[u8; 32]> {
    // Before it is opened: opening a pipe waits for a writer.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let file = File::open(path).ok()?;
    let mut text = Vec::new();
    file.take(MOST).read_to_end(&mut text).ok()?;
    Some(Sha256::digest(&text).into())
}
