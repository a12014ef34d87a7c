//! A unified value as JSON text.

use std::borrow::Cow;
use std::ops::Range;

use grammar::json::{self, Members, SyntaxError};
use serde_json::{Map, Value};

use crate::number::exact;

/// The text of a unified value. Only this crate writes one: without white space, its members in the order of
/// the shape, numbers and strings in the spelling of `serde_json`, no name twice in one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// A text that was written here, in about as much memory as it takes: it may be kept for long.
    pub(crate) fn written(mut text: String) -> Self {
        if text.len() < text.capacity() / 4 * 3 {
            text.shrink_to_fit();
        }
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, to be sent. Not copied.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// The value, number by number as it is written: `serde_json`'s own reader is off by one unit in the
    /// last place for many long fractions.
    #[must_use]
    pub fn value(&self) -> Value {
        json::read(&self.0, |event| build(event.value)).unwrap_or_default()
    }

    /// The text of the scalar at a path of members and indices: a string itself, a number's lexeme, `true`
    /// or `false`. `None` for what is not there and what is no scalar. What stands before it is read, what
    /// stands behind it is not.
    #[must_use]
    pub fn scalar(&self, path: &[String]) -> Option<Cow<'_, str>> {
        let found = self.find(path)?;
        match found.as_bytes().first()? {
            b'"' => string_of(found),
            b'[' | b'{' | b'n' => None,
            _ => Some(Cow::Borrowed(found)),
        }
    }

    /// How many items the array has that is a member of the object; `None` where that is something else.
    #[must_use]
    pub fn items_of(&self, member: &str) -> Option<usize> {
        let found = member_of(&self.0, member)?;
        found.starts_with('[').then(|| parts(found).count())
    }

    /// The object with the member `name` set to `value`: in its place where there is one, or at the end.
    /// Anything but an object stays as it is.
    pub fn set(&mut self, name: &str, value: &Value) {
        if !self.0.starts_with('{') {
            return;
        }
        let mut member = String::new();
        json::write_string(&mut member, name);
        member.push(':');
        // Where it stands last and says nothing yet, the rest need not be read.
        let open = format!("{member}null}}");
        let at = match self.0.strip_suffix(&open) {
            Some(before) if before.ends_with([',', '{']) => {
                let value = before.len() + member.len();
                Some(value..value + "null".len())
            }
            _ => parts(&self.0)
                .find(|(key, _)| key.as_deref() == Some(name))
                .map(|(_, range)| range),
        };
        let value = value.to_string();
        match at {
            Some(range) => self.0.replace_range(range, &value),
            None => {
                self.0.pop();
                if self.0 != "{" {
                    self.0.push(',');
                }
                self.0.extend([&*member, &*value, "}"]);
            }
        }
    }

    /// What stands at a path of members and indices.
    pub(crate) fn find(&self, path: &[String]) -> Option<&str> {
        path.iter().try_fold(&*self.0, |text, token| {
            if text.starts_with('[') {
                let (_, range) = parts(text).nth(grammar::pointer::index(token)?)?;
                text.get(range)
            } else {
                member_of(text, token)
            }
        })
    }
}

impl From<&Value> for JsonText {
    fn from(value: &Value) -> Self {
        Self(value.to_string())
    }
}

/// The member of an object in a text of ours.
pub(crate) fn member_of<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    parts(text)
        .find(|(key, _)| key.as_deref() == Some(name))
        .and_then(|(_, range)| text.get(range))
}

/// The members of an object and the items of an array in a text of ours: names, and where the values stand.
/// Nothing of anything else.
pub(crate) fn parts(text: &str) -> Parts<'_> {
    let has_names = text.starts_with('{');
    let end = match has_names || text.starts_with('[') {
        true => text.len().saturating_sub(1),
        false => 0,
    };
    Parts {
        text,
        has_names,
        at: 1,
        end,
    }
}

pub(crate) struct Parts<'t> {
    text: &'t str,
    has_names: bool,
    at: usize,
    end: usize,
}

impl<'t> Iterator for Parts<'t> {
    type Item = (Option<Cow<'t, str>>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.end {
            return None;
        }
        let mut name = None;
        if self.has_names {
            let behind = value_end(self.text, self.at);
            name = Some(string_of(self.text.get(self.at..behind)?)?);
            self.at = behind + 1;
        }
        let range = self.at..value_end(self.text, self.at);
        self.at = range.end + 1;
        Some((name, range))
    }
}

