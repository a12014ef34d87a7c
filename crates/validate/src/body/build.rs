use std::borrow::Cow;
use std::collections::HashSet;

use grammar::json::{self, Decoded, Items, LoneSurrogates, Members, SyntaxError};

use super::error::{JsonError, MAX_DEPTH};
use super::malformed;
use crate::exact_number::exact;
use crate::flat::{FlatJson, FlatWriter, Item};
use crate::place::Place;
use crate::violation::{At, Violation, Violations};
use crate::{code, excerpt, text as characters};

/// Builds the value of a body, and lists what could only be kept by bending it: a stand-in is in its
/// place.
pub(super) fn read(bytes: Vec<u8>) -> Result<(FlatJson, Violations), JsonError> {
    let text = malformed::text(bytes)?;
    let mut builder = Builder {
        writer: FlatWriter::new(&text),
        violations: Violations::new(),
        is_plain: characters::is_plain_json(&text),
    };
    // Syntax goes first, so a text with a bad structure is still judged to its end.
    let read = json::read(&text, |event| {
        match builder.value(event.value, &Place::Root, 0) {
            Ok(()) => Ok(Ok(())),
            Err(Stop::Structure(error)) => Ok(Err(*error)),
            Err(Stop::Syntax(error)) => Err(error),
        }
    });
    match read {
        Ok(structure) => structure?,
        Err(error) => return Err(malformed::explain(&text, error)),
    }
    let Builder {
        writer, violations, ..
    } = builder;
    let parts = writer.into_parts();
    Ok((parts.with_source(text), violations))
}

/// Why a value cannot be built.
enum Stop {
    Syntax(SyntaxError),
    Structure(Box<JsonError>),
}

impl From<SyntaxError> for Stop {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

struct Builder<'t> {
    writer: FlatWriter<'t>,
    violations: Violations,
    /// No text without escapes holds a control character.
    is_plain: bool,
}

impl<'t> Builder<'t> {
    /// `depth` is the number of arrays and objects around the value.
    fn value(
        &mut self,
        value: json::Value<'_, 't>,
        place: &Place<'_>,
        depth: usize,
    ) -> Result<(), Stop> {
        match value {
            json::Value::Null => self.writer.push(Item::Null),
            json::Value::Bool(flag) => self.writer.push(Item::Bool(flag)),
            json::Value::Number(lexeme) => self.number(lexeme, place),
            json::Value::String(literal) => {
                let decoded = literal.decode();
                self.check_text(&decoded, place, false);
                self.text(&decoded);
            }
            json::Value::Array(items) => self.array(items, place, depth + 1)?,
            json::Value::Object(members) => self.object(members, place, depth + 1)?,
        }
        Ok(())
    }

    fn object(
        &mut self,
        mut members: Members<'_, 't>,
        place: &Place<'_>,
        depth: usize,
    ) -> Result<(), Stop> {
        within_limit(place, depth)?;
        let at = self.writer.open();
        let mut names = Names::default();
        while let Some((name, event)) = members.next_member()? {
            let key = name.decode();
            self.check_text(&key, place, true);
            if !names.add(&self.writer, at, &key) {
                return Err(Stop::Structure(Box::new(JsonError::DuplicateKey {
                    pointer: place.pointer(),
                    key: excerpt::shorten(&key.text),
                })));
            }
            self.text(&key);
            self.value(event.value, &Place::Key(place, &key.text), depth)?;
        }
        self.writer.close(at, names.count, Item::Object);
        Ok(())
    }

    fn array(
        &mut self,
        mut items: Items<'_, 't>,
        place: &Place<'_>,
        depth: usize,
    ) -> Result<(), Stop> {
        within_limit(place, depth)?;
        let at = self.writer.open();
        let mut count = 0;
        while let Some(event) = items.next_item()? {
            self.value(event.value, &Place::Index(place, count), depth)?;
            count += 1;
        }
        self.writer.close(at, count, Item::Array);
        Ok(())
    }

    fn text(&mut self, decoded: &Decoded<'t>) {
        match &decoded.text {
            Cow::Borrowed(slice) => self.writer.slice(slice),
            Cow::Owned(text) => self.writer.copy(text),
        }
    }

    fn number(&mut self, lexeme: &str, place: &Place<'_>) {
        let item = match exact(lexeme) {
            Ok(number) => Item::Number(number),
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
                Item::Null
            }
        };
        self.writer.push(item);
    }

    /// Notes what must not stand in a text. A key's violations point at its object: the key itself
    /// cannot be spelled in a pointer.
    fn check_text(&mut self, decoded: &Decoded<'_>, place: &Place<'_>, is_key: bool) {
        if self.is_plain && matches!(decoded.text, Cow::Borrowed(_)) {
            return;
        }
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

/// The names of one object, each once.
#[derive(Default)]
struct Names<'t> {
    count: usize,
    /// All of them, where they are more than [`FEW`](Self::FEW).
    many: HashSet<Cow<'t, str>>,
}

impl<'t> Names<'t> {
    /// So many are compared with each other, which costs less than their hashes (a keyed one, for names
    /// that somebody chose).
    const FEW: usize = 16;

    /// Adds the next name of the object that is open at `at`. `false`: it is there already.
    fn add(&mut self, writer: &FlatWriter<'t>, at: usize, name: &Decoded<'t>) -> bool {
        self.count += 1;
        if self.count <= Self::FEW {
            return !writer.has(at, &name.text);
        }
        if self.many.is_empty() {
            let known = writer.names(at);
            self.many
                .extend(known.map(|known| Cow::Owned(known.to_owned())));
        }
        self.many.insert(name.text.clone())
    }
}

fn within_limit(place: &Place<'_>, depth: usize) -> Result<(), Stop> {
    if depth <= MAX_DEPTH {
        return Ok(());
    }
    Err(Stop::Structure(Box::new(JsonError::TooDeep {
        pointer: place.pointer(),
        limit: MAX_DEPTH,
    })))
}
