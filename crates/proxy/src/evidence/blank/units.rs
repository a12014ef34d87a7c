//! A text as it is spelt in a body: which bytes say which character. What is kept of it keeps its spelling.

use std::ops::Range;

/// How characters are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Plain,
    Json,
    Xml,
    /// `%XX`, and `+` is itself.
    Percent,
    /// `%XX`, and `+` is a blank.
    Form,
    /// All of them: in a text that quotes another.
    Any,
}

/// The bytes that say one character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub range: Range<usize>,
    pub says: char,
}

/// The characters of a part of a body, with what stands between them and says nothing.
pub struct Text<'b> {
    bytes: &'b [u8],
    units: Vec<Unit>,
    range: Range<usize>,
}

impl<'b> Text<'b> {
    pub fn new(bytes: &'b [u8], range: Range<usize>, syntax: Syntax) -> Self {
        Self {
            bytes,
            units: units(bytes, range.clone(), syntax),
            range,
        }
    }

    /// The same with more behind it; what stands between says nothing.
    pub fn extend(&mut self, range: Range<usize>, syntax: Syntax) {
        self.range.end = range.end;
        self.units.extend(units(self.bytes, range, syntax));
    }

    /// What stands up to here says nothing.
    pub fn reach(&mut self, end: usize) {
        self.range.end = end;
    }

    pub fn says(&self) -> String {
        text(&self.units)
    }

    /// Writes it with other characters.
    pub fn write(&self, out: &mut Vec<u8>, says: &str) {
        let (Some(first), Some(last)) = (self.units.first(), self.units.last()) else {
            out.extend_from_slice(slice(self.bytes, self.range.clone()));
            return;
        };
        out.extend_from_slice(slice(self.bytes, self.range.start..first.range.start));
        if says.chars().count() != self.units.len() {
            out.extend_from_slice(says.as_bytes());
            out.extend_from_slice(slice(self.bytes, last.range.end..self.range.end));
            return;
        }
        let mut at = first.range.start;
        for (unit, c) in self.units.iter().zip(says.chars()) {
            out.extend_from_slice(slice(self.bytes, at..unit.range.start));
            push(out, self.bytes, unit, c);
            at = unit.range.end;
        }
        out.extend_from_slice(slice(self.bytes, at..self.range.end));
    }
}

/// Writes units with other characters; in other numbers, the characters alone.
pub fn write(out: &mut Vec<u8>, bytes: &[u8], units: &[Unit], says: &str) {
    if says.chars().count() != units.len() {
        out.extend_from_slice(says.as_bytes());
        return;
    }
    for (unit, c) in units.iter().zip(says.chars()) {
        push(out, bytes, unit, c);
    }
}

fn push(out: &mut Vec<u8>, bytes: &[u8], unit: &Unit, c: char) {
    if unit.says == c {
        out.extend_from_slice(slice(bytes, unit.range.clone()));
    } else {
        // A blank: a letter or a digit of ASCII, which all syntaxes spell as it is.
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

pub fn text(units: &[Unit]) -> String {
    units.iter().map(|unit| unit.says).collect()
}

/// The characters of a part of a body. Bytes that are no UTF-8 are one character each.
pub fn units(bytes: &[u8], range: Range<usize>, syntax: Syntax) -> Vec<Unit> {
    let end = range.end.min(bytes.len());
    let mut at = range.start;
    let mut units = Vec::with_capacity(end.saturating_sub(at));
    while at < end {
        let (says, length) = one(slice(bytes, at..end), syntax);
        units.push(Unit {
            range: at..at + length,
            says,
        });
        at += length;
    }
    units
}

pub fn slice(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// The first character of a rest that is not empty, and its length.
fn one(rest: &[u8], syntax: Syntax) -> (char, usize) {
    let any = syntax == Syntax::Any;
    let escaped = match rest.first() {
        Some(b'\\') if any || syntax == Syntax::Json => backslash(rest),
        Some(b'&') if any || syntax == Syntax::Xml => reference(rest),
        Some(b'%') if any || matches!(syntax, Syntax::Percent | Syntax::Form) => percent(rest),
        Some(b'+') if syntax == Syntax::Form => Some((' ', 1)),
        _ => None,
    };
    escaped.unwrap_or_else(|| plain(rest))
}

fn plain(rest: &[u8]) -> (char, usize) {
    let first = rest.first().copied().unwrap_or_default();
    let decoded = (1..=4).find_map(|length| {
        let text = std::str::from_utf8(rest.get(..length)?).ok()?;
        Some((text.chars().next()?, length))
    });
    decoded.unwrap_or((char::from(first), 1))
}

fn backslash(rest: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let text = std::str::from_utf8(rest.get(at..at + 6)?).ok()?;
        u16::from_str_radix(text.strip_prefix("\\u")?, 16).ok()
    };
    let says = match rest.get(1)? {
        b'u' => {
            let high = unit(0)?;
            let low = unit(6).unwrap_or_default();
            if let Some(Ok(c)) = char::decode_utf16([high, low]).next() {
                return Some((c, if c.len_utf16() == 2 { 12 } else { 6 }));
            }
            return Some((char::REPLACEMENT_CHARACTER, 6));
        }
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        other => char::from(*other),
    };
    Some((says, 2))
}

fn reference(rest: &[u8]) -> Option<(char, usize)> {
    const LONGEST: usize = 12;
    let end = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let says = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((says, end + 1))
}

fn percent(rest: &[u8]) -> Option<(char, usize)> {
    let byte = |at: usize| {
        let text = std::str::from_utf8(rest.get(at..at + 3)?).ok()?;
        u8::from_str_radix(text.strip_prefix('%')?, 16).ok()
    };
    let mut bytes = Vec::with_capacity(4);
    for index in 0..4 {
        bytes.push(byte(index * 3)?);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            return Some((text.chars().next()?, bytes.len() * 3));
        }
        if byte((index + 1) * 3).is_none() {
            break;
        }
    }
    Some((char::from(byte(0)?), 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(text: &str, syntax: Syntax) -> String {
        self::text(&units(text.as_bytes(), 0..text.len(), syntax))
    }

    #[test]
    fn each_syntax_has_its_spellings() {
        assert_eq!(
            says(r#"a\n\"\u00f1\ud83d\ude00\/"#, Syntax::Json),
            "a\n\"ñ😀/"
        );
        assert_eq!(says("a&amp;&#241;&#xF1;&x;&", Syntax::Xml), "a&ññ&x;&");
        assert_eq!(says("a+b%2B%C3%B1%F1%", Syntax::Form), "a b+ñ\u{f1}%");
        assert_eq!(says("a+b%2B", Syntax::Percent), "a+b+");
        assert_eq!(says(r"\u%41&amp;", Syntax::Plain), r"\u%41&amp;");
    }

    #[test]
    fn what_stays_keeps_its_spelling() {
        let body = "x=%2B34%C3%B1+a%41";
        let text = Text::new(body.as_bytes(), 2..body.len(), Syntax::Form);
        assert_eq!(text.says(), "+34ñ aA");
        let mut out = Vec::new();
        text.write(&mut out, "+00x xX");
        assert_eq!(out, b"%2B00x+xX");
        let mut out = Vec::new();
        text.write(&mut out, "false");
        assert_eq!(out, b"false");
    }
}
