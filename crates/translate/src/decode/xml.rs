//! XML to unified JSON, written as it is read.

mod element;
mod items;
mod members;

use super::output::{Output, Wrong};
use super::target::Target;
use crate::document::AnswerLimits;
use crate::document::xml::{Event, Refusal, Tag, XmlReader};
use crate::mismatch::Mismatch;
use crate::shape::Shape;

/// Writes the elements at a path of local names from the root's on. `None`: there is none; otherwise what is
/// wrong, if anything is: more than one is.
pub(super) fn at(
    text: &str,
    limits: &AnswerLimits,
    path: &[String],
    target: Target<'_>,
    out: &mut Output,
) -> Result<Option<Option<Wrong>>, Refusal> {
    let mut decoder = Decoder {
        reader: XmlReader::new(text, limits)?,
        out,
        loose: String::new(),
    };
    let root = decoder.reader.root()?;
    let mut found = None;
    match path.split_first() {
        Some((name, _)) if *name != *root.name => decoder.reader.pass()?,
        Some((_, rest)) => decoder.seek(&root, rest, target, &mut found)?,
        None => decoder.seek(&root, &[], target, &mut found)?,
    }
    decoder.reader.finish()?;
    Ok(found)
}

struct Decoder<'t, 'o> {
    reader: XmlReader<'t>,
    out: &'o mut Output,
    /// The starts of the texts of all elements that should have none, outermost first.
    loose: String,
}

impl<'t> Decoder<'t, '_> {
    /// Reads the element to its end: it stands for the value if nothing is left of the path.
    fn seek(
        &mut self,
        tag: &Tag<'t>,
        rest: &[String],
        target: Target<'_>,
        found: &mut Option<Option<Wrong>>,
    ) -> Result<(), Refusal> {
        let Some((name, rest)) = rest.split_first() else {
            if !self.reader.is_in(tag, target.namespace) {
                return self.reader.pass();
            }
            if found.is_some() {
                *found = Some(Some(repeated(target.shape)));
                return self.reader.pass();
            }
            let Target {
                shape,
                holder,
                required,
                ..
            } = target;
            *found = Some(self.whole(tag, (shape, holder), required)?);
            return Ok(());
        };
        loop {
            match self.reader.next()? {
                Event::Start(child) if *child.name == **name => {
                    self.seek(&child, rest, target, found)?;
                }
                Event::Start(_) => self.reader.pass()?,
                Event::Text(_) => {}
                Event::End => return Ok(()),
            }
        }
    }
}

fn repeated(shape: &Shape) -> Wrong {
    let expected = format!("one element with {}", shape.kind.words());
    Box::new(Mismatch::new(expected, "a repeated element"))
}
