use super::lead::{Lead, follow};
use super::place::{Found, Wanted};
use crate::document::AnswerLimits;
use crate::document::xml::{Event, Refusal, Tag, XmlReader};

pub(crate) fn search(
    text: &str,
    limits: &AnswerLimits,
    wanted: &[Wanted<'_>],
) -> Result<Vec<Found>, Refusal> {
    let places: Vec<Place<'_>> = wanted.iter().map(Place::of).collect();
    let mut search = Search {
        reader: XmlReader::new(text, limits)?,
        found: vec![Collected::default(); places.len()],
        places: &places,
    };
    let root = search.reader.root()?;
    let at_root = |(place, wanted): (usize, &Place<'_>)| match wanted.elements.split_first() {
        None => Some(Lead { place, steps: 0 }),
        Some((name, _)) => (*name == *root.name).then_some(Lead { place, steps: 1 }),
    };
    let leads: Vec<Lead> = places.iter().enumerate().filter_map(at_root).collect();
    search.element(&root, &leads)?;
    search.reader.finish()?;
    let found = search.found.into_iter().zip(&places);
    Ok(found.map(|(found, place)| found.at(place)).collect())
}

/// A place in the terms of XML.
struct Place<'p> {
    /// The path of the elements, from the root's on.
    elements: &'p [String],
    kind: Kind<'p>,
}

#[derive(Clone, Copy)]
enum Kind<'p> {
    Value { namespace: Option<&'p str> },
    Attribute(&'p str),
    Texts,
}

impl<'p> Place<'p> {
    fn of(wanted: &Wanted<'p>) -> Self {
        match *wanted {
            Wanted::Value { path, namespace } => Self {
                elements: path,
                kind: Kind::Value { namespace },
            },
            Wanted::Texts { path } => match path.split_last() {
                Some((last, parents)) if last.starts_with('@') => Self {
                    elements: parents,
                    kind: Kind::Attribute(last.trim_start_matches('@')),
                },
                _ => Self {
                    elements: path,
                    kind: Kind::Texts,
                },
            },
        }
    }

    /// The attribute that is meant where no element bears the last name.
    fn instead(&self) -> Option<&'p str> {
        match (self.kind, self.elements.split_last()) {
            (Kind::Texts, Some((last, parents))) if !parents.is_empty() => Some(last),
            _ => None,
        }
    }
}

#[derive(Clone, Default)]
struct Collected {
    values: usize,
    texts: Vec<String>,
    attributes: Vec<String>,
}

impl Collected {
    fn at(self, place: &Place<'_>) -> Found {
        let texts = match place.kind {
            Kind::Attribute(_) => self.attributes,
            Kind::Texts if self.values == 0 && place.instead().is_some() => self.attributes,
            Kind::Texts | Kind::Value { .. } => self.texts,
        };
        Found {
            values: self.values,
            texts,
        }
    }
}

struct Search<'t, 'w> {
    reader: XmlReader<'t>,
    places: &'w [Place<'w>],
    found: Vec<Collected>,
}

impl<'t> Search<'t, '_> {
    /// The element whose start was read, to its end.
    fn element(&mut self, tag: &Tag<'t>, leads: &[Lead]) -> Result<(), Refusal> {
        if leads.is_empty() {
            return self.reader.pass();
        }
        let mut texts = Vec::new();
        for Lead { place, steps } in leads {
            let (Some(wanted), Some(found)) = (self.places.get(*place), self.found.get_mut(*place))
            else {
                continue;
            };
            let is_there = *steps == wanted.elements.len();
            let attribute = match wanted.kind {
                Kind::Value { namespace } if is_there => {
                    found.values += usize::from(self.reader.is_in(tag, namespace));
                    None
                }
                Kind::Attribute(name) if is_there => Some(name),
                Kind::Texts if is_there => {
                    found.values += 1;
                    texts.push(*place);
                    None
                }
                _ if *steps + 1 == wanted.elements.len() => wanted.instead(),
                _ => None,
            };
            if let Some(name) = attribute {
                let attributes = self.reader.attributes().iter();
                let named = attributes.filter(|attribute| attribute.name == name);
                let values = named.map(|attribute| attribute.value.clone().into_owned());
                found.attributes.extend(values);
            }
        }
        let mut says_text = !self.reader.is_nil();
        let mut text = String::new();
        loop {
            match self.reader.next()? {
                Event::Start(child) => {
                    says_text = false;
                    let there = self.follow(leads, child.name);
                    self.element(&child, &there)?;
                }
                Event::Text(piece) if says_text && !texts.is_empty() => text.push_str(&piece),
                Event::Text(_) => {}
                Event::End => break,
            }
        }
        for place in texts.into_iter().filter(|_| says_text) {
            if let Some(found) = self.found.get_mut(place) {
                found.texts.push(text.clone());
            }
        }
        Ok(())
    }

    fn follow(&self, leads: &[Lead], name: &str) -> Vec<Lead> {
        follow(leads, |lead| {
            let place = self.places.get(lead.place);
            let next = place.and_then(|place| place.elements.get(lead.steps));
            next.is_some_and(|next| *next == *name)
        })
    }
}
