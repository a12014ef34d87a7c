//! Times as they stand in the log: milliseconds with all their nanoseconds, so that parts sum up to their whole.

use std::fmt;
use std::time::Duration;

/// Six digits behind the point.
const NANOS: u64 = 1_000_000;

/// As the log writes it, for people too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milliseconds(pub Duration);

impl Milliseconds {
    /// Appends for example `0.25`, with one digit behind the point at least. To write a float costs three times as
    /// much, and a line has up to ten of them.
    pub fn write(self, out: &mut Vec<u8>) {
        let nanos = u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX);
        let mut digits = itoa::Buffer::new();
        out.extend_from_slice(digits.format(nanos / NANOS).as_bytes());
        // The leading 1 keeps the zeros behind it.
        let text = digits.format(nanos % NANOS + NANOS).as_bytes();
        let behind = text.get(1..).unwrap_or_default();
        let length = behind.iter().rposition(|digit| *digit != b'0');
        let length = length.map_or(1, |last| last + 1);
        out.push(b'.');
        out.extend_from_slice(behind.get(..length).unwrap_or_default());
    }
}

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_digits_are_there_and_no_others() {
        for (nanos, text) in [
            (0, "0.0"),
            (1, "0.000001"),
            (250_000, "0.25"),
            (1_000_000, "1.0"),
            (1_234_567_891, "1234.567891"),
            (100_000_000_010, "100000.00001"),
        ] {
            assert_eq!(Milliseconds(Duration::from_nanos(nanos)).to_string(), text);
        }
    }
}
