//! One element that stands for one value.

use std::borrow::Cow;

use super::Decoder;
use crate::decode::output::Wrong;
use crate::decode::required::Required;
use crate::decode::scalar;
use crate::document::xml::{Event, Refusal, Tag, XSI};
use crate::mismatch::Mismatch;
use crate::shape::{Field, Kind, Object, Shape};
use grammar::xml::{XML_NAMESPACE, is_blank};

/// What became of an element that may say nothing.
pub(super) enum Present {
    Written,
    Nil,
    /// A scalar without text.
    Empty,
    /// An object without anything of its own. Written is what it would be all the same, if nothing is wrong
    /// with that.
    Blank(Option<Wrong>),
    Wrong(Wrong),
}

impl Present {
    pub(super) fn of(wrong: Option<Wrong>) -> Self {
        match wrong {
            None => Self::Written,
            Some(wrong) => Self::Wrong(wrong),
        }
    }
}

impl<'t> Decoder<'t, '_> {
    /// The element that stands for the whole value. It is there, so an empty one is an empty object,
    /// array or map; a nil one is null or a mismatch.
    pub(super) fn whole(
        &mut self,
        tag: &Tag<'t>,
        (shape, holder): (&Shape, Option<&str>),
        required: Required,
    ) -> Result<Option<Wrong>, Refusal> {
        let start = self.out.text.len();
        let present = self.present(tag, (shape, holder), required)?;
        if matches!(present, Present::Nil | Present::Empty | Present::Blank(_)) && shape.nullable {
            self.out.text.truncate(start);
            self.out.text.push_str("null");
            return Ok(None);
        }
        Ok(match present {
            Present::Written => None,
            Present::Wrong(wrong) => Some(wrong),
            Present::Blank(result) => result,
            Present::Nil | Present::Empty => {
                let wrong = Mismatch::new(shape.kind.words(), "an empty element");
                Some(Box::new(wrong))
            }
        })
    }

    /// An element's value, read to the element's end. Nil, and empty under anything but a string, an array
    /// or a map, is absence.
    pub(super) fn present(
        &mut self,
        tag: &Tag<'t>,
        (shape, holder): (&Shape, Option<&str>),
        required: Required,
    ) -> Result<Present, Refusal> {
        if self.reader.is_nil() {
            self.reader.pass()?;
            return Ok(Present::Nil);
        }
        match &shape.kind {
            Kind::Object(object) => self.object(object, required),
            Kind::Array(array) => {
                self.out.counts.unknown += self.foreign_attributes(None);
                self.items(tag, array, holder).map(Present::of)
            }
            Kind::Map(map) => {
                self.out.counts.unknown += self.foreign_attributes(None);
                self.entries(&map.values).map(Present::of)
            }
            kind => {
                self.out.counts.unknown += self.foreign_attributes(None);
                self.scalar(kind)
            }
        }
    }

    fn scalar(&mut self, kind: &Kind) -> Result<Present, Refusal> {
        let mut text = Cow::Borrowed("");
        let mut has_children = false;
        loop {
            match self.reader.next()? {
                Event::Start(_) => {
                    has_children = true;
                    self.reader.pass()?;
                }
                Event::Text(piece) if text.is_empty() => text = piece,
                Event::Text(piece) => text.to_mut().push_str(&piece),
                Event::End => break,
            }
        }
        if has_children {
            let wrong = Mismatch::new(kind.words(), "child elements");
            return Ok(Present::Wrong(Box::new(wrong)));
        }
        Ok(self.text(kind, &text))
    }

    /// The text of an element or an attribute.
    pub(super) fn text(&mut self, kind: &Kind, text: &str) -> Present {
        match scalar::of_xml(kind, text) {
            Some(read) => match read.counted(&mut self.out.counts) {
                Some(value) => {
                    value.write(&mut self.out.text);
                    Present::Written
                }
                None => Present::Empty,
            },
            None => {
                let wrong = Mismatch::new(kind.words(), "other text").with_excerpt(text);
                Present::Wrong(Box::new(wrong))
            }
        }
    }

    /// Attributes that no field takes; those of XML itself and of XML Schema instances mean nothing to
    /// a schema.
    pub(super) fn foreign_attributes(&self, object: Option<&Object>) -> usize {
        let attributes = self.reader.attributes();
        if attributes.is_empty() {
            return 0;
        }
        let fields = object.map_or(&[][..], |object| &object.fields);
        attributes
            .iter()
            .filter(|attribute| {
                !matches!(attribute.namespace.as_deref(), Some(XSI | XML_NAMESPACE))
            })
            .filter(|attribute| {
                let takes = |field: &Field| {
                    field.xml.attribute
                        && *attribute.name == *field.wire
                        && attribute.namespace.as_deref() == field.xml.namespace.as_deref()
                };
                !fields.iter().any(takes)
            })
            .count()
    }
}

/// The text of an element that should have none.
pub(super) struct Loose {
    start: usize,
    is_there: bool,
}

impl Loose {
    /// More cannot show: an excerpt has 200 characters.
    const BYTES: usize = 800;
}

impl Decoder<'_, '_> {
    pub(super) const fn no_text(&self) -> Loose {
        Loose {
            start: self.loose.len(),
            is_there: false,
        }
    }

    pub(super) fn piece(&mut self, loose: &mut Loose, text: &str) {
        loose.is_there |= !is_blank(text);
        if self.loose.len() - loose.start < Loose::BYTES {
            let start = text.get(..text.floor_char_boundary(Loose::BYTES));
            self.loose.push_str(start.unwrap_or_default());
        }
    }

    /// What is wrong where there was text.
    pub(super) fn end_text(&mut self, loose: &Loose, kind: &str) -> Option<Wrong> {
        let wrong = loose.is_there.then(|| {
            let text = self.loose.get(loose.start..).unwrap_or_default();
            Box::new(Mismatch::new(kind, "text").with_excerpt(text))
        });
        self.loose.truncate(loose.start);
        wrong
    }
}
