//! Where the time of one request goes: into phases that follow each other, so that together they are the
//! whole of it, to the nanosecond.

mod phase;
mod times;

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

pub use phase::Phase;
pub use times::PhaseTimes;

/// The stopwatch of one request, or of one call that several wait for.
#[derive(Debug)]
pub struct Phases(Mutex<State>);

#[derive(Debug)]
struct State {
    times: PhaseTimes,
    current: Phase,
    /// All up to here is in `times`.
    since: Instant,
    /// A look-up is under way: what it enters are no phases of their own.
    is_look_up: bool,
}

impl State {
    fn close(&mut self, at: Instant) {
        // A moment that was read before the last one counts as that.
        let passed = at.saturating_duration_since(self.since);
        if !passed.is_zero() {
            self.times.add(self.current, passed);
            self.since = at;
        }
    }
}

impl Default for Phases {
    /// Begins now.
    fn default() -> Self {
        Self::starting(Instant::now())
    }
}

impl Phases {
    /// Begins at a moment, with [`Phase::Other`].
    #[must_use]
    pub const fn starting(at: Instant) -> Self {
        Self(Mutex::new(State {
            times: PhaseTimes::ZERO,
            current: Phase::Other,
            since: at,
            is_look_up: false,
        }))
    }

    /// A phase begins, and the one before ends. Within a look-up nothing changes.
    pub fn enter(&self, phase: Phase, at: Instant) {
        let mut state = self.lock();
        if !state.is_look_up {
            state.close(at);
            state.current = phase;
        }
    }

    /// The same at this moment, which costs a look at the clock.
    pub fn enter_now(&self, phase: Phase) {
        self.enter(phase, Instant::now());
    }

    /// Until what is given back is dropped all is [`Phase::LookUp`]. One within another is a part of it.
    #[must_use]
    pub fn look_up(&self) -> LookUp<'_> {
        let mut state = self.lock();
        let outer = !state.is_look_up;
        if outer {
            state.close(Instant::now());
            state.current = Phase::LookUp;
            state.is_look_up = true;
        }
        LookUp(outer.then_some(self))
    }

    /// Until what is given back is dropped this waits for what `other` measures, and is in the same phases.
    #[must_use]
    pub fn follow<'p>(&'p self, other: &'p Self) -> Following<'p> {
        let now = Instant::now();
        self.lock().close(now);
        Following {
            phases: self,
            before: other.so_far(now),
            other,
        }
    }

    /// What was measured until a moment, the phase that lasts included.
    #[must_use]
    pub fn so_far(&self, at: Instant) -> PhaseTimes {
        let state = self.lock();
        let mut times = state.times;
        times.add(state.current, at.saturating_duration_since(state.since));
        times
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is whole before anything could panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A look-up under way.
#[derive(Debug)]
pub struct LookUp<'p>(Option<&'p Phases>);

impl Drop for LookUp<'_> {
    fn drop(&mut self) {
        if let Some(phases) = self.0 {
            let mut state = phases.lock();
            state.close(Instant::now());
            state.current = Phase::Other;
            state.is_look_up = false;
        }
    }
}

/// Waiting for what somebody else measures.
#[derive(Debug)]
pub struct Following<'p> {
    phases: &'p Phases,
    other: &'p Phases,
    before: PhaseTimes,
}

impl Drop for Following<'_> {
    fn drop(&mut self) {
        let now = Instant::now();
        let passed = self.other.so_far(now).since(&self.before);
        let mut state = self.phases.lock();
        let mut left = now.saturating_duration_since(state.since);
        for (phase, time) in passed.iter() {
            let time = time.min(left);
            left -= time;
            let phase = if state.is_look_up {
                Phase::LookUp
            } else {
                phase
            };
            state.times.add(phase, time);
        }
        let current = state.current;
        state.times.add(current, left);
        state.since = state.since.max(now);
    }
}

#[cfg(test)]
mod tests;
