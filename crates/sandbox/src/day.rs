use serde::{Deserialize, Serialize};

/// The true state of an iSpring training day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Day {
    /// UUID, in lower case.
    pub day_id: String,
    pub session_id: String,
    pub training_id: String,
    /// RFC 3339 with the offset of the training's own zone.
    pub start_time: String,
    /// Whole seconds.
    pub duration: Option<u64>,
    pub location: Option<String>,
    /// Link of the online meeting, the one field that the API writes.
    pub url: Option<String>,
    /// Counts the writes that reached this day, from 1; kept by the sandbox.
    pub version: u64,
}
