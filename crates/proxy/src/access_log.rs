//! One JSON line for each request. A hit costs about as much as one system call, so the line is made by
//! hand where it waits to be written ([`crate::output`]).

mod clock;
mod labels;
mod line;
mod member;
mod milliseconds;

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

pub use clock::Clock;
pub use labels::Labels;
pub use line::AccessRecord;
pub use milliseconds::Milliseconds;

use crate::output;

static STARTED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The time of this thread's last line.
    static CLOCK: RefCell<Clock> = RefCell::default();
}

/// From here on lines are taken.
pub fn start() {
    STARTED.store(true, Ordering::Release);
}

/// Takes a line of a request that ended at `time`. `false` if this log was never started: then the line goes
/// another way.
pub fn write(record: &AccessRecord<'_>, time: SystemTime) -> bool {
    STARTED.load(Ordering::Acquire)
        && CLOCK
            .with_borrow_mut(|clock| output::append(|lines| record.write(clock.text(time), lines)))
}
