//! Where a text says a secret, whole or cut, in whatever spelling.

use std::ops::Range;

use super::spelling::spelled;

/// A shorter secret is part of ordinary words too: it is redacted only as a word of its own.
pub const LONG: usize = 6;
/// So much of a secret at an end where the text was cut is taken for it.
const CUT_WORDS: usize = 6;
const CUT_PIECE: usize = 4;

/// Where a text may have been cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Back,
    Both,
}

impl Cut {
    const fn least(self) -> usize {
        match self {
            Self::Back => CUT_WORDS,
            Self::Both => CUT_PIECE,
        }
    }
}

/// Where a text says a secret, in order and without overlaps.
pub fn find(text: &str, secret: &str, cut: Cut) -> Vec<Range<usize>> {
    let secret: Vec<char> = secret.chars().collect();
    let long = secret.iter().map(|c| c.len_utf8()).sum::<usize>() >= LONG;
    let mut found = Vec::new();
    let mut from = 0;
    for (at, _) in text.char_indices() {
        if at < from {
            continue;
        }
        let end = if long {
            find_long(text, at, &secret, cut)
        } else {
            find_short(text, at, &secret)
        };
        if let Some(end) = end.filter(|end| *end > at) {
            found.push(at..end);
            from = end;
        }
    }
    found
}

fn find_short(text: &str, at: usize, secret: &[char]) -> Option<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let walk = walk(text, at, secret, false);
    let before = text.get(..at)?.chars().next_back();
    let after = text.get(walk.end..)?.chars().next();
    let alone = !before.is_some_and(is_word) && !after.is_some_and(is_word);
    (walk.whole && alone).then_some(walk.end)
}

fn find_long(text: &str, at: usize, secret: &[char], cut: Cut) -> Option<usize> {
    let least = cut.least();
    let good = |walk: &Walk| walk.whole || walk.cut && walk.count >= least;
    let first = walk(text, at, secret, true);
    if good(&first) {
        return Some(first.end);
    }
    if cut == Cut::Back || !is_start(text, at) {
        return None;
    }
    // The text may begin in the middle of the secret.
    let last = secret.len().checked_sub(least)?;
    let rests = (1..=last).filter_map(|begin| secret.get(begin..));
    rests
        .map(|rest| walk(text, at, rest, true))
        .filter(good)
        .map(|walk| walk.end)
        .max()
}

/// Whether the text may have been cut before this place, perhaps within an escape.
fn is_start(text: &str, at: usize) -> bool {
    /// The rest of an escape that was escaped again, such as `u0026amp;`.
    const ESCAPE: usize = 16;
    let before = text.get(..at).unwrap_or_default();
    let piece = |b: u8| b.is_ascii_alphanumeric() || b"#;{}\\%&".contains(&b);
    let begun = at < ESCAPE && before.bytes().all(piece);
    begun || before.ends_with('\u{2026}') || before.ends_with("...")
}

/// How far a text agrees with a secret.
struct Walk {
    end: usize,
    /// Bytes of the secret.
    count: usize,
    whole: bool,
    /// The text ends where they part.
    cut: bool,
}

fn walk(text: &str, at: usize, secret: &[char], fold: bool) -> Walk {
    // An escape can be read in several ways; all of them are followed.
    let mut places = vec![at];
    let mut next = Vec::new();
    let mut blank = false;
    let mut count = 0;
    for c in secret {
        next.clear();
        for place in &places {
            let rest = text.get(*place..).unwrap_or_default();
            spelled(rest, *c, fold, &mut |length| next.push(place + length));
            if count > 0 {
                let hidden = hidden(rest);
                let rest = rest.get(hidden..).unwrap_or_default();
                if hidden > 0 {
                    spelled(rest, *c, fold, &mut |length| {
                        next.push(place + hidden + length)
                    });
                }
            }
            // Blanks in a row are one in a text that was made a line.
            if blank && *c == ' ' {
                next.push(*place);
            }
        }
        if next.is_empty() {
            let ends = places.iter().filter_map(|place| ends_at(text, *place));
            let end = ends.max();
            return Walk {
                end: end.unwrap_or(at),
                count,
                whole: false,
                cut: end.is_some(),
            };
        }
        next.sort_unstable();
        next.dedup();
        std::mem::swap(&mut places, &mut next);
        blank = *c == ' ';
        count += c.len_utf8();
    }
    Walk {
        end: places.last().copied().unwrap_or(at),
        count,
        whole: true,
        cut: false,
    }
}

/// The end of the text's words, if this place is it, or if but an escape that was begun stands between.
fn ends_at(text: &str, place: usize) -> Option<usize> {
    let rest = text.get(place..)?;
    if rest.is_empty() || rest.starts_with('\u{2026}') || rest.starts_with("...") {
        return Some(place);
    }
    let words = rest.trim_end_matches(['\u{2026}', '.']);
    let begun = words.len() < 10
        && words.starts_with(['%', '&', '\\'])
        && words
            .bytes()
            .skip(1)
            .all(|b| b.is_ascii_alphanumeric() || b"#{\\".contains(&b));
    begun.then_some(place + words.len())
}

/// The length of what nobody sees at the start of a text, raw or as a log shows it.
fn hidden(text: &str) -> usize {
    let unseen = |c: char| {
        matches!(
            c,
            '\0' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
    };
    let raw = text.find(|c| !unseen(c)).unwrap_or(text.len());
    if raw > 0 {
        return raw;
    }
    let escapes = [
        "\\0",
        "\\u{0}",
        "\\u{ad}",
        "\\u{200b}",
        "\\u{2060}",
        "\\u{feff}",
    ];
    let escape = escapes.iter().find(|escape| text.starts_with(**escape));
    escape.map_or(0, |escape| escape.len())
}
