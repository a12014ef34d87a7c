//! What the bodies of all requests together may hold in memory (`limits.bodies`).
//!
//! A body counts by the bytes that are held for it, from its first chunk until its request ends: its JSON
//! and its encoded form live as long. Where nothing is left a reader waits, and reads no further meanwhile.
//! Who waited [`PATIENCE`] in vain has room made: by those who hold bytes and send hardly anything more, else by
//! the latest of those who wait. So of many who each hold a part the first come to their end, and a few who
//! hold much and send nothing cannot keep everybody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// The wait of a reader who finds no room, before somebody must go.
pub const PATIENCE: Duration = Duration::from_secs(1);
/// Whoever sends less than this in a second may be the one.
const SLOW: usize = 16 * 1024;

/// The budget; it outlives a reload.
pub struct Bodies(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
}

struct State {
    limit: usize,
    used: usize,
    last: u64,
    /// Those that are still being read, by their order.
    reading: BTreeMap<u64, Reading>,
}

struct Reading {
    held: usize,
    /// More that it waits for.
    wants: usize,
    /// It must go, so that others come to their end.
    refused: bool,
    /// When it was last looked at, and how much has come since.
    since: Instant,
    came: usize,
    /// Told of room, or that it must go.
    told: Arc<Notify>,
}

/// Everything is taken, and this body must go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// What one body holds; dropped, it is free again.
pub struct Share {
    shared: Arc<Shared>,
    number: u64,
    held: usize,
    told: Arc<Notify>,
}

impl Bodies {
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State {
                limit,
                used: 0,
                last: 0,
                reading: BTreeMap::new(),
            }),
        }))
    }

    /// Another limit, from now on. What is held above it stays until it ends.
    pub fn resize(&self, limit: usize) {
        let mut state = self.0.lock();
        state.limit = limit;
        state.serve();
    }

    /// A body begins; it holds nothing yet.
    #[must_use]
    pub fn begin(&self) -> Share {
        let told = Arc::new(Notify::new());
        let mut state = self.0.lock();
        state.last += 1;
        let number = state.last;
        let reading = Reading {
            held: 0,
            wants: 0,
            refused: false,
            since: Instant::now(),
            came: 0,
            told: told.clone(),
        };
        state.reading.insert(number, reading);
        Share {
            shared: self.0.clone(),
            number,
            held: 0,
            told,
        }
    }

    #[cfg(test)]
    fn used(&self) -> usize {
        self.0.lock().used
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Each change of the state is whole before anything could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn free(&self) -> usize {
        self.limit.saturating_sub(self.used)
    }

    /// Gives what is free to those who wait, the first first. Who needs little may pass who needs much.
    fn serve(&mut self) {
        let mut free = self.free();
        for reading in self.reading.values_mut() {
            if reading.wants > 0 && reading.wants <= free && !reading.refused {
                free -= reading.wants;
                self.used += reading.wants;
                reading.held += reading.wants;
                reading.wants = 0;
                reading.told.notify_one();
            }
        }
    }

    /// Makes room for one who waited in vain; it may have to go itself.
    fn make_room(&mut self, number: u64, now: Instant) {
        // Those who came before it are served before it.
        let before = self.reading.range(..=number);
        let before = before.filter(|(_, reading)| !reading.refused);
        let wants: usize = before.map(|(_, reading)| reading.wants).sum();
        let leaving = self.reading.values().filter(|reading| reading.refused);
        let mut room = self.free() + leaving.map(|reading| reading.held).sum::<usize>();
        let slow = self
            .reading
            .iter()
            .filter(|(_, reading)| reading.is_slow(now));
        let mut slow: Vec<_> = slow
            .map(|(number, reading)| (reading.held, *number))
            .collect();
        slow.sort_unstable_by(|one, other| other.cmp(one));
        let slow = slow.into_iter().map(|(_, number)| number);
        let waiting = self.reading.iter().rev();
        let waiting = waiting.filter(|(_, reading)| reading.wants > 0 && !reading.refused);
        let waiting: Vec<u64> = waiting.map(|(number, _)| *number).collect();
        for victim in slow.chain(waiting) {
            if room >= wants {
                return;
            }
            if let Some(reading) = self.reading.get_mut(&victim) {
                room += reading.held;
                reading.refused = true;
                reading.told.notify_one();
            }
            if victim == number {
                return;
            }
        }
    }
}

