//! A write under way: whatever becomes of it, the fence learns of it before its caller is answered.

use std::sync::Arc;
use std::time::Duration;

use super::fences::Fences;
use super::shared_fence::{SharedFence, now};
use super::tag::Tag;
use crate::shared::Account;
use crate::upstream::SendState;

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
    /// With a fleet: all that stands for these accounts when it ends, under whatever names by then.
    accounts: Vec<(Account, Vec<Tag>)>,
    unknown_hold: Duration,
    /// Decides the end where nobody else does.
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
            accounts: Vec::new(),
            unknown_hold,
            sent: SendState::default(),
            end: None,
        }
    }

    /// The same of all upstreams that are these accounts.
    pub fn of_accounts(mut self, accounts: Vec<(Account, Vec<Tag>)>) -> Self {
        self.accounts = accounts;
        self
    }

    fn each(&self, work: impl Fn(&SharedFence, &[Tag])) {
        for (fence, tags) in &self.changes {
            work(fence, tags);
        }
        for (account, tags) in &self.accounts {
            let fences = self.fences.spoken_to_by(account);
            fences.iter().for_each(|fence| work(fence, tags));
        }
    }

    /// The write that says whether a byte of it may have left.
    pub fn with(mut self, sent: SendState) -> Self {
        self.sent = sent;
        self
    }

    /// Ends the write; call it before its caller is answered.
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
                self.each(SharedFence::stamp);
                if is_over() {
                    self.fences.each(SharedFence::stamp_all);
                }
            }
            End::NotDone => {}
            End::Unknown => {
                let until = now() + self.unknown_hold;
                self.each(|fence, tags| fence.hold(tags, until));
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
    async fn a_write_voids_earlier_reads_unless_it_is_proven_not_done() {
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

    /// The account comes under another name while the write runs: its readers there see it, too.
    #[tokio::test(start_paused = true)]
    async fn a_write_reaches_what_is_its_account_when_it_ends() {
        for end in [End::Done, End::Unknown] {
            let fences = Arc::new(Fences::default());
            let account = Account::new("https://vendor.example", "");
            let names = ["netex", "halls"].map(Arc::from);
            let _ = fences.of_account(&account, &names[..1]);
            let pending = PendingWrite::begin(&fences, 0, [(&names[0], tags())], HOLD);
            let pending = pending.of_accounts(vec![(account.clone(), tags())]);
            let _ = fences.of_account(&account, &names[1..]);
            let halls = fences.of(&names[1]);
            let ticket = halls.start();
            pending.end(end);
            for name in &names {
                let fence = fences.of(name);
                assert!(!fence.admits(ticket, &tags()), "{end:?} {name}");
                assert_eq!(fence.holds(&tags()), end == End::Unknown);
            }
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
