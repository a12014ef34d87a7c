//! An XML body, also one that is cut or broken.

use super::Blanker;
use super::units::{Syntax, Text, slice};

/// The body with what is personal blanked: the text of elements and attributes whose names are, at any depth.
pub fn blank(blanker: &mut Blanker, body: &[u8]) -> Vec<u8> {
    let mut scan = Scan {
        out: Vec::with_capacity(body.len()),
        blanker,
        body,
        depth: 0,
        inside: None,
        text: None,
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
    /// Text and CDATA sections that follow each other are one text.
    text: Option<Text<'s>>,
}

const CDATA: &[u8] = b"<![CDATA[";

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.body.len() {
            let rest = slice(self.body, at..self.body.len());
            at = if rest.starts_with(CDATA) {
                self.cdata(at)
            } else if rest.starts_with(b"<!--") {
                self.flush();
                let end = self.behind(at, b"-->");
                let comment = Text::new(self.body, at..end, Syntax::Plain);
                self.blanker.write_text(&mut self.out, &comment, false);
                end
            } else if rest.starts_with(b"<?") || rest.starts_with(b"<!") {
                self.flush();
                let end = self.behind(at, b">");
                self.keep(at, end)
            } else if rest.starts_with(b"</") {
                self.flush();
                if self.inside == Some(self.depth) {
                    self.inside = None;
                }
                self.depth = self.depth.saturating_sub(1);
                let end = self.behind(at, b">");
                self.keep(at, end)
            } else if rest.starts_with(b"<") {
                self.flush();
                self.tag(at)
            } else {
                let length = rest.iter().position(|byte| *byte == b'<');
                let end = at + length.unwrap_or(rest.len());
                self.piece(at..end, Syntax::Xml);
                end
            };
        }
        self.flush();
    }

    fn cdata(&mut self, at: usize) -> usize {
        let end = self.behind(at, b"]]>");
        let start = at + CDATA.len();
        let closed = slice(self.body, at..end).ends_with(b"]]>");
        let text = start..if closed { end - 3 } else { end };
        match &mut self.text {
            Some(run) => run.extend(text, Syntax::Plain),
            None => {
                self.keep(at, start);
                self.text = Some(Text::new(self.body, text, Syntax::Plain));
            }
        }
        if let Some(run) = &mut self.text {
            run.reach(end);
        }
        end
    }

    fn piece(&mut self, range: std::ops::Range<usize>, syntax: Syntax) {
        match &mut self.text {
            Some(run) => run.extend(range, syntax),
            None => self.text = Some(Text::new(self.body, range, syntax)),
        }
    }

    fn flush(&mut self) {
        let Some(text) = self.text.take() else { return };
        let is_personal = self.inside.is_some();
        self.blanker.write_text(&mut self.out, &text, is_personal);
    }

    /// The place behind the next such mark, or the end of the body.
    fn behind(&self, at: usize, mark: &[u8]) -> usize {
        let rest = slice(self.body, at..self.body.len());
        let found = rest.windows(mark.len()).position(|window| window == mark);
        found.map_or(self.body.len(), |found| at + found + mark.len())
    }

    fn keep(&mut self, from: usize, to: usize) -> usize {
        self.out.extend_from_slice(slice(self.body, from..to));
        to
    }

    /// A start tag with its attributes.
    fn tag(&mut self, start: usize) -> usize {
        let name_end = self.name_end(start + 1);
        let is_personal = self.is_personal(start + 1, name_end);
        let mut at = self.keep(start, name_end);
        let mut closed = false;
        while let Some(byte) = self.body.get(at).copied() {
            match byte {
                b'>' => {
                    at = self.keep(at, at + 1);
                    break;
                }
                b'/' => {
                    closed = true;
                    at = self.keep(at, at + 1);
                }
                b' ' | b'\t' | b'\r' | b'\n' | b'=' => at = self.keep(at, at + 1),
                b'"' | b'\'' => at = self.attribute(at, byte, is_personal),
                _ => {
                    let end = self.name_end(at).max(at + 1);
                    let own = self.is_personal(at, end);
                    at = self.keep(at, end);
                    // The value stands behind `=`, whatever blanks are between.
                    while let Some(b' ' | b'\t' | b'\r' | b'\n' | b'=') = self.body.get(at) {
                        at = self.keep(at, at + 1);
                    }
                    if let Some(quote @ (b'"' | b'\'')) = self.body.get(at).copied() {
                        at = self.attribute(at, quote, own || is_personal);
                    }
                }
            }
        }
        if !closed {
            self.depth += 1;
            if is_personal && self.inside.is_none() {
                self.inside = Some(self.depth);
            }
        }
        at
    }

    fn attribute(&mut self, at: usize, quote: u8, is_personal: bool) -> usize {
        let rest = slice(self.body, at + 1..self.body.len());
        let length = rest.iter().position(|byte| *byte == quote);
        let end = at + 1 + length.unwrap_or(rest.len());
        self.keep(at, at + 1);
        let text = Text::new(self.body, at + 1..end, Syntax::Xml);
        let is_personal = is_personal || self.inside.is_some();
        self.blanker.write_text(&mut self.out, &text, is_personal);
        self.keep(end, (end + 1).min(self.body.len()))
    }

    fn name_end(&self, from: usize) -> usize {
        let ends = |byte: &u8| byte.is_ascii_whitespace() || b"/>=\"'<".contains(byte);
        let rest = slice(self.body, from..self.body.len());
        from + rest.iter().position(ends).unwrap_or(rest.len())
    }

    /// By the local name; declarations of namespaces are none.
    fn is_personal(&self, from: usize, to: usize) -> bool {
        let name = String::from_utf8_lossy(slice(self.body, from..to));
        let local = name.rsplit(':').next().unwrap_or_default();
        !name.starts_with("xmlns") && self.blanker.is_personal(local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(body: &str) -> String {
        let mut blanker = Blanker::new(["url".to_owned(), "who".to_owned()].into());
        String::from_utf8(blank(&mut blanker, body.as_bytes())).unwrap()
    }

    #[test]
    fn elements_and_attributes_of_personal_names_are_blanked() {
        assert_eq!(
            blanked(
                "<?xml version=\"1.0\"?><r><p:url a='1'>h&amp;t<![CDATA[<7]]>x</p:url><b url=\"Ab\">keep</b></r>"
            ),
            "<?xml version=\"1.0\"?><r><p:url a='1'>x&amp;x<![CDATA[<0]]>x</p:url><b url=\"Xx\">keep</b></r>"
        );
    }

    #[test]
    fn what_is_inside_is_personal_too_and_names_stay() {
        assert_eq!(
            blanked("<r><who><n t='Ab'>Ana</n> <n/><url>u</url></who><n>Ana B</n></r>"),
            "<r><who><n t='Xx'>Xxx</n> <n/><url>x</url></who><n>Ana B</n></r>"
        );
    }

    #[test]
    fn a_broken_body_is_blanked_as_far_as_it_goes() {
        for (body, blank) in [
            ("<url>abc", "<url>xxx"),
            ("<url>a<![CDATA[b", "<url>x<![CDATA[x"),
            ("<url a=\"b", "<url a=\"x"),
            ("<url", "<url"),
            ("<", "<"),
            ("</url></url>a", "</url></url>a"),
            ("<url>true</url>", "<url>false</url>"),
            ("<!-- a", "<!-- a"),
        ] {
            assert_eq!(blanked(body), blank, "{body}");
        }
    }
}
