//! Personal values are blanked: their type, length and kind of character stay, so that what they led to can be
//! seen again, and nobody in them.

pub mod form;
pub mod json;
mod pattern;
mod units;
pub mod value;
pub mod xml;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::upstream::spelled_in;
use units::{Syntax, units};

/// Values that are looked for in what follows no schema; more would make one record a long search.
const SOUGHT: usize = 64;
/// A shorter value is part of too many words that have nothing to do with it.
const LEAST: usize = 4;

/// The values of one record. Equal values have equal blanks, and others have others, so that a replay compares the
/// blanks as the gateway compared the values.
pub struct Blanker {
    /// Whose values are personal.
    names: BTreeSet<String>,
    known: HashMap<String, String>,
    /// How many values have a blank of the same pattern.
    patterns: HashMap<String, usize>,
    /// The caller's, the longest first.
    sought: Vec<String>,
    /// The vendor's, which only sentences repeat.
    sought_in_words: Vec<String>,
    is_sealed: bool,
}

impl Blanker {
    #[must_use]
    pub fn new(names: BTreeSet<String>) -> Self {
        Self {
            names,
            known: HashMap::new(),
            patterns: HashMap::new(),
            sought: Vec::new(),
            sought_in_words: Vec::new(),
            is_sealed: false,
        }
    }

    /// The caller's values are known. From here on no others are looked for in requests: what a vendor's answer
    /// brings must not change how a later request of the same values looks.
    pub fn seal(&mut self) {
        self.is_sealed = true;
    }

    /// Whether the values under a name are personal.
    #[must_use]
    pub fn is_personal(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.names.iter()
    }

    /// The blank of one value.
    pub fn blank(&mut self, text: &str) -> String {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let first = pattern::variant(text, 0);
        let count = self.patterns.entry(first.clone()).or_default();
        let blank = match *count {
            0 => first,
            number => pattern::variant(text, number),
        };
        *count += 1;
        self.known.insert(text.to_owned(), blank.clone());
        if text.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST
            && !matches!(text, "true" | "false")
        {
            let list = match self.is_sealed {
                true => &mut self.sought_in_words,
                false => &mut self.sought,
            };
            if list.len() < SOUGHT {
                let at = list.partition_point(|one| one.len() >= text.len());
                list.insert(at, text.to_owned());
            }
        }
        blank
    }

    /// A text that is not personal itself: personal values that it repeats word for word are blanked. As long as it
    /// was.
    fn sweep<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut swept = Cow::Borrowed(text);
        for value in &self.sought {
            if let Some(blank) = self.known.get(value)
                && swept.contains(value.as_str())
            {
                swept = Cow::Owned(swept.replace(value.as_str(), blank));
            }
        }
        swept
    }

    /// A text of no known form, such as a sentence or a page: personal values are blanked in whatever spelling.
    #[must_use]
    pub fn sweep_words(&self, text: &str) -> String {
        let mut swept = text.to_owned();
        for value in self.sought.iter().chain(&self.sought_in_words) {
            let Some(blank) = self.known.get(value) else {
                continue;
            };
            for found in spelled_in(&swept, value).into_iter().rev() {
                let raw = swept.get(found.clone()).unwrap_or_default().as_bytes();
                let spelled = units(raw, 0..raw.len(), Syntax::Any);
                let mut out = Vec::with_capacity(raw.len());
                units::write(&mut out, raw, &spelled, blank);
                swept.replace_range(found, &String::from_utf8_lossy(&out));
            }
        }
        swept
    }

    /// The path of a vendor's request; `segments` are those of its parameters that are personal.
    #[must_use]
    pub fn path(&self, path: &str, segments: &BTreeSet<String>) -> String {
        let written = path.split('/').map(|segment| {
            let raw = segment.as_bytes();
            let spelled = units(raw, 0..raw.len(), Syntax::Percent);
            let text = units::text(&spelled);
            let blank = match self.known.get(&text).filter(|_| segments.contains(&text)) {
                Some(blank) => Cow::Borrowed(blank.as_str()),
                None => self.sweep(&text),
            };
            let mut out = Vec::with_capacity(raw.len());
            units::write(&mut out, raw, &spelled, &blank);
            String::from_utf8_lossy(&out).into_owned()
        });
        written.collect::<Vec<_>>().join("/")
    }

    /// Writes the text that stands at a place of a body: its blank where it is personal.
    fn write_text(&mut self, out: &mut Vec<u8>, text: &units::Text<'_>, is_personal: bool) {
        let says = text.says();
        let blank = match is_personal {
            true => Cow::Owned(self.blank(&says)),
            false => self.sweep(&says),
        };
        text.write(out, &blank);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_blanks_and_others_have_others() {
        let mut blanker = Blanker::new(BTreeSet::new());
        assert_eq!(blanker.blank("+34 981"), "+00 000");
        assert_eq!(blanker.blank("+34 982"), "+00 001");
        assert_eq!(blanker.blank("+34 981"), "+00 000");
        assert_eq!(blanker.blank("+35 000"), "+00 002");
    }

    #[test]
    fn what_repeats_a_value_is_swept_in_any_spelling() {
        let mut blanker = Blanker::new(BTreeSet::new());
        blanker.blank("juan@netex.es");
        blanker.blank("7");
        assert_eq!(
            blanker.sweep_words("juan@netex.es, juan%40netex.es or JUAN&#64;netex.es: 7"),
            "xxxx@xxxxx.xx, xxxx%40xxxxx.xx or xxxx&#64;xxxxx.xx: 7"
        );
    }

    #[test]
    fn a_path_keeps_its_escapes() {
        let mut blanker = Blanker::new(BTreeSet::new());
        let personal = ["a ñ/b".to_owned(), "7".to_owned()].into();
        blanker.blank("a ñ/b");
        blanker.blank("7");
        assert_eq!(
            blanker.path("/id/a%20%C3%B1%2Fb/7/id", &personal),
            "/id/x%20x%2Fx/1/id"
        );
    }
}
