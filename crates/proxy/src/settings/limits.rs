//! `limits`: what one message may cost.

use super::key::{Need, Preset, Row, Section, count, section, size};
use super::node::Node;

/// Sizes in bytes. Each bounds what one message can cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Request target; longer is 414.
    pub request_target: usize,
    /// All request header lines together; larger is 431.
    pub headers: usize,
    /// Request body; larger is 413.
    pub body: usize,
    /// What the bodies of all requests may hold together; where nothing is left 503.
    pub bodies: usize,
    /// A form after encoding; larger is 413. Tomcat drops every field of a form over 2 MiB in silence.
    pub form: usize,
    /// A vendor's answer.
    pub answer: usize,
    /// JSON values or XML elements of a vendor's answer: they bound the work on one answer.
    pub answer_values: usize,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

static REQUEST_TARGET: Preset<usize> = size("request_target", 8 * KIB, "longer is 414");
static HEADERS: Preset<usize> = size(
    "headers",
    64 * KIB,
    "all header lines together; larger is 431",
);
static BODY: Preset<usize> = size("body", MIB, "larger is 413");
static BODIES: Preset<usize> = size(
    "bodies",
    64 * MIB,
    "what the bodies of all requests may hold in memory together ([below](#memory-for-bodies)); a single larger one is 413",
);
static FORM: Preset<usize> = size(
    "form",
    2 * MIB,
    "the request after encoding for the vendor; larger is 413, since Tomcat drops every field of a form over 2 MiB in silence",
);
static ANSWER: Preset<usize> = size(
    "answer",
    8 * MIB,
    "a vendor's answer, decoded; a larger one is not read ([below](#limits)). Its head has at most 64 KiB and 100 fields",
);
static ANSWER_VALUES: Preset<usize> = count(
    "answer_values",
    (1, 100_000_000),
    2_000_000,
    "JSON values or XML elements of a vendor's answer, at most 100,000,000",
);

pub static LIMITS: Section = section(
    "limits",
    Need::Optional("the defaults"),
    ROWS,
    "sizes that bound what one message can cost",
);
static ROWS: &[&Row] = &[
    &REQUEST_TARGET.row,
    &HEADERS.row,
    &BODY.row,
    &BODIES.row,
    &FORM.row,
    &ANSWER.row,
    &ANSWER_VALUES.row,
];

pub fn read(node: &Node<'_>) -> Limits {
    Limits {
        request_target: node.get(&REQUEST_TARGET),
        headers: node.get(&HEADERS),
        body: node.get(&BODY),
        bodies: node.get(&BODIES),
        form: node.get(&FORM),
        answer: node.get(&ANSWER),
        answer_values: node.get(&ANSWER_VALUES),
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_target: REQUEST_TARGET.default,
            headers: HEADERS.default,
            body: BODY.default,
            bodies: BODIES.default,
            form: FORM.default,
            answer: ANSWER.default,
            answer_values: ANSWER_VALUES.default,
        }
    }
}