impl Reading {
    /// It holds something, waits for its caller and not for us, and hardly anything came for a while.
    fn is_slow(&self, now: Instant) -> bool {
        let time = now.saturating_duration_since(self.since);
        let expected = time.as_secs_f64() * SLOW as f64;
        let waits = self.wants > 0 || self.refused || self.held == 0;
        !waits && time >= PATIENCE && (self.came as f64) < expected
    }

    fn came(&mut self, bytes: usize, now: Instant) {
        if now.saturating_duration_since(self.since) >= PATIENCE {
            self.since = now;
            self.came = 0;
        }
        self.came += bytes;
    }
}

impl Share {
    /// So many bytes are held from now on; `came` of them are new. Waits where they find no room.
    ///
    /// # Errors
    /// There is none, and it is this body's turn to go.
    pub async fn hold(&mut self, bytes: usize, came: usize) -> Result<(), Full> {
        if !self.ask(bytes, came)? {
            self.wait().await?;
        }
        self.held = self.held.max(bytes);
        Ok(())
    }

    /// `true`: there is room, and it is taken.
    fn ask(&self, bytes: usize, came: usize) -> Result<bool, Full> {
        let mut state = self.shared.lock();
        let more = bytes.saturating_sub(self.held);
        let (free, limit) = (state.free(), state.limit);
        let Some(reading) = state.reading.get_mut(&self.number) else {
            return Err(Full);
        };
        reading.came(came, Instant::now());
        if reading.refused || bytes > limit {
            return Err(Full);
        }
        if more > free {
            reading.wants = more;
            return Ok(false);
        }
        reading.held += more;
        state.used += more;
        Ok(true)
    }

    async fn wait(&self) -> Result<(), Full> {
        let mut until = Instant::now() + PATIENCE;
        loop {
            let in_vain = timeout_at(until, self.told.notified()).await.is_err();
            let mut state = self.shared.lock();
            let now = Instant::now();
            if in_vain {
                state.make_room(self.number, now);
                until = now + PATIENCE;
            }
            let Some(reading) = state.reading.get_mut(&self.number) else {
                return Err(Full);
            };
            if reading.refused {
                return Err(Full);
            }
            if reading.wants == 0 {
                // While it waited for us its caller could not show how fast it is.
                (reading.since, reading.came) = (now, 0);
                return Ok(());
            }
        }
    }

    /// Whether it waits for room at this moment.
    #[must_use]
    pub fn waits(&self) -> bool {
        let state = self.shared.lock();
        let reading = state.reading.get(&self.number);
        reading.is_some_and(|reading| reading.wants > 0)
    }

    /// Returns when this body must go, though it waits for its caller.
    pub async fn refused(&self) {
        loop {
            let told = self.told.notified();
            let gone = |state: &State| {
                let reading = state.reading.get(&self.number);
                reading.is_none_or(|reading| reading.refused)
            };
            if gone(&self.shared.lock()) {
                return;
            }
            told.await;
        }
    }

