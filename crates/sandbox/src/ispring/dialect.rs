use serde_json::{Value, json};

use crate::assumptions::DayWrapping;
use crate::day::Day;
use crate::ispring::xml;
use crate::server::answer::Answer;

/// The encoding of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Xml,
    Json,
}

impl Dialect {
    /// XML unless the client asks for JSON alone; samples without `Accept` show XML.
    pub(crate) fn wanted(accept: Option<&str>) -> Self {
        match accept {
            Some(accept) if accept.contains("json") && !accept.contains("xml") => Self::Json,
            _ => Self::Xml,
        }
    }

    /// Whether `code` equals the status is unknown; here it does.
    pub(crate) fn error(self, status: u16, message: &str) -> Answer {
        match self {
            Self::Xml => xml::error(status, &status.to_string(), message),
            Self::Json => Answer::json(status, &json!({"code": status, "message": message})),
        }
    }

    pub(crate) fn day(self, day: &Day, wrapping: DayWrapping) -> Answer {
        match self {
            Self::Xml => xml::day(day, wrapping),
            Self::Json => {
                let members = [
                    ("dayId", json!(day.day_id)),
                    ("sessionId", json!(day.session_id)),
                    ("trainingId", json!(day.training_id)),
                    ("startTime", json!(day.start_time)),
                    ("duration", json!(day.duration)),
                    ("location", json!(day.location)),
                    ("url", json!(day.url)),
                ];
                let shown: serde_json::Map<String, Value> = members
                    .into_iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect();
                Answer::json(200, &json!({"response": shown}))
            }
        }
    }
}
