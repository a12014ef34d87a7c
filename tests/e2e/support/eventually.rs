//! Waiting for what happens without the test's doing.

use std::fmt::Debug;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long what must come may take on a machine that is busy; nothing waits for so long that comes.
const LONGEST: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

/// What a look gives: whether it has come, with what came of it, or else what was seen instead.
pub trait Look {
    type Of;
    fn seen(self) -> Result<Self::Of, String>;
}

impl Look for bool {
    type Of = ();
    fn seen(self) -> Result<(), String> {
        self.then_some(()).seen()
    }
}

impl<T> Look for Option<T> {
    type Of = T;
    fn seen(self) -> Result<T, String> {
        self.ok_or_else(|| "nothing".to_owned())
    }
}

impl<T, E: Debug> Look for Result<T, E> {
    type Of = T;
    fn seen(self) -> Result<T, String> {
        self.map_err(|instead| format!("{instead:?}"))
    }
}

/// Looks until it has come, and fails with what was waited for and what the last look saw.
#[track_caller]
pub fn eventually<L: Look>(what: &str, mut look: impl FnMut() -> L) -> L::Of {
    let end = Instant::now() + LONGEST;
    loop {
        match look().seen() {
            Ok(came) => return came,
            Err(instead) if Instant::now() >= end => {
                panic!("waited {LONGEST:?} in vain for {what}: {instead}")
            }
            Err(_) => sleep(PAUSE),
        }
    }
}
