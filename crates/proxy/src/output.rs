//! Everything that a running process writes to standard output, by a thread of its own: whoever logs never
//! waits for who reads. Lines that find no room are dropped and counted.

mod desk;

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

use desk::{Desk, Room};

/// A line waits at most about this long.
const EVERY: Duration = Duration::from_millis(20);
/// Unwritten bytes. More of them means that somebody stopped reading.
const MOST: usize = 8 * 1024 * 1024;
/// Lines that go on to be dropped are told of so long after the first one.
const AT_LATEST: Duration = Duration::from_secs(1);
/// How long the end of the process waits for its last lines. Nobody reads a pipe that is still full then.
pub const LAST_LINES: Duration = Duration::from_millis(500);

static OUTPUT: OnceLock<Output> = OnceLock::new();
/// Lines that nobody got, since the start of the process.
static LOST: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// Where this thread puts its lines, once the output was started.
    static DESK: OnceLock<Arc<Desk>> = const { OnceLock::new() };
}

/// Starts the thread that writes to standard output.
pub fn start() {
    OUTPUT.get_or_init(|| Output::start(io::stdout(), MOST));
}

/// Takes whole lines, which `write` appends to what waits already. `false` if the output was never started:
/// nothing is written then.
pub fn append(write: impl FnOnce(&mut Vec<u8>)) -> bool {
    let output = OUTPUT.get();
    output
        .inspect(|output| DESK.with(|desk| desk.get_or_init(|| output.desk()).append(write)))
        .is_some()
}

/// How many lines were dropped so far: for want of room, or because their reader or disk took none.
pub fn lost() -> u64 {
    LOST.load(Ordering::Relaxed)
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
        append(|lines| lines.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Output {
    shared: Arc<Shared>,
    room: Arc<Room>,
}

#[derive(Default)]
struct Shared {
    desks: Mutex<Vec<Arc<Desk>>>,
    rounds: Mutex<Rounds>,
    /// Somebody waits for the end of what waits.
    hurry: Condvar,
    ended: Condvar,
}

/// How often the desks were emptied, since the start.
#[derive(Default)]
struct Rounds {
    begun: u64,
    /// Their lines are written, or lost with their reader.
    ended: u64,
    hurry: bool,
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
        Self {
            shared,
            room: Arc::new(Room::new(most)),
        }
    }

    /// A desk for one thread.
    fn desk(&self) -> Arc<Desk> {
        let desk = Arc::new(Desk::new(self.room.clone()));
        lock(&self.shared.desks).push(desk.clone());
        desk
    }

    fn flush(&self, limit: Duration) {
        let until = Instant::now() + limit;
        let mut rounds = lock(&self.shared.rounds);
        // One that runs already may have passed our desk.
        let wanted = rounds.begun + 1;
        while rounds.ended < wanted {
            rounds.hurry = true;
            self.shared.hurry.notify_all();
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let woken = self.shared.ended.wait_timeout(rounds, left);
            rounds = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// Nothing panics while one of these locks is held.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn run(&self, mut target: impl Write) {
        let (mut lines, mut lost, mut flows) = (Vec::new(), 0, true);
        let mut told = Instant::now();
        loop {
            let round = self.next();
            // Taken out of the list, so that a thread which begins does not wait for who reads.
            let desks = lock(&self.desks).clone();
            let before = lost;
            for desk in &desks {
                lost += desk.empty_into(&mut lines);
                if lines.is_empty() {
                    continue;
                }
                // Standard output that is gone, or a disk that is full, takes no line; the gateway goes on.
                flows = target
                    .write_all(&lines)
                    .and_then(|()| target.flush())
                    .is_ok();
                if !flows {
                    lost += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
                }
            }
            drop(desks);
            LOST.fetch_add(lost - before, Ordering::Relaxed);
            // One line for all, once no more are dropped: a desk was passed before the next one was.
            let is_over = lost == before || told.elapsed() > AT_LATEST;
            if lost == 0 {
                told = Instant::now();
            } else if flows && is_over {
                // The line waits at a desk itself, so it goes behind those that came before the dropped ones.
                tracing::warn!(
                    dropped = std::mem::take(&mut lost),
                    "log lines were dropped: nobody took them"
                );
            }
            lock(&self.desks).retain(|desk| !desk.is_abandoned());
            lock(&self.rounds).ended = round;
            self.ended.notify_all();
        }
    }

    /// The number of the next round, once it is time: lines are collected for a moment, so that many cost few
    /// system calls.
    fn next(&self) -> u64 {
        let rounds = lock(&self.rounds);
        let woken = self
            .hurry
            .wait_timeout_while(rounds, EVERY, |rounds| !rounds.hurry);
        let mut rounds = woken.unwrap_or_else(PoisonError::into_inner).0;
        rounds.hurry = false;
        rounds.begun += 1;
        rounds.begun
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

    fn push(desk: &Desk, line: &[u8]) {
        desk.append(|lines| lines.extend_from_slice(line));
    }

    #[test]
    fn nobody_waits_for_a_reader_who_does_not_read() {
        let (output, reader) = output(100);
        let desk = output.desk();
        push(&desk, b"first\n");
        output.flush(Duration::from_millis(50));
        for _ in 0..100 {
            push(&desk, b"0123456789\n");
        }
        output.flush(Duration::from_millis(1));
        let dropped = desk.dropped();
        assert!((91..=92).contains(&dropped), "{dropped}");
        // It reads again: what was kept comes whole and in order.
        assert_eq!(reader.recv().unwrap(), b"first\n");
        let kept = reader.recv().unwrap();
        assert_eq!(kept, b"0123456789\n".repeat(kept.len() / 11));
        assert_eq!(desk.dropped(), 0, "told once");
        push(&desk, b"last\n");
        assert_eq!(reader.recv().unwrap(), b"last\n");
    }

    #[test]
    fn a_flush_waits_for_all_that_came_before_it_from_every_thread() {
        let (output, reader) = output(MOST);
        let (count, counted) = sync_channel(10_000);
        std::thread::spawn(move || {
            let mut bytes = 0;
            for chunk in reader {
                bytes += chunk.len();
                let _ = count.send(bytes);
            }
        });
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let desk = output.desk();
                    for _ in 0..2_500 {
                        push(&desk, b"a line of the log\n");
                    }
                });
            }
        });
        output.flush(Duration::from_secs(30));
        assert_eq!(counted.try_iter().last(), Some(180_000));
        output.flush(Duration::from_secs(30));
        assert!(
            lock(&output.shared.desks).is_empty(),
            "desks of threads that ended are given up"
        );
    }

    #[test]
    fn a_reader_who_left_holds_up_nobody() {
        let (output, reader) = output(100);
        drop(reader);
        let desk = output.desk();
        push(&desk, b"a line\n");
        output.flush(Duration::from_secs(10));
        let rounds = lock(&output.shared.rounds);
        assert!(rounds.ended > 0);
    }
}
