//! What the phases of a request came to.

use std::fmt;
use std::time::Duration;

use super::phase::Phase;

/// So much time was spent in each phase. A request of more than 580 years is told as that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseTimes([u64; Phase::COUNT]);

impl PhaseTimes {
    pub const ZERO: Self = Self([0; Phase::COUNT]);

    /// What has no phases of its own.
    #[must_use]
    pub fn only_other(time: Duration) -> Self {
        let mut times = Self::ZERO;
        times.add(Phase::Other, time);
        times
    }

    pub(super) fn add(&mut self, phase: Phase, time: Duration) {
        // Each phase has its place: the array has one for each.
        let nanos = &mut self.0[phase as usize];
        let more = time.as_secs().saturating_mul(1_000_000_000);
        *nanos = nanos.saturating_add(more.saturating_add(time.subsec_nanos().into()));
    }

    #[must_use]
    pub const fn get(&self, phase: Phase) -> Duration {
        Duration::from_nanos(self.0[phase as usize])
    }

    /// The phases that happened, in the order of [`Phase::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Phase, Duration)> + '_ {
        let all = Phase::ALL.into_iter().zip(self.0);
        all.filter(|(_, nanos)| *nanos > 0)
            .map(|(phase, nanos)| (phase, Duration::from_nanos(nanos)))
    }

    /// All of them together.
    #[must_use]
    pub fn whole(&self) -> Duration {
        Duration::from_nanos(self.0.iter().fold(0, |sum, one| sum.saturating_add(*one)))
    }

    /// What came to it since then.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let mut times = *self;
        for (now, before) in times.0.iter_mut().zip(before.0) {
            *now = now.saturating_sub(before);
        }
        times
    }
}

/// For people: `vendor 12.3 ms, other 0.25 ms`.
impl fmt::Display for PhaseTimes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (phase, time)) in self.iter().enumerate() {
            let between = if place == 0 { "" } else { ", " };
            let ms = time.as_secs_f64() * 1e3;
            write!(f, "{between}{} {ms:.3} ms", phase.label())?;
        }
        Ok(())
    }
}
