use grammar::json::{self, Decoded, Items, LoneSurrogates, Members, SyntaxError};
use serde_json::map::Entry;
use serde_json::{Map, Value};

use super::error::{JsonError, MAX_DEPTH};
use super::malformed;
use crate::exact_number::exact;
use crate::place::Place;
use crate::violation::{At, Violation, Violations};
use crate::{code, excerpt, text as characters};

/// Builds the value of a body, and lists what could only be kept by bending it: a stand-in is in its
/// place.
pub(super) fn read(bytes: &[u8]) -> Result<(Value, Violations), JsonError> {
    let text = malformed::text(bytes)?;
    let mut builder = Builder::default();
    // Syntax goes first, so a text with a bad structure is still judged to its end.
    let read = json::read(text, |event| {
        match builder.value(event.value, &Place::Root, 0) {
            Ok(value) => Ok(Ok(value)),
            Err(Stop::Structure(error)) => Ok(Err(error)),
            Err(Stop::Syntax(error)) => Err(error),
        }
    });
    match read {
        Ok(value) => Ok((value?, builder.violations)),
        Err(error) => Err(malformed::explain(text, error)),
    }
}

/// Why a value cannot be built.
enum Stop {
    Syntax(SyntaxError),
    Structure(JsonError),
}

impl From<SyntaxError> for Stop {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

#[derive(Default)]
struct Builder {
    violations: Violations,
}

impl Builder {
    /// `depth` is the number of arrays and objects around the value.
    fn value(
        &mut self,
        value: json::Value<'_, '_>,
        place: &Place<'_>,
        depth: usize,
    ) -> Result<Value, Stop> {
        match value {
            json::Value::Null => Ok(Value::Null),
            json::Value::Bool(flag) => Ok(Value::Bool(flag)),
            json::Value::Number(lexeme) => Ok(self.number(lexeme, place)),
            json::Value::String(literal) => {
                let decoded = literal.decode();
                self.check_text(&decoded, place, false);
                Ok(Value::String(decoded.text.into_owned()))
            }
            json::Value::Array(items) => self.array(items, place, depth + 1),
            json::Value::Object(members) => self.object(members, place, depth + 1),
        }
    }

    fn object(
        &mut self,
        mut members: Members<'_, '_>,
        place: &Place<'_>,
        depth: usize,
    ) -> Result<Value, Stop> {
        within_limit(place, depth)?;
        let mut object = Map::new();
        while let Some((name, event)) = members.next_member()? {
            let key = name.decode();
            self.check_text(&key, place, true);
            match object.entry(key.text) {
                Entry::Occupied(twice) => {
                    return Err(Stop::Structure(JsonError::DuplicateKey {
                        pointer: place.pointer(),
                        key: excerpt::shorten(twice.key()),
                    }));
                }
                Entry::Vacant(slot) => {
                    let value = self.value(event.value, &Place::Key(place, slot.key()), depth)?;
                    slot.insert(value);
                }
            }
        }
        Ok(Value::Object(object))
    }

    fn array(
        &mut self,
        mut items: Items<'_, '_>,
        place: &Place<'_>,
        depth: usize,
    ) -> Result<Value, Stop> {
        within_limit(place, depth)?;
        let mut array = Vec::new();
        while let Some(event) = items.next_item()? {
            let item = self.value(event.value, &Place::Index(place, array.len()), depth)?;
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn number(&mut self, lexeme: &str, place: &Place<'_>) -> Value {
        match exact(lexeme) {
            Ok(number) => Value::Number(number),
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
                Value::Null
            }
        }
    }

    /// Notes what must not stand in a text. A key's violations point at its object: the key itself
    /// cannot be spelled in a pointer.
    fn check_text(&mut self, decoded: &Decoded<'_>, place: &Place<'_>, is_key: bool) {
        let shown = || {
            if is_key {
                format!("a key ({})", excerpt::quote(&decoded.text))
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
        if let Some(found) = characters::describe_forbidden(&decoded.text) {
            self.violations.push_with(|| Violation {
                at: At::Pointer(place.pointer()),
                code: code::CONTROL_CHARACTER,
                detail: format!("{} holds the control character {found}; remove it", shown()),
            });
        }
    }
}

fn within_limit(place: &Place<'_>, depth: usize) -> Result<(), Stop> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(Stop::Structure(JsonError::TooDeep {
        pointer: place.pointer(),
        limit: MAX_DEPTH,
    }))
}
