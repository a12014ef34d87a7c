//! Reloads in a thread of their own: a disk that hangs must not keep SIGTERM waiting.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

/// Reads the configuration again; tells in the log how that went.
pub type Reload = Box<dyn Fn() + Send + Sync>;

/// Asks for reloads, one after the other.
pub struct Reloader(SyncSender<()>);

impl Reloader {
    /// Starts the thread. It ends when the reloader is dropped and the last reload is done.
    pub fn start(reload: Reload) -> Self {
        let (ask, asked) = sync_channel(1);
        let spawned = std::thread::Builder::new()
            .name("reload".to_owned())
            .spawn(move || {
                for () in asked {
                    // What runs is replaced by the last step of a reload, so a panic has changed nothing.
                    if catch_unwind(AssertUnwindSafe(&reload)).is_err() {
                        tracing::error!("reload failed; the running configuration stays");
                    }
                }
            });
        if let Err(error) = spawned {
            tracing::error!(%error, "SIGHUP will do nothing");
        }
        Self(ask)
    }

    /// One more reload. While one waits to begin, it will do for this one too.
    pub fn ask(&self) {
        match self.0.try_send(()) {
            Ok(()) | Err(TrySendError::Full(())) => {}
            Err(TrySendError::Disconnected(())) => {
                tracing::error!("reload refused: there is no thread for it");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn a_reload_that_panics_is_not_the_last() {
        let (tell, told) = channel();
        let reloader = Reloader::start(Box::new(move || {
            tell.send(()).unwrap();
            panic!("on purpose");
        }));
        for _ in 0..3 {
            reloader.ask();
            told.recv_timeout(LONG).unwrap();
        }
    }

    #[test]
    fn who_asks_waits_for_nobody_and_is_heard() {
        let (begun, has_begun) = channel();
        let (go_on, may_go_on) = channel::<()>();
        let may_go_on = std::sync::Mutex::new(may_go_on);
        let reloader = Reloader::start(Box::new(move || {
            begun.send(()).unwrap();
            may_go_on.lock().unwrap().recv_timeout(LONG).unwrap();
        }));
        reloader.ask();
        has_begun.recv_timeout(LONG).unwrap();
        for _ in 0..100 {
            reloader.ask();
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
}
