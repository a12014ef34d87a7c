//! A JSON body, also one that is cut or broken.

use super::Blanker;
use super::units::{Syntax, Text, slice, units};

/// The body with what is personal blanked: the values under names that are, at any depth.
pub fn blank(blanker: &mut Blanker, body: &[u8]) -> Vec<u8> {
    let mut scan = Scan {
        out: Vec::with_capacity(body.len()),
        blanker,
        body,
        depth: 0,
        inside: None,
        named: false,
    };
    scan.run();
    scan.out
}

struct Scan<'s> {
    blanker: &'s mut Blanker,
    body: &'s [u8],
    out: Vec<u8>,
    depth: usize,
    /// All is personal until this depth is left.
    inside: Option<usize>,
    /// The next value is personal: its name says so.
    named: bool,
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(byte) = self.body.get(at).copied() {
            at = match byte {
                b'"' => self.string(at),
                b'{' | b'[' => {
                    self.depth += 1;
                    if self.named && self.inside.is_none() {
                        self.inside = Some(self.depth);
                    }
                    self.named = false;
                    self.keep(at, at + 1)
                }
                b'}' | b']' => {
                    if self.inside == Some(self.depth) {
                        self.inside = None;
                    }
                    self.depth = self.depth.saturating_sub(1);
                    self.named = false;
                    self.keep(at, at + 1)
                }
                b',' => {
                    self.named = false;
                    self.keep(at, at + 1)
                }
                b' ' | b'\t' | b'\r' | b'\n' | b':' => self.keep(at, at + 1),
                _ => self.word(at),
            };
        }
    }

    fn keep(&mut self, from: usize, to: usize) -> usize {
        self.out.extend_from_slice(slice(self.body, from..to));
        to
    }

    /// A string, to its end or to that of the body.
    fn string(&mut self, start: usize) -> usize {
        let mut end = start + 1;
        while let Some(byte) = self.body.get(end) {
            match byte {
                b'"' => break,
                b'\\' => end += 2,
                _ => end += 1,
            }
        }
        let end = end.min(self.body.len());
        let behind = slice(self.body, end..self.body.len());
        let next = behind
            .iter()
            .skip(1)
            .find(|byte| !byte.is_ascii_whitespace());
        self.keep(start, start + 1);
        if next == Some(&b':') {
            let name = units(self.body, start + 1..end, Syntax::Json);
            let name = super::units::text(&name);
            self.named = self.blanker.is_personal(&name);
            self.keep(start + 1, end);
        } else {
            self.value(start + 1, end);
        }
        self.keep(end, (end + 1).min(self.body.len()))
    }

    /// A number, a truth value, or what stands in the place of one.
    fn word(&mut self, start: usize) -> usize {
        let rest = slice(self.body, start..self.body.len());
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b",:]}[{\"".contains(byte);
        let length = rest.iter().position(ends).unwrap_or(rest.len()).max(1);
        if rest.get(..length) == Some(b"null") {
            return self.keep(start, start + length);
        }
        self.value(start, start + length);
        start + length
    }

    fn value(&mut self, from: usize, to: usize) {
        let is_personal = self.named || self.inside.is_some();
        let text = Text::new(self.body, from..to, Syntax::Json);
        self.blanker.write_text(&mut self.out, &text, is_personal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(body: &str) -> String {
        let mut blanker = Blanker::new(["tel".to_owned(), "who".to_owned()].into());
        String::from_utf8(blank(&mut blanker, body.as_bytes())).unwrap()
    }

    #[test]
    fn values_under_personal_names_are_blanked_at_any_depth() {
        assert_eq!(
            blanked(r#"{"a":[{"tel":"+34 9","b":"keep"},{"t\u0065l" : 77}],"tel":null}"#),
            r#"{"a":[{"tel":"+00 0","b":"keep"},{"t\u0065l" : 10}],"tel":null}"#
        );
    }

    #[test]
    fn what_is_inside_is_personal_too_and_names_stay() {
        assert_eq!(
            blanked(r#"{"who":{"name":"Ana","list":["Bo",7,true,null]},"b":"Cy"}"#),
            r#"{"who":{"name":"Xxx","list":["Xx",1,false,null]},"b":"Cy"}"#
        );
    }

    #[test]
    fn a_broken_body_is_blanked_as_far_as_it_goes() {
        assert_eq!(blanked(r#"{"tel":"+34 98"#), r#"{"tel":"+00 00"#);
        assert_eq!(blanked(r#"{"tel":"a\"#), r#"{"tel":"x\"#);
        assert_eq!(
            blanked(r#"]}{"tel": nonsense, "b": x"#),
            r#"]}{"tel": xxxxxxxx, "b": x"#
        );
        assert_eq!(blanked(""), "");
    }

    #[test]
    fn a_value_that_is_repeated_elsewhere_is_blanked_there() {
        assert_eq!(
            blanked(r#"{"tel":"+34981","message":"bad +34981"}"#),
            r#"{"tel":"+00000","message":"bad +00000"}"#
        );
    }
}
