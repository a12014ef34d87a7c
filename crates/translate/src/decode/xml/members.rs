//! Objects: children and attributes that are fields.

use super::element::Present;
use super::{Decoder, repeated};
use crate::decode::output::{OpenObject, inside, null};
use crate::decode::required::Required;
use crate::document::xml::{Event, Refusal, Tag};
use crate::mismatch::Mismatch;
use crate::shape::{Array, Field, Kind, Object};

impl<'t> Decoder<'t, '_> {
    pub(super) fn object(
        &mut self,
        object: &Object,
        required: Required,
    ) -> Result<Present, Refusal> {
        let mut open = self.out.open(object, required);
        let mut is_blank = self.foreign_attributes(None) == 0;
        if !self.reader.attributes().is_empty() {
            self.out.counts.unknown += self.foreign_attributes(Some(object));
            self.attributes(&mut open);
        }
        let mut loose = self.no_text();
        loop {
            match self.reader.next()? {
                Event::Start(child) => {
                    is_blank = false;
                    self.child(&child, &mut open)?;
                }
                Event::Text(text) => self.piece(&mut loose, &text),
                Event::End => break,
            }
        }
        let absent = |field: &Field| match field.shape.kind {
            // None, one and many are arrays, and without a wrapper there are none.
            Kind::Array(_) if !field.xml.attribute => Some("[]"),
            _ => None,
        };
        let result = self.out.close(open, absent);
        let text = self.end_text(&loose, "an object");
        Ok(match text {
            Some(text) => Present::Wrong(text),
            None if is_blank => Present::Blank(result),
            None => Present::of(result),
        })
    }

    /// The fields that are attributes.
    fn attributes(&mut self, open: &mut OpenObject<'_>) {
        for (index, field) in open.object.fields.iter().enumerate() {
            if !field.xml.attribute {
                continue;
            }
            // Without a declared namespace an attribute means the one that has none, as everyone writes it.
            let found = self.reader.attributes().iter().find(|attribute| {
                *attribute.name == *field.wire
                    && attribute.namespace.as_deref() == field.xml.namespace.as_deref()
            });
            let Some(value) = found.map(|attribute| attribute.value.clone()) else {
                continue;
            };
            self.out.see(open, index);
            let start = self.out.begin_member(open, &field.name);
            let present = self.text(&field.shape.kind, &value);
            self.end_field(open, (index, field), start, present);
        }
    }

    /// A child: a field, an item of one, or unknown.
    fn child(&mut self, child: &Tag<'t>, open: &mut OpenObject<'_>) -> Result<(), Refusal> {
        let reader = &self.reader;
        let found = open.find(|field| {
            let (name, place) = match unwrapped(field) {
                Some(array) => (array.item_name(&field.wire), array.item_place(field)),
                None => (&*field.wire, &field.xml),
            };
            let is_element = !field.xml.attribute;
            is_element && *child.name == *name && reader.is_in(child, place.namespace.as_deref())
        });
        let Some((index, field)) = found.and_then(|index| Some((index, open.field(index)?))) else {
            self.out.counts.unknown += 1;
            return self.reader.pass();
        };
        let is_again = self.out.see(open, index);
        if let Some(array) = unwrapped(field) {
            return self.item(child, open, (index, field), array);
        }
        if is_again {
            open.is_wrong(index, inside(repeated(&field.shape), &field.wire));
            return self.reader.pass();
        }
        let start = self.out.begin_member(open, &field.name);
        let place = (&field.shape, Some(field.wire.as_str()));
        let present = self.present(child, place, open.requires())?;
        self.end_field(open, (index, field), start, present);
        Ok(())
    }

    /// Ends a member whose value is written as far as it says anything.
    fn end_field(
        &mut self,
        open: &mut OpenObject<'_>,
        (index, field): (usize, &Field),
        start: usize,
        present: Present,
    ) {
        let now = field.required && open.requires() == Required::Now;
        let must = now && !field.shape.nullable;
        let stand_in = match (present, &field.shape.kind) {
            (Present::Written, _) => Ok(None),
            (Present::Wrong(wrong), _) => Err(wrong),
            (Present::Blank(None), Kind::Object(_)) if must => {
                self.out.counts.lenient += 1;
                Ok(None)
            }
            (Present::Blank(Some(wrong)), Kind::Object(_)) if must => Err(wrong),
            (_, Kind::Array(_)) if must => {
                self.out.counts.lenient += 1;
                Ok(Some("[]"))
            }
            (_, Kind::Map(_)) if must => {
                self.out.counts.lenient += 1;
                Ok(Some("{}"))
            }
            (_, kind) => match null(field) {
                Some(null) => Ok(Some(null)),
                None if now => Err(Box::new(Mismatch::new(kind.words(), "nothing"))),
                None => {
                    self.out.lacks |= field.required;
                    self.out.drop_member(start);
                    return;
                }
            },
        };
        match stand_in {
            Ok(None) => self.out.end_member(open, index, start),
            Ok(Some(stand_in)) => {
                self.out.drop_member(start);
                let start = self.out.begin_member(open, &field.name);
                self.out.text.push_str(stand_in);
                self.out.end_member(open, index, start);
            }
            Err(wrong) => {
                self.out.drop_member(start);
                open.is_wrong(index, inside(wrong, &field.wire));
            }
        }
    }

    /// An item that stands beside the other fields.
    fn item(
        &mut self,
        tag: &Tag<'t>,
        open: &mut OpenObject<'_>,
        (index, field): (usize, &Field),
        array: &Array,
    ) -> Result<(), Refusal> {
        let number = open.count_item(index);
        if open.is_wrong_already(index) {
            return self.reader.pass();
        }
        self.out.begin_item(open, (index, number), &field.name);
        let item = (&array.items, Some(array.item_name(&field.wire)));
        let wrong = self.whole(tag, item, Required::Now)?;
        self.out.end_item();
        if let Some(wrong) = wrong {
            let wrong = inside(wrong, &number.to_string());
            open.is_wrong(index, inside(wrong, &field.wire));
        }
        Ok(())
    }
}

/// The array of a field whose items stand in its own place.
fn unwrapped(field: &Field) -> Option<&Array> {
    match &field.shape.kind {
        Kind::Array(array) if !field.xml.wrapped => Some(array),
        _ => None,
    }
}
