//! The header fields of a vendor's answer.

use std::fmt;

use http::{HeaderName, HeaderValue};

/// Few of them are ever asked for, so they stand in one text and are found by looking through them: a
/// `HeaderMap` hashes each name, which made 4,000 of the instructions of an answer.
#[derive(Clone, Default)]
pub struct AnswerFields {
    /// Names and values, one behind the other.
    text: Vec<u8>,
    places: Vec<Place>,
    /// A bit for each length that a name has: most names that are asked for are not there.
    lengths: u64,
}

/// Where in the text a field stands.
#[derive(Clone, Copy)]
struct Place {
    name: usize,
    value: usize,
    end: usize,
}

impl AnswerFields {
    /// Room for so many fields in a head of so many bytes.
    #[must_use]
    pub fn with_capacity(fields: usize, bytes: usize) -> Self {
        Self {
            text: Vec::with_capacity(bytes),
            places: Vec::with_capacity(fields),
            lengths: 0,
        }
    }

    /// Adds one field as it came. RFC 9112 §5.2: a folded value becomes one line, its folds blanks.
    pub fn push(&mut self, name: &[u8], value: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(name);
        let middle = self.text.len();
        if value.contains(&b'\n') {
            let lines = value.split(|byte| *byte == b'\n');
            for line in lines
                .map(<[u8]>::trim_ascii)
                .filter(|line| !line.is_empty())
            {
                if self.text.len() > middle {
                    self.text.push(b' ');
                }
                self.text.extend_from_slice(line);
            }
        } else {
            self.text.extend_from_slice(value);
        }
        self.lengths |= bit(name.len());
        self.places.push(Place {
            name: start,
            value: middle,
            end: self.text.len(),
        });
    }

    /// Puts one field in place of all of its name.
    pub fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        let Self { text, places, .. } = self;
        places.retain(|place| !place.is(text, name.as_str()));
        self.push(name.as_str().as_bytes(), value.as_bytes());
    }

    /// The values of a field in their order. Names have no case (RFC 9110 §5.1).
    pub fn get_all(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        self.places_of(name).map(|place| place.value_in(&self.text))
    }

    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.places_of(name).next().is_some()
    }

    /// The first value of a field, if it is a text: visible ASCII (RFC 9110 §5.5).
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        text(self.places_of(name).next()?.value_in(&self.text))
    }

    /// All fields in their order, names and values as they came.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.places.iter().map(|place| {
            let name = self.text.get(place.name..place.value);
            (name.unwrap_or_default(), place.value_in(&self.text))
        })
    }

    fn places_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Place> + use<'a> {
        let some = self.lengths & bit(name.len()) != 0;
        let places: &[Place] = if some { &self.places } else { &[] };
        places
            .iter()
            .copied()
            .filter(move |place| place.is(&self.text, name))
    }

    /// The members of a list field (RFC 9110 §5.6.1), in their order; lines that are no texts have none.
    pub fn members(&self, name: &'static str) -> impl Iterator<Item = &str> {
        self.get_all(name)
            .filter_map(text)
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .filter(|member| !member.is_empty())
    }
}

/// A value as a text, if it is visible ASCII.
#[must_use]
pub fn text(value: &[u8]) -> Option<&str> {
    let visible = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~');
    // Without a way out, so that it runs over many bytes at once.
    let text = value.iter().fold(true, |good, byte| good & visible(byte));
    std::str::from_utf8(text.then_some(value)?).ok()
}

/// One of 64 bits; all long names share the last.
fn bit(length: usize) -> u64 {
    1 << length.min(63)
}

impl Place {
    fn is(self, text: &[u8], name: &str) -> bool {
        self.value - self.name == name.len()
            && text
                .get(self.name..self.value)
                .is_some_and(|known| known.eq_ignore_ascii_case(name.as_bytes()))
    }

    fn value_in(self, text: &[u8]) -> &[u8] {
        text.get(self.value..self.end).unwrap_or_default()
    }
}

impl FromIterator<(HeaderName, HeaderValue)> for AnswerFields {
    fn from_iter<I: IntoIterator<Item = (HeaderName, HeaderValue)>>(fields: I) -> Self {
        let mut all = Self::default();
        for (name, value) in fields {
            all.push(name.as_str().as_bytes(), value.as_bytes());
        }
        all
    }
}

impl fmt::Debug for AnswerFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lossy = |range| String::from_utf8_lossy(self.text.get(range).unwrap_or_default());
        f.debug_map()
            .entries(self.places.iter().map(|place| {
                let name = lossy(place.name..place.value).into_owned();
                (name, lossy(place.value..place.end).into_owned())
            }))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_in_any_case_and_in_their_order() {
        let mut fields = AnswerFields::default();
        for (name, value) in [
            ("X-A", "1, ,2"),
            ("Content-Type", "a/b"),
            ("x-a", "3"),
            ("X-Ab", "4"),
        ] {
            fields.push(name.as_bytes(), value.as_bytes());
        }
        assert_eq!(fields.text("x-a"), Some("1, ,2"));
        assert_eq!(fields.members("X-a").collect::<Vec<_>>(), ["1", "2", "3"]);
        assert_eq!(fields.text("content-type"), Some("a/b"));
        assert!(fields.contains("X-AB") && !fields.contains("x"));
        fields.insert(
            HeaderName::from_static("x-a"),
            HeaderValue::from_static("5"),
        );
        assert_eq!(fields.members("x-a").collect::<Vec<_>>(), ["5"]);
    }

    #[test]
    fn a_folded_value_is_one_line_and_a_value_of_other_letters_no_text() {
        let mut fields = AnswerFields::default();
        fields.push(b"folded", b"a\r\n\tb  c \r\n \r\n  d");
        fields.push(b"other", "\u{f1}".as_bytes());
        fields.push(b"empty", b"");
        assert_eq!(fields.text("folded"), Some("a b  c d"));
        assert_eq!(fields.text("other"), None);
        assert_eq!(fields.get_all("other").next(), Some("\u{f1}".as_bytes()));
        assert_eq!(fields.text("empty"), Some(""));
    }
}
