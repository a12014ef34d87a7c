//! A secret that is read again when its file changes.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::settings::{HeaderSource, MissingSecret, Secret, SecretSource};

/// A rotated secret is in use within this time.
const CHECK_EVERY: Duration = Duration::from_secs(5);

pub struct SecretCell {
    source: Option<SecretSource>,
    /// A value that stands in the settings in the open is none.
    is_secret: bool,
    current: Mutex<(Secret, Instant)>,
}

impl SecretCell {
    /// Reads the secret for the first time.
    ///
    /// # Errors
    /// Names the variable or the file that is missing.
    pub fn open(source: &SecretSource) -> Result<Self, MissingSecret> {
        Ok(Self {
            current: Mutex::new((source.read()?, Instant::now())),
            // The environment of a process does not change.
            source: source.file().is_some().then(|| source.clone()),
            is_secret: true,
        })
    }

    /// The same for a value that may stand in the open.
    ///
    /// # Errors
    /// As [`SecretCell::open`].
    pub fn open_header(source: &HeaderSource) -> Result<Self, MissingSecret> {
        match source {
            HeaderSource::Secret(source) => Self::open(source),
            HeaderSource::Literal(text) => Ok(Self {
                current: Mutex::new((Secret::new(text.clone()), Instant::now())),
                source: None,
                is_secret: false,
            }),
        }
    }

    /// The value, if it is one that nobody may see.
    pub fn secret(&self) -> Option<Secret> {
        self.is_secret.then(|| self.current())
    }

    /// Whether the value can be another one later.
    pub fn may_change(&self) -> bool {
        self.source.is_some()
    }

    /// The value as of at most five seconds ago. A file that went away keeps its last value.
    pub fn current(&self) -> Secret {
        let mut current = self
            .current
            .lock()
            .unwrap_or_else(|poison| poison.into_inner());
        if let Some(source) = &self.source
            && current.1.elapsed() >= CHECK_EVERY
        {
            match source.read() {
                Ok(secret) => current.0 = secret,
                Err(error) => tracing::warn!(%error, "secret kept as it was"),
            }
            current.1 = Instant::now();
        }
        current.0.clone()
    }
}
