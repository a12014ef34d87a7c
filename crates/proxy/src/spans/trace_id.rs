//! The ids of traces and spans, and what a `traceparent` says (W3C Trace Context §3.2).

/// 32 hexadecimal digits in lower case, not all zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceId([u8; 32]);

impl TraceId {
    /// The generator of the thread is seeded by the system; a system call for each request would cost more than
    /// the rest of the trace.
    #[must_use]
    pub fn random() -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [b'0'; 32];
        for (pair, byte) in text.chunks_exact_mut(2).zip(rand::random::<[u8; 16]>()) {
            pair.copy_from_slice(&[
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]);
        }
        Self(text)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        // Digits are always text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The sixteen bytes that the digits stand for.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(self.0.chunks_exact(2)) {
            *byte = pair.iter().fold(0, |byte, digit| byte << 4 | value(*digit));
        }
        bytes
    }
}

/// What a valid `traceparent` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    pub trace: TraceId,
    span: [u8; 16],
    /// The caller records its part (W3C Trace Context §3.2.2.5.1).
    pub sampled: bool,
}

impl Parent {
    /// Reads a `traceparent`. Later versions may carry more fields, `ff` is never valid.
    #[must_use]
    pub fn read(text: &[u8]) -> Option<Self> {
        let (whole, rest) = text.split_at_checked(55)?;
        let &[v1, v2, b'-', ref ids @ .., f1, f2] = whole else {
            return None;
        };
        let (id, parent) = ids.strip_suffix(b"-")?.split_at_checked(32)?;
        let parent = parent.strip_prefix(b"-")?;
        let hex = |part: &[u8]| {
            part.iter()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
        };
        let version = [v1, v2];
        let more = rest.first().is_none_or(|next| *next == b'-');
        let valid = hex(&version)
            && version != *b"ff"
            && hex(id)
            && hex(parent)
            && hex(&[f1, f2])
            && if version == *b"00" {
                rest.is_empty()
            } else {
                more && rest.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
            };
        let zero = |part: &[u8]| part.iter().all(|byte| *byte == b'0');
        if !valid || zero(id) || zero(parent) {
            return None;
        }
        // Of the flags only `sampled` is defined; those that are not go out as zero (W3C Trace Context §3.2.2.5).
        let sampled = char::from(f2).to_digit(16)? & 1;
        Some(Self {
            trace: TraceId(id.try_into().ok()?),
            span: parent.try_into().ok()?,
            sampled: sampled == 1,
        })
    }

    /// The id of the caller's span. Not zero.
    #[must_use]
    pub fn span(&self) -> u64 {
        let digits = self.span.iter();
        digits.fold(0, |id, digit| id << 4 | u64::from(value(*digit)))
    }
}

/// An id for a span: not zero, which says that there is none (W3C Trace Context §3.2.2.4).
#[must_use]
pub fn span_id() -> u64 {
    rand::random::<u64>().max(1)
}

/// What a hexadecimal digit in lower case stands for.
const fn value(digit: u8) -> u8 {
    match digit {
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit & 15,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_for_their_bytes() {
        let text = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let parent = Parent::read(text).unwrap();
        assert_eq!(
            u128::from_be_bytes(parent.trace.to_bytes()),
            0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736
        );
        assert_eq!(parent.span(), 0x00f0_67aa_0ba9_02b7);
        assert!(parent.sampled);
    }
}
