//! The time of day beside the monotonic clock, so that one reading serves for both.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// For so long a pair of readings serves: a clock that is set is seen after this at the latest.
const TRUSTED: Duration = Duration::from_millis(100);

thread_local! {
    /// Both clocks as they were read last on this thread.
    static READ: Cell<Option<(Instant, SystemTime)>> = const { Cell::new(None) };
}

/// The time of day at a moment of a few milliseconds ago at most. A system call is cheap, and a request
/// needs the time twice: a second pair of readings was 3 % of a hit.
#[must_use]
pub fn at(moment: Instant) -> SystemTime {
    if let Some((then, time)) = READ.get()
        && let Some(since) = moment.checked_duration_since(then)
        && since < TRUSTED
    {
        return time + since;
    }
    let time = SystemTime::now();
    READ.set(Some((moment, time)));
    time
}

/// `then` gets a time as `Date` has it (RFC 9110 §5.6.7). The text is made once a second on each thread.
pub fn with_http_date<T>(time: SystemTime, then: impl FnOnce(&[u8]) -> T) -> T {
    thread_local! {
        static DATE: RefCell<(u64, String)> = const { RefCell::new((0, String::new())) };
    }
    let second = time
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    DATE.with_borrow_mut(|(known, text)| {
        if *known != second || text.is_empty() {
            *known = second;
            *text = httpdate::fmt_http_date(time);
        }
        then(text.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_system_and_never_runs_ahead_of_it_for_long() {
        let start = Instant::now();
        let first = at(start);
        assert_eq!(at(start + TRUSTED / 2), first + TRUSTED / 2);
        let anew = at(start + TRUSTED);
        assert!(anew < first + TRUSTED, "read again: {anew:?}");
        assert_eq!(at(start + TRUSTED), anew);
        assert!(
            at(start) <= SystemTime::now(),
            "a moment before the readings"
        );
    }
}
