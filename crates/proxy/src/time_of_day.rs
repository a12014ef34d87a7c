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

/// For example `2026-11-25T00:00:00.123Z` (RFC 3339), for pages and records. A time before 1970 is written as 1970.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (second, millis) = (since.as_secs(), since.subsec_millis());
    let (year, month, day) = date(second / 86_400);
    let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// Year, month and day of a day since 1970, in the Gregorian calendar. Years are counted from March
/// on, so that the leap day is the last of its year (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`).
#[must_use]
pub fn date(day: u64) -> (u64, u64, u64) {
    const FOUR_CENTURIES: u64 = 146_097;
    // From the first of March of year 0.
    let day = day + 719_468;
    let era = day / FOUR_CENTURIES;
    let day = day % FOUR_CENTURIES;
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let of_month = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (year + era * 400, month + 3);
    if month > 12 {
        (year + 1, month - 12, of_month)
    } else {
        (year, month, of_month)
    }
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

    #[test]
    fn a_time_is_written_as_rfc_3339_has_it() {
        let time = UNIX_EPOCH + Duration::from_millis(1_795_824_000_007);
        assert_eq!(rfc3339(time), "2026-11-28T00:00:00.007Z");
    }

    #[test]
    fn each_day_follows_the_one_before() {
        let mut last = date(0);
        for day in 1..200_000 {
            let (year, month, of_month) = date(day);
            let next_day = (last.0, last.1, last.2 + 1);
            let next_month = (last.0, last.1 + 1, 1);
            let next_year = (last.0 + 1, 1, 1);
            let now = (year, month, of_month);
            assert!([next_day, next_month, next_year].contains(&now), "{now:?}");
            assert!(of_month != 1 || (28..=31).contains(&last.2));
            last = now;
        }
    }
}
