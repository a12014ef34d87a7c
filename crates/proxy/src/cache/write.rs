//! A write under way: whatever becomes of it, the fence learns of it before its answer leaves.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::fence::{Fence, Ticket};
use super::fences::Fences;
use super::tag::Tag;
use crate::upstream::SendState;

/// How many stamps one upstream keeps: some 2 MiB at most, and more rooms than are written in the
/// lifetime of an entry.
const STAMPS: usize = 8192;

/// The fence of one upstream, shared by its reads and writes.
#[derive(Debug, Clone)]
pub struct SharedFence(Arc<Mutex<Fence<Tag>>>);

impl Default for SharedFence {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Fence::new(STAMPS))))
    }
}

impl SharedFence {
    /// A read begins; taken before the vendor is asked.
    #[must_use]
    pub fn start(&self) -> Ticket {
        self.with(|fence| fence.start(now()))
    }

    /// Whether what was read with `ticket`, and shows `tags`, may be stored or served.
    #[must_use]
    pub fn admits(&self, ticket: Ticket, tags: &[Tag]) -> bool {
        self.with(|fence| fence.admits(ticket, tags))
    }

    /// Whether what is read with `ticket`, and shows `tags`, may be given to `reader` as well.
    #[must_use]
    pub fn shares(&self, ticket: Ticket, reader: Ticket, tags: &[Tag]) -> bool {
        self.with(|fence| fence.shares(ticket, reader, tags))
    }

    /// Whether a write of unknown outcome keeps these tags out of the cache.
    #[must_use]
    pub fn holds(&self, tags: &[Tag]) -> bool {
        self.with(|fence| !fence.admits(fence.start(now()), tags))
    }

    /// As if a write had been done: what was read before is void.
    pub fn stamp(&self, tags: &[Tag]) {
        self.with(|fence| fence.stamp(tags));
    }

    pub fn stamp_all(&self) {
        self.with(Fence::stamp_all);
    }

    /// Everything may still be changed until `until`.
    pub fn hold_all(&self, until: Instant) {
        self.with(|fence| fence.hold_all(until));
    }

    /// The end of the last hold; it may be over.
    #[must_use]
    pub fn held_until(&self) -> Option<Instant> {
        self.with(|fence| fence.held_until())
    }

    fn with<R>(&self, work: impl FnOnce(&mut Fence<Tag>) -> R) -> R {
        // The fence's methods do not panic, so that a poisoned lock guards a whole fence.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The monotonic clock; tests of this crate stop it.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Done,
    NotDone,
    Unknown,
}

/// Tells the fence when it is dropped. A write that panics, or whose task is cancelled, is unknown if a byte
/// of it may have left.
#[derive(Debug)]
#[must_use = "a write that is dropped at once counts as one that was not sent"]
pub struct PendingWrite {
    fences: Arc<Fences>,
    /// Of the configuration that the write began under.
    generation: u64,
    changes: Vec<(SharedFence, Vec<Tag>)>,
    unknown_hold: Duration,
    /// Tells the end where nobody else does.
    sent: SendState,
    end: Option<End>,
}

impl PendingWrite {
    /// A write of a generation, that may change these tags of each upstream, is about to be sent.
    pub fn begin<'u>(
        fences: &Arc<Fences>,
        generation: u64,
        changes: impl IntoIterator<Item = (&'u Arc<str>, Vec<Tag>)>,
        unknown_hold: Duration,
    ) -> Self {
        let changes = changes.into_iter();
        Self {
            fences: fences.clone(),
            generation,
            changes: changes
                .map(|(upstream, tags)| (fences.of(upstream), tags))
                .collect(),
            unknown_hold,
            sent: SendState::default(),
            end: None,
        }
    }

    /// The write that says whether a byte of it may have left.
    pub fn with(mut self, sent: SendState) -> Self {
        self.sent = sent;
        self
    }

    /// Ends the write; call it before its answer leaves.
    pub fn end(mut self, end: End) {
        self.end = Some(end);
    }
}

impl Drop for PendingWrite {
    fn drop(&mut self) {
        // The own fences first, then the question: see `Fences::begin`.
        let is_over = || self.fences.generation() != self.generation;
        let end = self.end.unwrap_or(if self.sent.may_have_been_sent() {
            End::Unknown
        } else {
            End::NotDone
        });
        match end {
            End::Done => {
                for (fence, tags) in &self.changes {
                    fence.stamp(tags);
                }
                if is_over() {
                    self.fences.each(SharedFence::stamp_all);
                }
            }
            End::NotDone => {}
            End::Unknown => {
                let until = now() + self.unknown_hold;
                for (fence, tags) in &self.changes {
                    fence.with(|fence| fence.hold(tags, until));
                }
                if is_over() {
                    self.fences.each(|fence| fence.hold_all(until));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLD: Duration = Duration::from_secs(60);

    fn begin() -> (SharedFence, PendingWrite) {
        let (fences, upstream) = (Arc::new(Fences::default()), "netex".into());
        let pending = PendingWrite::begin(&fences, 0, [(&upstream, tags())], HOLD);
        (fences.of(&upstream), pending)
    }

    fn tags() -> Vec<Tag> {
        vec![
            Tag::parse("room.id=1").unwrap(),
            Tag::parse("room.list").unwrap(),
        ]
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_voids_earlier_reads_unless_it_is_proven_undone() {
        for (end, admitted) in [
            (End::Done, false),
            (End::NotDone, true),
            (End::Unknown, false),
        ] {
            let (fence, write) = begin();
            let ticket = fence.start();
            assert!(
                fence.admits(ticket, &tags()),
                "nothing is changed before the end"
            );
            write.end(end);
            assert_eq!(fence.admits(ticket, &tags()), admitted, "{end:?}");
            assert_eq!(fence.holds(&tags()), end == End::Unknown, "{end:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_hold_ends_with_its_time() {
        let (fence, write) = begin();
        write.end(End::Unknown);
        tokio::time::advance(HOLD - Duration::from_millis(1)).await;
        assert!(fence.holds(&tags()));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(!fence.holds(&tags()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_panics_is_unknown_once_a_byte_may_have_left() {
        for left in [false, true] {
            let ((fence, pending), sent) = (begin(), SendState::default());
            let pending = pending.with(sent.clone());
            if left {
                sent.begin_send();
            }
            let crashed = tokio::spawn(async move {
                let _pending = pending;
                panic!("on purpose");
            });
            assert!(crashed.await.is_err());
            assert_eq!(fence.holds(&tags()), left);
        }
    }
}
