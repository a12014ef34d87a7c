//! XML of an answer as it is read: elements, attributes and text, nothing else. quick-xml finds the events;
//! what it lets pass and XML 1.0 (or we) do not, is refused here: a DOCTYPE, entities beyond the
//! five, forbidden characters, an end inside an element, a second root, text around the root.

mod attributes;
mod characters;
mod markup;
mod namespaces;
mod value;

use std::borrow::Cow;

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event as Raw};
use quick_xml::reader::Reader;

pub(crate) use attributes::{Attribute, XSI};

use super::AnswerLimits;
use crate::mismatch::{Limit, Mismatch, excerpt_around};
use attributes::not_a_name;
use characters::Characters;
use grammar::xml::{is_blank, is_xml_char, split_q_name, trim};
use namespaces::Namespaces;

/// What stands next in an element.
pub(crate) enum Event<'t> {
    /// A child, whose events follow up to its end.
    Start(Tag<'t>),
    /// A part of the text: character data, a CDATA section or a reference.
    Text(Cow<'t, str>),
    /// The end of the element.
    End,
}

/// The start of an element. Its attributes are the reader's until the next event.
pub(crate) struct Tag<'t> {
    /// The local name.
    pub(crate) name: &'t str,
    /// With its prefix.
    qualified: &'t str,
}

/// Reads a whole text: `root`, then `next` or `pass` up to the root's end, then `finish`.
pub(crate) struct XmlReader<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    limits: AnswerLimits,
    characters: Characters,
    /// The elements that are open, outermost first.
    open: Vec<Open>,
    elements: usize,
    namespaces: Namespaces,
    attributes: Vec<Attribute<'t>>,
    /// The last event began an element without content, whose end comes next.
    is_empty: bool,
    at_start: bool,
}

struct Open {
    /// Bytes of its own text so far.
    text: usize,
    declares: bool,
}

/// Why a text is refused. In a box: each event would be as large as its error.
pub(crate) type Refusal = Box<Mismatch>;

impl<'t> XmlReader<'t> {
    /// `text` has no byte order mark any more.
    pub(crate) fn new(text: &'t str, limits: &AnswerLimits) -> Result<Self, Refusal> {
        let characters =
            Characters::of(text).map_err(|(mismatch, at)| told(text, mismatch.into(), at))?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().enable_all_checks(true);
        Ok(Self {
            text,
            reader,
            limits: *limits,
            characters,
            open: Vec::new(),
            elements: 0,
            namespaces: Namespaces::default(),
            attributes: Vec::new(),
            is_empty: false,
            at_start: true,
        })
    }

