//! One JSON line for each request. A hit costs about as much as one system call, so the line is made by
//! hand and written with those of others ([`crate::output`]).

mod clock;
mod line;

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use clock::Clock;
pub use line::{AccessRecord, milliseconds};

use crate::output;

static STARTED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The time of this thread's last line, and room for the next.
    static DESK: RefCell<(Clock, Vec<u8>)> = RefCell::default();
}

/// From here on lines are taken.
pub fn start() {
    STARTED.store(true, Ordering::Release);
}

/// Takes a line. `false` if this log was never started: then the line goes another way.
pub fn write(record: &AccessRecord<'_>) -> bool {
    STARTED.load(Ordering::Acquire)
        && DESK.with_borrow_mut(|(clock, text)| {
            text.clear();
            record.write(clock.text(SystemTime::now()), text);
            output::write(text)
        })
}
