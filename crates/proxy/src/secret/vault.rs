//! Secrets that are read together, at the start and on a reload: none of them can hold up the others.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Instant;

use super::{MissingSecret, READ_LIMIT, Secret, SecretSource};

/// What each source told. A source that is named twice is read once.
pub struct Vault(Vec<(SecretSource, Result<Secret, MissingSecret>)>);

/// A file is read by a thread of its own, since nothing ends a read that hangs.
enum Reading {
    Done(Result<Secret, MissingSecret>),
    Waits(Receiver<Result<Secret, MissingSecret>>),
}

impl Vault {
    /// Reads all sources at once, and waits for all of them no longer than for one that hangs.
    #[must_use]
    pub fn read<'s>(sources: impl IntoIterator<Item = &'s SecretSource>) -> Self {
        let mut readings: Vec<(&SecretSource, Reading)> = Vec::new();
        for source in sources {
            if !readings.iter().any(|(known, _)| *known == source) {
                readings.push((source, begin(source)));
            }
        }
        let until = Instant::now() + READ_LIMIT;
        let told = readings.into_iter().map(|(source, reading)| {
            let result = match reading {
                Reading::Done(result) => result,
                Reading::Waits(receiver) => wait(source, &receiver, until),
            };
            (source.clone(), result)
        });
        Self(told.collect())
    }

    /// The secret of a source.
    ///
    /// # Errors
    /// Names the variable or the file that is missing, never a value.
    pub fn get(&self, source: &SecretSource) -> Result<Secret, MissingSecret> {
        let found = self.0.iter().find(|(known, _)| known == source);
        found.map_or_else(
            || Err(MissingSecret::Unasked(source.to_string())),
            |(_, result)| result.clone(),
        )
    }
}

fn begin(source: &SecretSource) -> Reading {
    if source.file().is_none() {
        return Reading::Done(source.read());
    }
    let (sender, receiver) = channel();
    let own = source.clone();
    let thread = std::thread::Builder::new().name("secret".to_owned());
    match thread.spawn(move || sender.send(own.read())) {
        Ok(_) => Reading::Waits(receiver),
        Err(error) => Reading::Done(Err(unreadable(source, &error.to_string()))),
    }
}

fn wait(
    source: &SecretSource,
    receiver: &Receiver<Result<Secret, MissingSecret>>,
    until: Instant,
) -> Result<Secret, MissingSecret> {
    let left = until.saturating_duration_since(Instant::now());
    match receiver.recv_timeout(left) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(MissingSecret::FileHangs { path: path(source) }),
        Err(RecvTimeoutError::Disconnected) => Err(unreadable(source, "its reader was aborted")),
    }
}

fn unreadable(source: &SecretSource, reason: &str) -> MissingSecret {
    MissingSecret::FileUnreadable {
        path: path(source),
        reason: reason.to_owned(),
    }
}

fn path(source: &SecretSource) -> String {
    source
        .file()
        .map_or_else(String::new, |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_was_not_read_is_an_error_and_one_named_twice_is_read_once() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "one\n").unwrap();
        let source = SecretSource::File(file.path().to_owned());
        let other = SecretSource::Env("NO_SUCH_VARIABLE_OF_OURS".to_owned());
        let vault = Vault::read([&source, &source, &other]);
        assert_eq!(vault.0.len(), 2);
        assert_eq!(vault.get(&source), Ok(Secret::new("one")));
        assert!(matches!(vault.get(&other), Err(MissingSecret::EnvUnset(_))));
        let unknown = SecretSource::Env("ANOTHER".to_owned());
        assert!(matches!(
            vault.get(&unknown),
            Err(MissingSecret::Unasked(_))
        ));
    }
}
