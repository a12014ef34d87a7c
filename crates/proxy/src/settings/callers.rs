//! `callers`: who may call, what, and how often.

use std::time::Duration;

use super::reader::Reader;
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

pub fn read(root: &Reader<'_>) -> Vec<Caller> {
    let mut callers: Vec<Caller> = Vec::new();
    for node in root.list("callers") {
        node.only(&["name", "key", "operations", "quota"]);
        let name = node.string("name");
        let key = node.secret("key");
        let operations = node.has("operations").then(|| node.strings("operations"));
        let quota = node.object("quota").map(|quota| {
            quota.only(&["requests", "per"]);
            for key in ["requests", "per"] {
                if !quota.has(key) {
                    quota.missing(key);
                }
            }
            QuotaSettings {
                requests: quota.count("requests", 1, 1..=MOST),
                per: quota.duration("per", Duration::from_secs(1)),
            }
        });
        let (Some(name), Some(key)) = (name, key) else {
            continue;
        };
        if callers.iter().any(|caller| caller.name == name) {
            node.refuse_at(
                "name",
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
