//! Whether a byte of a write may have left: what its caller is told if nobody can wait for its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Shared by one write, its vendor calls and the guards that end with it. The calls of a write follow
/// each other; the transport says when a byte can leave, and whoever knows that nothing came of a call
/// takes it back.
#[derive(Debug, Clone, Default)]
pub struct Sent(Arc<AtomicU8>);

/// A byte of the call that runs may have left.
const NOW: u8 = 1;
/// A call before it ended, and what it did is done or not known.
const EARLIER: u8 = 2;
/// The request before, under the same key, ended in an unknown outcome.
const FORMER: u8 = 4;

/// What the calls so far left behind.
#[derive(Debug, Clone, Copy)]
pub struct Mark(u8);

impl Sent {
    /// From here on a byte of the call can leave.
    pub fn leaves(&self) {
        self.0.fetch_or(NOW, Ordering::AcqRel);
    }

    /// Nothing of the call left, or the vendor said that it did nothing.
    pub fn undone(&self) {
        self.0.fetch_and(!NOW, Ordering::AcqRel);
    }

    /// The call ended: it is done, or nobody knows.
    pub fn stands(&self) {
        self.0.fetch_or(EARLIER, Ordering::AcqRel);
        self.undone();
    }

    /// An earlier request may have done the same.
    pub fn follows_unknown(&self) {
        self.0.fetch_or(FORMER, Ordering::AcqRel);
    }

    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(self.0.load(Ordering::Acquire))
    }

    /// It was found out that nothing came of the calls since `mark`.
    pub fn back_to(&self, mark: Mark) {
        self.0.store(mark.0, Ordering::Release);
    }

    /// Whether the vendor may have got something, now or before.
    #[must_use]
    pub fn may_have_left(&self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_takes_nothing_else_back() {
        let sent = Sent::default();
        assert!(!sent.may_have_left());
        sent.leaves();
        assert!(sent.may_have_left());
        sent.undone();
        assert!(!sent.may_have_left(), "a closed connection, a 401, a 404");
        sent.leaves();
        sent.stands();
        sent.undone();
        assert!(sent.may_have_left(), "the repetition was not sent");
    }

    #[test]
    fn a_look_up_that_shows_nothing_speaks_of_its_own_write() {
        let sent = Sent::default();
        let first = sent.mark();
        sent.leaves();
        sent.stands();
        let second = sent.mark();
        sent.leaves();
        sent.stands();
        sent.back_to(second);
        assert!(sent.may_have_left(), "the first is still unknown");
        sent.back_to(first);
        assert!(!sent.may_have_left());
        sent.follows_unknown();
        let mark = sent.mark();
        sent.leaves();
        sent.back_to(mark);
        assert!(sent.may_have_left(), "another request may have done it");
    }
}
