//! `callers`: who may call, what, and how often.

use std::time::Duration;

use super::key::{
    Key, Need, Row, Section, Sections, Span, duration, listed_sections, number, secret, section,
    text, texts,
};
use super::node::Node;
use super::rate::{self, MOST, RateSettings};
use crate::secret::SecretSource;

/// Somebody who may call this gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub name: String,
    pub key: SecretSource,
    /// The operationIds that the caller may use; `None`: all.
    pub operations: Option<Vec<String>>,
    pub quota: Option<RateSettings>,
}

static NAME: Key<String> = text("name", Need::Required, "stands in the log");
static KEY: Row = secret("key", "the secret that stands behind `Bearer`");
static OPERATIONS: Row = texts(
    "operations",
    Need::Optional("all"),
    "the operationIds that the key is for; any other is 403 `forbidden`",
);
static REQUESTS: Key<usize> = number(
    "requests",
    (1, MOST),
    Need::Required,
    "so many requests, which may come all at once",
);
static PER: Key<Duration> = duration(
    "per",
    Span::ABOVE_ZERO,
    Need::Required,
    "the time in which a quota that is used up fills again, evenly; more are 429 `rate-limited` with `Retry-After`. With `shared` the replicas count together, else each for itself and anew after a reload",
);
static QUOTA: Section = section(
    "quota",
    Need::Optional("none"),
    &[&REQUESTS.row, &PER.row],
    "how often the key may be used",
);

pub static CALLERS: Sections = listed_sections(
    "callers",
    Need::Optional("none"),
    &[&NAME.row, &KEY, &OPERATIONS, &QUOTA.row],
    "who may call, each with `Authorization: Bearer <key>`. Without any, everybody on loopback may",
);

pub fn read(root: &Node<'_>) -> Vec<Caller> {
    let mut callers: Vec<Caller> = Vec::new();
    for node in root.listed(&CALLERS) {
        let name = node.ask(&NAME);
        let key = node.secret(&KEY);
        let operations = node.texts(&OPERATIONS);
        let quota = node.optional(&QUOTA);
        let quota = quota.and_then(|quota| rate::read(&quota, (&REQUESTS, &PER)));
        let (Some(name), Some(key)) = (name, key) else {
            continue;
        };
        if callers.iter().any(|caller| caller.name == name) {
            node.refuse(
                &NAME.row,
                "duplicate-caller",
                &format!("two callers are named `{name}`"),
                "Give each caller a name of its own.",
            );
        }
        callers.push(Caller {
            name,
            key,
            operations,
            quota,
        });
    }
    callers
}
