//! A vendor's `Retry-After` (RFC 9110 §10.2.3): seconds or a date, kept within reason.

use std::time::{Duration, SystemTime};

use crate::upstream::call::attempt::VendorAnswer;

/// A vendor that says "in a year" is asked again after this.
const LONGEST: Duration = Duration::from_secs(60);
/// For a date that has passed, or a 429 without a usable field.
const SHORTEST: Duration = Duration::from_secs(1);

/// The silence that a 429, or a 503 with the field, asks for: between one second and one minute.
#[must_use]
pub fn wait_of(answer: &VendorAnswer) -> Option<Duration> {
    let given = || parse(answer.header("retry-after")?, SystemTime::now());
    match answer.status {
        429 => Some(given().unwrap_or(SHORTEST)),
        503 => given(),
        _ => None,
    }
}

/// The wait that a field value asks for, between one second and one minute. `None`: not a value.
fn parse(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    let wait = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is longer than any limit.
        text.parse().map_or(LONGEST, Duration::from_secs)
    } else {
        httpdate::parse_http_date(text)
            .ok()?
            .duration_since(now)
            .unwrap_or_default()
    };
    Some(wait.clamp(SHORTEST, LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_dates_and_nonsense() {
        let now = httpdate::parse_http_date("Wed, 25 Nov 2026 10:00:00 GMT").unwrap();
        let seconds = |text: &str| parse(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("7"), Some(7));
        assert_eq!(seconds(" 7 "), Some(7));
        assert_eq!(seconds("0"), Some(1));
        assert_eq!(seconds("3600"), Some(60));
        assert_eq!(seconds("100000000000000000000"), Some(60));
        assert_eq!(seconds("Wed, 25 Nov 2026 10:00:09 GMT"), Some(9));
        assert_eq!(seconds("Wed, 25 Nov 2020 10:00:09 GMT"), Some(1));
        for bad in ["", "soon", "-1", "1.5", "7 s"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
