//! Memory that a crowd has left behind goes back to the system.

use std::hint::black_box;
use std::time::Duration;

/// The allocator keeps what was freed for a second and gives it back when it next frees a page (mimalloc 3,
/// `arena.c`). A process that is idle, or answers out of the cache, frees none: it kept the memory of a crowd
/// for as long as it was quiet.
const EVERY: Duration = Duration::from_secs(1);

/// Large enough to be pages of its own. It is never written to, so it takes no memory.
const PAGES: usize = 1024 * 1024;

/// Starts the thread that sees to it.
///
/// # Errors
/// The system gives no thread; then memory comes back under load only.
pub fn start() -> std::io::Result<()> {
    std::thread::Builder::new()
        .name("memory".to_owned())
        .spawn(|| {
            loop {
                std::thread::sleep(EVERY);
                drop(black_box(Vec::<u8>::with_capacity(PAGES)));
            }
        })
        .map(drop)
}
