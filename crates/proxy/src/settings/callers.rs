//! `callers`: who may call, what, and how often.

use std::time::Duration;

use super::key::{
    Key, Need, Row, Section, Sections, Span, duration, listed_sections, number, secret, section,
    text, texts,
};
use super::node::Node;
use crate::secret::SecretSource;

/// Somebody who may call this gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub name: String,
    pub key: SecretSource,
    /// The operationIds that the caller may use; `None`: all.
    pub operations: Option<Vec<String>>,
    pub quota: Option<QuotaSettings>,
}

/// At most so many requests in any such time, which may come all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaSettings {
    pub requests: usize,
    pub per: Duration,
}

/// Above it the time of one request could not be told from none.
const MOST: usize = 1_000_000;

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
    "at most so many requests",
);
static PER: Key<Duration> = duration(
    "per",
    Span::ABOVE_ZERO,
    Need::Required,
    "in any such time, all at once if they like; more are 429 `rate-limited` with `Retry-After`. Each replica counts for itself, anew after a reload",
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
        let quota = node.optional(&QUOTA).and_then(|quota| {
            let (requests, per) = (quota.ask(&REQUESTS), quota.ask(&PER));
            Some(QuotaSettings {
                requests: requests?,
                per: per?,
            })
        });
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
