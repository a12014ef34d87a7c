//! `cache`: how much is kept, and what this deployment has other than the contract says.

use std::collections::BTreeMap;
use std::time::Duration;

use super::reader::Reader;

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

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            budget: 64 * 1024 * 1024,
            unknown_hold: Duration::from_secs(60),
            failure_pause: Duration::from_secs(5),
            ignore_client_directives: false,
            operations: BTreeMap::new(),
        }
    }
}

const KEYS: &[&str] = &[
    "enabled",
    "budget",
    "unknown_hold",
    "failure_pause",
    "ignore_client_directives",
    "operations",
];
const OVERRIDE_KEYS: &[&str] = &[
    "enabled",
    "ttl",
    "stale_while_revalidate",
    "stale_if_error",
    "not_found",
];

/// A longer time is a mistake in the unit, and the store's clock has an end.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

pub fn read(root: &Reader<'_>) -> CacheSettings {
    let default = CacheSettings::default();
    let Some(node) = root.object("cache") else {
        return default;
    };
    node.only(KEYS);
    let mut operations = BTreeMap::new();
    if let Some(overrides) = node.object("operations") {
        for (id, _) in overrides.members() {
            if let Some(node) = overrides.object(&id) {
                operations.insert(id, override_of(&node));
            }
        }
    }
    CacheSettings {
        enabled: node.flag("enabled", default.enabled),
        budget: node.size("budget", default.budget),
        unknown_hold: bounded(&node, "unknown_hold", default.unknown_hold),
        failure_pause: bounded(&node, "failure_pause", default.failure_pause),
        ignore_client_directives: node.flag("ignore_client_directives", false),
        operations,
    }
}

fn override_of(node: &Reader<'_>) -> Override {
    node.only(OVERRIDE_KEYS);
    let optional = |key: &str| node.has(key).then(|| bounded_or_zero(node, key));
    Override {
        enabled: node.flag("enabled", true),
        ttl: node
            .has("ttl")
            .then(|| bounded(node, "ttl", Duration::from_secs(1))),
        stale_while_revalidate: optional("stale_while_revalidate"),
        stale_if_error: optional("stale_if_error"),
        not_found: optional("not_found"),
    }
}

fn bounded(node: &Reader<'_>, key: &str, default: Duration) -> Duration {
    let time = node.duration(key, default);
    refuse_longer(node, key, time);
    time
}

fn bounded_or_zero(node: &Reader<'_>, key: &str) -> Duration {
    let time = node.duration_or_zero(key, Duration::ZERO);
    refuse_longer(node, key, time);
    time
}

fn refuse_longer(node: &Reader<'_>, key: &str, time: Duration) {
    if time > LONGEST {
        node.refuse_at(
            key,
            "too-long",
            &format!("`{key}` is longer than a year"),
            "Write a time of at most 8760h.",
        );
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
        assert_eq!(parse("{}"), Ok(CacheSettings::default()));
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
