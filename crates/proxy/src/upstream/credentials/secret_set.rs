//! The secrets of one upstream: taken without a lock, read again by nobody who serves.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use arc_swap::ArcSwap;

use super::secret_watch::{self, Watched};
use super::secrets::Secrets;
use crate::secret::{MissingSecret, READ_LIMIT, Secret, SecretSource, Vault};
use crate::settings::{Auth, ValueSource};

/// Shared by the calls of one upstream, the reads of its files and their watch.
pub struct SecretSet {
    upstream: String,
    auth: Auth,
    /// Digest of where the secrets are sent.
    destination: [u8; 32],
    /// By value: the file that it is read from, if it is.
    files: Vec<Option<SecretSource>>,
    now: ArcSwap<Secrets>,
    watch: Mutex<Watch>,
}

/// Touched by the threads that read, never by those who serve.
#[derive(Default)]
struct Watch {
    /// When the read began that is under way.
    reading: Option<Instant>,
    told_of_hang: bool,
    /// So that it is logged once.
    missing: Option<MissingSecret>,
}

impl SecretSet {
    /// Takes the first values from those that were read; files are watched from now on.
    ///
    /// # Errors
    /// Every secret that is missing.
    pub fn open(
        upstream: &str,
        auth: &Auth,
        destination: [u8; 32],
        vault: &Vault,
    ) -> Result<Arc<Self>, Vec<MissingSecret>> {
        let (mut values, mut files, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for value in auth.values() {
            files.push(match value {
                ValueSource::Secret(source) if source.file().is_some() => Some(source.clone()),
                _ => None,
            });
            match value {
                ValueSource::Literal(text) => values.push(Secret::new(text)),
                ValueSource::Secret(source) => match fit(auth, source, vault.get(source)) {
                    Ok(secret) => values.push(secret),
                    Err(error) => missing.push(error),
                },
            }
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        let set = Arc::new(Self {
            upstream: upstream.to_owned(),
            now: ArcSwap::from_pointee(Secrets::of(auth, destination, values, None)),
            auth: auth.clone(),
            destination,
            files,
            watch: Mutex::default(),
        });
        if set.files.iter().any(Option::is_some) {
            let watched: Arc<dyn Watched> = set.clone();
            secret_watch::add(&watched);
        }
        Ok(set)
    }

    /// The secrets as of a few seconds ago at most; the last good ones where a file went away or hangs.
    pub fn now(&self) -> Arc<Secrets> {
        self.now.load_full()
    }

    /// Digest of place and secrets.
    pub fn identity(&self) -> [u8; 32] {
        self.now.load().credential.identity()
    }

    fn read(&self) {
        let old = self.now();
        let mut missing = None;
        let values = self.files.iter().zip(&old.values).map(|(file, known)| {
            let Some(file) = file else {
                return known.clone();
            };
            fit(&self.auth, file, file.read()).unwrap_or_else(|error| {
                missing = Some(error);
                known.clone()
            })
        });
        let values: Vec<Secret> = values.collect();
        if values != old.values {
            let secrets = Secrets::of(&self.auth, self.destination, values, Some(&old));
            self.now.store(Arc::new(secrets));
            tracing::info!(upstream = %self.upstream, "a secret changed, and the new one is in use");
        }
        let mut watch = self.lock();
        watch.reading = None;
        if std::mem::take(&mut watch.told_of_hang) {
            tracing::info!(upstream = %self.upstream, "the secret files answer again");
        }
        if watch.missing != missing {
            if let Some(error) = &missing {
                tracing::warn!(upstream = %self.upstream, %error, "secret kept as it was");
            }
            watch.missing = missing;
        }
    }

    fn paths(&self) -> String {
        let files = self.files.iter().flatten().filter_map(SecretSource::file);
        let paths: Vec<String> = files.map(|path| path.display().to_string()).collect();
        paths.join(", ")
    }

    fn lock(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched for SecretSet {
    /// Reads the files again, on a thread of its own. While a read hangs no other begins, and the log is
    /// told once.
    fn look(self: Arc<Self>) {
        let mut watch = self.lock();
        if let Some(since) = watch.reading {
            if since.elapsed() >= READ_LIMIT && !watch.told_of_hang {
                watch.told_of_hang = true;
                tracing::warn!(
                    upstream = %self.upstream,
                    files = %self.paths(),
                    "a secret file does not answer; the last value stays, and a change is not seen until it does"
                );
            }
            return;
        }
        watch.reading = Some(Instant::now());
        let set = self.clone();
        let thread = std::thread::Builder::new().name("secret".to_owned());
        if let Err(error) = thread.spawn(move || set.read()) {
            watch.reading = None;
            tracing::warn!(%error, "no thread to read secrets");
        }
    }
}

/// What was read from a source, if it can stand where the credential goes.
fn fit(
    auth: &Auth,
    source: &SecretSource,
    read: Result<Secret, MissingSecret>,
) -> Result<Secret, MissingSecret> {
    let secret = read?;
    if auth.is_in_header() {
        source.fit_for_header(secret)
    } else {
        Ok(secret)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;

    fn set(path: &Path) -> Arc<SecretSet> {
        let source = SecretSource::File(path.to_owned());
        let auth = Auth::Header {
            name: http::HeaderName::from_static("x-auth-token"),
            prefix: String::new(),
            value: source.clone(),
        };
        let vault = Vault::read([&source]);
        SecretSet::open("v", &auth, [7; 32], &vault).unwrap_or_else(|missing| panic!("{missing:?}"))
    }

    fn value(set: &SecretSet) -> String {
        set.now().values[0].reveal().to_owned()
    }

    fn pipe(path: &Path) {
        let made = std::process::Command::new("mkfifo").arg(path).status();
        assert!(made.unwrap().success());
    }

    #[test]
    fn a_change_gives_another_identity_and_redacts_old_and_new() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "old-secret\n").unwrap();
        let set = set(&path);
        let before = set.now();
        set.read();
        assert!(
            Arc::ptr_eq(&before, &set.now()),
            "nothing changed, nothing is made"
        );
        std::fs::write(&path, "new-secret\n").unwrap();
        set.read();
        let after = set.now();
        assert_eq!(value(&set), "new-secret");
        assert_ne!(before.credential.identity(), after.credential.identity());
        assert_eq!(after.credential.identity(), set.identity());
        let mut text = "old-secret new-secret".to_owned();
        after.credential.redact(&mut text);
        assert_eq!(text, "*** ***");
        std::fs::remove_file(&path).unwrap();
        set.read();
        assert_eq!(
            value(&set),
            "new-secret",
            "a file that went away keeps its value"
        );
        std::fs::write(&path, "old-secret").unwrap();
        set.read();
        assert_eq!(
            set.identity(),
            before.credential.identity(),
            "of equal secrets"
        );
    }

    #[test]
    fn a_file_that_hangs_holds_nobody_and_one_read_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "old-secret").unwrap();
        let set = set(&path);
        std::fs::remove_file(&path).unwrap();
        pipe(&path);
        set.clone().look();
        let since = set.lock().reading;
        assert!(since.is_some());
        set.clone().look();
        assert_eq!(set.lock().reading, since, "no second read");
        assert_eq!(value(&set), "old-secret");
        std::fs::write(&path, "new-secret").unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while value(&set) != "new-secret" {
            assert!(Instant::now() < until, "it does not come back");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
