//! Whether a byte of a write may have left: what its caller is told if nobody can wait for its end.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};

use crate::shared::{BootInstant, Clock};

/// Shared by one write, its vendor calls and the guards that end with it. The calls of a write follow
/// each other; the transport says when a byte can leave, and whoever knows that nothing came of a call
/// takes it back.
#[derive(Debug, Clone, Default)]
pub struct SendState(Arc<State>);

#[derive(Debug, Default)]
struct State {
    bits: AtomicU8,
    /// From then on no call may begin.
    before: OnceLock<(Clock, BootInstant)>,
}

/// A byte of the call that runs may have left.
const NOW: u8 = 1;
/// A call before it ended, and what it did is done or not known.
const EARLIER: u8 = 2;
/// The request before, under the same key, ended in an unknown outcome.
const FORMER: u8 = 4;

/// What the calls so far left behind.
#[derive(Debug, Clone, Copy)]
pub struct Checkpoint(u8);

impl SendState {
    /// From here on a byte of the call can leave.
    pub fn begin_send(&self) {
        self.0.bits.fetch_or(NOW, Ordering::AcqRel);
    }

    /// Nothing of the call left, or the vendor said that it did nothing.
    pub fn not_executed(&self) {
        self.0.bits.fetch_and(!NOW, Ordering::AcqRel);
    }

    /// The call ended: it is done, or nobody knows.
    pub fn may_have_executed(&self) {
        self.0.bits.fetch_or(EARLIER, Ordering::AcqRel);
        self.not_executed();
    }

    /// No call of the write may begin from then on: another request may have taken its place. The clock runs on
    /// while the machine is suspended, which that of a deadline does not.
    pub fn send_before(&self, clock: Clock, end: BootInstant) {
        // The first is the earliest.
        let _earlier = self.0.before.set((clock, end));
    }

    #[must_use]
    pub fn is_late(&self) -> bool {
        let before = self.0.before.get();
        before.is_some_and(|(clock, end)| clock.now() >= *end)
    }

    /// An earlier request may have done the same.
    pub fn follows_unknown(&self) {
        self.0.bits.fetch_or(FORMER, Ordering::AcqRel);
    }

    #[must_use]
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint(self.0.bits.load(Ordering::Acquire))
    }

    /// It was found out that nothing came of the calls since the checkpoint.
    pub fn restore(&self, checkpoint: Checkpoint) {
        self.0.bits.store(checkpoint.0, Ordering::Release);
    }

    /// Whether the vendor may have got something, now or before.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.0.bits.load(Ordering::Acquire) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_takes_nothing_else_back() {
        let sent = SendState::default();
        assert!(!sent.may_have_been_sent());
        sent.begin_send();
        assert!(sent.may_have_been_sent());
        sent.not_executed();
        assert!(
            !sent.may_have_been_sent(),
            "a closed connection, a 401, a 404"
        );
        sent.begin_send();
        sent.may_have_executed();
        sent.not_executed();
        assert!(sent.may_have_been_sent(), "the repetition was not sent");
    }

    #[test]
    fn a_look_up_that_shows_nothing_speaks_of_its_own_write() {
        let sent = SendState::default();
        let first = sent.checkpoint();
        sent.begin_send();
        sent.may_have_executed();
        let second = sent.checkpoint();
        sent.begin_send();
        sent.may_have_executed();
        sent.restore(second);
        assert!(sent.may_have_been_sent(), "the first is still unknown");
        sent.restore(first);
        assert!(!sent.may_have_been_sent());
        sent.follows_unknown();
        let mark = sent.checkpoint();
        sent.begin_send();
        sent.restore(mark);
        assert!(
            sent.may_have_been_sent(),
            "another request may have done it"
        );
    }
}