    /// The start of the root element.
    pub(crate) fn root(&mut self) -> Result<Tag<'t>, Refusal> {
        match self.event()? {
            Some(Event::Start(tag)) => Ok(tag),
            // Outside the root there is no text, and no end comes before a start.
            _ => Err(self.refused(Mismatch::new("an XML document", "no element"))),
        }
    }

    /// What stands next in the innermost element that is open.
    pub(crate) fn next(&mut self) -> Result<Event<'t>, Refusal> {
        if std::mem::take(&mut self.is_empty) {
            self.close();
            return Ok(Event::End);
        }
        match self.event()? {
            Some(event) => Ok(event),
            None => {
                let found = "the end of the answer inside an element";
                Err(self.refused(Mismatch::new("a whole XML document", found)))
            }
        }
    }

    /// Reads on behind the end of the innermost element that is open.
    pub(crate) fn pass(&mut self) -> Result<(), Refusal> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::Text(_) => {}
                Event::End => depth -= 1,
            }
        }
        Ok(())
    }

    /// Reads what stands behind the root.
    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        match self.event()? {
            None => Ok(()),
            Some(_) => Err(self.refused(outside_root())),
        }
    }

    /// The attributes of the element whose start was the last event, without declarations of namespaces.
    pub(crate) fn attributes(&self) -> &[Attribute<'t>] {
        &self.attributes
    }

    /// `xsi:nil="true"`: the element whose start was the last event stands for no value.
    pub(crate) fn is_nil(&self) -> bool {
        self.attributes.iter().any(|attribute| {
            attribute.name == "nil"
                && attribute.namespace.as_deref() == Some(XSI)
                && matches!(trim(&attribute.value), "true" | "1")
        })
    }

    /// Whether the element whose start was the last event is in a namespace; any will do where none is named.
    pub(crate) fn is_in(&self, tag: &Tag<'_>, namespace: Option<&str>) -> bool {
        // An element whose prefix is not declared was refused at its start.
        namespace.is_none()
            || self
                .namespaces
                .of_element(tag.qualified)
                .is_ok_and(|its| its.as_deref() == namespace)
    }

    /// The next event; `None` at the end of the text.
    fn event(&mut self) -> Result<Option<Event<'t>>, Refusal> {
        loop {
            let start = self.at();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let at = byte(self.reader.error_position());
                    return Err(told(self.text, ill_formed(&error).into(), at));
                }
            };
            match self.checked(event, start) {
                Ok(Step::Event(event)) => return Ok(Some(event)),
                Ok(Step::Nothing) => self.at_start = false,
                Ok(Step::Over) => return Ok(None),
                Err(mismatch) => return Err(told(self.text, mismatch, start)),
            }
        }
    }

    fn checked(&mut self, event: Raw<'t>, start: usize) -> Result<Step<'t>, Refusal> {
        match event {
            Raw::Start(tag) => self.start(&tag, start).map(Step::start),
            Raw::Empty(tag) => {
                let tag = self.start(&tag, start)?;
                self.is_empty = true;
                Ok(Step::start(tag))
            }
            Raw::End(_) => {
                // quick-xml has matched it with the element that is open.
                self.close();
                Ok(Step::Event(Event::End))
            }
            Raw::Text(text) => {
                if self.characters.may_end_cdata && text.contains("]]>") {
                    return Err(Mismatch::new("text without `]]>`", "`]]>`").into());
                }
                let text = match self.characters.has_returns {
                    true => text.xml10_content(),
                    false => text.into_inner(),
                };
                self.piece(text)
            }
            Raw::CData(section) => {
                if self.open.is_empty() {
                    return Err(outside_root().into());
                }
                let text = match self.characters.has_returns {
                    true => section.xml10_content(),
                    false => section.into_inner(),
                };
                self.piece(text)
            }
            Raw::GeneralRef(reference) => {
                let text = referenced(&reference)?;
                if self.open.is_empty() {
                    return Err(outside_root().into());
                }
                self.piece(text)
            }
            Raw::Decl(declaration) => {
                markup::check_declaration(&declaration, self.at_start)?;
                Ok(Step::Nothing)
            }
            Raw::PI(instruction) => {
                markup::check_instruction(&instruction)?;
                Ok(Step::Nothing)
            }
            Raw::Comment(_) => Ok(Step::Nothing),
            Raw::DocType(_) => Err(Mismatch::new("XML without a DTD", "a DOCTYPE").into()),
            Raw::Eof => Ok(Step::Over),
        }
    }

    /// `at`: where its `<` stands.
    fn start(&mut self, start: &BytesStart<'t>, at: usize) -> Result<Tag<'t>, Refusal> {
        self.at_start = false;
        self.attributes.clear();
        // The name is a slice of the event, and has to outlive it; so it is taken from the text.
        let tag = self.text.get(at + 1..at + 1 + start.len());
        let tag = tag.ok_or_else(not_a_name)?;
        let (name, raw) = tag
            .split_at_checked(start.name().0.len())
            .ok_or_else(not_a_name)?;
        let declares = !raw.is_empty() && raw.contains("xmlns");
        if declares {
            self.namespaces.open(start)?;
        }
        if self.open.is_empty() && self.elements > 0 {
            return Err(Mismatch::new("one root element", "a second one").into());
        }
        if self.open.len() >= self.limits.depth {
            return Err(Mismatch::over(Limit::Depth, self.limits.depth, "levels").into());
        }
        self.elements += 1;
        if self.elements > self.limits.nodes {
            let most = self.limits.nodes;
            return Err(Mismatch::over(Limit::Values, most, "elements").into());
        }
        let (prefix, local) = split_q_name(name).ok_or_else(not_a_name)?;
        if prefix.is_some() {
            if prefix == Some("xmlns") {
                return Err(not_a_name().into());
            }
            self.namespaces.of_element(name)?;
        }
        if !raw.is_empty() {
            attributes::read(raw, &self.limits, &self.namespaces, &mut self.attributes)?;
        }
        self.open.push(Open { text: 0, declares });
        Ok(Tag {
            name: local,
            qualified: name,
        })
    }

    fn close(&mut self) {
        if let Some(Open { declares: true, .. }) = self.open.pop() {
            self.namespaces.close();
        }
    }

    /// A part of the text of the element that is open; outside the root blanks say nothing.
    fn piece(&mut self, text: Cow<'t, str>) -> Result<Step<'t>, Refusal> {
        let Some(element) = self.open.last_mut() else {
            let blank = is_blank(&text);
            return if blank {
                Ok(Step::Nothing)
            } else {
                Err(outside_root().into())
            };
        };
        element.text += text.len();
        if element.text > self.limits.text {
            let most = self.limits.text;
            return Err(Mismatch::over(Limit::Text, most, "bytes in one value").into());
        }
        Ok(Step::Event(Event::Text(text)))
    }

    /// Where the next event begins.
    fn at(&self) -> usize {
        byte(self.reader.buffer_position())
    }

    /// Because of what stands next.
    fn refused(&self, mismatch: Mismatch) -> Refusal {
        told(self.text, mismatch.into(), self.at())
    }
}

/// What an event of quick-xml's means.
enum Step<'t> {
    Event(Event<'t>),
    Nothing,
    Over,
}

impl<'t> Step<'t> {
    const fn start(tag: Tag<'t>) -> Self {
        Self::Event(Event::Start(tag))
    }
}

/// With an excerpt from a byte of the text on.
fn told(text: &str, mut mismatch: Refusal, at: usize) -> Refusal {
    mismatch.excerpt = excerpt_around(text, at);
    mismatch
}

/// A position of quick-xml's, which never exceeds the length of the text.
fn byte(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The character of `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` or of a character reference.
fn referenced(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, Mismatch> {
    let name: &str = reference;
    match reference.resolve_char_ref() {
        Ok(Some(character)) if is_xml_char(character) => Ok(String::from(character).into()),
        Ok(None) => resolve_xml_entity(name)
            .map(Cow::Borrowed)
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
        Error::Namespace(_) => namespaces::MALFORMED,
        _ => "what is not",
    };
    Mismatch::new("well-formed XML", found)
}

fn outside_root() -> Mismatch {
    Mismatch::new("nothing outside the root element", "text")
}

#[cfg(test)]
mod tests;
