use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::string::{Decoded, LoneSurrogates};
use super::{JsonError, MAX_DEPTH, exact, string};
use crate::place::Place;
use crate::{At, Violation, Violations, code, excerpt, text as characters};

/// Builds the value of a text whose syntax was checked, and lists what could only be kept by bending
/// it: a stand-in is in its place.
pub(super) fn read(text: &str) -> Result<(Value, Violations), JsonError> {
    let mut reader = Reader {
        text,
        at: 0,
        violations: Violations::new(),
    };
    let value = reader.value(&Place::Root, 0)?;
    Ok((value, reader.violations))
}

struct Reader<'t> {
    text: &'t str,
    /// Offset of the next byte.
    at: usize,
    violations: Violations,
}

impl Reader<'_> {
    fn value(&mut self, place: &Place<'_>, depth: usize) -> Result<Value, JsonError> {
        match self.peek() {
            Some(b'{') => self.object(place, depth + 1),
            Some(b'[') => self.array(place, depth + 1),
            Some(b'"') => {
                let decoded = self.string()?;
                self.check_text(&decoded, place, false);
                Ok(Value::String(decoded.value))
            }
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => self.number(place),
        }
    }

    fn object(&mut self, place: &Place<'_>, depth: usize) -> Result<Value, JsonError> {
        within_limit(place, depth)?;
        self.at += 1;
        let mut members = Map::new();
        while self.peek() != Some(b'}') {
            if self.peek() == Some(b',') {
                self.at += 1;
            }
            self.expect(b'"')?;
            let key = self.string()?;
            self.check_text(&key, place, true);
            self.expect(b':')?;
            self.at += 1;
            match members.entry(key.value) {
                Entry::Occupied(twice) => {
                    return Err(JsonError::DuplicateKey {
                        pointer: place.pointer(),
                        key: excerpt::shorten(twice.key()),
                    });
                }
                Entry::Vacant(slot) => {
                    let value = self.value(&Place::Key(place, slot.key()), depth)?;
                    slot.insert(value);
                }
            }
        }
        self.at += 1;
        Ok(Value::Object(members))
    }

    fn array(&mut self, place: &Place<'_>, depth: usize) -> Result<Value, JsonError> {
        within_limit(place, depth)?;
        self.at += 1;
        let mut items = Vec::new();
        while self.peek() != Some(b']') {
            if self.peek() == Some(b',') {
                self.at += 1;
            }
            let item = self.value(&Place::Index(place, items.len()), depth)?;
            items.push(item);
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    /// Reads a string literal; the opening quote is the next byte.
    fn string(&mut self) -> Result<Decoded, JsonError> {
        let (decoded, behind) =
            string::decode(self.text, self.at + 1).ok_or_else(|| self.disagreement())?;
        self.at = behind;
        Ok(decoded)
    }

    fn number(&mut self, place: &Place<'_>) -> Result<Value, JsonError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest
            .bytes()
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        if length == 0 {
            return Err(self.disagreement());
        }
        self.at += length;
        let lexeme = rest.get(..length).unwrap_or_default();
        match exact(lexeme) {
            Ok(number) => Ok(Value::Number(number)),
            Err(reason) => {
                self.violations.push_with(|| Violation {
                    at: At::Pointer(place.pointer()),
                    code: code::NUMBER_OUT_OF_RANGE,
                    detail: format!(
                        "{}: the number {} {reason}",
                        place.subject(),
                        excerpt::quote(lexeme)
                    ),
                });
                Ok(Value::Null)
            }
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        self.at += word.len();
        Ok(value)
    }

    /// Notes what must not stand in a text. A key's violations point at its object: the key itself
    /// cannot be spelled in a pointer.
    fn check_text(&mut self, decoded: &Decoded, place: &Place<'_>, is_key: bool) {
        let shown = || {
            if is_key {
                format!("a key ({})", excerpt::quote(&decoded.value))
            } else {
                place.subject()
            }
        };
        if let Some(LoneSurrogates { first, count }) = &decoded.lone {
            self.violations.push_with(|| {
                let more = match count - 1 {
                    0 => String::new(),
                    more => format!(" (and {more} more)"),
                };
                Violation {
                    at: At::Pointer(place.pointer()),
                    code: code::LONE_SURROGATE,
                    detail: format!(
                        "{} holds half of a surrogate pair, `\\u{first:04x}`{more}, which is no \
                         character; send both halves or neither",
                        shown()
                    ),
                }
            });
        }
        if let Some(found) = characters::describe_forbidden(&decoded.value) {
            self.violations.push_with(|| Violation {
                at: At::Pointer(place.pointer()),
                code: code::CONTROL_CHARACTER,
                detail: format!("{} holds the control character {found}; remove it", shown()),
            });
        }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(self.at) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() == Some(byte) {
            Ok(())
        } else {
            Err(self.disagreement())
        }
    }

    /// Cannot happen for a text that passed the syntax check; refused rather than trusted.
    fn disagreement(&self) -> JsonError {
        JsonError::Malformed {
            line: 1,
            column: self.at + 1,
            detail: "not JSON".to_owned(),
        }
    }
}

fn within_limit(place: &Place<'_>, depth: usize) -> Result<(), JsonError> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(JsonError::TooDeep {
        pointer: place.pointer(),
        limit: MAX_DEPTH,
    })
}
