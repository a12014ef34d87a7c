//! Makes records of drafts on a thread of its own: nobody who answers a caller waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::draft::Draft;
use super::render::render;
use super::store::{Held, Store, Summary};
use crate::settings::EvidenceSettings;

/// Drafts that wait at most; a vendor that fails everything at once is known by the first of them.
const WAITING: usize = 64;
/// What they may keep alive together, in bytes; one has at least the vendor's longest answer.
const ALIVE: usize = 32 << 20;
/// How often records are looked through for those whose time is over, where none comes.
const SWEEP: Duration = Duration::from_secs(30);

/// The records of a process. Made once; a reload changes its bounds.
#[derive(Default)]
pub struct Evidence {
    shared: Arc<Shared>,
    recorder: OnceLock<Option<SyncSender<Draft>>>,
}

#[derive(Default)]
struct Shared {
    store: Mutex<Store>,
    /// Bytes of the drafts that wait.
    waiting: AtomicUsize,
    dropped: AtomicU64,
}

impl Shared {
    fn store(&self) -> MutexGuard<'_, Store> {
        // Nothing panics while it is held that would leave half a change behind.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Evidence {
    /// Bounds from now on. `None`: it is off, and what was kept is gone.
    pub fn set(&self, settings: Option<EvidenceSettings>) {
        self.shared.store().set(settings);
    }

    /// Takes a draft, or drops it where too much waits: never waits itself.
    pub fn offer(&self, draft: Draft) {
        let shared = &self.shared;
        let size = draft.size();
        if shared.store().settings().is_none() {
            return;
        }
        let before = shared.waiting.fetch_add(size, Ordering::Relaxed);
        let recorder = self.recorder.get_or_init(|| start(shared.clone()));
        let taken = before.saturating_add(size) <= ALIVE
            && recorder
                .as_ref()
                .is_some_and(|recorder| recorder.try_send(draft).is_ok());
        if !taken {
            shared.waiting.fetch_sub(size, Ordering::Relaxed);
            shared.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The newest first.
    #[must_use]
    pub fn list(&self) -> Vec<Summary> {
        self.shared.store().list(SystemTime::now())
    }

    /// The newest record of a trace, as JSON.
    #[must_use]
    pub fn get(&self, trace_id: &str) -> Option<Bytes> {
        self.shared.store().get(trace_id, SystemTime::now())
    }

    /// `None`: it is off.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        let held = self.shared.store().held(SystemTime::now())?;
        Some(Held {
            dropped: self.shared.dropped.load(Ordering::Relaxed),
            ..held
        })
    }
}

/// `None`: the system has no thread for it.
fn start(shared: Arc<Shared>) -> Option<SyncSender<Draft>> {
    let (sender, receiver) = sync_channel(WAITING);
    let thread = std::thread::Builder::new().name("evidence".to_owned());
    match thread.spawn(move || run(&shared, &receiver)) {
        Ok(_) => Some(sender),
        Err(error) => {
            tracing::error!(%error, "no evidence can be kept");
            None
        }
    }
}

/// Until the process has no further drafts.
fn run(shared: &Shared, drafts: &Receiver<Draft>) {
    loop {
        match drafts.recv_timeout(SWEEP) {
            Ok(draft) => take(shared, draft),
            Err(RecvTimeoutError::Timeout) => shared.store().prune(SystemTime::now()),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn take(shared: &Shared, draft: Draft) {
    let size = draft.size();
    // A bug of ours costs the record, not the recorder; the panic has a line of its own.
    let rendered = catch_unwind(AssertUnwindSafe(|| render(draft)));
    let kept = rendered
        .ok()
        .is_some_and(|(summary, json)| shared.store().put(summary, json, SystemTime::now()));
    shared.waiting.fetch_sub(size, Ordering::Relaxed);
    if !kept {
        shared.dropped.fetch_add(1, Ordering::Relaxed);
    }
}
