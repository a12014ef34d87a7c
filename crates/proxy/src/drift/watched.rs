//! One operation.

use std::time::{Duration, Instant, SystemTime};

use translate::judge::{Finding, FindingKind, Guess};

use super::report::{Line, schema};
use crate::access_log::Clock;

/// Lines of one operation at most, and new values of one field: more is another interface, or no list of words.
const LINES: usize = 64;
const VALUES: usize = 8;
/// After a look so many times as long as it took pass before the next.
const PAUSE: u32 = 100;

#[derive(Default)]
pub struct Watched {
    not_before: Option<Instant>,
    seen: Vec<Seen>,
    more: u64,
}

struct Seen {
    finding: Finding,
    status: u16,
    answers: u64,
    first: SystemTime,
    last: SystemTime,
}

impl Watched {
    pub fn is_due(&self, now: Instant) -> bool {
        self.not_before.is_none_or(|time| now >= time)
    }

    pub fn looked(&mut self, now: Instant, took: Duration) {
        let pause = (took * PAUSE).max(Duration::from_millis(1));
        self.not_before = now.checked_add(took + pause);
    }

    pub fn add(&mut self, found: &[Finding], status: u16, now: SystemTime) {
        for finding in found {
            let same = |seen: &&mut Seen| {
                let of_list = finding.kind == FindingKind::NewValue;
                seen.finding.kind == finding.kind
                    && seen.finding.at == finding.at
                    && seen.status == status
                    && (!of_list || seen.finding.found == finding.found)
            };
            if let Some(seen) = self.seen.iter_mut().find(same) {
                seen.answers += 1;
                seen.last = now;
                widen(&mut seen.finding.found, &finding.found);
                continue;
            }
            let values = self.seen.iter().filter(|seen| {
                seen.finding.kind == FindingKind::NewValue && seen.finding.at == finding.at
            });
            let is_more = finding.kind == FindingKind::NewValue && values.count() >= VALUES;
            if self.seen.len() >= LINES || is_more {
                self.more += 1;
                continue;
            }
            self.seen.push(Seen {
                finding: finding.clone(),
                status,
                answers: 1,
                first: now,
                last: now,
            });
        }
    }

    pub fn lines(&self) -> (Vec<Line>, u64) {
        let line = |seen: &Seen| {
            let mut clock = Clock::default();
            Line {
                kind: seen.finding.kind.label().to_owned(),
                at: seen.finding.at.clone(),
                status: seen.status,
                found: schema(&seen.finding.found),
                value: match &seen.finding.found {
                    Guess::Word(word) => word.clone(),
                    _ => None,
                },
                answers: seen.answers,
                first_seen: clock.text(seen.first).to_owned(),
                last_seen: clock.text(seen.last).to_owned(),
            }
        };
        (self.seen.iter().map(line).collect(), self.more)
    }
}

/// What was seen now can tell more of what was seen before.
fn widen(known: &mut Guess, now: &Guess) {
    match (&mut *known, now) {
        (Guess::Integer, Guess::Number)
        | (Guess::Null, _)
        | (Guess::Array(None), Guess::Array(Some(_)))
        | (Guess::String, Guess::Array(_)) => *known = now.clone(),
        (Guess::Object(members), Guess::Object(others)) => {
            for (name, other) in others {
                match members.iter_mut().find(|(known, _)| known == name) {
                    Some((_, member)) => widen(member, other),
                    None => members.push((name.clone(), other.clone())),
                }
            }
            // A map of free names has no end of them.
            members.truncate(LINES);
        }
        (Guess::Array(Some(item)), Guess::Array(Some(other))) => widen(item, other),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(kind: FindingKind, at: &str, found: Guess) -> Finding {
        Finding {
            kind,
            at: at.to_owned(),
            found,
        }
    }

    #[test]
    fn what_is_seen_again_is_one_line_and_lines_have_an_end() {
        let mut watched = Watched::default();
        let now = SystemTime::now();
        for number in 0..1000 {
            let at = format!("/a{number}");
            let unknown = finding(FindingKind::UnknownField, &at, Guess::String);
            watched.add(std::slice::from_ref(&unknown), 200, now);
            watched.add(&[unknown], 200, now);
        }
        let (lines, more) = watched.lines();
        assert_eq!(lines.len(), LINES);
        assert_eq!(lines[0].answers, 2);
        assert_eq!(more, 2 * (1000 - LINES as u64));
    }

    #[test]
    fn new_values_of_one_field_have_an_end() {
        let mut watched = Watched::default();
        for number in 0..100 {
            let word = Guess::Word(Some(format!("word{number}")));
            let new = finding(FindingKind::NewValue, "/state", word);
            watched.add(&[new], 200, SystemTime::now());
        }
        let (lines, more) = watched.lines();
        assert_eq!((lines.len(), more), (VALUES, 100 - VALUES as u64));
    }

    #[test]
    fn a_look_takes_a_hundredth_of_the_time() {
        let (mut watched, now) = (Watched::default(), Instant::now());
        assert!(watched.is_due(now));
        let took = Duration::from_millis(10);
        watched.looked(now, took);
        assert!(!watched.is_due(now + Duration::from_millis(1000)));
        assert!(watched.is_due(now + Duration::from_millis(1010)));
    }

    #[test]
    fn a_type_is_known_better_by_more_answers() {
        let mut known = Guess::Null;
        widen(&mut known, &Guess::Integer);
        widen(&mut known, &Guess::Number);
        assert_eq!(known, Guess::Number);
        let member = |guess| Guess::Object(vec![("a".to_owned(), guess)]);
        let mut known = member(Guess::Array(None));
        widen(
            &mut known,
            &member(Guess::Array(Some(Box::new(Guess::String)))),
        );
        assert_eq!(known, member(Guess::Array(Some(Box::new(Guess::String)))));
    }
}
