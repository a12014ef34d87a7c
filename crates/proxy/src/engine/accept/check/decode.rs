//! Percent-encoding of parameters.

use percent_encoding::percent_decode_str;
use validate::{At, Violation};

/// Percent-decodes once. `None` for a stray `%` or bytes that are not UTF-8: guessing would let two
/// spellings mean different things here and at the vendor.
pub fn decode(raw: &str) -> Option<String> {
    let bytes = raw.as_bytes();
    let complete = |at: usize| {
        bytes
            .get(at + 1..at + 3)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    let sound = (0..bytes.len())
        .filter(|at| bytes[*at] == b'%')
        .all(complete);
    if !sound {
        return None;
    }
    percent_decode_str(raw)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

pub fn badly_encoded(name: &str) -> Violation {
    Violation {
        at: At::Parameter(name.to_owned()),
        code: "bad-encoding",
        detail: format!(
            "`{name}` is not percent-encoded UTF-8; encode each byte of the text as %XX"
        ),
    }
}
