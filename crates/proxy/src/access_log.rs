//! One JSON line for each request, written in batches by a thread of its own: a hit costs about as much
//! as one system call, and a slow reader of our output must not hold a request.

mod clock;
mod line;

use std::io::Write;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use clock::Clock;
pub use line::Line;

/// A line waits at most about this long.
const EVERY: Duration = Duration::from_millis(20);
/// More unwritten lines than this are dropped and counted: somebody stopped reading.
const MOST: usize = 8 * 1024 * 1024;

static LOG: OnceLock<AccessLog> = OnceLock::new();

#[derive(Default)]
struct AccessLog {
    waiting: Mutex<Waiting>,
    /// Held while writing, so that lines keep their order.
    output: Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    dropped: u64,
    clock: Clock,
}

/// Starts the thread that writes to standard output.
pub fn start() {
    LOG.get_or_init(AccessLog::default);
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(EVERY);
            flush();
        }
    });
}

/// Takes a line. `false` if this log was never started: then the line goes another way.
pub fn write(line: &Line<'_>) -> bool {
    let Some(log) = LOG.get() else {
        return false;
    };
    let mut waiting = lock(&log.waiting);
    let Waiting {
        lines,
        dropped,
        clock,
    } = &mut *waiting;
    if lines.len() >= MOST {
        *dropped += 1;
    } else {
        line.write(clock.text(SystemTime::now()), lines);
    }
    true
}

/// Writes what waits. Called before the process ends.
pub fn flush() {
    let Some(log) = LOG.get() else {
        return;
    };
    let _order = lock(&log.output);
    let (lines, dropped) = {
        let mut waiting = lock(&log.waiting);
        (
            std::mem::take(&mut waiting.lines),
            std::mem::take(&mut waiting.dropped),
        )
    };
    if !lines.is_empty() {
        let mut output = std::io::stdout().lock();
        // Standard output that is gone takes no line; the gateway goes on.
        let _ = output.write_all(&lines).and_then(|()| output.flush());
    }
    if dropped > 0 {
        tracing::warn!(dropped, "log lines were dropped: nobody reads them");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
