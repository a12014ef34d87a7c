//! Where records wait for their export: bounded, and whoever puts one in waits for nobody.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crossbeam_queue::ArrayQueue;
use tokio::sync::Notify;

use super::record::Record;
use crate::metrics::{Metrics, SpanResult};

/// Records that wait: a fifth of a second of what one machine answers at most. More of them means that the
/// receiver is too slow, or gone, and they would fill the memory.
const MOST: usize = 4096;
/// The exporter is woken by each so manieth record, so that a burst finds room; else it looks by itself.
const WAKE_EACH: u64 = 512;

pub struct Queue {
    records: ArrayQueue<Record>,
    pub metrics: Arc<Metrics>,
    /// Records that came, and spans.
    came: AtomicU64,
    spans: AtomicU64,
    woken: Notify,
    /// The process ends: nothing is waited for any longer.
    closing: AtomicBool,
    /// Who waits until all is sent that came before.
    flushes: Mutex<Vec<SyncSender<()>>>,
    trouble: Mutex<Trouble>,
}

/// How the export goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Since when nothing could be sent.
    pub since: Option<SystemTime>,
    /// What went wrong last, and when. Nothing that the receiver said.
    pub last: Option<(String, SystemTime)>,
}

impl Queue {
    #[must_use]
    pub fn new(metrics: Arc<Metrics>) -> Self {
        Self {
            records: ArrayQueue::new(MOST),
            metrics,
            came: AtomicU64::new(0),
            spans: AtomicU64::new(0),
            woken: Notify::new(),
            closing: AtomicBool::new(false),
            flushes: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    /// Takes a record; where there is no room it is dropped and counted.
    pub fn push(&self, record: Record) {
        let spans = record.spans();
        self.spans.fetch_add(spans, Ordering::Relaxed);
        if let Err(record) = self.records.push(record) {
            self.metrics
                .traces
                .count(SpanResult::QueueFull, record.spans());
        }
        if self.came.fetch_add(1, Ordering::Relaxed) % WAKE_EACH == WAKE_EACH - 1 {
            self.woken.notify_one();
        }
    }

    /// The record that waits longest.
    pub fn pop(&self) -> Option<Record> {
        self.records.pop()
    }

    /// Spans that neither were sent nor lost yet.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        let settled: u64 = SpanResult::ALL
            .iter()
            .map(|result| self.metrics.traces.total(*result))
            .sum();
        self.spans.load(Ordering::Relaxed).saturating_sub(settled)
    }

    /// Returns after this time, or earlier where somebody has a reason.
    pub async fn wait(&self, time: Duration) {
        tokio::select! {
            () = self.woken.notified() => {}
            () = tokio::time::sleep(time) => {}
        }
    }

    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Asks for the export of all that came, and waits for it so long at most. From now on no failure is
    /// waited out. Whether it was done.
    pub fn flush(&self, limit: Duration) -> bool {
        let (tell, told) = sync_channel(1);
        lock(&self.flushes).push(tell);
        self.closing.store(true, Ordering::Release);
        self.woken.notify_one();
        told.recv_timeout(limit).is_ok()
    }

    /// Who waits for what has come so far.
    pub fn flushes(&self) -> Vec<SyncSender<()>> {
        std::mem::take(&mut lock(&self.flushes))
    }

    #[must_use]
    pub fn trouble(&self) -> Trouble {
        lock(&self.trouble).clone()
    }

    /// Something went wrong. Whether it went well before.
    pub fn failed(&self, why: &str, now: SystemTime) -> bool {
        let mut trouble = lock(&self.trouble);
        trouble.last = Some((why.to_owned(), now));
        let is_new = trouble.since.is_none();
        trouble.since.get_or_insert(now);
        is_new
    }

    /// A batch was taken. Whether that was not so before.
    pub fn worked(&self) -> bool {
        lock(&self.trouble).since.take().is_some()
    }
}

/// Nothing panics while one of these locks is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
