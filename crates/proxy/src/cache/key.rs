//! What a stored answer is the answer to.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use arc_swap::ArcSwap;
use serde_json::Value;

/// Two requests of one key get one answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    space: Space,
    /// Its id.
    operation: Arc<str>,
    parameters: Arc<str>,
}

/// Generation of the configuration, upstream and credential, as a number: nothing of one space is ever
/// found from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Space(u64);

impl Key {
    /// `operation` is its id; `path` and `query` are decoded and checked, so that one value has one
    /// spelling, and sorted by name.
    #[must_use]
    pub fn new(
        space: Space,
        operation: &Arc<str>,
        path: &BTreeMap<String, String>,
        query: &BTreeMap<String, Value>,
    ) -> Self {
        let mut text = String::with_capacity(64);
        // Each part is told with its length, so that no two lists of parts give one text.
        let mut part = |value: &str| {
            // Writing to a string does not fail.
            let _ = write!(text, "{}:", value.len());
            text.push_str(value);
        };
        for (name, value) in path {
            part(name);
            part(value);
        }
        for (name, value) in query {
            part(name);
            part(&value.to_string());
        }
        Self {
            space,
            operation: operation.clone(),
            parameters: text.into(),
        }
    }

    /// Bytes on the heap, for the budget.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.parameters.len()
    }
}

/// Gives each generation, upstream and credential its number. Grows by a line for each reload or
/// rotation that changes one of them; read without a lock, since every cached read asks.
#[derive(Debug, Default)]
pub struct Spaces(ArcSwap<Vec<(Parts, Space)>>);

type Parts = (u64, Arc<str>, [u8; 32]);

impl Spaces {
    /// `generation` is the configuration's, see [`super::fences`]; `identity` a digest of the credential.
    #[must_use]
    pub fn space(&self, generation: u64, upstream: &Arc<str>, identity: [u8; 32]) -> Space {
        // From the newest on: those of old configurations are asked for no more.
        let find = |spaces: &[(Parts, Space)]| {
            let mut lines = spaces.iter().rev();
            let found = lines
                .find(|((of, at, by), _)| *by == identity && at == upstream && *of == generation);
            found.map(|(_, space)| *space)
        };
        if let Some(space) = find(&self.0.load()) {
            return space;
        }
        let mut space = Space(0);
        self.0.rcu(|spaces| {
            let mut spaces = Vec::clone(spaces);
            // Somebody else may have added it meanwhile.
            space = find(&spaces).unwrap_or_else(|| {
                let next = Space(spaces.len() as u64);
                spaces.push(((generation, upstream.clone(), identity), next));
                next
            });
            spaces
        });
        space
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn space(generation: u64, upstream: &str, identity: u8) -> Space {
        static SPACES: std::sync::LazyLock<Spaces> = std::sync::LazyLock::new(Spaces::default);
        SPACES.space(generation, &upstream.into(), [identity; 32])
    }

    fn key(space: Space, path: &[(&str, &str)], query: &[(&str, Value)]) -> Key {
        let path = path
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let query = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        Key::new(space, &"getRoom".into(), &path.collect(), &query.collect())
    }

    #[test]
    fn generation_upstream_and_credential_never_share() {
        let one = space(1, "netex", 1);
        assert_eq!(one, space(1, "netex", 1));
        for other in [
            space(2, "netex", 1),
            space(1, "other", 1),
            space(1, "netex", 2),
        ] {
            assert_ne!(
                key(one, &[("id", "1")], &[]),
                key(other, &[("id", "1")], &[])
            );
        }
    }

    #[test]
    fn the_order_of_a_query_does_not_count_and_everything_else_does() {
        let space = space(1, "netex", 1);
        let (limit, cursor) = (("limit", json!(5)), ("cursor", json!(10)));
        assert_eq!(
            key(space, &[], &[limit.clone(), cursor.clone()]),
            key(space, &[], &[cursor.clone(), limit.clone()])
        );
        assert_ne!(
            key(space, &[], std::slice::from_ref(&limit)),
            key(space, &[], &[limit, cursor])
        );
        assert_ne!(
            key(space, &[("a", "x")], &[]),
            key(space, &[("a", "X")], &[])
        );
        assert_ne!(
            key(space, &[("a", "x"), ("b", "y")], &[]),
            key(space, &[("a", "x1:b1:y")], &[])
        );
        assert_ne!(
            key(space, &[], &[("a", json!("1"))]),
            key(space, &[], &[("a", json!(1))])
        );
        assert_ne!(
            Key::new(space, &"getRoom".into(), &BTreeMap::new(), &BTreeMap::new()),
            Key::new(space, &"getHall".into(), &BTreeMap::new(), &BTreeMap::new())
        );
    }
}
