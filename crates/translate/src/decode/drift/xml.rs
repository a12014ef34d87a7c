//! The same of XML.

use super::findings::{Findings, Guess};
use crate::decode::Target;
use crate::decode::scalar::of_xml;
use crate::document::AnswerLimits;
use crate::document::xml::{Event, Refusal, Tag, XSI, XmlReader};
use crate::shape::{Array, Field, Kind, Object, Shape};
use grammar::xml::XML_NAMESPACE;

pub(super) fn examine(
    text: &str,
    limits: &AnswerLimits,
    path: &[String],
    target: Target<'_>,
    findings: &mut Findings<'_>,
) -> Result<(), Refusal> {
    let mut walk = Walk {
        reader: XmlReader::new(text, limits)?,
        findings,
    };
    let root = walk.reader.root()?;
    match path.split_first() {
        Some((name, _)) if *name != *root.name => walk.reader.pass()?,
        Some((_, rest)) => walk.seek(&root, rest, target)?,
        None => walk.seek(&root, &[], target)?,
    }
    walk.reader.finish()
}

struct Walk<'t, 'f, 'k> {
    reader: XmlReader<'t>,
    findings: &'f mut Findings<'k>,
}

impl<'t> Walk<'t, '_, '_> {
    fn seek(&mut self, tag: &Tag<'t>, rest: &[String], target: Target<'_>) -> Result<(), Refusal> {
        let Some((name, rest)) = rest.split_first() else {
            if !self.reader.is_in(tag, target.namespace) {
                return self.reader.pass();
            }
            return self.value(tag, target.shape, target.holder);
        };
        loop {
            match self.reader.next()? {
                Event::Start(child) if *child.name == **name => self.seek(&child, rest, target)?,
                Event::Start(_) => self.reader.pass()?,
                Event::Text(_) => {}
                Event::End => return Ok(()),
            }
        }
    }

    /// An element that stands for a value, read to its end.
    fn value(&mut self, tag: &Tag<'t>, shape: &Shape, holder: Option<&str>) -> Result<(), Refusal> {
        if self.reader.is_nil() {
            return self.reader.pass();
        }
        match &shape.kind {
            Kind::Object(object) => self.object(object),
            Kind::Array(array) => self.wrapped(tag, array, holder),
            Kind::Map(map) => self.entries(&map.values),
            kind => self.scalar(kind),
        }
    }

    fn scalar(&mut self, kind: &Kind) -> Result<(), Refusal> {
        self.attributes(None);
        match self.guess(0)? {
            (Guess::String, text) => self.text(kind, &text),
            (other, _) => self.findings.changed(other),
        }
        Ok(())
    }

    fn text(&mut self, kind: &Kind, text: &str) {
        match of_xml(kind, text) {
            // All is text here, so another spelling is no other type.
            Some(_) => self.findings.text(text),
            None => self.findings.changed(Guess::String),
        }
    }

    fn wrapped(
        &mut self,
        wrapper: &Tag<'t>,
        array: &Array,
        holder: Option<&str>,
    ) -> Result<(), Refusal> {
        self.attributes(None);
        let name = array.item_name.as_deref().or(holder);
        let inner = array.item_name(name.unwrap_or(wrapper.name)).to_owned();
        loop {
            match self.reader.next()? {
                Event::Start(child) => {
                    let namespace = array.item_xml.namespace.as_deref();
                    let is_item = name.is_none_or(|name| {
                        *child.name == *name && self.reader.is_in(&child, namespace)
                    });
                    if is_item {
                        let length = self.findings.enter("*");
                        self.value(&child, &array.items, Some(&inner))?;
                        self.findings.leave(length);
                    } else {
                        self.unknown(child.name)?;
                    }
                }
                Event::Text(_) => {}
                Event::End => return Ok(()),
            }
        }
    }

    fn entries(&mut self, values: &Shape) -> Result<(), Refusal> {
        self.attributes(None);
        loop {
            match self.reader.next()? {
                Event::Start(child) => {
                    let length = self.findings.enter("*");
                    self.value(&child, values, Some(child.name))?;
                    self.findings.leave(length);
                }
                Event::Text(_) => {}
                Event::End => return Ok(()),
            }
        }
    }

    fn object(&mut self, object: &Object) -> Result<(), Refusal> {
        let mut seen = vec![false; object.fields.len()];
        self.attributes(Some(object));
        self.own_attributes(object, &mut seen);
        let mut has_text = false;
        let mut unknown = Vec::new();
        loop {
            match self.reader.next()? {
                Event::Start(child) => self.child(&child, object, (&mut seen, &mut unknown))?,
                Event::Text(text) => has_text |= !grammar::xml::is_blank(&text),
                Event::End => break,
            }
        }
        if has_text {
            self.findings.changed(Guess::String);
        }
        for (field, seen) in object.fields.iter().zip(seen) {
            let never = unwrapped(field).is_some();
            if field.required && !field.shape.nullable && !seen && !never {
                self.findings.missing(&field.name);
            }
        }
        Ok(())
    }

