//! Times as they stand in the log: milliseconds with all their nanoseconds, so that parts sum up to their whole.

use std::fmt;
use std::time::Duration;

/// Six digits behind the point.
const NANOS: u64 = 1_000_000;

/// As the log writes it, for people too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milliseconds(pub Duration);

impl Milliseconds {
    /// Appends for example `0.25`, with one digit behind the point at least. To write a float costs several times as
    /// much, and a line has up to ten of them.
    pub fn write(self, out: &mut Vec<u8>) {
        let nanos = self.0.as_secs().saturating_mul(1_000 * NANOS);
        let nanos = nanos.saturating_add(self.0.subsec_nanos().into());
        let (whole, behind) = (nanos / NANOS, nanos % NANOS);
        if let Some(digit) = DIGITS.get(whole as usize) {
            out.push(*digit);
        } else {
            out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
        }
        let digit = |power: u64| {
            DIGITS
                .get((behind / power % 10) as usize)
                .copied()
                .unwrap_or(b'0')
        };
        let text = [
            b'.',
            digit(100_000),
            digit(10_000),
            digit(1_000),
            digit(100),
            digit(10),
            digit(1),
        ];
        let zeros = text.iter().skip(2).rev().take_while(|one| **one == b'0');
        let length = text.len() - zeros.count();
        out.extend_from_slice(text.get(..length).unwrap_or_default());
    }
}

const DIGITS: [u8; 10] = *b"0123456789";

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
