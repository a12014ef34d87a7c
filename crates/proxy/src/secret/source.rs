//! Where a secret is kept, and how it is read.

use std::env::VarError;
use std::fmt;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A file that tells nothing for so long hangs: a mount that is gone, a pipe into which nobody writes.
pub const READ_LIMIT: Duration = Duration::from_secs(5);
/// A larger file is not a secret, and one without an end would fill the memory.
const MAX_FILE: u64 = 64 * 1024;

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    Env(String),
    /// Read again when it changes, so that a secret can rotate without a restart.
    File(PathBuf),
    /// Known from the start; only the demo builds one, no file can.
    Given(Secret),
}

/// A value that no log, panic or error shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The value, for the one place that sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MissingSecret {
    #[error("the environment variable {0} is not set")]
    EnvUnset(String),
    #[error("the secret file {path} cannot be read: {reason}")]
    FileUnreadable { path: String, reason: String },
    #[error(
        "the secret file {path} told nothing within {} s; its mount may hang, or it is a pipe into which nobody writes",
        READ_LIMIT.as_secs()
    )]
    FileHangs { path: String },
    #[error("{0} is larger than 64 KiB, and no secret is")]
    TooLarge(String),
    #[error("{0} was not read")]
    Unasked(String),
    #[error("{0} is empty")]
    Empty(String),
    #[error("{0} is not UTF-8 text")]
    NotText(String),
    #[error("{0} holds a control character or a byte order mark; a secret is one line of text")]
    NotLine(String),
    #[error("{0} holds characters that an HTTP header cannot carry")]
    NotHeader(String),
}

impl SecretSource {
    /// Reads the secret now. One trailing line end is cut off; blanks around it too, since the
    /// vendor's own sample ends a token with one. A file may hang: never call this where others wait.
    ///
    /// # Errors
    /// Names the variable or file, never a value.
    pub fn read(&self) -> Result<Secret, MissingSecret> {
        let text = match self {
            Self::Env(name) => std::env::var(name).map_err(|error| match error {
                VarError::NotPresent => MissingSecret::EnvUnset(name.clone()),
                VarError::NotUnicode(_) => MissingSecret::NotText(self.to_string()),
            })?,
            Self::Given(secret) => return Ok(secret.clone()),
            Self::File(path) => self.read_file(path)?,
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(MissingSecret::Empty(self.to_string()));
        }
        // A mark at the start of a file is seen in no editor, and would be sent.
        if text.contains(|c: char| c.is_control() || c == '\u{feff}') {
            return Err(MissingSecret::NotLine(self.to_string()));
        }
        Ok(Secret::new(text))
    }

    /// The secret that was read here, where it goes into a header field as it is.
    ///
    /// # Errors
    /// It holds more than visible ASCII and blanks: what RFC 9110 §5.5 asks senders to keep to.
    pub fn fit_for_header(&self, secret: Secret) -> Result<Secret, MissingSecret> {
        let visible = |byte: u8| (0x20..0x7f).contains(&byte);
        if secret.reveal().bytes().all(visible) {
            Ok(secret)
        } else {
            Err(MissingSecret::NotHeader(self.to_string()))
        }
    }

    fn read_file(&self, path: &Path) -> Result<String, MissingSecret> {
        let unreadable = |error: std::io::Error| match error.kind() {
            ErrorKind::InvalidData => MissingSecret::NotText(self.to_string()),
            kind => MissingSecret::FileUnreadable {
                path: path.display().to_string(),
                reason: kind.to_string(),
            },
        };
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(MissingSecret::TooLarge(self.to_string()));
        }
        String::from_utf8(bytes).map_err(|_| MissingSecret::NotText(self.to_string()))
    }

    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Env(_) | Self::Given(_) => None,
            Self::File(path) => Some(path),
        }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "the environment variable {name}"),
            Self::File(path) => write!(f, "the secret file {}", path.display()),
            Self::Given(_) => f.write_str("a given secret"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_text_says_so() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, b"\xff\xfe").unwrap();
        let source = SecretSource::File(file.path().to_owned());
        assert_eq!(
            source.read(),
            Err(MissingSecret::NotText(source.to_string()))
        );
    }

    #[test]
    fn a_file_without_an_end_is_no_secret() {
        let source = SecretSource::File("/dev/zero".into());
        assert_eq!(
            source.read(),
            Err(MissingSecret::TooLarge(source.to_string()))
        );
    }

    #[test]
    fn a_secret_is_one_line_and_only_a_header_asks_for_ascii() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let source = SecretSource::File(file.path().to_owned());
        let read = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            source.read()
        };
        for text in ["a\nb", "\u{feff}key", "a\u{0}b", "a\tb"] {
            assert_eq!(read(text), Err(MissingSecret::NotLine(source.to_string())));
        }
        let secret = read(" contrase\u{f1}a\n").unwrap();
        assert_eq!(secret.reveal(), "contrase\u{f1}a");
        let refused = source.fit_for_header(secret);
        assert_eq!(refused, Err(MissingSecret::NotHeader(source.to_string())));
        let plain = read("a b~").unwrap();
        assert!(source.fit_for_header(plain).is_ok());
    }
}
