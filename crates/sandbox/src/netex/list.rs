use serde_json::Value;

use crate::assumptions::{Assumptions, PastEnd};
use crate::netex::room_json;
use crate::room::Room;
use crate::server::answer::Answer;
use crate::server::form::Form;
use crate::state::State;

/// `GET …/physicalrooms`: 200 unpaged, 206 paged, 204 where there are no rooms, 416 for bad indexes.
/// The order (by id) and the zero-based start are inferred.
pub(crate) fn list(form: &Form, state: &State, rules: &Assumptions) -> Answer {
    let page = match Page::of(form, rules) {
        Ok(page) => page,
        Err(BadIndexes) => return Answer::new(416),
    };
    let rooms: Vec<&Room> = state.rooms().collect();
    if rooms.is_empty() {
        return Answer::new(204);
    }
    let Some(page) = page else {
        return answer(200, &rooms, rules);
    };
    let rest = rooms.get(page.start..).unwrap_or_default();
    if rest.is_empty() {
        return match rules.past_end {
            PastEnd::Range => Answer::new(416),
            PastEnd::NoContent => Answer::new(204),
            PastEnd::EmptyArray => answer(206, &[], rules),
        };
    }
    answer(206, rest.get(..page.count).unwrap_or(rest), rules)
}

fn answer(status: u16, rooms: &[&Room], rules: &Assumptions) -> Answer {
    let rooms: Vec<Value> = rooms
        .iter()
        .map(|room| room_json::shown(room, rules))
        .collect();
    Answer::json(status, &Value::from(rooms))
}

struct Page {
    start: usize,
    count: usize,
}

struct BadIndexes;

impl Page {
    /// `None` without paging. "Both indexes must have a value": one alone is bad, and so is what is
    /// no number, a negative one, and a count of 0 (assumed).
    fn of(form: &Form, rules: &Assumptions) -> Result<Option<Self>, BadIndexes> {
        let (start, count) = match (form.value("startIndex"), form.value("count")) {
            (None, None) => return Ok(None),
            (Some(start), Some(count)) => (start, count),
            _ => return Err(BadIndexes),
        };
        let number = |text: &str| {
            text.parse::<u32>()
                .ok()
                .and_then(|n| usize::try_from(n).ok())
        };
        let (Some(start), Some(count @ 1..)) = (number(start), number(count)) else {
            return Err(BadIndexes);
        };
        let cap = rules
            .page_cap
            .and_then(|cap| usize::try_from(cap.get()).ok())
            .unwrap_or(usize::MAX);
        Ok(Some(Self {
            start,
            count: count.min(cap),
        }))
    }
}
