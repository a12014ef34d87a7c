//! The time of a log line: UTC with microseconds, as the other lines of the log have it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Writes times. The text up to the second is made once and used for all lines of that second: to
/// make it costs more than the rest of a line.
#[derive(Default)]
pub struct Clock {
    /// Since 1970; `text` is its, once there is one.
    second: u64,
    text: String,
}

/// How long `2026-11-25T00:00:00.` is, for the years with four digits.
const UP_TO_SECOND: usize = 20;

impl Clock {
    /// For example `2026-11-25T00:00:00.000000Z`. A time before 1970 is written as 1970.
    pub fn text(&mut self, now: SystemTime) -> &str {
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        if self.text.is_empty() || self.second != since.as_secs() {
            self.second = since.as_secs();
            self.text = up_to_second(self.second);
        }
        self.text.truncate(UP_TO_SECOND);
        let micros = since.subsec_micros();
        for power in [100_000, 10_000, 1_000, 100, 10, 1] {
            self.text.push(digit(micros / power));
        }
        self.text.push('Z');
        &self.text
    }
}

fn digit(number: u32) -> char {
    char::from_digit(number % 10, 10).unwrap_or('0')
}

fn up_to_second(second: u64) -> String {
    let (year, month, day) = date(second / 86_400);
    let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.")
}

/// Year, month and day of a day since 1970, in the Gregorian calendar. Years are counted from March
/// on, so that the leap day is the last of its year (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`).
fn date(day: u64) -> (u64, u64, u64) {
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
    use std::time::Duration;

    use super::*;

    #[test]
    fn seconds_micros_and_leap_days_are_told() {
        let mut clock = Clock::default();
        for (second, micro, text) in [
            (0, 0, "1970-01-01T00:00:00.000000Z"),
            (951_782_399, 999_999, "2000-02-28T23:59:59.999999Z"),
            (951_782_400, 1, "2000-02-29T00:00:00.000001Z"),
            (951_868_800, 0, "2000-03-01T00:00:00.000000Z"),
            (1_795_824_000, 120, "2026-11-28T00:00:00.000120Z"),
            (1_795_824_000, 121, "2026-11-28T00:00:00.000121Z"),
            (4_107_542_399, 0, "2100-02-28T23:59:59.000000Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000000Z"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(second) + Duration::from_micros(micro);
            assert_eq!(clock.text(time), text);
        }
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