/// What a literal of ours says.
fn string_of(literal: &str) -> Option<Cow<'_, str>> {
    if !literal.contains('\\') {
        return literal
            .strip_prefix('"')?
            .strip_suffix('"')
            .map(Cow::Borrowed);
    }
    json::read(literal, |event| match event.value {
        json::Value::String(literal) => Ok::<_, SyntaxError>(Some(literal.decode().text)),
        _ => Ok(None),
    })
    .ok()?
}

/// Where the value ends that begins at `start` of a text of ours.
fn value_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = string_end(bytes, at),
            b'[' | b'{' => {
                depth += 1;
                at += 1;
                continue;
            }
            b']' | b'}' if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            b',' | b':' | b']' | b'}' if depth == 0 => return at,
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

/// Where the literal ends whose opening quote stands at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        match memchr::memchr2(b'"', b'\\', rest) {
            Some(found) if rest.get(found) == Some(&b'\\') => at += found + 2,
            Some(found) => return at + found + 1,
            None => return bytes.len(),
        }
    }
}

fn build(value: json::Value<'_, '_>) -> Result<Value, SyntaxError> {
    Ok(match value {
        json::Value::Null => Value::Null,
        json::Value::Bool(flag) => Value::Bool(flag),
        json::Value::Number(lexeme) => exact(lexeme).map_or(Value::Null, Value::Number),
        json::Value::String(literal) => Value::String(literal.decode().text.into_owned()),
        json::Value::Array(mut items) => {
            let mut array = Vec::new();
            while let Some(item) = items.next_item()? {
                array.push(build(item.value)?);
            }
            Value::Array(array)
        }
        json::Value::Object(members) => Value::Object(object(members)?),
    })
}

fn object(mut members: Members<'_, '_>) -> Result<Map<String, Value>, SyntaxError> {
    let mut object = Map::new();
    while let Some((name, event)) = members.next_member()? {
        object.insert(name.decode().text.into_owned(), build(event.value)?);
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: &Value) -> JsonText {
        JsonText::from(value)
    }

    fn path(text: &str) -> Vec<String> {
        text.split('/').map(str::to_owned).collect()
    }

    #[test]
    fn what_stands_at_a_path_is_found_as_in_a_value() {
        let value = json!({
            "a\"]": {"x": [1, [true, "}"], {}, -0.5e-30], "é": "\\\"\u{1}"},
            "": [[], [[]], null, ""], "n": null, "t": "\\",
        });
        let text = text(&value);
        for (place, expected) in [
            ("a\"]/x/0", Some("1")),
            ("a\"]/x/1/0", Some("true")),
            ("a\"]/x/1/1", Some("}")),
            ("a\"]/x/3", Some("-5e-31")),
            ("a\"]/é", Some("\\\"\u{1}")),
            ("/3", Some("")),
            ("t", Some("\\")),
            ("n", None),
            ("a\"]", None),
            ("/0", None),
            ("/01", None),
            ("x", None),
            ("t/0", None),
        ] {
            assert_eq!(text.scalar(&path(place)).as_deref(), expected, "{place}");
        }
        assert_eq!(text.find(&path("a\"]/x/2")), Some("{}"));
        assert_eq!(text.items_of(""), Some(4));
        assert_eq!((text.items_of("n"), text.items_of("x")), (None, None));
        assert_eq!(text.value(), value);
        assert_eq!(text.find(&[]), Some(text.as_str()));
    }

    #[test]
    fn a_member_is_set_in_its_place_or_at_the_end() {
        for (before, after) in [
            (json!({}), r#"{"n":7}"#),
            (json!({"n": null}), r#"{"n":7}"#),
            (json!({"a": 1, "n": null}), r#"{"a":1,"n":7}"#),
            (json!({"n": [1], "a": 1}), r#"{"n":7,"a":1}"#),
            (json!({"a\",\"n": null}), r#"{"a\",\"n":null,"n":7}"#),
            (json!({"a": {"n": null}}), r#"{"a":{"n":null},"n":7}"#),
            (json!([]), "[]"),
        ] {
            let mut text = text(&before);
            text.set("n", &json!(7));
            assert_eq!(text.as_str(), after);
        }
    }

    #[test]
    fn fractions_come_back_as_they_were_written() {
        let value = json!([0.1, 87.654_321_098_765_43, 1e300, u64::MAX, i64::MIN]);
        let long: f64 = "0.8444218515250481".parse().unwrap();
        for value in [value, Value::from(long)] {
            assert_eq!(text(&value).value(), value);
        }
    }
}
