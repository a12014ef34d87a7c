//! The lines of a text that a finding shows.

use std::ops::Range;

use super::place::Place;
use super::printable::shown;

/// The lines from the first place to the last.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) text: String,
    /// The number of the first line, 1-based.
    pub(super) first: usize,
    /// In bytes of `text`, in the order of the places.
    pub(super) spans: Vec<Range<usize>>,
}

impl Excerpt {
    /// `None`: the text has no such lines, as that of a file that could not be read.
    pub(super) fn of(text: &str, places: &[Place]) -> Option<Self> {
        let lines = || places.iter().map(|place| place.line);
        let (first, last) = (lines().min()?, lines().max()?);
        if text.is_empty() || first == 0 {
            return None;
        }
        let mut excerpt = Self {
            text: String::new(),
            first,
            spans: vec![0..0; places.len()],
        };
        let mut number = first;
        for line in text.split('\n').skip(first - 1).take(last - first + 1) {
            excerpt.push(line, number, places);
            number += 1;
        }
        (number > last).then_some(excerpt)
    }

    fn push(&mut self, line: &str, number: usize, places: &[Place]) {
        let line: String = line.trim_end_matches('\r').chars().map(shown).collect();
        if number > self.first {
            self.text.push('\n');
        }
        let begin = self.text.len();
        let byte = |column: usize| {
            let at = line.char_indices().nth(column).map(|(at, _)| at);
            begin + at.unwrap_or(line.len())
        };
        for (span, place) in self.spans.iter_mut().zip(places) {
            if place.line == number {
                let from = place.column.saturating_sub(1);
                *span = byte(from)..byte(from.saturating_add(place.length.max(1)));
            }
        }
        self.text.push_str(&line);
    }
}
