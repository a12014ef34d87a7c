//! Arrays and maps: elements one beside the other.

use std::collections::HashSet;

use super::{Decoder, repeated};
use crate::decode::output::{Wrong, inside};
use crate::decode::required::Required;
use crate::document::xml::{Event, Refusal, Tag};
use crate::shape::{Array, Shape};

use super::element::Present;

impl<'t> Decoder<'t, '_> {
    /// The items inside a wrapper. `holder` is the name of the property that has the array.
    pub(super) fn items(
        &mut self,
        wrapper: &Tag<'t>,
        array: &Array,
        holder: Option<&str>,
    ) -> Result<Option<Wrong>, Refusal> {
        let name = array.item_name.as_deref().or(holder);
        let inner = array.item_name(name.unwrap_or(wrapper.name));
        let mut loose = self.no_text();
        let mut result = None;
        let mut index = 0_usize;
        self.out.text.push('[');
        loop {
            match self.reader.next()? {
                Event::Start(child) => {
                    let is_item = match name {
                        Some(name) => {
                            *child.name == *name
                                && self
                                    .reader
                                    .is_in(&child, array.item_xml.namespace.as_deref())
                        }
                        None => true,
                    };
                    if !is_item {
                        self.out.counts.unknown += 1;
                    }
                    if !is_item || result.is_some() {
                        self.reader.pass()?;
                        continue;
                    }
                    if index > 0 {
                        self.out.text.push(',');
                    }
                    let item = (&array.items, Some(inner));
                    let wrong = self.whole(&child, item, Required::Now)?;
                    result = wrong.map(|wrong| inside(wrong, &index.to_string()));
                    index += 1;
                }
                Event::Text(text) => self.piece(&mut loose, &text),
                Event::End => break,
            }
        }
        self.out.text.push(']');
        Ok(self.end_text(&loose, "an array").or(result))
    }

    /// A map's entries, named by their elements. An entry that says nothing is absent.
    pub(super) fn entries(&mut self, values: &Shape) -> Result<Option<Wrong>, Refusal> {
        let mut loose = self.no_text();
        let mut names = HashSet::new();
        let mut result = None;
        self.out.text.push('{');
        loop {
            match self.reader.next()? {
                Event::Start(_) if result.is_some() => self.reader.pass()?,
                Event::Start(child) => {
                    if names.contains(child.name) {
                        result = Some(inside(repeated(values), child.name));
                        self.reader.pass()?;
                        continue;
                    }
                    let start = self.out.text.len();
                    if !names.is_empty() {
                        self.out.text.push(',');
                    }
                    self.out.string(child.name);
                    self.out.text.push(':');
                    let value = self.out.text.len();
                    match self.present(&child, (values, Some(child.name)), Required::Now)? {
                        Present::Written => {
                            names.insert(child.name);
                        }
                        Present::Wrong(wrong) => {
                            result = Some(inside(wrong, child.name));
                        }
                        Present::Nil | Present::Empty | Present::Blank(_) if values.nullable => {
                            self.out.text.truncate(value);
                            self.out.text.push_str("null");
                            names.insert(child.name);
                        }
                        Present::Nil | Present::Empty | Present::Blank(_) => {
                            self.out.text.truncate(start);
                        }
                    }
                }
                Event::Text(text) => self.piece(&mut loose, &text),
                Event::End => break,
            }
        }
        self.out.text.push('}');
        let words = "an object with free names";
        Ok(self.end_text(&loose, words).or(result))
    }
}
