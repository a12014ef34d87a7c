//! `serve --watch`: reloads when a file that a reload reads has changed.
//!
//! It looks at the contents themselves, twice a second. Events of the kernel (inotify) would come sooner, and not at
//! all from a network file system or through the mounts of a desktop's container; they tell of a directory entry, not
//! of what stands behind the symlinks of a ConfigMap; and editors make a dozen of them for one change. Contents
//! need none of that told apart: what differs from what was tried last is a change. The files are small and
//! in the page cache.

mod files;
mod settle;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::reload::{Reloader, Trigger};
use files::Contents;
use settle::Settle;

const EVERY: Duration = Duration::from_millis(500);

/// What was there when the process began to read its configuration.
pub struct Watch {
    config: PathBuf,
    files: Vec<PathBuf>,
    settle: Settle<Contents>,
}

impl Watch {
    /// To be made before the configuration is read: what changes meanwhile must be seen.
    pub fn new(config: &Path) -> Self {
        let files = super::load::files(config).unwrap_or_else(|| vec![config.to_owned()]);
        Self {
            settle: Settle::new(files::look(&files)),
            config: config.to_owned(),
            files,
        }
    }

    /// Looks from a thread of its own until the process ends; files may be on a mount that hangs.
    pub fn start(mut self, reloader: Arc<Reloader>) {
        let spawned = std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || {
                loop {
                    std::thread::sleep(EVERY);
                    self.look(&reloader);
                }
            });
        if let Err(error) = spawned {
            tracing::error!(%error, "--watch will see nothing");
        }
    }

    fn look(&mut self, reloader: &Reloader) {
        if !self.settle.see(files::look(&self.files), Instant::now()) {
            return;
        }
        // The settings may name other files now. Settings that cannot be read name none; then the old ones stay.
        if let Some(files) = super::load::files(&self.config)
            && files != self.files
        {
            self.files = files;
            self.settle = Settle::new(files::look(&self.files));
        }
        tracing::info!("a file of the configuration has changed");
        // It says so in the log where nobody hears.
        let _asked = reloader.ask(Trigger::Change);
    }
}
