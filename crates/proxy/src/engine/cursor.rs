//! The opaque text that names the next page. Not secret: replicas and restarts agree on it.

use std::collections::BTreeMap;
use std::fmt::Write;

use contract::{GatewayProblem, Operation};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Refusal;

pub const PARAMETER: &str = "cursor";
pub const LIMIT: &str = "limit";

/// Where the next page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub start: u64,
    pub limit: u64,
}

impl Cursor {
    /// Version, operation, next start, limit, checksum; as hex, so that nobody builds one by hand.
    #[must_use]
    pub fn write(self, operation: &str) -> String {
        let plain = self.plain(operation);
        let sum = checksum(&plain);
        let text = format!("{plain} {sum}");
        text.bytes().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    fn plain(self, operation: &str) -> String {
        format!("1 {operation} {} {}", self.start, self.limit)
    }

    /// `None` if it is not a cursor of this operation.
    #[must_use]
    pub fn read(operation: &str, text: &str) -> Option<Self> {
        if !text.is_ascii() || !text.len().is_multiple_of(2) {
            return None;
        }
        let bytes: Option<Vec<u8>> = (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
            .collect();
        let plain = String::from_utf8(bytes?).ok()?;
        let mut parts = plain.split(' ').skip(2);
        let cursor = Self {
            start: parts.next()?.parse().ok()?,
            limit: parts.next()?.parse().ok()?,
        };
        // Comparing the whole text leaves one spelling for each cursor.
        (cursor.write(operation) == text).then_some(cursor)
    }
}

fn checksum(plain: &str) -> String {
    let digest = Sha256::digest(plain.as_bytes());
    digest.iter().take(4).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A query that has a cursor: it stands alone or with the same `limit`.
pub fn check(
    operation: &Operation,
    given: &[(String, Vec<String>)],
    sound: bool,
) -> Result<BTreeMap<String, Value>, Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(GatewayProblem::InvalidCursor, detail));
    if !sound
        || given
            .iter()
            .any(|(name, values)| ![PARAMETER, LIMIT].contains(&name.as_str()) || values.len() != 1)
    {
        return refuse("A cursor stands alone or with the `limit` of its first page.");
    }
    let value = |wanted: &str| {
        given
            .iter()
            .find(|(name, _)| name == wanted)
            .and_then(|(_, values)| values.first())
    };
    let Some(cursor) = value(PARAMETER).and_then(|text| Cursor::read(&operation.id, text)) else {
        return refuse("The cursor is not one of this list; start again without it.");
    };
    if value(LIMIT).is_some_and(|limit| *limit != cursor.limit.to_string()) {
        return refuse(
            "The cursor belongs to pages of another `limit`; leave `limit` out, or start again without the cursor.",
        );
    }
    Ok(BTreeMap::from([
        (PARAMETER.to_owned(), json!(cursor.start)),
        (LIMIT.to_owned(), json!(cursor.limit)),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_and_nothing_else_does() {
        let cursor = Cursor {
            start: 50,
            limit: 25,
        };
        let text = cursor.write("listRooms");
        assert_eq!(Cursor::read("listRooms", &text), Some(cursor));
        assert_eq!(Cursor::read("listDays", &text), None);
        assert_eq!(Cursor::read("listRooms", &text.to_uppercase()), None);
        for at in 0..text.len() {
            let mut broken = text.clone().into_bytes();
            broken[at] = if broken[at] == b'0' { b'1' } else { b'0' };
            let broken = String::from_utf8(broken).unwrap();
            assert_eq!(Cursor::read("listRooms", &broken), None, "{broken}");
        }
        for bad in ["", "zz", "3", "é", "31"] {
            assert_eq!(Cursor::read("listRooms", bad), None);
        }
    }
}
