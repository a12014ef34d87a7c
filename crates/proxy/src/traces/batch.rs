//! Records that go together: of one configuration, and not too many.

use std::sync::Arc;

use bytes::Bytes;

use super::encode::Encoder;
use super::outlet::Outlet;
use super::queue::Queue;
use super::record::Record;

/// Bytes from which on a batch is sent. Collectors take 20 MiB at once; less is lost where one is refused.
const ENOUGH: usize = 512 * 1024;
/// Room for a batch: it must not grow, which copies it. What is not written takes no memory.
const USUAL: usize = ENOUGH + 64 * 1024;

/// What is sent at once.
pub struct Batch {
    pub outlet: Arc<Outlet>,
    pub body: Bytes,
    /// How many they are.
    pub spans: u64,
}

/// Makes batches of what waits.
pub struct Batches {
    encoder: Encoder,
    /// Whose shapes the encoder knows.
    known: Option<Arc<Outlet>>,
    /// The first record of the next batch.
    next: Option<Record>,
}

impl Batches {
    pub fn new(encoder: Encoder) -> Self {
        Self {
            encoder,
            known: None,
            next: None,
        }
    }

    /// The next batch. `None`: nothing waits.
    pub fn next(&mut self, queue: &Queue) -> Option<Batch> {
        let first = self.next.take().or_else(|| queue.pop());
        let Some(first) = first else {
            // A configuration that is over is kept no longer than its last record.
            self.known = None;
            return None;
        };
        let outlet = first.outlet.clone();
        let is_known = |known: &Arc<Outlet>| Arc::ptr_eq(known, &outlet);
        if !self.known.as_ref().is_some_and(is_known) {
            self.encoder.forget();
            self.known = Some(outlet.clone());
        }
        self.encoder.read_clock();
        let mut out = self.encoder.room(USUAL);
        let (mut record, mut spans) = (first, 0);
        loop {
            spans += record.spans();
            self.encoder.append(&record, &mut out);
            if out.len() >= ENOUGH {
                break;
            }
            match queue.pop() {
                Some(next) if Arc::ptr_eq(&next.outlet, &outlet) => record = next,
                other => {
                    self.next = other;
                    break;
                }
            }
        }
        Some(Batch {
            outlet,
            body: self.encoder.request(out),
            spans,
        })
    }
}
