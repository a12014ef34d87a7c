//! When a change is one: a file may be half written, away for a moment, or written a hundred times.

use std::time::{Duration, Instant};

/// What is the same for so long is finished. A writer who rests for longer causes a reload that is refused at
/// worst, and another when he goes on.
const SETTLED: Duration = Duration::from_millis(900);
/// Who replaces a file by deleting it first has so long.
const GONE: Duration = Duration::from_secs(5);

/// Something that is seen again and again.
pub trait Seen: PartialEq {
    /// Whether something is missing that the other has.
    fn lacks_what(&self, other: &Self) -> bool;
}

/// Remembers what was tried last; each state is tried once, whatever came of it.
pub struct Settle<S> {
    tried: S,
    /// What is to be tried next, and since when it looks like that.
    waiting: Option<(S, Instant)>,
}

impl<S: Seen> Settle<S> {
    pub const fn new(tried: S) -> Self {
        Self {
            tried,
            waiting: None,
        }
    }

    /// Whether what is seen now is to be tried.
    pub fn see(&mut self, seen: S, now: Instant) -> bool {
        if seen == self.tried {
            self.waiting = None;
            return false;
        }
        let since = match self.waiting.take() {
            Some((before, since)) if before == seen => since,
            _ => now,
        };
        let enough = if seen.lacks_what(&self.tried) {
            GONE
        } else {
            SETTLED
        };
        if now.duration_since(since) >= enough {
            self.tried = seen;
            return true;
        }
        self.waiting = Some((seen, since));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One file: its text, or that it is away.
    impl Seen for Option<&str> {
        fn lacks_what(&self, other: &Self) -> bool {
            self.is_none() && other.is_some()
        }
    }

    /// At which of these moments, in milliseconds, something is tried.
    fn tried(seen: &[(u64, Option<&'static str>)]) -> Vec<u64> {
        let start = Instant::now();
        let mut settle = Settle::new(Some("first"));
        let mut times = Vec::new();
        for (millis, text) in seen {
            if settle.see(*text, start + Duration::from_millis(*millis)) {
                times.push(*millis);
            }
        }
        times
    }

    #[test]
    fn a_change_is_tried_once_when_it_has_settled() {
        let second = Some("second");
        let seen = [
            (0, second),
            (500, second),
            (1000, second),
            (1500, second),
            (9000, second),
        ];
        assert_eq!(tried(&seen), [1000]);
        assert!(tried(&[(0, Some("first")), (9000, Some("first"))]).is_empty());
    }

    #[test]
    fn a_storm_of_writes_is_one_change() {
        const TEXTS: [&str; 4] = ["a", "ab", "abc", "abcd"];
        let storm = (0..20).map(|index| (index * 500, Some(TEXTS[index as usize % 4])));
        let rest = [
            (10_000, Some("abcd")),
            (10_500, Some("abcd")),
            (11_000, Some("abcd")),
        ];
        let seen: Vec<_> = storm.chain(rest).collect();
        assert_eq!(tried(&seen), [10_500]);
    }

    #[test]
    fn a_file_that_is_away_for_a_moment_is_none_that_is_gone() {
        let second = Some("second");
        let moment = [
            (0, None),
            (500, None),
            (4000, None),
            (4500, second),
            (5500, second),
        ];
        assert_eq!(tried(&moment), [5500]);
        let back = [
            (0, None),
            (4000, None),
            (4500, Some("first")),
            (20_000, Some("first")),
        ];
        assert!(tried(&back).is_empty());
        let gone = [(0, None), (4500, None), (5000, None), (20_000, None)];
        assert_eq!(tried(&gone), [5000]);
    }

    #[test]
    fn what_is_taken_back_before_it_settled_is_no_change() {
        let seen = [
            (0, Some("x")),
            (500, Some("first")),
            (1000, Some("x")),
            (1500, Some("x")),
        ];
        assert!(tried(&seen).is_empty());
    }
}