    /// The body is whole: nobody can take its room any more.
    pub fn is_whole(&mut self) {
        let mut state = self.shared.lock();
        if let Some(reading) = state.reading.remove(&self.number) {
            self.held = reading.held;
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let reading = state.reading.remove(&self.number);
        let held = reading.map_or(self.held, |reading| reading.held);
        state.used = state.used.saturating_sub(held);
        state.serve();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_a_body_holds_is_free_again_when_it_ends() {
        let bodies = Bodies::new(100);
        let mut share = bodies.begin();
        assert_eq!(share.hold(60, 60).await, Ok(()));
        assert_eq!(share.hold(80, 20).await, Ok(()));
        assert_eq!(bodies.used(), 80);
        share.is_whole();
        assert_eq!(bodies.used(), 80, "its request goes on");
        drop(share);
        assert_eq!(bodies.used(), 0);
        assert_eq!(bodies.begin().hold(101, 101).await, Err(Full), "never");
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_room_waits_for_it() {
        let bodies = Bodies::new(100);
        let mut first = bodies.begin();
        first.hold(100, 100).await.unwrap();
        first.is_whole();
        let mut second = bodies.begin();
        let (held, ()) = tokio::join!(second.hold(10, 10), async {
            tokio::time::sleep(PATIENCE / 2).await;
            drop(first);
        });
        assert_eq!(held, Ok(()));
        assert_eq!(bodies.used(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn of_whole_bodies_none_must_go() {
        let bodies = Bodies::new(100);
        let mut first = bodies.begin();
        first.hold(100, 100).await.unwrap();
        first.is_whole();
        let started = Instant::now();
        assert_eq!(bodies.begin().hold(1, 1).await, Err(Full));
        assert_eq!(started.elapsed(), PATIENCE);
        drop(first);
        assert_eq!(bodies.used(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_holds_and_sends_nothing_makes_room() {
        let bodies = Bodies::new(100);
        let mut hog = bodies.begin();
        hog.hold(100, 100).await.unwrap();
        let mut small = bodies.begin();
        let (held, ()) = tokio::join!(small.hold(1, 1), async {
            hog.refused().await;
            drop(hog);
        });
        assert_eq!(held, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_steadily_need_not_go_for_another() {
        let bodies = Bodies::new(1024 * 1024);
        let mut steady = bodies.begin();
        steady.hold(1024 * 1024, 0).await.unwrap();
        let mut late = bodies.begin();
        let sending = async {
            for _ in 0..40 {
                tokio::time::sleep(PATIENCE / 10).await;
                steady.hold(1024 * 1024, SLOW).await.unwrap();
            }
        };
        let (held, ()) = tokio::join!(late.hold(1, 1), sending);
        assert_eq!(held, Err(Full));
    }

    /// Everybody holds a part and waits for the rest.
    #[tokio::test(start_paused = true)]
    async fn of_many_who_hold_a_part_the_first_come_to_their_end() {
        let bodies = Arc::new(Bodies::new(100));
        let mut all = Vec::new();
        for _ in 0..10 {
            let mut share = bodies.begin();
            share.hold(10, 10).await.unwrap();
            all.push(tokio::spawn(async move {
                share.hold(40, 30).await?;
                share.is_whole();
                tokio::time::sleep(PATIENCE / 4).await;
                Ok::<(), Full>(())
            }));
        }
        let mut ends = Vec::new();
        for one in all {
            ends.push(one.await.unwrap().is_ok());
        }
        assert!(ends[0] && ends[1], "{ends:?}");
        let done = ends.iter().filter(|done| **done).count();
        assert!(ends[..done].iter().all(|done| *done), "the first: {ends:?}");
        assert_eq!(bodies.used(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_leaves_while_waiting_leaves_nothing_behind() {
        let bodies = Bodies::new(100);
        let mut first = bodies.begin();
        first.hold(100, 100).await.unwrap();
        {
            let mut leaver = bodies.begin();
            let left = tokio::time::timeout(PATIENCE / 2, leaver.hold(1, 1)).await;
            assert!(left.is_err());
            drop(first);
            assert_eq!(bodies.used(), 1, "it was given while it left");
        }
        assert_eq!(bodies.used(), 0);
        assert!(bodies.0.lock().reading.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn another_limit_holds_at_once() {
        let bodies = Bodies::new(10);
        let mut first = bodies.begin();
        first.hold(10, 10).await.unwrap();
        let mut second = bodies.begin();
        let (held, ()) = tokio::join!(second.hold(10, 10), async { bodies.resize(20) });
        assert_eq!(held, Ok(()));
        bodies.resize(5);
        assert_eq!(bodies.begin().hold(6, 6).await, Err(Full));
        drop((first, second));
        assert_eq!(bodies.used(), 0);
    }
}
