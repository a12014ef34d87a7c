//! Reloads in a thread of their own: a disk that hangs must not keep SIGTERM waiting.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use arc_swap::ArcSwapOption;
use tokio::sync::oneshot;

use super::report::{LastReload, Report, Trigger};
use crate::time_of_day;

/// Reads the configuration again; tells in the log how that went.
pub type Reload = Box<dyn Fn() -> Report + Send + Sync>;

/// Asks for reloads, one after the other, and knows what became of the last.
pub struct Reloader {
    ask: SyncSender<Trigger>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    last: ArcSwapOption<LastReload>,
    /// Who waits for the end of the next reload that begins.
    waiting: Mutex<Vec<oneshot::Sender<Arc<LastReload>>>>,
}

/// There is no thread that reloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no thread that reloads; the log says why")]
pub struct Unheard;

impl Reloader {
    /// Starts the thread. It ends when the reloader is dropped and the last reload is done.
    #[must_use]
    pub fn start(reload: Reload) -> Self {
        let (ask, asked) = sync_channel(1);
        let shared: Arc<Shared> = Arc::default();
        let own = shared.clone();
        let spawned = std::thread::Builder::new()
            .name("reload".to_owned())
            .spawn(move || own.run(&asked, &reload));
        if let Err(error) = spawned {
            tracing::error!(%error, "nothing will be reloaded");
        }
        Self { ask, shared }
    }

    /// One more reload. While one waits to begin, it will do for this one too.
    ///
    /// # Errors
    /// Nobody will.
    pub fn ask(&self, trigger: Trigger) -> Result<(), Unheard> {
        match self.ask.try_send(trigger) {
            Ok(()) | Err(TrySendError::Full(_)) => Ok(()),
            Err(TrySendError::Disconnected(_)) => {
                tracing::error!("reload refused: there is no thread for it");
                Err(Unheard)
            }
        }
    }

    /// As [`Self::ask`], and waits for the end of a reload that began after this was called.
    ///
    /// # Errors
    /// Nobody will.
    pub async fn run(&self, trigger: Trigger) -> Result<Arc<LastReload>, Unheard> {
        let (tell, told) = oneshot::channel();
        // Before it is asked for: who begins takes all who wait by then.
        self.shared.lock().push(tell);
        self.ask(trigger)?;
        told.await.map_err(|_| Unheard)
    }

    /// The last reload that ended. `None`: there was none since the start.
    #[must_use]
    pub fn last(&self) -> Option<Arc<LastReload>> {
        self.shared.last.load_full()
    }
}

impl Shared {
    fn run(&self, asked: &Receiver<Trigger>, reload: &Reload) {
        for trigger in asked {
            let waiting = std::mem::take(&mut *self.lock());
            let started = Instant::now();
            // What runs is replaced by the last step of a reload, so a panic has changed nothing.
            let report = catch_unwind(AssertUnwindSafe(reload)).unwrap_or_else(|_| {
                tracing::error!("reload failed; the running configuration stays");
                Report::failed()
            });
            let ended = Instant::now();
            let last = Arc::new(LastReload {
                trigger,
                at: time_of_day::at(ended),
                duration: ended.saturating_duration_since(started),
                report,
            });
            self.last.store(Some(last.clone()));
            for one in waiting {
                let _may_have_left = one.send(last.clone());
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<oneshot::Sender<Arc<LastReload>>>> {
        // A list is whole whatever panics.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::super::Outcome;
    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    fn accepted() -> Report {
        Report {
            outcome: Outcome::Accepted,
            ..Report::refused(Vec::new())
        }
    }

    #[tokio::test]
    async fn a_reload_that_panics_is_not_the_last() {
        let reloader = Reloader::start(Box::new(|| panic!("on purpose")));
        assert_eq!(reloader.last(), None);
        for _ in 0..3 {
            let ended = reloader.run(Trigger::Request).await.unwrap();
            assert_eq!(ended.report.outcome, Outcome::Failed);
            assert_eq!(reloader.last(), Some(ended));
        }
    }

    #[test]
    fn who_asks_waits_for_nobody_and_is_heard() {
        let (begun, has_begun) = channel();
        let (go_on, may_go_on) = channel::<()>();
        let may_go_on = Mutex::new(may_go_on);
        let reloader = Reloader::start(Box::new(move || {
            begun.send(()).unwrap();
            may_go_on.lock().unwrap().recv_timeout(LONG).unwrap();
            accepted()
        }));
        reloader.ask(Trigger::Signal).unwrap();
        has_begun.recv_timeout(LONG).unwrap();
        for _ in 0..100 {
            reloader.ask(Trigger::Signal).unwrap();
        }
        go_on.send(()).unwrap();
        has_begun.recv_timeout(LONG).unwrap();
        go_on.send(()).unwrap();
        drop(reloader);
        assert!(
            has_begun.recv_timeout(LONG).is_err(),
            "a hundred asked while one waited: that is one"
        );
    }

    /// Who asks while one runs is not told of that one: it may have read the file before it was written.
    #[tokio::test]
    async fn who_waits_is_told_of_a_reload_that_began_afterwards() {
        let (begun, mut has_begun) = tokio::sync::mpsc::unbounded_channel();
        let (go_on, may_go_on) = channel::<&'static str>();
        let may_go_on = Mutex::new(may_go_on);
        let reloader = Arc::new(Reloader::start(Box::new(move || {
            begun.send(()).unwrap();
            let name = may_go_on.lock().unwrap().recv_timeout(LONG).unwrap();
            Report {
                contract_digest: Some(name.to_owned()),
                ..accepted()
            }
        })));
        let run = |trigger| {
            let reloader = reloader.clone();
            tokio::spawn(async move { reloader.run(trigger).await })
        };
        let first = run(Trigger::Request);
        has_begun.recv().await.unwrap();
        let second = run(Trigger::Change);
        while reloader.shared.lock().is_empty() {
            tokio::task::yield_now().await;
        }
        go_on.send("first").unwrap();
        go_on.send("second").unwrap();
        let digest = |ended: Arc<LastReload>| ended.report.contract_digest.clone().unwrap();
        assert_eq!(digest(first.await.unwrap().unwrap()), "first");
        let second = second.await.unwrap().unwrap();
        assert_eq!(second.trigger, Trigger::Change);
        assert_eq!(digest(second), "second");
    }
}
