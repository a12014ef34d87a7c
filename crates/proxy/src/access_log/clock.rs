//! The time of a log line: UTC with microseconds, as the other lines of the log have it.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::time_of_day::date;

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
}
