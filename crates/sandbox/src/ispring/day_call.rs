use crate::assumptions::Assumptions;
use crate::ispring::dialect::Dialect;
use crate::server::answer::Answer;
use crate::state::State;

/// `GET /training/day/{dayId}`.
pub(crate) fn get(day_id: &str, dialect: Dialect, state: &State, rules: &Assumptions) -> Answer {
    if !is_uuid(day_id) {
        return bad_day_id(dialect);
    }
    match state.day(day_id) {
        Some(day) => dialect.day(day, rules.day_wrapping),
        None => not_found(),
    }
}

/// Plain text, whatever was asked for.
pub(crate) fn not_found() -> Answer {
    Answer::with_body(404, "text/plain; charset=utf-8", "Day not found")
}

/// What an id that is no UUID does is assumed: the documented "Bad Request".
pub(crate) fn bad_day_id(dialect: Dialect) -> Answer {
    dialect.error(400, "dayId is not a UUID")
}

pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(index, character)| match index {
            8 | 13 | 18 | 23 => character == '-',
            _ => character.is_ascii_hexdigit(),
        })
}