    fn child(
        &mut self,
        child: &Tag<'t>,
        object: &Object,
        (seen, unknown): (&mut [bool], &mut Vec<&'t str>),
    ) -> Result<(), Refusal> {
        let is_it = |field: &Field| {
            let (name, place) = match unwrapped(field) {
                Some(array) => (array.item_name(&field.wire), array.item_place(field)),
                None => (&*field.wire, &field.xml),
            };
            !field.xml.attribute
                && *child.name == *name
                && self.reader.is_in(child, place.namespace.as_deref())
        };
        let Some(index) = object.fields.iter().position(is_it) else {
            // A second one of the same name makes it an array.
            if unknown.contains(&child.name) {
                self.findings.repeats(child.name);
                return self.reader.pass();
            }
            unknown.push(child.name);
            return self.unknown(child.name);
        };
        let (Some(field), Some(seen)) = (object.fields.get(index), seen.get_mut(index)) else {
            return self.reader.pass();
        };
        let again = std::mem::replace(seen, true);
        let length = self.findings.enter(&field.name);
        let result = match unwrapped(field) {
            Some(array) => {
                let inner = self.findings.enter("*");
                let name = array.item_name(&field.wire).to_owned();
                let result = self.value(child, &array.items, Some(&name));
                self.findings.leave(inner);
                result
            }
            None if again => {
                self.findings
                    .changed(Guess::Array(Some(Box::new(Guess::String))));
                self.reader.pass()
            }
            None => self.value(child, &field.shape, Some(&field.wire)),
        };
        self.findings.leave(length);
        result
    }

    fn unknown(&mut self, name: &str) -> Result<(), Refusal> {
        if !self.findings.is_new(name) {
            return self.reader.pass();
        }
        let (guess, _) = self.guess(0)?;
        self.findings.unknown(name, guess);
        Ok(())
    }

    /// Attributes that are fields.
    fn own_attributes(&mut self, object: &Object, seen: &mut [bool]) {
        for (field, seen) in object.fields.iter().zip(seen) {
            let found = self.reader.attributes().iter().find(|attribute| {
                field.xml.attribute
                    && *attribute.name == *field.wire
                    && attribute.namespace.as_deref() == field.xml.namespace.as_deref()
            });
            let Some(text) = found.map(|attribute| attribute.value.clone().into_owned()) else {
                continue;
            };
            *seen = true;
            let length = self.findings.enter(&field.name);
            self.text(&field.shape.kind, &text);
            self.findings.leave(length);
        }
    }

    /// Attributes that are none.
    fn attributes(&mut self, object: Option<&Object>) {
        let fields = object.map_or(&[][..], |object| &object.fields);
        let unknown = self.reader.attributes().iter().filter(|attribute| {
            let own = matches!(attribute.namespace.as_deref(), Some(XSI | XML_NAMESPACE));
            let takes = |field: &Field| {
                field.xml.attribute
                    && *attribute.name == *field.wire
                    && attribute.namespace.as_deref() == field.xml.namespace.as_deref()
            };
            !own && !fields.iter().any(takes)
        });
        let names: Vec<String> = unknown.map(|one| one.name.to_string()).collect();
        for name in names {
            self.findings.unknown(&name, Guess::Attribute);
        }
    }

    /// What the open element looks like, read to its end, and its text.
    fn guess(&mut self, depth: usize) -> Result<(Guess, String), Refusal> {
        let mut members: Vec<(String, Guess)> = Vec::new();
        let mut text = String::new();
        let mut has_children = false;
        loop {
            match self.reader.next()? {
                Event::Start(child) => {
                    has_children = true;
                    let name = child.name;
                    if Guess::is_deep(depth) {
                        self.reader.pass()?;
                        continue;
                    }
                    let (guess, _) = self.guess(depth + 1)?;
                    match members.iter_mut().find(|(known, _)| *known == *name) {
                        // A second one of the same name makes it an array.
                        Some((_, known)) if !matches!(known, Guess::Array(_)) => {
                            *known = Guess::Array(Some(Box::new(known.clone())));
                        }
                        Some(_) => {}
                        None => Guess::add(&mut members, name, depth, guess),
                    }
                }
                Event::Text(piece) => text.push_str(&piece),
                Event::End => break,
            }
        }
        Ok(match has_children {
            true => (Guess::Object(members), text),
            false => (Guess::String, text),
        })
    }
}

/// The array of a field whose items stand in its own place.
fn unwrapped(field: &Field) -> Option<&Array> {
    match &field.shape.kind {
        Kind::Array(array) if !field.xml.wrapped => Some(array),
        _ => None,
    }
}
