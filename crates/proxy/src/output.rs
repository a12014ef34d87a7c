//! Everything that a running process writes to standard output, by a thread of its own: whoever logs never
//! waits for who reads. Lines that find no room are dropped and counted.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// A line waits at most about this long.
const EVERY: Duration = Duration::from_millis(20);
/// Unwritten bytes. More of them means that somebody stopped reading.
const MOST: usize = 8 * 1024 * 1024;
/// How long the end of the process waits for its last lines. Nobody reads a pipe that is still full then.
pub const LAST_LINES: Duration = Duration::from_millis(500);

static OUTPUT: OnceLock<Output> = OnceLock::new();

/// Starts the thread that writes to standard output.
pub fn start() {
    OUTPUT.get_or_init(|| Output::start(io::stdout(), MOST));
}

/// Takes whole lines. `false` if it was never started: nothing is written then.
pub fn write(lines: &[u8]) -> bool {
    let output = OUTPUT.get();
    output.inspect(|output| output.push(lines)).is_some()
}

/// Waits until what was logged so far is written, at most so long. Called before the process ends.
pub fn flush(limit: Duration) {
    if let Some(output) = OUTPUT.get() {
        output.flush(limit);
    }
}

/// Where `tracing` writes its lines, each with one call.
#[derive(Clone, Copy)]
pub struct Lines;

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        *self
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Output {
    shared: Arc<Shared>,
    most: usize,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// Somebody waits for the end of what waits.
    hurry: Condvar,
    written: Condvar,
}

#[derive(Default)]
struct Waiting {
    lines: Vec<u8>,
    dropped: u64,
    /// Since the start: bytes taken, and of them bytes written (or lost with their reader).
    taken: u64,
    written: u64,
}

impl Output {
    fn start(target: impl Write + Send + 'static, most: usize) -> Self {
        let shared = Arc::new(Shared::default());
        let theirs = shared.clone();
        let spawned = std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || theirs.run(target));
        if let Err(error) = spawned {
            let _ = writeln!(io::stderr(), "logs cannot be written: {error}");
        }
        Self { shared, most }
    }

    fn push(&self, lines: &[u8]) {
        let mut waiting = self.shared.lock();
        if waiting.lines.len() + lines.len() > self.most {
            waiting.dropped += 1;
        } else {
            waiting.lines.extend_from_slice(lines);
            waiting.taken += lines.len() as u64;
        }
    }

    fn flush(&self, limit: Duration) {
        let until = Instant::now() + limit;
        let mut waiting = self.shared.lock();
        let all = waiting.taken;
        self.shared.hurry.notify_all();
        while waiting.written < all {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let woken = self.shared.written.wait_timeout(waiting, left);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while the lock is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, mut target: impl Write) {
        let (mut lost, mut flows) = (0, true);
        loop {
            let (lines, dropped) = self.next();
            lost += dropped;
            if lost > 0 && flows {
                // The line goes behind those that came before the dropped ones.
                tracing::warn!(
                    dropped = std::mem::take(&mut lost),
                    "log lines were dropped: nobody took them"
                );
            }
            // Standard output that is gone, or a disk that is full, takes no line; the gateway goes on.
            flows = target
                .write_all(&lines)
                .and_then(|()| target.flush())
                .is_ok();
            if !flows {
                lost += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
            }
            self.lock().written += lines.len() as u64;
            self.written.notify_all();
        }
    }

    /// What waits, once something does: collected for a moment, so that many cost few system calls.
    fn next(&self) -> (Vec<u8>, u64) {
        let mut waiting = self.lock();
        loop {
            let woken = self.hurry.wait_timeout(waiting, EVERY);
            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
            if !waiting.lines.is_empty() || waiting.dropped > 0 {
                let lines = std::mem::take(&mut waiting.lines);
                return (lines, std::mem::take(&mut waiting.dropped));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use super::*;

    /// A reader who takes a chunk when asked to.
    struct Pipe(SyncSender<Vec<u8>>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(most: usize) -> (Output, Receiver<Vec<u8>>) {
        let (sender, receiver) = sync_channel(0);
        (Output::start(Pipe(sender), most), receiver)
    }

    #[test]
    fn nobody_waits_for_a_reader_who_does_not_read() {
        let (output, reader) = output(100);
        output.push(b"first\n");
        output.flush(Duration::from_millis(50));
        for _ in 0..100 {
            output.push(b"0123456789\n");
        }
        output.flush(Duration::from_millis(1));
        let dropped = output.shared.lock().dropped;
        assert!((91..=92).contains(&dropped), "{dropped}");
        // It reads again: what was kept comes whole and in order.
        assert_eq!(reader.recv().unwrap(), b"first\n");
        let kept = reader.recv().unwrap();
        assert_eq!(kept, b"0123456789\n".repeat(kept.len() / 11));
        assert_eq!(output.shared.lock().dropped, 0, "told once");
        output.push(b"last\n");
        assert_eq!(reader.recv().unwrap(), b"last\n");
        output.flush(Duration::from_secs(10));
        let waiting = output.shared.lock();
        assert_eq!(waiting.written, waiting.taken);
    }

    #[test]
    fn a_flush_waits_for_all_that_came_before_it() {
        let (output, reader) = output(MOST);
        let all = std::thread::spawn(move || {
            let lines: Vec<u8> = reader.iter().flatten().collect();
            lines.len()
        });
        for _ in 0..10_000 {
            output.push(b"a line of the log\n");
        }
        output.flush(Duration::from_secs(30));
        assert_eq!(output.shared.lock().written, 180_000);
        drop(output);
        // The thread holds the pipe for as long as the process runs.
        drop(all);
    }

    #[test]
    fn a_reader_who_left_holds_up_nobody() {
        let (output, reader) = output(100);
        drop(reader);
        output.push(b"a line\n");
        output.flush(Duration::from_secs(10));
        let waiting = output.shared.lock();
        assert_eq!(waiting.written, waiting.taken);
    }
}
