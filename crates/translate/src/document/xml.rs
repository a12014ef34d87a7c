//! XML as a small tree: elements, attributes and text, nothing else. quick-xml finds the events;
//! what it lets pass and XML 1.0 (or we) do not, is refused here: a DOCTYPE, entities beyond the
//! five, forbidden characters, an end inside an element, a second root, text around the root.

mod attributes;
mod element;
mod markup;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::NsReader;

pub(crate) use element::{Attribute, Element, XSI};

use super::AnswerLimits;
use crate::mismatch::{Limit, Mismatch, excerpt_around};
use attributes::{bound, not_a_name};
use grammar::xml::{XML_SPACE, is_xml_char, split_q_name};

/// Reads a whole document. `text` has no byte order mark any more.
pub(crate) fn parse(text: &str, limits: &AnswerLimits) -> Result<Element, Mismatch> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut builder = Builder {
        limits,
        open: Vec::new(),
        root: None,
        elements: 0,
    };
    let before_root = text.starts_with('\u{FEFF}');
    let characters = match text.char_indices().find(|(_, found)| !is_xml_char(*found)) {
        Some((at, _)) => Err((
            Mismatch::new("characters that XML 1.0 allows", "a forbidden one"),
            at,
        )),
        // quick-xml would take a second byte order mark for the first and drop it.
        None if before_root => Err((Mismatch::new("one byte order mark", "two"), 0)),
        None => Ok(()),
    };
    characters
        .and_then(|()| builder.run(&mut reader))
        .map_err(|(mut mismatch, offset)| {
            mismatch.excerpt = excerpt_around(text, offset);
            mismatch
        })
}

struct Builder<'l> {
    limits: &'l AnswerLimits,
    /// The elements that are open, outermost first: a stack of our own, so that depth costs no
    /// call frames.
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Builder<'_> {
    /// The root, or what is wrong and at which byte.
    fn run(&mut self, reader: &mut NsReader<&[u8]>) -> Result<Element, (Mismatch, usize)> {
        let mut at_start = true;
        loop {
            let offset = byte(reader.buffer_position());
            let event = reader
                .read_event()
                .map_err(|error| (ill_formed(&error), byte(reader.error_position())))?;
            let wrong = |mismatch| (mismatch, offset);
            match event {
                Event::Start(start) => {
                    let element = self.start(reader, &start).map_err(wrong)?;
                    self.open.push(element);
                }
                Event::Empty(start) => {
                    let element = self.start(reader, &start).map_err(wrong)?;
                    self.close(element);
                }
                Event::End(_) => {
                    // quick-xml has matched it with the element that is open.
                    if let Some(element) = self.open.pop() {
                        self.close(element);
                    }
                }
                Event::Text(text) => {
                    if text.contains("]]>") {
                        return Err(wrong(Mismatch::new("text without `]]>`", "`]]>`")));
                    }
                    self.text(&text.xml10_content()).map_err(wrong)?;
                }
                Event::CData(section) => {
                    if self.open.is_empty() {
                        return Err(wrong(outside_root()));
                    }
                    self.text(&section.xml10_content()).map_err(wrong)?;
                }
                Event::GeneralRef(reference) => {
                    let character = referenced(&reference).map_err(wrong)?;
                    if self.open.is_empty() {
                        return Err(wrong(outside_root()));
                    }
                    self.text(character.encode_utf8(&mut [0; 4]))
                        .map_err(wrong)?;
                }
                Event::Decl(declaration) => {
                    markup::check_declaration(&declaration, at_start).map_err(wrong)?;
                }
                Event::PI(instruction) => markup::check_instruction(&instruction).map_err(wrong)?,
                Event::Comment(_) => {}
                Event::DocType(_) => {
                    return Err(wrong(Mismatch::new("XML without a DTD", "a DOCTYPE")));
                }
                Event::Eof => break,
            }
            at_start = false;
        }
        let end = byte(reader.buffer_position());
        if !self.open.is_empty() {
            let found = "the end of the answer inside an element";
            return Err((Mismatch::new("a whole XML document", found), end));
        }
        self.root
            .take()
            .ok_or_else(|| (Mismatch::new("an XML document", "no element"), end))
    }

    fn start(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
    ) -> Result<Element, Mismatch> {
        if self.root.is_some() {
            return Err(Mismatch::new("one root element", "a second one"));
        }
        if self.open.len() >= self.limits.depth {
            return Err(Mismatch::over(Limit::Depth, self.limits.depth, "levels"));
        }
        self.elements += 1;
        if self.elements > self.limits.nodes {
            return Err(Mismatch::over(Limit::Values, self.limits.nodes, "elements"));
        }
        let name = start.name();
        let (prefix, local) = split_q_name(name.into_inner()).ok_or_else(not_a_name)?;
        if prefix == Some("xmlns") {
            return Err(not_a_name());
        }
        let (namespace, _) = reader.resolver().resolve_element(name);
        Ok(Element {
            name: local.into(),
            namespace: bound(namespace)?,
            attributes: attributes::of(reader, start, self.limits)?,
            ..Element::default()
        })
    }

    fn close(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), Mismatch> {
        let Some(element) = self.open.last_mut() else {
            let blank = text.trim_matches(XML_SPACE).is_empty();
            return if blank { Ok(()) } else { Err(outside_root()) };
        };
        if element.text.len() + text.len() > self.limits.text {
            return Err(Mismatch::over(
                Limit::Text,
                self.limits.text,
                "bytes in one value",
            ));
        }
        element.text.push_str(text);
        Ok(())
    }
}

/// A position of quick-xml's, which never exceeds the length of the text.
fn byte(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The character of `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` or of a character reference.
fn referenced(reference: &BytesRef<'_>) -> Result<char, Mismatch> {
    let name: &str = reference;
    match reference.resolve_char_ref() {
        Ok(Some(character)) if is_xml_char(character) => Ok(character),
        Ok(None) => resolve_xml_entity(name)
            .and_then(|text| text.chars().next())
            .ok_or_else(|| Mismatch::new("one of XML's five entities", "another entity")),
        _ => Err(Mismatch::new(
            "a reference to a character of XML 1.0",
            "another character reference",
        )),
    }
}

fn ill_formed(error: &quick_xml::Error) -> Mismatch {
    use quick_xml::errors::Error;
    let found = match error {
        Error::Syntax(_) => "markup that does not end",
        Error::IllFormed(_) => "tags that do not match or a bare `&`",
        Error::InvalidAttr(_) => "a malformed attribute",
        Error::Namespace(_) => "a malformed namespace declaration, or too many",
        _ => "what is not",
    };
    Mismatch::new("well-formed XML", found)
}

fn outside_root() -> Mismatch {
    Mismatch::new("nothing outside the root element", "text")
}

#[cfg(test)]
mod tests;
