//! The id of a trace (W3C Trace Context §3.2.2.3).

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

    /// That of a `traceparent`, if it is valid.
    #[must_use]
    pub fn of_parent(text: &[u8]) -> Option<Self> {
        parse(text).map(|(id, _)| id)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        // Digits are always text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Trace id and flags of a `traceparent`. Later versions may carry more fields, `ff` is never valid.
pub fn parse(text: &[u8]) -> Option<(TraceId, u8)> {
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
    Some((TraceId(id.try_into().ok()?), u8::from(sampled == 1)))
}
