//! `cache`: how much is kept, and what this deployment has other than the contract says.

use std::collections::BTreeMap;
use std::time::Duration;

use super::key::{
    Key, Need, Preset, Row, Section, Sections, Span, duration, flag, named_sections, section, size,
    time,
};
use super::node::Node;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheSettings {
    /// Off: every read asks its vendor.
    pub enabled: bool,
    /// Bytes, about, of all that is kept.
    pub budget: usize,
    /// How long a write of unknown outcome keeps what it may change out of the cache: the vendor may
    /// still be at it.
    pub unknown_hold: Duration,
    /// After a vendor failed, a stale answer goes out for this long without asking again.
    pub failure_pause: Duration,
    /// Callers' `no-cache` and the like do not count, so that no caller can force vendor calls.
    pub ignore_client_directives: bool,
    /// By operationId.
    pub operations: BTreeMap<String, Override>,
}

/// What an operation has other than the contract says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Override {
    pub enabled: bool,
    pub ttl: Option<Duration>,
    pub stale_while_revalidate: Option<Duration>,
    pub stale_if_error: Option<Duration>,
    /// Zero: not at all.
    pub not_found: Option<Duration>,
}

/// A longer time is a mistake in the unit, and the store's clock has an end.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);
const ABOVE_ZERO: Span = Span::ABOVE_ZERO.up_to(LONGEST);
const FROM_ZERO: Span = Span::FROM_ZERO.up_to(LONGEST);

static ENABLED: Preset<bool> = flag("enabled", true, "off: every read is a vendor call");
static BUDGET: Preset<usize> = size("budget", 64 << 20, "of all that is kept, about");
static UNKNOWN_HOLD: Preset<Duration> = time(
    "unknown_hold",
    ABOVE_ZERO,
    Duration::from_secs(60),
    "how long a write of unknown outcome keeps what it may change out of the cache",
);
static FAILURE_PAUSE: Preset<Duration> = time(
    "failure_pause",
    ABOVE_ZERO,
    Duration::from_secs(5),
    "after a vendor failed, a stale answer goes out for this long without asking again",
);
static IGNORE_CLIENT_DIRECTIVES: Preset<bool> = flag(
    "ignore_client_directives",
    false,
    "callers' `Cache-Control` does not count",
);

const CONTRACTS: Need = Need::Optional("the contract's");
static OPERATION_ENABLED: Preset<bool> =
    flag("enabled", true, "off: every such read is a vendor call");
static TTL: Key<Duration> = duration("ttl", ABOVE_ZERO, CONTRACTS, "how long an answer is fresh");
static STALE_WHILE_REVALIDATE: Key<Duration> = duration(
    "stale_while_revalidate",
    FROM_ZERO,
    CONTRACTS,
    "how long after that it goes out while the vendor is asked again",
);
static STALE_IF_ERROR: Key<Duration> = duration(
    "stale_if_error",
    FROM_ZERO,
    CONTRACTS,
    "how long after that it goes out where the vendor fails",
);
static NOT_FOUND: Key<Duration> = duration(
    "not_found",
    FROM_ZERO,
    CONTRACTS,
    "how long it is kept that a thing is not there; `0s`: not at all",
);
static OPERATIONS: Sections = named_sections(
    ("operations", "<operationId>"),
    Need::Optional("none"),
    &[
        &OPERATION_ENABLED.row,
        &TTL.row,
        &STALE_WHILE_REVALIDATE.row,
        &STALE_IF_ERROR.row,
        &NOT_FOUND.row,
    ],
    "what an operation has other than the contract says ([cache.md](cache.md))",
);

pub static CACHE: Section = section(
    "cache",
    Need::Optional("the defaults"),
    ROWS,
    "how much is kept, and what this deployment has other than the contract says",
);
static ROWS: &[&Row] = &[
    &ENABLED.row,
    &BUDGET.row,
    &UNKNOWN_HOLD.row,
    &FAILURE_PAUSE.row,
    &IGNORE_CLIENT_DIRECTIVES.row,
    &OPERATIONS.row,
];

pub fn read(node: &Node<'_>) -> CacheSettings {
    let operations = node.named(&OPERATIONS).into_iter();
    CacheSettings {
        enabled: node.get(&ENABLED),
        budget: node.get(&BUDGET),
        unknown_hold: node.get(&UNKNOWN_HOLD),
        failure_pause: node.get(&FAILURE_PAUSE),
        ignore_client_directives: node.get(&IGNORE_CLIENT_DIRECTIVES),
        operations: operations
            .map(|(id, node)| (id, override_of(&node)))
            .collect(),
    }
}

fn override_of(node: &Node<'_>) -> Override {
    Override {
        enabled: node.get(&OPERATION_ENABLED),
        ttl: node.ask(&TTL),
        stale_while_revalidate: node.ask(&STALE_WHILE_REVALIDATE),
        stale_if_error: node.ask(&STALE_IF_ERROR),
        not_found: node.ask(&NOT_FOUND),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Settings;
    use super::*;

    fn parse(cache: &str) -> Result<CacheSettings, Vec<&'static str>> {
        let text = format!("cache: {cache}\nupstreams: {{}}\n");
        let settings = Settings::parse(&text, Path::new(""));
        let codes = |errors: Vec<contract::Diagnostic>| errors.iter().map(|one| one.code).collect();
        settings.map(|settings| settings.cache).map_err(codes)
    }

    #[test]
    fn every_key_is_read() {
        let cache = parse(
            "{enabled: false, budget: 1MiB, unknown_hold: 2m, failure_pause: 1s, ignore_client_directives: true, \
             operations: {getRoom: {ttl: 5s, stale_if_error: 0s}, listRooms: {enabled: false, not_found: 1s}}}",
        )
        .unwrap();
        assert!(!cache.enabled && cache.ignore_client_directives);
        assert_eq!(cache.budget, 1 << 20);
        assert_eq!(cache.unknown_hold, Duration::from_secs(120));
        assert_eq!(cache.failure_pause, Duration::from_secs(1));
        let room = cache.operations["getRoom"];
        assert_eq!(room.ttl, Some(Duration::from_secs(5)));
        assert_eq!(room.stale_if_error, Some(Duration::ZERO));
        assert_eq!(room.stale_while_revalidate, None);
        let list = cache.operations["listRooms"];
        assert!(!list.enabled && room.enabled);
        assert_eq!(list.not_found, Some(Duration::from_secs(1)));
        let defaults = CacheSettings {
            enabled: true,
            budget: 64 << 20,
            unknown_hold: Duration::from_secs(60),
            failure_pause: Duration::from_secs(5),
            ignore_client_directives: false,
            operations: BTreeMap::new(),
        };
        assert_eq!(parse("{}"), Ok(defaults));
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (text, code) in [
            ("{budget: 0B}", "wrong-type"),
            ("{budget: 64}", "wrong-type"),
            ("{unknown_hold: 0s}", "wrong-type"),
            ("{unknown_hold: 9000h}", "too-long"),
            ("{ttl: 5s}", "unknown-key"),
            ("{operations: {getRoom: {ttl: 0s}}}", "wrong-type"),
            ("{operations: {getRoom: {tll: 5s}}}", "unknown-key"),
            ("{operations: {getRoom: 5s}}", "wrong-type"),
            ("{enabled: perhaps}", "wrong-type"),
            ("[]", "wrong-type"),
        ] {
            assert_eq!(parse(text), Err(vec![code]), "{text}");
        }
    }
}
